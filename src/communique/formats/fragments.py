"""A document's units as labelled stretches and links between them, for tools that know little else."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from communique.checks import places
from communique.formats.regions import facts_of
from communique.places import Place
from communique.records import Document

Facts = Mapping[str, Any]
"""What stretches do not tell of a document, and the unit of each."""


class Fragment(NamedTuple):
    """A stretch of a unit, code points, half-open.

    ``label`` is Speaker, Cue, the type of a claim (Claim, where it has none) or the kind of an entity (a mention).
    """

    start: int
    end: int
    label: str
    unit: str


class Link(NamedTuple):
    """Two units that belong together, by their first fragments; ``label`` is speaker, cue, holder or target."""

    head: Fragment
    child: Fragment
    label: str


def fragments(item: Document) -> list[Fragment]:
    """Return every mention and every fragment of every other unit."""
    found = [
        Fragment(*mention, entity.kind.value.capitalize(), entity.id)
        for entity in item.entities
        for mention in entity.mentions
    ]
    for label, units in (("Speaker", item.speakers), ("Cue", item.cues)):
        found += [Fragment(*place, label, unit.id) for unit in units for place in places(unit)]
    found += [
        Fragment(*place, str(claim.rhetoric or "Claim"), claim.id) for claim in item.claims for place in places(claim)
    ]
    return found


def links(facts: Facts, found: Iterable[Fragment]) -> Iterator[Link]:
    """Yield who is linked to whom by what was `carried`; an entity without mentions is not linked."""
    first: dict[str, Fragment] = {}
    for fragment in found:
        first.setdefault(fragment.unit, fragment)
    for one, other, label in dict.fromkeys(_linked(facts)):
        if one in first and other in first:
            yield Link(first[one], first[other], label)


def _linked(facts: Facts) -> Iterator[tuple[str, str, str]]:
    said: dict[str, list[str]] = {}
    for claim in facts.get("claims", ()):
        said.setdefault(claim["attribution"], []).append(claim["id"])
        yield from ((claim["id"], entity, "target") for entity in claim.get("targets", ()))
    for item in facts.get("attributions", ()):
        contents, cue, speaker = said.get(item["id"], []), item["cue"], item["speaker"]
        if cue:
            yield from ((cue, claim, "cue") for claim in contents)
        if speaker:
            yield from ((speaker, key, "speaker") for key in ([cue] if cue else contents))
            yield from ((entity, speaker, "holder") for entity in item["entities"])


def carried(item: Document, found: Iterable[Fragment]) -> Facts:
    """Return what tells a document's units and all else of it when its fragments come back."""
    return {**facts_of(item), "units": [list(fragment) for fragment in found]}


def cut(words: Iterable[Place], edges: Iterable[int]) -> Iterator[Place]:
    """Yield words, cut where an edge falls into one."""
    known = sorted(set(edges))
    for start, end in words:
        inside = known[bisect_right(known, start) : bisect_left(known, end)]
        yield from zip([start, *inside], [*inside, end], strict=True)
