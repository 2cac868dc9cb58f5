"""The spans of many documents as columns of numbers."""

import re
from collections.abc import Iterable, Sequence
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
    cuts = [slice(at, at + _CACHED) for at in range(0, max(len(layers), 1), _CACHED)]
    return stacked([(joined(_trimmed(_untrimmed(layers[cut]), texts[cut])), len(layers[cut])) for cut in cuts])


def stacked(parts: Sequence[tuple[Units, int]]) -> Units:
    """Return the units of several sequences of layers, each given with its number of layers, as those of one."""
    sizes = np.array([(layers * len(KINDS), len(units.line)) for units, layers in parts])
    before = (np.cumsum(sizes, axis=0) - sizes).tolist()
    moved = [
        (units.line + lines, units.owner + owners, units.start, units.end)
        for (units, _), (lines, owners) in zip(parts, before, strict=True)
    ]
    line, owner, start, end = map(np.concatenate, zip(*moved, strict=True))
    return Units(line=line, owner=owner, start=start, end=end)


def part(units: Units, first: int, last: int) -> Units:
    """Return the units of the layers with numbers from `first` up to `last`, which is left out, numbered anew."""
    low, high = np.searchsorted(units.line, (first * len(KINDS), last * len(KINDS)))
    head, tail = np.searchsorted(units.owner, (low, high))
    return Units(
        line=units.line[low:high] - first * len(KINDS),
        owner=units.owner[head:tail] - low,
        start=units.start[head:tail],
        end=units.end[head:tail],
    )


def _untrimmed(layers: Sequence[Document | Prediction]) -> Units:
    lines = [getattr(layer, kind) for layer in layers for kind in KINDS]
    units = [unit.spans for line in lines for unit in line]
    spans = list(chain.from_iterable(units))
    line, owner = (np.repeat(np.arange(len(some)), _column(map(len, some), len(some))) for some in (lines, units))
    start, end = (_column(map(attrgetter(side), spans), len(spans)) for side in ("start", "end"))
    return Units(line=line, owner=owner, start=start, end=end)


def _column(values: Iterable[int], size: int) -> Column:
    return np.fromiter(values, np.int64, size)


def _trimmed(units: Units, texts: Sequence[str]) -> Units:
    layer = units.line[units.owner] // len(KINDS)
    last = _column(map(len, texts), len(texts))[layer] - 1
    edges = np.minimum(np.stack((units.start, units.end - 1), axis=1), last[:, None]).ravel().tolist()
    bounds = (2 * np.searchsorted(layer, np.arange(len(texts) + 1))).tolist()
    letters = (itemgetter(*edges[a:b])(text) for text, a, b in zip(texts, bounds, bounds[1:], strict=False) if a < b)
    loose = {found.start() // 2 for found in _SPACE.finditer("".join(chain.from_iterable(letters)))}
    start, end = units.start.copy(), units.end.copy()
    for at in loose.union(np.flatnonzero((end > last + 1) | (start > end)).tolist()):
        start[at], end[at] = trim(int(start[at]), int(end[at]), texts[layer[at]])
    return msgspec.structs.replace(units, start=start, end=end)


def joined(units: Units) -> Units:
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
