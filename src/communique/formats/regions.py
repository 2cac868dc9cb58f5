"""From labelled regions with attributes, the way annotation tools keep units, to documents."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from communique.checks import length_faults
from communique.formats.common import document, trimmed
from communique.formats.settling import settled, tidied
from communique.labels import EntityKind, Form, Rhetoric
from communique.layer import LayerBuilder
from communique.places import Place
from communique.records import Document, Entity, Prediction

Units = dict[str, dict[str, list["Region"]]]
KINDS = tuple(kind.value.capitalize() for kind in EntityKind)
"""Labels of mentions, by the kind of their entity."""
APART = ("text", "speakers", "cues", "claims")
"""Fields of a document that are held as regions, or (text) under their own name."""
METADATA = ("language", "collection", "genre", "storyline", "title", "date", "provenance")
"""Fields of a document that are taken from the facts as they are."""


class Region:
    """A stretch of text and all that is said of it, lists of strings by name (``label``, ``unit``, ``rhetoric`` …)."""

    def __init__(self, place: Place, said: Mapping[str, list[str]] | None = None):
        self.place = place
        self.said: dict[str, list[str]] = dict(said or {})

    def first(self, name: str, default: str = "") -> str:
        """Return the first of what is said by a name."""
        return (self.said.get(name) or [default])[0]


def facts_of(item: Document) -> dict[str, Any]:
    """Return what regions cannot hold of a document: metadata, entities without mentions, attributions."""
    facts = {name: value for name, value in msgspec.to_builtins(item).items() if name not in APART}
    for entity in facts["entities"]:
        del entity["mentions"]
    return facts


def document_of(
    name: str, text: str, regions: Sequence[Region], facts: Mapping[str, Any], noticed: Counter[str]
) -> Document:
    """Return the document that regions and facts describe.

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
    layer = settled(_layer(str(facts.get("id", name)), text, regions, facts), text, noticed)
    known = {name: facts[name] for name in METADATA if name in facts}
    found = msgspec.convert({**msgspec.to_builtins(document(layer, text)), **known}, Document)
    return tidied(found, noticed)


def _layer(name: str, text: str, regions: Sequence[Region], facts: Mapping[str, Any]) -> Prediction:
    units: Units = {}
    for number, region in enumerate(regions):
        units.setdefault(region.first("label"), {}).setdefault(region.first("unit", f"u{number}"), []).append(region)
    said = {str(item["id"]): item for item in facts.get("attributions", [])}
    builder = LayerBuilder(name, text)
    builder.entities(_entities(units, facts))
    for label, add in (("Speaker", builder.speaker), ("Cue", builder.cue)):
        for key, several in units.get(label, {}).items():
            add(_places(several, text), key)
    claims = units.get("Claim", {})
    for key in dict.fromkeys(_owner(name, several) for name, several in claims.items()):
        item = said.get(key, {})
        builder.attribution(
            item["speaker"] if item.get("speaker") in units.get("Speaker", {}) else None,
            item["cue"] if item.get("cue") in units.get("Cue", {}) else None,
            entities=item.get("entities", ()),
            form=Form(item["form"]) if "form" in item else None,
            parent=item["parent"] if item.get("parent") in claims else None,
            key=key,
        )
    for key, several in claims.items():
        builder.claim(_owner(key, several), _places(several, text), key, **_labels(several[0]))
    return builder.layer()


def _places(several: Sequence[Region], text: str) -> tuple[Place, ...]:
    return trimmed([region.place for region in several], text)


def _owner(claim: str, several: Sequence[Region]) -> str:
    return several[0].first("attribution", f"a-{claim}")


def _labels(region: Region) -> dict[str, Any]:
    rhetoric, also = region.first("rhetoric"), region.first("also")
    flags = region.said.get("flags", ())
    return {
        "rhetoric": Rhetoric(rhetoric) if rhetoric else None,
        "also": Rhetoric(also) if also else None,
        "targets": tuple(region.said.get("targets", ())),
        "conditional": "conditional" in flags,
        "negated": "negated" in flags,
    }


def _entities(units: Mapping[str, Mapping[str, Sequence[Region]]], facts: Mapping[str, Any]) -> Iterable[Entity]:
    mentions = {key: [r.place for r in several] for kind in KINDS for key, several in units.get(kind, {}).items()}
    kinds = {key: kind for kind in KINDS for key in units.get(kind, {})}
    known = {str(entity["id"]): entity for entity in facts.get("entities", [])}
    for key in dict.fromkeys((*known, *mentions)):
        entity = known.get(key, {})
        kind = EntityKind(entity.get("kind", kinds.get(key, "unknown").lower()))
        yield Entity(
            id=key, name=entity.get("name", key), kind=kind, mentions=tuple(sorted(set(mentions.get(key, ()))))
        )
