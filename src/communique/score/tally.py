"""The spans of many documents counted all at once."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from communique.records import Document, Prediction
from communique.score.columns import KINDS, Units, part, read, stacked
from communique.score.match import Column, Weights, assign
from communique.score.sweep import overlapping

_CACHED = 2**17
"""Units counted at once: few enough to stay in the processor's cache."""
_MOST = 2**12
"""Documents counted at once: few enough for keys of 64 bits."""


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
        Of the same texts in the same order.
    """
    texts = [gold.text for gold in golds]
    return tally_columns(read(golds, texts), read(predictions, texts), len(golds))


def tally_columns(gold: Units, predicted: Units, documents: int) -> Tally:
    """Count spans that are columns already, as `tally` does those of records.

    Parameters
    ----------
    gold, predicted : Units
        Of the same documents in the same order; offsets below 2**23.
    documents : int
        Number of documents.
    """
    step = max(1, min(_MOST, _CACHED * documents // (len(gold.line) + len(predicted.line) + 1)))
    tallies = [
        _tally(stacked([(part(side, at, at + step), step) for side in (gold, predicted)]), step)
        for at in range(0, max(documents, 1), step)
    ]
    columns = {name: [getattr(one, name) for one in tallies] for name in Tally.__struct_fields__}
    return Tally(**{name: np.concatenate(column)[:documents] for name, column in columns.items()})


def _tally(units: Units, documents: int) -> Tally:
    """Count units, gold ones and then predicted ones.

    Equal units are paired with each other first, which no best pairing can beat: 1 - IoU is a metric, so that
    IoU(g, p') + IoU(g', p) <= 1 + IoU(g', p') where g equals p.
    """
    lines = documents * len(KINDS)
    predicted = units.line >= lines
    place = units.line - lines * predicted
    width = int(units.end.max(initial=0)) + 1
    pieces = np.bincount(units.owner, minlength=len(place))
    values, distinct = np.unique(2 * _keys(units, pieces, place * width, width) + predicted, return_index=True)
    met = np.flatnonzero(values[1:] == values[:-1] | 1)
    alone = np.ones(len(distinct), bool)
    alone[met] = alone[met + 1] = False
    one, weight = _overlaps(units, place * width, predicted, distinct[alone])
    equal = distinct[met]

    def by_place(places: Column, weights: Weights | NDArray[np.bool] | None = None) -> np.ndarray:
        return np.bincount(places, weights, minlength=lines).reshape(-1, len(KINDS))

    gold, given = np.bincount(units.line[distinct], minlength=2 * lines).reshape(2, -1, len(KINDS))
    return Tally(
        gold=gold,
        predicted=given,
        exact=by_place(place[equal]),
        overlap=by_place(place[equal], pieces[equal] > 0) + by_place(place[one], weight),
    )


def _keys(units: Units, pieces: Column, base: Column, width: int) -> Column:
    """Return a number for each unit, equal where place and characters are."""
    start, shape = np.zeros((2, len(base)), np.int64)
    start[units.owner], shape[units.owner] = units.start, units.end
    shapes = 0
    for count in np.unique(pieces[pieces > 1]).tolist():
        several = np.flatnonzero(pieces == count)
        parts = np.searchsorted(units.owner, several)[:, None] + np.arange(count)
        bounds = np.concatenate((units.start[parts], units.end[parts]), axis=1)
        equal = np.unique(bounds.view(f"V{bounds[0].nbytes}").ravel(), return_inverse=True)[1]
        shape[several] = width + shapes + equal
        shapes += int(equal.max()) + 1
    return (base + start) * (width + shapes) + shape


def _overlaps(units: Units, base: Column, predicted: NDArray[np.bool], chosen: Column) -> tuple[Column, Weights]:
    """Return the gold units among the chosen that are paired with a predicted one, and their overlaps."""
    among = np.zeros(len(base), bool)
    among[chosen] = True
    here = np.flatnonzero(among[units.owner])
    owner = units.owner[here]
    start, end = base[owner] + units.start[here], base[owner] + units.end[here]
    cut = np.count_nonzero(~predicted[owner])
    i, j = overlapping(start[:cut], end[:cut], start[cut:], end[cut:])
    j += cut
    pairs, pair = np.unique(owner[i] * len(base) + owner[j], return_inverse=True)
    shared = np.bincount(pair, np.minimum(end[i], end[j]) - np.maximum(start[i], start[j]))
    one, other = np.divmod(pairs, len(base))
    size = np.bincount(owner, end - start)
    weight = shared / (size[one] + size[other] - shared)
    best = assign(one, other, weight)
    return one[best], weight[best]
