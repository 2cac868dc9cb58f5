"""What claims are filtered by: each claim's labels, packed into one whole number that a page can test quickly."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from communique.labels import FAMILY_OF, EntityKind, Form, Rhetoric

UNTYPED = "untyped"
DIFFICULTIES = (
    "nested",
    "discontinuous",
    "implicit speaker",
    "joint speaker",
    "far speaker",
    "conditional",
    "negated",
    "secondary type",
)
DIFFERENCES = ("the claim itself", "the words", "the type", "the holder", "other labels")
HIT, WRONG_TYPE, MISSED, SPURIOUS = "hit", "wrong type", "missed", "predicted only"


class Facet(NamedTuple):
    """A property of claims.

    Attributes
    ----------
    name, title : str
        In addresses, and for people.
    values : tuple of str
        In the order in which they are offered.
    several : bool
        Whether a claim can have several of the values; else it has one, or none.
    """

    name: str
    title: str
    values: tuple[str, ...]
    several: bool = False

    @property
    def width(self) -> int:
        """Bits that the facet takes."""
        return len(self.values) if self.several else len(self.values).bit_length()

    def packed(self, held: Collection[str]) -> int:
        """Return the values of a claim as a number: a bit each or, of one, its place counted from 1, and 0 for none."""
        places = [place for place, value in enumerate(self.values) if value in held]
        return sum(1 << place for place in places) if self.several else sum(place + 1 for place in places[:1])


FACETS = (
    Facet("type", "Type", (*map(str, Rhetoric), UNTYPED)),
    Facet("form", "Form", tuple(map(str, Form))),
    Facet("holder", "Kind of holder", tuple(map(str, EntityKind)), several=True),
    Facet("hard", "Difficulty", DIFFICULTIES, several=True),
    Facet("differ", "Annotators differ in", DIFFERENCES, several=True),
    Facet("outcome", "Prediction", (HIT, WRONG_TYPE, MISSED, SPURIOUS)),
)
"""All of them take 30 bits: a script's whole numbers have 31 and a sign."""


def code(held: Mapping[str, Collection[str]]) -> int:
    """Return what a claim has of each facet, by its name, as one number."""
    number = shift = 0
    for facet in FACETS:
        number |= facet.packed(held.get(facet.name, ())) << shift
        shift += facet.width
    return number


def described(codes: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    """Return the facets as a page needs them: where their bits are, and how many claims have each value.

    Parameters
    ----------
    codes : sequence of sequence of int
        Of the claims of each document.
    """
    found: list[dict[str, Any]] = []
    shift = 0
    for facet in FACETS:
        said = [one >> shift & (1 << facet.width) - 1 for some in codes for one in some]
        tests = [facet.packed([value]) for value in facet.values]
        counts = [sum(bool(one & test) if facet.several else one == test for one in said) for test in tests]
        found.append({**facet._asdict(), "shift": shift, "width": facet.width, "counts": counts})
        shift += facet.width
    return found


def families() -> dict[str, str]:
    """Return the family of each type."""
    return {str(label): str(family) for label, family in FAMILY_OF.items()}
