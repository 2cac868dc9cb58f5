"""From counts to figures: pure functions of summed counts, over any number of resamples at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy

import msgspec
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Key = tuple[str, ...]
Counts = Counter[Key]
"""Additive counts of one document; sums of overlaps are fractions: values are ints or floats."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure with its support; arrays have one value per way of summing the documents.

    Attributes
    ----------
    unit, measure, group : str
        What is counted, how, and over which part (``all``, ``type:threat`` …).
    gold, predicted, matched : array
        Support and counts; ``matched`` is a sum of overlaps for the measure ``overlap`` of spans, ``predicted`` None
        where the part is one of gold alone.
    precision, recall : array or None
        In [0, 1]; NaN where undefined.
    value : array
        The figure itself (F1 where there are precision and recall); NaN where there is nothing to score.
    """

    unit: str
    measure: str
    group: str = "all"
    gold: Array
    predicted: Array | None
    matched: Array
    precision: Array | None = None
    recall: Array | None = None
    value: Array


class Totals:
    """Counts of documents, summed in one way or more.

    Parameters
    ----------
    counts : sequence of Counts
        One per document.
    summed : callable, optional
        Of a table of counts, of shape (documents, keys), the sums, of shape (ways, keys); by default that of all.
    """

    def __init__(self, counts: Sequence[Counts], summed: Callable[[Array], Array] | None = None):
        self.keys: list[Key] = sorted({key for count in counts for key in count})
        self._index = {key: number for number, key in enumerate(self.keys)}
        self._table = np.zeros((len(counts), len(self.keys)))
        for row, count in zip(self._table, counts, strict=True):
            row[[self._index[key] for key in count]] = [*count.values()]
        self._sums = summed(self._table) if summed else self._table.sum(axis=0, keepdims=True)

    def weighted(self, weights: Array) -> "Totals":
        """Return the same counts summed with weights, an array of shape (ways, documents)."""
        other = copy(self)
        other._sums = weights @ self._table
        return other

    def __getitem__(self, key: Key) -> Array:
        column = self._index.get(key)
        return np.zeros(len(self._sums)) if column is None else self._sums[:, column]


Figures = Callable[[Totals], Iterator[Figure]]
"""What is told of summed counts."""


def ratio(part: Array, whole: Array) -> Array:
    """Return part / whole, NaN where whole is 0."""
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole != 0))


def harmonic(precision: Array, recall: Array) -> Array:
    """Return F1 of precision and recall, 0 where both are 0."""
    return np.nan_to_num(ratio(2 * precision * recall, precision + recall))


def scalar(values: Array | None) -> float | None:
    """Return the figure of all documents, which comes first, rounded to six decimals, None where it is undefined."""
    return None if values is None or np.isnan(values[0]) else round(float(values[0]), 6)


def prf(unit: str, measure: str, matched: Array, gold: Array, predicted: Array, group: str = "all") -> Figure:
    """Return precision, recall and F1 = 2 tp / (gold + predicted)."""
    return Figure(
        unit=unit,
        measure=measure,
        group=group,
        gold=gold,
        predicted=predicted,
        matched=matched,
        precision=ratio(matched, predicted),
        recall=ratio(matched, gold),
        value=ratio(2 * matched, gold + predicted),
    )


def of_units(measured: Mapping[str, tuple[str, ...]]) -> Figures:
    """Return the function that yields precision, recall and F1 of each measure of each unit."""

    def figures(totals: Totals) -> Iterator[Figure]:
        for unit, measures in measured.items():
            for measure in measures:
                yield prf(unit, measure, totals[unit, measure], totals[unit, "gold"], totals[unit, "predicted"])

    return figures


def sum_of(arrays: Sequence[Array], start: Array | None = None) -> Array:
    """Return the elementwise sum of arrays, and of `start`, which stands for none."""
    return np.asarray(sum(arrays, np.zeros(1) if start is None else start))
