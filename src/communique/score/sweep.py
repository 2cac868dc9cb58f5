"""Which stretches overlap, found in order of their starts instead of comparing all with all."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

import numpy as np

from communique.score.items import Item
from communique.score.match import Column

_FEW = 5000
"""Pairs among which those that meet are looked for one by one, sooner than arrays are made."""


def near(gold: Sequence[Item], predicted: Sequence[Item]) -> list[tuple[int, int]]:
    """Return the numbers of all pairs of items that are equal or may share a character: whose hulls overlap."""
    if len(gold) * len(predicted) <= _FEW and all(gold) and all(predicted):
        return _met(gold, predicted)
    hulls = [
        np.array([(item[0][0], item[-1][1]) if item else (-1, 0) for item in side], np.int64).reshape(-1, 2).T
        for side in (gold, predicted)
    ]
    pairs = overlapping(*hulls[0], *hulls[1])
    return list(zip(*(side.tolist() for side in pairs), strict=True))


def _met(gold: Sequence[Item], predicted: Sequence[Item]) -> list[tuple[int, int]]:
    others = sorted((item[0][0], item[-1][1], j) for j, item in enumerate(predicted))
    starts, reach = [start for start, _, _ in others], list(accumulate((end for _, end, _ in others), max))
    found = []
    for i, item in enumerate(gold):
        start, end = item[0][0], item[-1][1]
        for _, reached, j in others[bisect_right(reach, start) : bisect_left(starts, end)]:
            if reached > start:
                found.append((i, j))
    return found


def overlapping(start: Column, end: Column, other_start: Column, other_end: Column) -> tuple[Column, Column]:
    """Return the numbers of all pairs of stretches that share a character, the first of either in any order.

    Parameters
    ----------
    start, end, other_start, other_end : array of int
        Two sets of stretches on one line, half-open, none empty, in any order.
    """
    first, within = _starting_in(start, end, other_start, "left")
    other_first, other_within = _starting_in(other_start, other_end, start, "right")
    return np.concatenate((first, other_within)), np.concatenate((within, other_first))


def _starting_in(start: Column, end: Column, points: Column, side: Literal["left", "right"]) -> tuple[Column, Column]:
    order = np.argsort(points, kind="stable")
    ordered = points[order]
    low = np.searchsorted(ordered, start, side)
    found = np.searchsorted(ordered, end) - low
    at = np.arange(found.sum()) + np.repeat(low - np.cumsum(found) + found, found)
    return np.repeat(np.arange(len(start)), found), order[at]
