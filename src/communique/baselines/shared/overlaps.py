"""Stretches that overlap though they may not."""

from collections.abc import Iterable

from communique.places import Place, Stretches


def apart(places: Iterable[Place]) -> list[Place]:
    """Return the longest of those that overlap, of equally long ones the first; in order."""
    kept = Stretches()
    for place in sorted(places, key=lambda place: (place[0] - place[1], place)):
        kept.add(*place)
    return list(kept.places())
