"""From labelled regions with attributes, the way annotation tools keep units, to documents."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from communique.checks import length_faults, shown
from communique.formats.attributing import Links
from communique.formats.common import document, trimmed
from communique.formats.drawn import Drawn, Written
from communique.formats.keys import Joined, Keys, Region
from communique.formats.settling import settled, tidied
from communique.labels import EntityKind, Form, Rhetoric
from communique.layer import LayerBuilder
from communique.places import Place
from communique.records import Document, Entity, Prediction

_FLAGS = ("conditional", "negated")
_LABELS = ("rhetoric", "also", "flags")
_WHAT = {Form: ("form", "three"), Rhetoric: ("rhetoric type", "sixteen"), EntityKind: ("kind", "seven")}
APART = ("text", "speakers", "cues", "claims")
"""Fields of a document that are held as regions, or (text) under their own name."""
METADATA = ("language", "collection", "genre", "storyline", "stratum", "title", "date", "provenance")
"""Fields of a document that are taken from the facts as they are."""


def facts_of(item: Document, links: Iterable[Written] = ()) -> dict[str, Any]:
    """Return what regions cannot hold of a document, and how its claims are labelled before people work on it.

    Parameters
    ----------
    item : Document
        The document.
    links : iterable of Written, optional
        Those of its relations that the format writes; what is not among them when it is read again was taken away.
    """
    facts = {name: value for name, value in msgspec.to_builtins(item).items() if name not in APART}
    for entity in facts["entities"]:
        del entity["mentions"]
    facts["claims"] = [{name: value for name, value in claim.items() if value} for claim in _claims(item)]
    facts["links"] = msgspec.to_builtins(list(links))
    return facts


def _claims(item: Document) -> Iterator[dict[str, Any]]:
    forms = {attribution.id: str(attribution.form) for attribution in item.attributions}
    for claim in item.claims:
        flags = [name for name in _FLAGS if getattr(claim, name)]
        yield {
            **{name: getattr(claim, name) for name in ("id", "attribution", "targets", "rhetoric", "also")},
            "flags": flags,
            "form": forms[claim.attribution],
        }


def document_of(
    name: str,
    text: str,
    regions: Sequence[Region],
    facts: Mapping[str, Any],
    noticed: Counter[str],
    relations: Sequence[Joined] = (),
) -> Document:
    """Return the document that regions and facts describe; where they differ, regions are what people made of it.

    Parameters
    ----------
    name : str
        Id, where the facts have none.
    text : str
        In stored form.
    regions : sequence of Region
        Fragments of one unit have the same ``unit``.
    facts : mapping
        As from `facts_of`; may be empty.
    noticed : Counter
        What is left out or set right is added to it by name.
    relations : sequence of Joined, optional
        Regions that people joined, and the label they gave to it: holder tells a claim's holder from its target.

    Raises
    ------
    ValueError, LookupError, TypeError, msgspec.ValidationError
        The parts contradict each other or the schema.
    """
    for region in regions:
        if not 0 <= region.place[0] <= region.place[1] <= len(text):
            raise ValueError(f"{list(region.place)} lies outside the text of {len(text)} code points")
    for _, told in length_faults(region.place for region in regions):
        raise ValueError(told)
    layer = settled(_Layer(text, regions, facts, relations, noticed).built(str(facts.get("id", name))), text, noticed)
    known = {name: facts[name] for name in METADATA if name in facts}
    found = msgspec.convert({**msgspec.to_builtins(document(layer, text)), **known}, Document)
    return tidied(found, noticed)


class _Layer:
    """The units of a document by kind (Speaker, Cue, Claim, Mention) and key, each with its regions."""

    def __init__(
        self,
        text: str,
        regions: Sequence[Region],
        facts: Mapping[str, Any],
        relations: Sequence[Joined],
        noticed: Counter[str],
    ):
        self._text, self._noticed = text, noticed
        self._entities, self._attributions, self._claims = (
            {str(item["id"]): item for item in facts.get(kind, [])} for kind in ("entities", "attributions", "claims")
        )
        self._units: dict[str, dict[str, list[Region]]] = {kind: {} for kind in ("Speaker", "Cue", "Claim", "Mention")}
        keys = Keys(regions, self._entities, text, relations)
        for region, (kind, key) in keys.units.items():
            self._units[kind].setdefault(key, []).append(region)
        self._named = {
            **{text[slice(*r.place)].casefold(): key for r, (kind, key) in keys.units.items() if kind == "Mention"},
            **{r.first("name").casefold(): key for r, (kind, key) in keys.units.items() if kind == "Mention"},
            **{str(entity.get("name")).casefold(): key for key, entity in self._entities.items()},
        }
        there = {(unit, region.place) for region, unit in keys.units.items()}
        self._drawn = Drawn(keys.links(relations, noticed), facts, there)

    def built(self, name: str) -> Prediction:
        builder, units = LayerBuilder(name, self._text), self._units
        for kind, add in (("Speaker", builder.speaker), ("Cue", builder.cue)):
            for key, several in units[kind].items():
                add(self._places(several), f"{kind} {key}")
        owners = {key: self._owner(key, several) for key, several in units["Claim"].items()}
        links = self._links()
        claims = _turned(owners)
        found = links.attributions(claims, self._noticed)
        builder.entities(
            self._entity(key, links.grown.get(key, ())) for key in dict.fromkeys((*self._entities, *units["Mention"]))
        )
        for key, fields in found.items():
            builder.attribution(
                f"Speaker {fields['speaker']}" if fields["speaker"] is not None else None,
                f"Cue {fields['cue']}" if fields["cue"] is not None else None,
                entities=map(self._apart, fields["entities"]),
                form=self._form(claims[key], fields.get("form")),
                parent=fields["parent"],
                key=f"Attribution {key}",
            )
        for key, several in units["Claim"].items():
            builder.claim(f"Attribution {owners[key]}", self._places(several), key, **self._labels(key, several))
        return builder.layer()

    def _links(self) -> Links:
        placed = {
            kind: {key: [region.place for region in several] for key, several in found.items()}
            for kind, found in self._units.items()
        }
        named = {
            kind: {owner: key for key, several in self._units[kind].items() for r in several for owner in r.owners()}
            for kind in ("Speaker", "Cue")
        }
        return Links(placed, named, self._drawn, self._attributions)

    def _places(self, several: Sequence[Region]) -> tuple[Place, ...]:
        return trimmed([region.place for region in several], self._text)

    def _said(self, key: str, several: Sequence[Region], name: str) -> list[str]:
        """Return what any fragment of a claim says other than before; what was said before, if one still does."""
        before = self._claims.get(key, {}).get(name, [])
        before = [before] if isinstance(before, str) else list(before)
        told = [said for region in several if (said := region.said.get(name))]
        return next((said for said in told if said != before), before if told else [])

    def _owner(self, key: str, several: Sequence[Region]) -> str:
        return next(iter(self._said(key, several, "attribution")), f"of {key}")

    def _form(self, claims: Sequence[str], before: str | None) -> Form | None:
        """Return what any claim of an attribution says other than before; None where nothing was ever said."""
        told = {key: self._said(key, self._units["Claim"][key], "form") for key in claims}
        edited = (said[0] for key, said in told.items() if said and said[0] != self._claims.get(key, {}).get("form"))
        form = next(edited, before) or next((said[0] for said in told.values() if said), None)
        return label(Form, form) if form is not None else None

    def _labels(self, key: str, several: Sequence[Region]) -> dict[str, Any]:
        said = {name: self._said(key, several, name) for name in (*_LABELS, "targets")}
        joined = self._drawn.every.of("Mention", [("Claim", key)])
        return {
            **{name: label(Rhetoric, said[name][0]) if said[name] else None for name in ("rhetoric", "also")},
            **{name: name in said["flags"] for name in _FLAGS},
            "targets": tuple(map(self._apart, dict.fromkeys((*map(self._target, said["targets"]), *joined)))),
        }

    def _target(self, name: str) -> str:
        if name in self._entities or name in self._units["Mention"]:
            return name
        return self._named.get(name.casefold(), name)

    def _apart(self, entity: str) -> str:
        """Return the id of an entity, another one where a claim has it."""
        return f"Entity {entity}" if entity in self._units["Claim"] else entity

    def _entity(self, key: str, grown: Iterable[Place]) -> Entity:
        known, mentions = self._entities.get(key, {}), self._units["Mention"].get(key, [])
        names = [name for region in mentions if (name := region.first("name"))]
        words = max((self._text[slice(*region.place)] for region in mentions), key=len, default=key)
        before = known.get("name", names[0] if names else words)
        kinds = [region.first("label").lower() for region in mentions]
        kind = known.get("kind", kinds[0] if kinds else "unknown")
        return Entity(
            id=self._apart(key),
            name=next((name for name in names if name != before), before),
            kind=EntityKind(next((found for found in kinds if found != kind), kind)),
            mentions=tuple(sorted({*grown, *(region.place for region in mentions)})),
        )


def _turned(owners: Mapping[str, str]) -> dict[str, list[str]]:
    claims: dict[str, list[str]] = {}
    for key, owner in owners.items():
        claims.setdefault(owner, []).append(key)
    return claims


Label = TypeVar("Label", Form, Rhetoric, EntityKind)


def label(labels: type[Label], name: str) -> Label:
    """Return a label by its name, in letters of any case.

    Raises
    ------
    ValueError
        There is no such label.
    """
    try:
        return labels(name.casefold())
    except ValueError:
        what, number = _WHAT[labels]
        raise ValueError(f"no {what} is called {shown(name)}; the {number} are {', '.join(labels)}") from None
