"""Stretches of text against each other, without a look at every pair of them: code points, half-open."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

Place = tuple[int, int]


def outermost(places: Iterable[Place]) -> list[Place]:
    """Return the distinct stretches in order, without those that lie in another."""
    kept: list[Place] = []
    for start, end in sorted(set(places), key=lambda place: (place[0], -place[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


class Stretches:
    """Stretches of which none lies in another, as words, paragraphs and quotations are.

    Parameters
    ----------
    places : iterable of (int, int)
        In order.
    """

    def __init__(self, places: Iterable[Place] = ()):
        found = list(places)
        self._starts = [start for start, _ in found]
        self._ends = [end for _, end in found]

    def places(self) -> tuple[Place, ...]:
        """Return them all."""
        return tuple(zip(self._starts, self._ends, strict=True))

    def met(self, start: int, end: int) -> range:
        """Return the numbers of those that share a character with a stretch."""
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def within(self, start: int, end: int) -> range:
        """Return the numbers of those that lie in a stretch."""
        return range(bisect_left(self._starts, start), bisect_right(self._ends, end))

    def begun(self, start: int, end: int) -> range:
        """Return the numbers of those that begin in a stretch."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def holds(self, start: int, end: int) -> bool:
        """Say whether a stretch lies in one of them."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._ends[at]

    def add(self, start: int, end: int) -> bool:
        """Take in a stretch that meets none of them; say whether it did not."""
        at = self.met(start, end)
        if at:
            return False
        self._starts.insert(at.start, start)
        self._ends.insert(at.start, end)
        return True
