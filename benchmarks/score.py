"""How fast spans are counted, beside nervaluate and seqeval, on the same made-up annotation.

Usage: python benchmarks/score.py [--documents 50000] [--spans 20] [--sample 2500] [--runs 5] [--memory 10000]
       [--breakdown 600]

The slow packages are timed on the first SAMPLE documents, which are scaled up by their number. Every package is given
its own input, built outside the timing: columns or records, lists of dicts, lists of tags.
Needs nervaluate 1.2 and seqeval 1.2.
"""

import argparse
import gc
import statistics
import tracemalloc
import warnings
from collections.abc import Callable
from time import process_time

import numpy as np
from msgspec.structs import replace

from communique import baselines, releases
from communique.baselines import Source
from communique.records import Claim, Cue, Document, PredictedClaim, Prediction, Provenance, Span, Speaker
from communique.score.columns import read
from communique.score.evaluate import evaluate
from communique.score.intervals import Clusters
from communique.score.metrics import Totals
from communique.score.pairing import Pairing
from communique.score.tally import tally_columns
from communique.score.tasks import spans
from communique.score.tasks.spans import UNITS

SHARES = {"equal": 0.70, "moved": 0.15, "elsewhere": 0.08, "tangled": 0.03, "discontinuous": 0.04}
LONGEST = {"speaker": 5, "cue": 1, "claim": 24}
WORDS = ["council", "said", "the", "dam", "would", "wait", "again", "for", "rain", "naïve"]
TOKENS = 1500
TEXT = " ".join(WORDS * (TOKENS // len(WORDS)))
STARTS = [0, *(place + 1 for place, letter in enumerate(TEXT) if letter == " ")]
ENDS = [*(start - 1 for start in STARTS[1:]), len(TEXT)]
SOURCE = Provenance(origin="composed", publisher=None, license="CC0-1.0", url=None, sha256="0" * 64)
FIXED = {"language": "en", "collection": "made", "genre": "wire", "storyline": None, "title": None, "date": None}
EMPTY = {"entities": (), "attributions": ()}
CLAIM = {"rhetoric": None, "also": None, "targets": (), "conditional": False, "negated": False}
Unit = tuple[str, tuple[tuple[int, int], ...]]
"""Kind, and fragments in tokens, half-open."""


def annotation(random: np.random.Generator, spans: int = 20) -> tuple[list[Unit], list[Unit]]:
    """Draw gold and as many predicted units of one text; how they differ has the shares of `SHARES`."""
    gold: list[Unit] = []
    given: list[Unit] = []
    end = 0
    for number, kind in enumerate(random.choice(list(SHARES), p=list(SHARES.values()), size=spans)):
        unit = UNITS[number % 3]
        start = end + int(random.integers(2, 9))
        end = start + int(random.integers(1, LONGEST[unit] + 1))
        wanted = found = ((start, end),)
        if kind == "moved":
            found = ((start, end + 1),)
        elif kind == "elsewhere":
            found = ((start - 1, start),)
        elif kind == "tangled" and number > 2:
            before = gold[-3][1][0]
            given[-3] = unit, ((before[0], (start + end + 1) // 2),)
            found = (((before[0] + before[1]) // 2, end),)
        elif kind == "discontinuous" and end - start > 2:
            wanted = ((start, start + 1), (start + 2, end))
            found = wanted if random.random() < 0.5 else wanted[:1]
        gold.append((unit, wanted))
        given.append((unit, found))
    return gold, given


def records(number: int, gold: list[Unit], given: list[Unit]) -> tuple[Document, Prediction]:
    name = f"made/{number}"
    document = Document(
        id=name, text=f"{TEXT} {number}", provenance=SOURCE, **FIXED, **EMPTY, **layer(gold, Claim, CLAIM)
    )
    return document, Prediction(id=name, **layer(given, PredictedClaim, {}))


def layer(units: list[Unit], claim: type, fields: dict[str, object]) -> dict[str, tuple]:
    made: dict[str, list] = {kind: [] for kind in UNITS}
    for number, (kind, fragments) in enumerate(units):
        places = [(STARTS[start], ENDS[end - 1]) for start, end in fragments]
        spans = tuple(Span(start=start, end=end, text=TEXT[start:end]) for start, end in places)
        maker, more = {"speaker": (Speaker, {}), "cue": (Cue, {}), "claim": (claim, {"attribution": "a1", **fields})}[
            kind
        ]
        made[kind].append(maker(id=f"u{number}", spans=spans, **more))
    return {f"{kind}s": tuple(found) for kind, found in made.items()}


def dicts(units: list[Unit]) -> list[dict[str, object]]:
    """Return units for nervaluate: last characters included, discontinuous ones as their hulls."""
    return [{"label": unit, "start": STARTS[f[0][0]], "end": ENDS[f[-1][1] - 1] - 1} for unit, f in units]


def tags(units: list[Unit]) -> list[str]:
    """Return units as BIO tags, one per token: a fragment is a span, and of two that overlap the first is kept."""
    row = ["O"] * TOKENS
    for unit, fragments in units:
        for start, end in fragments:
            if set(row[start:end]) == {"O"}:
                row[start:end] = [f"B-{unit}", *[f"I-{unit}"] * (end - start - 1)]
    return row[: 2 + max((at for at, tag in enumerate(row) if tag != "O"), default=0)]


def seconds(call: Callable[[], object], runs: int) -> float:
    """Return the median of several runs in processor time, garbage collected before each."""
    taken = []
    for _ in range(runs):
        gc.collect()
        start = process_time()
        call()
        taken.append(process_time() - start)
    return statistics.median(taken)


def with_nervaluate(drawn: list[tuple[list[Unit], list[Unit]]]) -> Callable[[], object]:
    from nervaluate import Evaluator

    gold, given = ([dicts(units) for units in side] for side in zip(*drawn, strict=True))
    return lambda: Evaluator(gold, given, tags=list(UNITS), loader="dict").evaluate()


def with_seqeval(drawn: list[tuple[list[Unit], list[Unit]]]) -> Callable[[], object]:
    from seqeval.metrics.v1 import precision_recall_fscore_support
    from seqeval.scheme import IOB2

    rows = [(tags(gold), tags(given)) for gold, given in drawn]
    lengths = [max(map(len, pair)) for pair in rows]
    gold, given = (
        [row + ["O"] * (length - len(row)) for row, length in zip(side, lengths, strict=True)]
        for side in zip(*rows, strict=True)
    )
    return lambda: precision_recall_fscore_support(gold, given, average="micro", scheme=IOB2)


def memory(drawn: list[tuple[list[Unit], list[Unit]]]) -> tuple[float, float]:
    """Return the bytes of the records, and of those with all that counting needs besides, at the peak."""
    gc.collect()
    tracemalloc.start()
    golds, predictions = zip(*(records(number, *pair) for number, pair in enumerate(drawn)), strict=True)
    held = tracemalloc.get_traced_memory()[0]
    spans.counts(list(map(Pairing, golds, predictions)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held, peak


def breakdown(number: int) -> Callable[[], object]:
    """Return the evaluation of `rules` on the documents of the newest release, again and again under new ids."""
    own = releases.load()
    found = baselines.create("rules").predict([Source(id=d.id, text=d.text) for d in own])
    turns = [(n, n % len(own)) for n in range(number)]
    golds = [replace(own[turn], id=f"made/{n}") for n, turn in turns]
    predictions = [replace(found[turn], id=f"made/{n}") for n, turn in turns]
    return lambda: evaluate(golds, predictions, breakdown=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (
        ("documents", 50_000),
        ("spans", 20),
        ("sample", 2_500),
        ("runs", 5),
        ("memory", 10_000),
        ("breakdown", 600),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    random = np.random.default_rng(13)
    drawn = [annotation(random, options.spans) for _ in range(options.documents)]
    sample, scale = drawn[: options.sample], options.documents / min(options.sample, options.documents)
    held, peak = memory(drawn[: options.memory])
    golds, predictions = zip(*(records(number, *pair) for number, pair in enumerate(drawn)), strict=True)

    slow = seconds(lambda: spans.counts(list(map(Pairing, golds, predictions))), options.runs)
    texts = [gold.text for gold in golds]
    columns = read(golds, texts), read(predictions, texts)
    ours = seconds(lambda: tally_columns(*columns, len(golds)), options.runs)
    theirs = {
        "nervaluate, four schemes": scale * seconds(with_nervaluate(sample), options.runs),
        "seqeval, strict, IOB2": scale * seconds(with_seqeval(sample), options.runs),
    }
    counts = spans.counts(list(map(Pairing, golds, predictions)))
    clusters = Clusters(range(options.documents))
    print(f"{options.documents:,} documents, {options.documents * options.spans:,} gold and as many predicted spans")
    print(f"{'communique, from columns':34} {ours:8.2f} s")
    print(f"{'communique, from typed records':34} {slow:8.2f} s")
    for name, taken in theirs.items():
        told = f"{taken / ours:.0f} times columns, {taken / slow:.0f} times records"
        print(f"{name:34} {taken:8.2f} s = {told} (measured on {len(sample):,}, scaled)")
    left = seconds(lambda: Totals(counts, clusters.sums), options.runs)
    print(f"{'intervals: leave out each document':34} {left:8.2f} s")
    broken = seconds(breakdown(options.breakdown), options.runs)
    print(f"{'evaluate, with breakdown':34} {broken:8.2f} s   ({options.breakdown:,} documents of the release)")
    print(f"{'peak memory / parsed records':34} {peak / held:8.2f}   ({options.memory:,} documents)")


if __name__ == "__main__":
    main()
