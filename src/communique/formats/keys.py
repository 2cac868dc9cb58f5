"""Labelled regions, and the unit that each is a fragment or mention of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from communique.formats.attributing import Unit
from communique.labels import EntityKind
from communique.places import Place

KINDS = tuple(kind.value.capitalize() for kind in EntityKind)
"""Labels of mentions, by the kind of their entity."""
UNITS = ("Speaker", "Cue", "Claim")
"""Labels of the other units."""


class Region:
    """A stretch of text and all that is said of it, lists of strings by name (``label``, ``unit``, ``rhetoric`` …)."""

    def __init__(self, place: Place, said: Mapping[str, list[str]] | None = None):
        self.place = place
        self.said: dict[str, list[str]] = dict(said or {})

    def owners(self) -> list[str]:
        """Return the attributions that it names."""
        return self.said.get("attribution", [])

    def first(self, name: str, default: str = "") -> str:
        """Return the first of what is said by a name."""
        return (self.said.get(name) or [default])[0]


class Keys:
    """The units of regions: by their ``unit``, else each its own; mentions are also told by relations and words.

    Parameters
    ----------
    regions : sequence of Region
        Of a document; those of no known label are passed over.
    entities : mapping
        Entities that stood there before, by id.
    text : str
        In stored form.
    relations : sequence of (Region, Region)
        Regions that people joined.

    Attributes
    ----------
    units : dict of Region to (str, str)
        Kind (Speaker, Cue, Claim, Mention) and key of its unit.
    """

    def __init__(
        self,
        regions: Sequence[Region],
        entities: Mapping[str, Mapping[str, Any]],
        text: str,
        relations: Sequence[tuple[Region, Region]],
    ):
        self.units: dict[Region, Unit] = {}
        mentions = [region for region in regions if region.first("label") in KINDS]
        told = _joined(mentions, relations) | {r: r.first("unit") for r in mentions if r.first("unit")}
        words = {str(entity.get("name")).casefold(): key for key, entity in entities.items()}
        for region, key in told.items():
            words.setdefault(text[slice(*region.place)].casefold(), key)
        for number, region in enumerate(regions):
            label, own = region.first("label"), region.first("unit", f"region {number}")
            if label in KINDS:
                own = told.get(region) or words.setdefault(text[slice(*region.place)].casefold(), own)
            if label in KINDS or label in UNITS:
                self.units[region] = ("Mention" if label in KINDS else label, own)

    def pairs(self, relations: Iterable[tuple[Region, Region]], noticed: Counter[str]) -> Iterator[tuple[Unit, Unit]]:
        """Yield relations between units of different kinds; count those of one kind but between mentions."""
        for one, other in relations:
            ends = self.units.get(one), self.units.get(other)
            if ends[0] and ends[1] and ends[0][0] != ends[1][0]:
                yield ends[0], ends[1]
            else:
                noticed["relations that say nothing here"] += ends[0] is None or ends[0] != ends[1]


def _joined(mentions: Iterable[Region], relations: Iterable[tuple[Region, Region]]) -> dict[Region, str]:
    """Return the unit of mentions that are joined with one that names it, over any way."""
    held = set(mentions)
    others: dict[Region, list[Region]] = {}
    for one, other in relations:
        if one in held and other in held:
            others.setdefault(one, []).append(other)
            others.setdefault(other, []).append(one)
    found: dict[Region, str] = {}
    for number, start in enumerate(sorted(others, key=lambda region: (not region.first("unit"), region.place))):
        way = [start]
        while way:
            region = way.pop()
            if region not in found:
                found[region] = found.get(start) or start.first("unit", f"joined{number}")
                way += others[region]
    return found
