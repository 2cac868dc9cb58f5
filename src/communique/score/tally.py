"""The spans of many documents counted all at once."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from communique.records import Document, Prediction
from communique.score.columns import KINDS, Units, read
from communique.score.match import Column, Weights, assign
from communique.score.sweep import overlapping


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Units counted, in arrays of shape (documents, `KINDS`).

    Attributes
    ----------
    gold, predicted : array of int
        Distinct units.
    exact : array of int
        Gold units with an equal predicted one.
    overlap : array of float
        Greatest total intersection over union of gold and predicted units paired one to one.
    """

    gold: Column
    predicted: Column
    exact: Column
    overlap: Weights


def tally(golds: Sequence[Document], predictions: Sequence[Prediction]) -> Tally:
    """Count the distinct spans of documents: all, equal ones, and their best one-to-one overlap.

    Parameters
    ----------
    golds, predictions : sequence of Document, of Prediction
        Of the same texts in the same order; see `tally_columns` for how many.
    """
    return tally_columns(read([*golds, *predictions], [gold.text for gold in golds] * 2), len(golds))


def tally_columns(units: Units, documents: int) -> Tally:
    """Count spans that are columns already, as `tally` does those of records.

    Equal units are paired with each other first, which no best pairing can beat: 1 - IoU is a metric, so that
    IoU(g, p') + IoU(g', p) <= 1 + IoU(g', p') where g equals p.

    Parameters
    ----------
    units : Units
        Of the gold layers of all documents, then of the predicted ones in the same order. Some hundreds of documents
        at a time are fastest, and no more than some thousands fit the keys, which are numbers of 64 bits; offsets stay
        below 2**24.
    documents : int
        Number of documents.
    """
    lines = documents * len(KINDS)
    predicted, place = np.divmod(units.line, lines)
    width = int(units.end.max(initial=0)) + 1
    key = _keys(units, place, width)
    distinct = np.unique(2 * key + predicted, return_index=True)[1]
    met = np.flatnonzero(np.diff(key[distinct]) == 0)
    rest = np.delete(distinct, np.concatenate((met, met + 1)))
    size = np.bincount(units.owner, units.end - units.start, minlength=len(place))
    one, weight = _overlaps(units, size, place * width, predicted, rest)

    def by_place(places: Column, weights: Weights | NDArray[np.bool] | None = None) -> np.ndarray:
        return np.bincount(places, weights, minlength=lines).reshape(-1, len(KINDS))

    equal = distinct[met]
    return Tally(
        gold=by_place(place[distinct[predicted[distinct] == 0]]),
        predicted=by_place(place[distinct[predicted[distinct] == 1]]),
        exact=by_place(place[equal]),
        overlap=by_place(place[equal], size[equal] > 0) + by_place(place[one], weight),
    )


def _keys(units: Units, place: Column, width: int) -> Column:
    """Return a number for each unit, equal where place and characters are."""
    size = np.bincount(units.owner, minlength=len(place))
    head = np.cumsum(size) - size
    start, shape = (np.zeros(len(place), int) for _ in range(2))
    start[size > 0], shape[size == 1] = units.start[head[size > 0]], units.end[head[size == 1]]
    shapes = 0
    for count in np.unique(size[size > 1]).tolist():
        several = np.flatnonzero(size == count)
        parts = head[several, None] + np.arange(count)
        bounds = np.concatenate((units.start[parts], units.end[parts]), axis=1)
        equal = np.unique(bounds, axis=0, return_inverse=True)[1]
        shape[several] = width + shapes + equal
        shapes += int(equal.max()) + 1
    return (place * width + start) * (width + shapes) + shape


def _overlaps(
    units: Units, size: Column | Weights, base: Column, predicted: Column, chosen: Column
) -> tuple[Column, Weights]:
    """Return the gold units among the chosen that are paired with a predicted one, and their overlaps."""
    start, end = base[units.owner] + units.start, base[units.owner] + units.end
    among = np.zeros(len(base), bool)
    among[chosen] = True
    here, there = (np.flatnonzero(among[units.owner] & (predicted[units.owner] == side)) for side in (0, 1))
    i, j = overlapping(start[here], end[here], start[there], end[there])
    i, j = here[i], there[j]
    pairs, pair = np.unique(units.owner[i] * len(base) + units.owner[j], return_inverse=True)
    shared = np.bincount(pair, np.minimum(end[i], end[j]) - np.maximum(start[i], start[j]))
    one, other = np.divmod(pairs, len(base))
    weight = shared / (size[one] + size[other] - shared)
    best = assign(one, other, weight)
    return one[best], weight[best]
