"""What the parts of `linear` are worth, and how it grows with its training data.

Usage: python benchmarks/rhetoric.py [--train newest:train] [--score newest:dev] [--draws 3]

Types of given claims; macro-F1, accuracy and calibration error in percent. Nothing is tuned here. The learning curve
draws whole documents, at least as many as two types need, DRAWS times for each share; mean and standard deviation.
"""

import argparse
import copy
import math
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from communique import releases
from communique.baselines import Source, without_types
from communique.baselines.linear import Linear
from communique.records import Document
from communique.score.config import ScoreConfig
from communique.score.evaluate import evaluate

MEASURES = ("macro-f1", "accuracy", "ece")
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def figures(parameters: dict[str, Any], train: Sequence[Document], scored: Sequence[Document]) -> list[float]:
    model = Linear(parameters).fit(train)
    given = model.predict([Source(id=d.id, text=d.text, layer=without_types(d)) for d in scored])
    scores = evaluate(scored, given, ScoreConfig(tasks=("rhetoric",))).scores
    found = {score.measure: score.value for score in scores if score.group == "all"}
    return [100 * found[measure] for measure in MEASURES]


def variants(parameters: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the packaged parameters, without each block, with each block alone, and with other classifiers."""
    blocks = parameters["blocks"]
    found = {"all": parameters}
    for name in sorted(blocks):
        found[f"without {name}"] = {**parameters, "blocks": {k: v for k, v in blocks.items() if k != name}}
    for name in sorted(blocks):
        found[f"{name} alone"] = {**parameters, "blocks": {name: blocks[name]}}
    found["without families"] = {**parameters, "families": [0.0]}
    found["without calibration"] = {**parameters, "temperatures": [1.0]}
    unweighted = copy.deepcopy(parameters)
    unweighted["classifier"].pop("class_weight")
    return {**found, "without class weights": unweighted}


def row(name: str, cells: Sequence[str]) -> None:
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default="newest:train")
    parser.add_argument("--score", default="newest:dev")
    parser.add_argument("--draws", type=int, default=3)
    options = parser.parse_args()
    train, scored = (releases.part(part)[0] for part in (options.train, options.score))
    parameters = Linear().parameters
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
