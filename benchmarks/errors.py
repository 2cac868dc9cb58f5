"""Where a system misses attributions: recall by kind of attribution, in counts, never in text.

Usage: python benchmarks/errors.py GOLD PRED [PRED …] [--offsets FILE.csv]

GOLD and PRED are files of documents and of predictions (`.jsonl`). An attribution may be of several kinds. With
--offsets every gold attribution of the first PRED is listed: document number, offsets, kinds, what was found.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from communique import jsonl
from communique.baselines.lexicon import lemma, lexicon
from communique.records import Document, Prediction
from communique.score.items import Item, Said
from communique.score.pairs import attribution
from communique.tokens import paragraphs, sentences, tokens

THRESHOLD = 0.5
_MIND = """aim anticipate assume belief believe concern consider conviction decide decision desire determined doubt
    dread eager expect expectation fear feel feeling find guess hope idea imagine inclined intend intention know
    look mind opinion optimistic plan prefer ready reckon seek sense suspect think thought try understand view
    want willing wish wonder worry"""
MIND = frozenset(_MIND.split())
"""Lemmas of cues that tell of belief or intent rather than of speech."""
KINDS = (
    "all",
    "cue of belief or intent",
    "cue in the rules' lexicon",
    "any other cue",
    "no speaker",
    "speaker after content",
    "content of several sentences",
    "content in several fragments",
    "content of three tokens or fewer",
    "content all quoted",
    "nested in another",
    "first paragraph (headline)",
)


def kinds(said: Said, others: list[Said], text: str, places: list[tuple[int, int]]) -> Iterator[str]:
    yield "all"
    words = [lemma(text[a:b].lower()) for start, end in said.cue or () for _, a, b in tokens(text, start, end)]
    mind, told = not MIND.isdisjoint(words), any(word in lexicon().verbs for word in words)
    yield KINDS[1] if mind else KINDS[2] if told else KINDS[3]
    start, end = hull(said.content)
    if not said.speaker:
        yield "no speaker"
    elif hull(said.speaker)[0] >= end:
        yield "speaker after content"
    if sum(any(a < end and start < b for a, b in said.content) for start, end in places) > 1:
        yield "content of several sentences"
    if len(said.content) > 1:
        yield "content in several fragments"
    if sum(len(tokens(text, *place)) for place in said.content) <= 3:
        yield "content of three tokens or fewer"
    if all(text[a] in "“\"'`" for a, _ in said.content):
        yield "content all quoted"
    around = [hull(other.content) for other in others if other is not said]
    if any(a <= start and end <= b and (a, b) != (start, end) for a, b in around):
        yield "nested in another"
    if start < paragraphs(text)[0][1]:
        yield "first paragraph (headline)"


def hull(item: Item) -> tuple[int, int]:
    return item[0][0], item[-1][1]


def found(golds: list[Document], path: Path) -> Iterator[tuple[int, Said, list[str], bool, bool]]:
    given = {prediction.id: prediction for prediction in jsonl.read(path, Prediction)}
    for number, gold in enumerate(golds):
        pairs = attribution(gold, given.get(gold.id, Prediction(id=gold.id)), THRESHOLD)[0]
        others = [pair.said for pair in pairs]
        places = [place for part in paragraphs(gold.text) for place in sentences(gold.text, *part)]
        for pair in pairs:
            yield number, pair.said, list(kinds(pair.said, others, gold.text, places)), pair.strict, pair.overlap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predictions", type=Path, nargs="+")
    parser.add_argument("--offsets", type=Path)
    options = parser.parse_args()
    golds = list(jsonl.read(options.gold, Document))
    rows = [list(found(golds, path)) for path in options.predictions]
    print("| kind | gold |" + "".join(f" {path.stem}: strict | overlap |" for path in options.predictions))
    print("|---|---:|" + "---:|---:|" * len(rows))
    for kind in KINDS:
        counts = [
            Counter(hit for _, _, names, *hits in row if kind in names for hit in ("n", *marks(hits))) for row in rows
        ]
        if total := counts[0]["n"]:
            cells = "".join(f" {100 * c['s'] / total:.1f} | {100 * c['o'] / total:.1f} |" for c in counts)
            print(f"| {kind} | {total} |{cells}")
    if options.offsets:
        with options.offsets.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["document", "content", "kinds", "strict", "overlap"])
            for number, said, names, *hits in rows[0]:
                places = " ".join(f"{a}-{b}" for a, b in said.content)
                writer.writerow([number, places, ";".join(names[1:]), *map(int, hits)])


def marks(hits: list[bool]) -> str:
    return "s" * hits[0] + "o" * hits[1]


if __name__ == "__main__":
    main()
