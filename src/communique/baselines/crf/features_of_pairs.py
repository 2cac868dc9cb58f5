"""Pairs of stretches that may belong together, and what tells whether they do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Self

import numpy as np

from communique.baselines.crf.features import Features
from communique.baselines.shared.token_attributions import UNITS
from communique.baselines.shared.token_table import Column, mixed
from communique.places import Place

STEPS = np.array([0, 1, 2, 3, 5, 8, 13, 21, 40])

NEAREST = 25
"""Stretches of the second role on each side of one of the first that are paired with it."""
_AT_ONCE = 2_000
"""Stretches of the first role whose pairs are looked at together."""


class Pairs:
    """Pairs of stretches of two roles that stand in one paragraph, or the second in the next: all but the far ones.

    Parameters
    ----------
    features : Features
        Of the texts.
    parts : mapping of str to (array of int, shape (stretches, 2))
        Stretches by role, as `sides` has them.
    one, other : str
        The two roles.
    some : slice, optional
        Of the first role: those whose pairs are wanted.
    """

    def __init__(
        self, features: Features, parts: Mapping[str, Column], one: str, other: str, some: slice = slice(None)
    ):
        self._features = features
        self._parts = parts
        firsts, seconds = parts[one][some], parts[other]
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

    @classmethod
    def bounded(cls, features: Features, parts: Mapping[str, set[Place]], one: str, other: str) -> Iterator[Self]:
        """Yield all pairs, no more at once than memory is sure to hold."""
        rows = sides(parts)
        for at in range(0, len(rows[one]), _AT_ONCE):
            if len(pairs := cls(features, rows, one, other, slice(at, at + _AT_ONCE))):
                yield pairs

    def __len__(self) -> int:
        """Return their number."""
        return len(self._first)

    def places(self, numbers: Column | None = None) -> list[tuple[Place, Place]]:
        """Return the two stretches of each pair, or of some."""
        found = slice(None) if numbers is None else numbers
        both = (map(tuple, side[found].tolist()) for side in (self._first, self._second))
        return list(zip(*both, strict=True))

    def best(self, scores: np.ndarray, by: int) -> list[tuple[float, tuple[Place, Place]]]:
        """Return, for each first (by 0) or second (by 1) stretch, the pair of greatest score above 0, and the score.

        Of equal scores the pair that comes last in the text counts.
        """
        likely = np.flatnonzero(scores > 0)
        first, second, found = self._first[likely], self._second[likely], scores[likely]
        owner = (first, second)[by]
        order = np.lexsort((*second.T[::-1], *first.T[::-1], found, *owner.T[::-1]))
        owner = owner[order]
        last = order[np.append(np.any(owner[1:] != owner[:-1], axis=1), True)] if len(order) else order
        return list(zip(found[last].tolist(), self.places(likely[last]), strict=True))

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


def sides(parts: Mapping[str, Iterable[Place]]) -> dict[str, Column]:
    """Return the stretches of each role in order, as rows of two numbers."""
    return {role: np.array(sorted(found), np.int64).reshape(-1, 2) for role, found in parts.items()}


def word(column: Column, index: Column) -> Column:
    """Return a column's values at some tokens, -1 where there is no such token."""
    inside = (index >= 0) & (index < len(column))
    return np.where(inside, column[np.clip(index, 0, len(column) - 1)], -1)
