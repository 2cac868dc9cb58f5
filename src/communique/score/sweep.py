"""Which stretches overlap, found in order of their starts instead of comparing all with all."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from communique.score.items import Item
from communique.score.match import Column

_FEW = 500
"""Pairs that are looked at one by one sooner than arrays are made."""


def near(gold: Sequence[Item], predicted: Sequence[Item]) -> list[tuple[int, int]]:
    """Return the numbers of all pairs of items that are equal or may share a character: whose hulls overlap."""
    if len(gold) * len(predicted) <= _FEW and all(gold) and all(predicted):
        ends = [(j, other[0][0], other[-1][1]) for j, other in enumerate(predicted)]
        return [(i, j) for i, one in enumerate(gold) for j, a, b in ends if one[0][0] < b and a < one[-1][1]]
    hulls = [
        np.array([(item[0][0], item[-1][1]) if item else (-1, 0) for item in side], np.int64).reshape(-1, 2).T
        for side in (gold, predicted)
    ]
    pairs = overlapping(*hulls[0], *hulls[1])
    return list(zip(*(side.tolist() for side in pairs), strict=True))


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
