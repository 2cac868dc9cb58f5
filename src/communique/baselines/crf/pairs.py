"""Pairs of stretches that may belong together, and what tells whether they do."""

from collections.abc import Iterator, Mapping

import numpy as np

from communique.baselines.crf.columns import Features
from communique.baselines.crf.gold import UNITS
from communique.baselines.crf.pages import Column, mixed
from communique.places import Place

STEPS = np.array([0, 1, 2, 3, 5, 8, 13, 21, 40])

NEAREST = 50
"""Stretches of the second role on each side of one of the first that are paired with it."""


class Pairs:
    """Pairs of stretches of two roles that stand in one paragraph, or the second in the next: all but the far ones.

    Parameters
    ----------
    features : Features
        Of the texts.
    parts : mapping of str to set of (int, int)
        Stretches by role.
    one, other : str
        The two roles.
    """

    def __init__(self, features: Features, parts: Mapping[str, set[Place]], one: str, other: str):
        self._features = features
        self._parts = {role: np.array(sorted(found), np.int64).reshape(-1, 2) for role, found in parts.items()}
        firsts, seconds = self._parts[one], self._parts[other]
        paragraph = features.table.paragraph
        here = paragraph[firsts[:, 0]]
        at = np.searchsorted(seconds[:, 0], firsts[:, 0])
        low = np.maximum(np.searchsorted(paragraph[seconds[:, 0]], here), at - NEAREST)
        high = np.searchsorted(paragraph[seconds[:, 0]], here + (other == "content"), side="right")
        high = np.maximum(low, np.minimum(high, at + NEAREST))
        sizes = high - low
        row = np.repeat(np.arange(len(firsts)), sizes)
        column = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(low, sizes)
        firsts, seconds = firsts[row], seconds[column]
        same = features.table.document[firsts[:, 0]] == features.table.document[seconds[:, 0]]
        apart = (firsts[:, 1] <= seconds[:, 0]) | (seconds[:, 1] <= firsts[:, 0])
        self._first, self._second = firsts[same & apart], seconds[same & apart]

    def __len__(self) -> int:
        """Return their number."""
        return len(self._first)

    def places(self, numbers: Column | None = None) -> list[tuple[Place, Place]]:
        """Return the two stretches of each pair, or of some."""
        found = slice(None) if numbers is None else numbers
        sides = (map(tuple, side[found].tolist()) for side in (self._first, self._second))
        return list(zip(*sides, strict=True))

    def columns(self) -> Iterator[Column]:
        """Yield the features of the pairs; the first is constant."""
        features, (a, b), (c, d) = self._features, self._first.T, self._second.T
        side = (b <= c).astype(np.int64)
        steps = np.searchsorted(STEPS, np.where(side, c - b, a - d), side="right")
        same = features.table.sentence[a] == features.table.sentence[c]
        quoted = features.table.opened[c] >= 0
        place = mixed(side, same)
        yield np.zeros(len(a), np.int64)
        yield mixed(side, steps, same)
        yield mixed(place, quoted, features.table.opened[a] >= 0)
        between = [np.minimum(self._between(role), 2) for role in UNITS]
        yield from (mixed(side, number) for number in between)
        yield mixed(place, *between)
        for index in (c - 1, c, d - 1, d, a - 1, b):
            yield mixed(place, word(features.lower, index))
        yield mixed(place, word(features.lower, d), quoted)
        yield mixed(place, features.lemma[a])
        yield mixed(side, features.lemma[b - 1], between[0])
        yield mixed(side, np.searchsorted(STEPS, d - c, side="right"))
        yield features.table.paragraph[c] - features.table.paragraph[a]

    def _between(self, role: str) -> Column:
        """Return how many stretches of a role begin between the two."""
        starts = self._parts[role][:, 0]
        low = np.minimum(self._first[:, 1], self._second[:, 1])
        high = np.maximum(self._first[:, 0], self._second[:, 0])
        number: Column = np.maximum(0, np.searchsorted(starts, high) - np.searchsorted(starts, low))
        return number


def word(column: Column, index: Column) -> Column:
    """Return a column's values at some tokens, -1 where there is no such token."""
    inside = (index >= 0) & (index < len(column))
    return np.where(inside, column[np.clip(index, 0, len(column) - 1)], -1)
