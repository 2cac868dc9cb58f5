"""Where a system misses attributions: recall by kind of attribution, in counts, never in text.

Usage: python benchmarks/errors.py GOLD PRED [PRED …] [--offsets FILE.csv]

GOLD and PRED are files of documents and of predictions (`.jsonl`). An attribution may be of several kinds. With
--offsets every gold attribution of the first PRED is listed: document number, offsets, kinds, what was found.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

from communique import jsonl
from communique.baselines.lexicon import lemma, lexicon
from communique.records import Document, Prediction
from communique.score.items import Item, Said
from communique.score.pairing import Pairing
from communique.score.tasks.attribution import judge
from communique.tokens import paragraphs, sentences, tokens

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


def found(golds: list[Document], path: Path) -> Iterator[tuple[int, Said, list[str], float, float]]:
    """Yield each gold attribution with its kinds, and how far it is matched strictly and by overlap."""
    given = {prediction.id: prediction for prediction in jsonl.read(path, Prediction)}
    for number, gold in enumerate(golds):
        pairing = Pairing(gold, given.get(gold.id, Prediction(id=gold.id)))
        shares = [earned.shares for earned in judge(pairing).earned if earned.unit == "triple"]
        places = [place for part in paragraphs(gold.text) for place in sentences(gold.text, *part)]
        for said, share in zip(pairing.wanted, shares, strict=True):
            yield number, said, [*kinds(said, pairing.wanted, gold.text, places)], share["strict"], share["overlap"]


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
        shares = [[hits for _, _, names, *hits in row if kind in names] for row in rows]
        if total := len(shares[0]):
            cells = "".join(f" {100 * sum(share) / total:.1f} |" for row in shares for share in zip(*row, strict=True))
            print(f"| {kind} | {total} |{cells}")
    if options.offsets:
        with options.offsets.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["document", "content", "kinds", "strict", "overlap"])
            for number, said, names, *hits in rows[0]:
                places = " ".join(f"{a}-{b}" for a, b in said.content)
                writer.writerow([number, places, ";".join(names[1:]), int(hits[0]), f"{hits[1]:.3f}"])


if __name__ == "__main__":
    main()
