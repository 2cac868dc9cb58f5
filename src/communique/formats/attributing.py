"""Units made in a tool are linked: by the attribution they name, by relations, else to what is nearest."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from communique.formats.drawn import Drawn
from communique.places import Place, Stretches, outermost

Placed = Mapping[str, Mapping[str, Sequence[Place]]]
"""Fragments by kind and key of the unit."""
_ROLES = (("cue", "Cue"), ("speaker", "Speaker"))


class Closest:
    """Units of one kind, by the places of their fragments."""

    def __init__(self, units: Mapping[str, Sequence[Place]]):
        self._owner: dict[Place, str] = {}
        for key, places in units.items():
            for place in places:
                self._owner.setdefault(place, key)
        self._places = outermost(self._owner)
        self._row = Stretches(self._places)

    def to(self, places: Sequence[Place]) -> str | None:
        """Return the unit with the fragment nearest to any of these, of equally near ones the first in the text."""
        near = (self._distance(place, number) for place in places for number in self._about(place))
        found = min(near, default=None)
        return self._owner[self._places[found[2]]] if found else None

    def _about(self, place: Place) -> Iterator[int]:
        met = self._row.met(*place)
        yield from range(max(0, met.start - 1), min(len(self._places), met.start + 1))

    def _distance(self, place: Place, number: int) -> tuple[int, int, int]:
        start, end = self._places[number]
        return max(start - place[1], place[0] - end, 0), start, number


class Links:
    """Who is linked to whom in a document.

    Parameters
    ----------
    placed : mapping
        Its units; places are code points, half-open.
    named : mapping
        Keys by kind (Speaker, Cue) and attribution, where the unit itself names its attribution.
    drawn : Drawn
        Relations between its units.
    carried : mapping of str to mapping
        Attributions that stood there before people worked on it, by key.

    Attributes
    ----------
    grown : dict of str to set of (int, int)
        By entity, words of speakers that become mentions, so that an attribution's holder is mentioned in them.
    """

    def __init__(
        self,
        placed: Placed,
        named: Mapping[str, Mapping[str, str]],
        drawn: Drawn,
        carried: Mapping[str, Mapping[str, Any]],
    ):
        self._placed, self._named, self._drawn, self._carried = placed, named, drawn, carried
        self._owner = {place: key for key, several in placed["Mention"].items() for place in several}
        self._mentions = outermost(self._owner)
        self._row = Stretches(self._mentions)
        self._rows: dict[str, Stretches] = {}
        self.grown: dict[str, set[Place]] = {}

    def attributions(self, claims: Mapping[str, Sequence[str]], noticed: Counter[str]) -> dict[str, dict[str, Any]]:
        """Return fields of each attribution; ``claims`` are its claims by key."""
        found = {key: self._said(key, several) for key, several in claims.items()}
        fresh = {key: claims[key] for key in found if key not in self._carried}
        for role, kind in _ROLES:
            self._nearest(role, kind, found, fresh, noticed)
            self._left(role, kind, found, claims, noticed)
        for key in fresh:
            found[key]["entities"] = found[key]["entities"] or self._holders(found[key]["speaker"])
        for fields in found.values():
            self._hold(fields, noticed)
        return found

    def _hold(self, fields: dict[str, Any], noticed: Counter[str]) -> None:
        """See to it that the speaker's words are a mention of each holder: another entity's if it was moved there."""
        several = self._placed["Speaker"].get(fields["speaker"] or "", ())
        if several and not all(self._meet(key, several) for key in fields["entities"]):
            joined = self._drawn.every.of("Mention", [("Speaker", fields["speaker"])])
            told = fields["told"] or joined or self._holders(fields["speaker"])
            fields["entities"] = told or fields["entities"]
            for key in (key for key in fields["entities"] if not self._meet(key, several)):
                self.grown.setdefault(key, set()).update(several)
                noticed["speakers taken as a mention of their holder"] += 1

    def _meet(self, entity: str, several: Sequence[Place]) -> bool:
        row = self._rows.get(entity) or Stretches(outermost(self._placed["Mention"].get(entity, ())))
        self._rows[entity] = row
        return any(row.met(*place) for place in several)

    def _said(self, key: str, claims: Sequence[str]) -> dict[str, Any]:
        fields = {"parent": None, "entities": (), **self._carried.get(key, {})}
        relations = self._drawn.fresh if key in self._carried else self._drawn.every
        units = [("Claim", claim) for claim in claims]
        linked = list(units)
        for role, kind in _ROLES:
            joined = relations.of(kind, linked)
            fields[role] = self._named[kind].get(key) or next(iter(joined), self._before(key, role, kind))
            linked += [(kind, fields[role])] if fields[role] else []
        outer = (claim for claim in relations.of("Claim", units, "parent") if claim not in claims)
        fields["parent"] = next(outer, self._before(key, "parent", "Claim"))
        drawn = [*relations.of("Mention", units, "holder"), *relations.of("Mention", linked[len(units) :])]
        kept = [name for name in fields["entities"] if not self._drawn.took(key, "holder", name)]
        stay = [name for name in kept if self._drawn.wrote(key, "holder", name)] if drawn else kept
        fields["entities"] = list(dict.fromkeys((*stay, *drawn)))
        return fields | {"told": fields["entities"] if drawn else []}

    def _before(self, key: str, role: str, kind: str) -> str | None:
        """Return what had a role before people worked on it, if it is still there and was not taken away."""
        name = self._carried.get(key, {}).get(role)
        return name if name in self._placed[kind] and not self._drawn.took(key, role, name) else None

    def _free(self, role: str, kind: str, found: Mapping[str, dict[str, Any]]) -> dict[str, Sequence[Place]]:
        used = {fields[role] for fields in found.values()} | {item.get(role) for item in self._carried.values()}
        return {key: several for key, several in self._placed[kind].items() if key not in used}

    def _nearest(
        self,
        role: str,
        kind: str,
        found: Mapping[str, dict[str, Any]],
        fresh: Mapping[str, Sequence[str]],
        noticed: Counter[str],
    ) -> None:
        """Give attributions made in the tool the nearest of the units that are free, or of all where none is."""
        closest = Closest(self._free(role, kind, found) or self._placed[kind])
        for key, claims in fresh.items():
            if found[key][role] is None:
                found[key][role] = closest.to(self._about(found[key], claims))
                noticed[f"attributions with the nearest {role}"] += found[key][role] is not None

    def _left(
        self,
        role: str,
        kind: str,
        found: Mapping[str, dict[str, Any]],
        claims: Mapping[str, Sequence[str]],
        noticed: Counter[str],
    ) -> None:
        """Give what is still free to the nearest attribution without it."""
        lacking = {key: self._about(fields, claims[key]) for key, fields in found.items() if fields[role] is None}
        closest = Closest(lacking)
        for unit, several in self._free(role, kind, found).items() if lacking else ():
            key = closest.to(several)
            if key is not None and found[key][role] is None:
                found[key][role] = unit
                noticed[f"attributions with the nearest {role}"] += 1

    def _about(self, fields: Mapping[str, Any], claims: Sequence[str]) -> list[Place]:
        if fields["cue"] is not None:
            return list(self._placed["Cue"][fields["cue"]])
        return [place for claim in claims for place in self._placed["Claim"][claim]]

    def _holders(self, speaker: str | None) -> list[str]:
        """Return the entities of the outermost mentions that share a character with a speaker."""
        several = self._placed["Speaker"].get(speaker or "", ())
        met = (self._mentions[number] for place in several for number in self._row.met(*place))
        return list(dict.fromkeys(self._owner[place] for place in met))
