"""Figures with support and interval as rows of tables, and how our layers are read."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from communique import jsonl, layers, typed
from communique.layers import Layer
from communique.problems import CommuniqueError
from communique.records import Document
from communique.report.tables import NOTHING, markdown, percent
from communique.report.tables import interval as percents
from communique.score.intervals import DIFFERENCE, FIGURE, Clusters, interval
from communique.score.metrics import ratio
from communique.score.type_agreement import figures

HALF = 0.5
ANNOTATORS = ("annotator-1", "annotator-2")
PEOPLE = "people"
Pair = tuple[str, str]
Row = list[str]
ROW = ("what", "figure", "95 %", "of", "texts")


def share(name: str, found: Mapping[str, Sequence[float]]) -> Row:
    """Return a row: how much of the units of texts is right, in percent."""
    some = {text: units for text, units in found.items() if units}
    clusters = Clusters(list(some))
    sums = clusters.sums(np.array([(sum(units), len(units)) for units in some.values()], float).reshape(-1, 2))
    spread = interval(ratio(*sums.T), sums[:, 1], clusters, FIGURE)
    value = percent(sums[0, 0] / sums[0, 1] if some else None)
    return [name, value, percents(spread.low, spread.high), f"{sums[0, 1]:.0f}", str(len(some))]


def kappa(name: str, found: Mapping[str, Sequence[Pair]]) -> Row:
    """Return a row: Cohen's kappa of the labels that two gave the units of texts."""
    some = {text: pairs for text, pairs in found.items() if pairs}
    if not some:
        return [name, NOTHING, NOTHING, "0", "0"]
    labels = {label: n for n, label in enumerate(sorted({one for pairs in some.values() for p in pairs for one in p}))}
    table, clusters = np.zeros((len(some), len(labels), len(labels))), Clusters(list(some))
    for number, pairs in enumerate(some.values()):
        for one, other in pairs:
            table[number, labels[one], labels[other]] += 1
    sums = clusters.sums(table.reshape(len(some), -1))
    values = figures(sums.reshape(-1, len(labels), len(labels)))[1]
    spread = interval(values, sums.sum(axis=1), clusters, DIFFERENCE)
    ends = NOTHING if spread.low is None else f"{spread.low:.3f}–{spread.high:.3f}"
    value = NOTHING if np.isnan(values[0]) else f"{values[0]:.3f}"
    return [name, value, ends, f"{sums[0].sum():.0f}", str(len(some))]


def told(title: str, header: Sequence[str], rows: Iterable[Row], texts: int = 1) -> None:
    print(f"\n## {title}\n\n{markdown(header, list(rows), texts)}", end="", flush=True)


def typed_by(folder: Path, part: str) -> dict[str, dict[str, typed.TypesLayer]]:
    return {name: typed.read(folder / "annotators" / name / f"{part}.jsonl") for name in ANNOTATORS}


def standoff(path: Path, texts: Mapping[str, str]) -> dict[str, Document]:
    """Return the documents of a file of layers whose texts are there, by id."""
    return {one.id: hydrated(one, texts[one.id], path) for one in jsonl.read(path, Layer) if one.id in texts}


def hydrated(one: Layer, text: str, path: Path) -> Document:
    try:
        return layers.hydrate(one, text)
    except ValueError as error:
        raise CommuniqueError(f"{path}: {one.id}: {error}; get the same version of the text") from error
