"""What the parts of `linear` are worth, and how it grows with its training data.

Usage: python benchmarks/rhetoric.py [--train newest:train] [--score newest:dev] [--draws 3]
       python benchmarks/rhetoric.py --news TRAIN.jsonl DEV.jsonl --plover FOLDER [--train newest:train]

Types of given claims; macro-F1, accuracy and calibration error in percent. Nothing is tuned here. The learning curve
draws whole documents, at least as many as two types need, DRAWS times for each share; mean and standard deviation.

With --news the systems are scored on typed articles instead, and on PLOVER's records with 95 % intervals: the type has
to be one that the record's event may have, or, of those events that may have one only, that one.
"""

import argparse
import copy
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from communique import releases
from communique.baselines import Baseline, Source, create, without_types
from communique.baselines.linear import Linear
from communique.formats import plover
from communique.records import Document
from communique.score.config import ScoreConfig
from communique.score.evaluate import evaluate
from communique.score.intervals import Clusters, interval

MEASURES = ("macro-f1", "accuracy", "ece")
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def figures(parameters: dict[str, Any], train: Sequence[Document], scored: Sequence[Document]) -> list[float]:
    model = Linear(parameters).fit(train)
    scores = evaluate(scored, model.predict(given(scored)), ScoreConfig(tasks=("rhetoric",))).scores
    found = {score.measure: score.value for score in scores if score.group == "all"}
    return [100 * found[measure] for measure in MEASURES]


def variants(parameters: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the packaged parameters, without each block, with each block alone, and with other settings."""
    blocks = parameters["blocks"]
    alone = dict.fromkeys(parameters["trust"], 0.0)
    found = {"all": parameters}
    for name in sorted(blocks):
        found[f"without {name}"] = {**parameters, "blocks": {k: v for k, v in blocks.items() if k != name}}
    for name in sorted(blocks):
        found[f"{name} alone"] = {**parameters, "blocks": {name: blocks[name]}, "trust": alone}
    found["without the rules' decision"] = {**parameters, "trust": alone}
    found["without calibration"] = {**parameters, "temperatures": [1.0]}
    unweighted = copy.deepcopy(parameters)
    unweighted["classifier"]["class_weight"] = None
    return {**found, "without class weights": unweighted}


def given(documents: Sequence[Document]) -> list[Source]:
    return [Source(id=d.id, text=d.text, layer=without_types(d)) for d in documents]


def real(train: Sequence[Document], news: Sequence[Document], dev: Sequence[Document], folder: Path) -> None:
    """Print what each system, from each training set, scores on typed articles and on PLOVER."""
    events = plover.events(folder)
    records = [record for record in plover.read(folder).documents if events[record.id] in plover.TYPES]
    single = [record for record in records if len(plover.TYPES[events[record.id]]) == 1]
    row("system", ("news: accuracy", "news: macro-f1", f"PLOVER ({len(records)})", f"one type ({len(single)})"))
    row("---", ["---:"] * 4)
    sets = {"dispatches": train, "news": news, "both": [*train, *news]}
    systems = [("majority", "news"), ("rules", "news"), *(("linear", name) for name in sets)]
    for name, data in systems:
        model = create(name).fit(sets[data])
        scores = evaluate(dev, model.predict(given(dev)), ScoreConfig(tasks=("rhetoric",))).scores
        found = {score.measure: score for score in scores if score.group == "all"}
        cells = [spanned(s.value, s.low, s.high) for s in (found["accuracy"], found["macro-f1"])]
        row(
            name if name == "rules" else f"{name}, from {data}",
            [*cells, *(allowed(model, some, events) for some in (records, single))],
        )


def allowed(model: Baseline, records: Sequence[Document], events: dict[str, str]) -> str:
    """Return the share of records whose type is one that their event may have."""
    types = [answer.claims[0].rhetoric for answer in model.predict(given(records))]
    right = [[float(said in plover.TYPES[events[r.id]]), 1.0] for said, r in zip(types, records, strict=True)]
    clusters = Clusters([record.id for record in records])
    hits, gold = clusters.sums(np.array(right)).T
    found = interval(hits / gold, gold, clusters)
    return spanned(hits[0] / gold[0], found.low, found.high)


def spanned(value: float | None, low: float | None, high: float | None) -> str:
    ends = "–" if low is None or high is None else f"{100 * low:.1f}–{100 * high:.1f}"
    return f"{100 * (value or 0):.1f} ({ends})"


def row(name: str, cells: Sequence[str]) -> None:
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default="newest:train")
    parser.add_argument("--score", default="newest:dev")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--news", nargs=2, metavar=("TRAIN", "DEV"))
    parser.add_argument("--plover", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    if bool(options.news) != bool(options.plover):
        parser.error("--news and --plover go together")
    if options.news:
        real(*(releases.part(part)[0] for part in (options.train, *options.news)), options.plover)
        return
    train, scored = (releases.part(part)[0] for part in (options.train, options.score))
    parameters = msgspec.to_builtins(Linear().settings)
    row("ablation", MEASURES)
    row("---", ["---:"] * len(MEASURES))
    for name, varied in variants(parameters).items():
        row(name, [f"{value:.1f}" for value in figures(varied, train, scored)])
    print()
    row("share of train (documents)", MEASURES)
    row("---", ["---:"] * len(MEASURES))
    random = np.random.default_rng(parameters["seed"])
    for share in SHARES:
        size = max(2, math.ceil(share * len(train)))
        draws = 1 if size == len(train) else options.draws
        chosen = [sorted(random.choice(len(train), size, replace=False)) for _ in range(draws)]
        found = zip(*(figures(parameters, [train[i] for i in some], scored) for some in chosen), strict=True)
        row(f"{100 * share:.0f} % ({size})", [spread(values) for values in found])


def spread(values: Sequence[float]) -> str:
    return f"{statistics.mean(values):.1f}" + (f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else "")


if __name__ == "__main__":
    main()
