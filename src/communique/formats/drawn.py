"""Relations between units: those that stand for an attribution's parts when it is written, and those people drew."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from communique.checks import places, spanned
from communique.places import Place, Stretches, outermost
from communique.records import Attribution, Document, Entity

Unit = tuple[str, str]
"""A kind (Speaker, Cue, Claim, Mention) and the key of a unit of that kind."""
ROLES = {"speaker": "Speaker", "cue": "Cue", "holder": "Mention", "parent": "Claim"}
"""What a claim's relation says of its attribution, and the kind of unit at the other end."""


class Link(NamedTuple):
    """A relation: its role or, where two kinds of units can be joined in one way alone, nothing; and both units."""

    role: str
    one: Unit
    other: Unit


class Written(msgspec.Struct, frozen=True, array_like=True):
    """A relation as it was written: its role, a claim and a unit of the role's kind, and the places it stood between.

    Places are code points, half-open.
    """

    role: str
    claim: str
    start: Place
    unit: str
    end: Place


def written(item: Document) -> Iterator[Written]:
    """Yield the relations that stand for speakers, cues, holders and parents: each from the attribution's first claim.

    A holder that is nowhere mentioned has none.
    """
    said = {unit.id: places(unit) for unit in spanned(item)}
    entities = {entity.id: entity for entity in item.entities}
    first = {claim.attribution: claim.id for claim in reversed(item.claims)}
    for attribution in item.attributions:
        claim = first[attribution.id]
        for role, name, place in _ends(attribution, said, entities):
            yield Written(role, claim, said[claim][0], name, place)


def _ends(
    item: Attribution, said: Mapping[str, Sequence[Place]], entities: Mapping[str, Entity]
) -> Iterator[tuple[str, str, Place]]:
    for role in ("speaker", "cue", "parent"):
        name = getattr(item, role)
        if name is not None:
            yield role, name, said[name][0]
    words = Stretches(outermost(said.get(item.speaker or "", ())))
    for name in item.entities:
        mentions = entities[name].mentions
        if mentions:
            yield "holder", name, min(mentions, key=lambda place: (not words.met(*place), place))


class Relations:
    """Which units are joined, in either direction but for parents."""

    def __init__(self, links: Iterable[Link] = ()):
        self._others: dict[tuple[str, Unit], list[Unit]] = {}
        for role, one, other in links:
            self._others.setdefault((role, one), []).append(other)
            if role != "parent":
                self._others.setdefault((role, other), []).append(one)

    def of(self, kind: str, units: Iterable[Unit], role: str = "") -> list[str]:
        """Return the keys of units of a kind that are joined with any of these, each once."""
        met = (other for unit in units for other in self._others.get((role, unit), ()))
        return list(dict.fromkeys(key for found, key in met if found == kind))


class Drawn:
    """What people drew and took away.

    Parameters
    ----------
    links : iterable of Link
        All relations of a document.
    facts : mapping
        As from `communique.formats.regions.facts_of`; its ``links`` are the relations that were written.
    there : collection of (tuple, tuple)
        Units with the places of their regions; a relation was taken away where both of its ends are still there.

    Attributes
    ----------
    every, fresh : Relations
        All, and those that were not written.

    Raises
    ------
    msgspec.ValidationError
        The facts have other links.
    """

    def __init__(self, links: Iterable[Link], facts: Mapping[str, Any], there: Collection[tuple[Unit, Place]]):
        before = msgspec.convert(facts.get("links", []), list[Written])
        owners = {str(claim["id"]): claim.get("attribution") for claim in facts.get("claims", [])}
        told, held = {_link(one): one for one in before if one.role in ROLES}, dict.fromkeys(links)
        self.every, self.fresh = Relations(held), Relations(link for link in held if link not in told)
        self._written: set[tuple[Any, str, str]] = set()
        self._taken: set[tuple[Any, str, str]] = set()
        for link, one in told.items():
            name = owners.get(one.claim), one.role, one.unit
            self._written.add(name)
            if link not in held and (link.one, one.start) in there and (link.other, one.end) in there:
                self._taken.add(name)

    def wrote(self, attribution: str, role: str, unit: str) -> bool:
        """Say whether a relation stood for this when it was written."""
        return (attribution, role, unit) in self._written

    def took(self, attribution: str, role: str, unit: str | None) -> bool:
        """Say whether people took away the relation that stood for this."""
        return (attribution, role, unit) in self._taken


def _link(one: Written) -> Link:
    role = one.role if one.role in ("holder", "parent") else ""
    return Link(role, ("Claim", one.claim), (ROLES[one.role], one.unit))
