"""Labelled regions, and the unit that each is a fragment or mention of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from communique.formats.drawn import Link, Unit
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


Joined = tuple[Region, Region] | tuple[Region, Region, str]
"""Regions that people joined, and the label they gave to it."""


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
    relations : sequence of Joined
        What people joined.

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
        relations: Sequence[Joined],
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

    def links(self, relations: Iterable[Joined], noticed: Counter[str]) -> Iterator[Link]:
        """Yield relations between units but those that make mentions one; count those that say nothing."""
        for one, other, *label in relations:
            ends = self.units.get(one), self.units.get(other)
            if ends[0] and ends[1] and ends[0][0] != ends[1][0]:
                first, second = sorted((ends[0], ends[1]), key=lambda unit: unit[0] != "Claim")
                held = "holder" in label and (first[0], second[0]) == ("Claim", "Mention")
                yield Link("holder" if held else "", first, second)
            elif ends[0] and ends[1] and ends[0][0] == "Claim" and ends[0] != ends[1]:
                inner, outer = (0, 1) if _within(one.place, other.place) else (1, 0)
                yield Link("parent", (ends[0], ends[1])[inner], (ends[0], ends[1])[outer])
            else:
                noticed["relations that say nothing here"] += ends[0] is None or ends[0] != ends[1]


def _within(inner: Place, outer: Place) -> bool:
    """Say whether a place lies in another, or neither in the other."""
    return not (inner[0] <= outer[0] and outer[1] <= inner[1]) or inner == outer


def _joined(mentions: Iterable[Region], relations: Iterable[Joined]) -> dict[Region, str]:
    """Return the unit of mentions that are joined with one that names it, over any way."""
    held = set(mentions)
    others: dict[Region, list[Region]] = {}
    for one, other, *_ in relations:
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
