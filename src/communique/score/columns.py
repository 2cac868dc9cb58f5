"""The spans of many documents as columns of numbers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter, itemgetter

import msgspec
import numpy as np

from communique.records import Document, Prediction
from communique.score.items import trim
from communique.score.match import Column

KINDS = ("speakers", "cues", "claims")
_SPACE = re.compile(r"\s")
_CACHED = 64
"""Layers read at once: few enough to stay in the processor's cache, which halves the time."""


class Units(msgspec.Struct, frozen=True, kw_only=True):
    """Units and their fragments, as columns.

    Attributes
    ----------
    line : array of int
        Per unit: number of its layer times ``len(KINDS)`` plus that of its kind.
    owner : array of int
        Per fragment: number of its unit, ascending.
    start, end : array of int
        Per fragment: code points, half-open.
    """

    line: Column
    owner: Column
    start: Column
    end: Column


def read(layers: Sequence[Document | Prediction], texts: Sequence[str]) -> Units:
    """Return the speakers, cues and claims of layers as sets of characters, as `communique.score.items.item` does.

    Parameters
    ----------
    layers : sequence of Document or Prediction
        Any.
    texts : sequence of str
        The text of each, for trimming.
    """
    return _joined(_trimmed(_untrimmed(layers), texts))


def _untrimmed(layers: Sequence[Document | Prediction]) -> Units:
    parts = (_sizes_and_offsets(layers[at : at + _CACHED]) for at in range(0, len(layers), _CACHED))
    units, fragments, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    line, owner = (np.repeat(np.arange(len(sizes)), sizes) for sizes in (units, fragments))
    return Units(line=line, owner=owner, start=start, end=end)


def _sizes_and_offsets(layers: Sequence[Document | Prediction]) -> Iterator[Column]:
    """Yield the number of units per line, of fragments per unit, and the starts and ends of these."""
    lines = [getattr(layer, kind) for layer in layers for kind in KINDS]
    units = [unit.spans for line in lines for unit in line]
    spans = list(chain.from_iterable(units))
    yield _column(map(len, lines), len(lines))
    yield _column(map(len, units), len(units))
    yield _column(map(attrgetter("start"), spans), len(spans))
    yield _column(map(attrgetter("end"), spans), len(spans))


def _column(values: Iterable[int], size: int) -> Column:
    return np.fromiter(values, np.int64, size)


def _trimmed(units: Units, texts: Sequence[str]) -> Units:
    layer = units.line[units.owner] // len(KINDS)
    last = np.array([len(text) for text in texts])[layer] - 1
    edges = np.minimum(np.stack((units.start, units.end - 1), axis=1), last[:, None]).ravel().tolist()
    bounds = (2 * np.searchsorted(layer, np.arange(len(texts) + 1))).tolist()
    letters = (itemgetter(*edges[a:b])(text) for text, a, b in zip(texts, bounds, bounds[1:], strict=False) if a < b)
    loose = {found.start() // 2 for found in _SPACE.finditer("".join(chain.from_iterable(letters)))}
    start, end = units.start.copy(), units.end.copy()
    for at in loose.union(np.flatnonzero((end > last + 1) | (start > end)).tolist()):
        start[at], end[at] = trim(int(start[at]), int(end[at]), texts[layer[at]])
    return msgspec.structs.replace(units, start=start, end=end)


def _joined(units: Units) -> Units:
    """Sort the fragments of each unit and join those that touch or overlap; drop empty ones."""
    real = np.flatnonzero(units.start < units.end)
    base = units.owner * (int(units.end.max(initial=0)) + 1)
    order = real[np.argsort((base + units.start)[real], kind="stable")]
    reach = np.maximum.accumulate((base + units.end)[order])
    new = np.ones(len(order), bool)
    new[1:] = (base + units.start)[order[1:]] > reach[:-1]
    first = order[new]
    end = reach[np.roll(new, -1)] - base[first]
    return msgspec.structs.replace(units, owner=units.owner[first], start=units.start[first], end=end)
