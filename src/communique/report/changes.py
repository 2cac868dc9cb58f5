"""What lies between two releases, in lines and a table that fit 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator

from communique.differing import Changed, Differences, Placed
from communique.report.grids import Grid

_WIDTH = 76
_SIZES = ("documents", "attributions", "claims", "secondary", "conditional", "negated")
_LABELS = ("claims.", "form.")


def summary(found: Differences) -> str:
    """Return how many documents were added, are gone, changed and are as they were."""
    told = f"{len(found.added)} added, {len(found.gone)} gone, {len(found.changed)} changed, {found.unchanged} the same"
    return f"{found.before} → {found.after}, documents: {told}"


def lines(found: Differences) -> Iterator[str]:
    """Yield a line for each document that is new (+), gone (-) or changed (~), and under it what changed."""
    yield from _signed("+", found.added)
    yield from _signed("-", found.gone)
    for one in found.changed:
        moved = one.after if one.before == one.after else f"{one.before} → {one.after}"
        yield f"~ {moved}  {one.id}"
        yield from textwrap.wrap(_differing(one), _WIDTH, initial_indent="    ", subsequent_indent="    ")


def _signed(sign: str, documents: Iterable[Placed]) -> Iterator[str]:
    return (f"{sign} {one.split}  {one.id}" for one in documents)


def _differing(one: Changed) -> str:
    numbers = {"gone": one.gone, "added": one.added, "retyped": len(one.retyped)}
    claims = ", ".join(f"{number} {name}" for name, number in numbers.items() if number)
    return ", ".join(one.fields) + (f"; claims: {claims}" if claims else "")


def label_grid(found: Differences) -> Grid:
    """Return the labels and sizes whose number is another, by split and collection."""
    header = ["split", "collection", "label", "before", "after", "change"]
    return Grid(header, [[*names, str(a), str(b), f"{b - a:+d}"] for *names, a, b in _numbers(found) if a != b], 3, 2)


def _numbers(found: Differences) -> Iterator[tuple[str, str, str, int, int]]:
    for split, collections in found.counts.items():
        for collection, counted in collections.items():
            named = (name for name in counted if name in _SIZES or name.startswith(_LABELS))
            for name in sorted(named, key=_place):
                yield split, collection, name, *counted[name]


def _place(name: str) -> tuple[int, str]:
    """Return where a number stands: sizes, then the labels that they are of."""
    return (_SIZES.index(name) if name in _SIZES else len(_SIZES), name)
