"""From an ``.ann`` file to an annotation."""

from collections.abc import Iterator
from typing import Any, TypeVar

from communique.formats.brat.standoff import BratError, Offsets, Standoff, parse
from communique.labels import EntityKind, Form, Rhetoric
from communique.layer import LayerBuilder
from communique.records import Entity, Prediction
from communique.texts import Normalised

Label = TypeVar("Label", Form, Rhetoric)
_KINDS = {kind.value.capitalize() for kind in EntityKind}
CUED = "Attribution"


def read(ann: str, text: str, doc_id: str) -> Prediction:
    """Read one ``.ann`` file.

    Parameters
    ----------
    ann : str
        Content of the file.
    text : str
        Text of the document, in stored form or as it stands in its file; offsets count over either, as the words show.
    doc_id : str
        Id the annotation shall have.

    Returns
    -------
    Prediction
        Canonical order and ids; offsets over the stored form.

    Raises
    ------
    BratError
        A line is malformed, its text does not stand at its offsets, a label is unknown, or it refers to nothing.
    """
    stored = Normalised(text)
    standoff = _parsed(ann, text, stored)
    return _built(standoff, LayerBuilder(doc_id, stored.text)).canonical()


def _parsed(ann: str, raw: str, stored: Normalised) -> Standoff:
    lines = ann.removeprefix("\ufeff").replace("\r\n", "\n")
    if stored.text == raw:
        return parse(lines, raw)
    try:
        return parse(lines, raw).placed(stored.at)
    except BratError:
        return parse(lines, stored.text)


def _built(standoff: Standoff, builder: LayerBuilder) -> LayerBuilder:
    builder.entities(_entities(standoff))
    for key, offsets in _bounds(standoff, "Speaker"):
        builder.speaker(offsets, key)
    for key, (trigger, roles) in standoff.events.items():
        cued, arguments = standoff.bounds[trigger][0] == CUED, dict(roles)
        builder.attribution(
            arguments.get("Speaker"),
            builder.cue(standoff.bounds[trigger][1], trigger) if cued else None,
            entities=standoff.references.get(key, []),
            form=_label(Form, standoff, key, "Form"),
            parent=arguments.get("Parent"),
            key=key,
        )
    owners = {
        target: key
        for key, (_, roles) in standoff.events.items()
        for role, target in roles
        if role.startswith("Content")
    }
    for key, offsets in _bounds(standoff, "Claim"):
        if key not in owners:
            raise BratError(standoff.lines[key], f"claim {key} is the Content of no attribution; add it to an event")
        builder.claim(owners[key], offsets, key, **_labels(standoff, key))
    return builder


def _bounds(standoff: Standoff, kind: str) -> Iterator[tuple[str, Offsets]]:
    return ((key, offsets) for key, (found, offsets) in standoff.bounds.items() if found == kind)


def _entities(standoff: Standoff) -> Iterator[Entity]:
    mentions: dict[str, set[tuple[int, int]]] = {name: set() for name in standoff.entities}
    for key, (kind, offsets) in standoff.bounds.items():
        for name in standoff.references.get(key, []) if kind in _KINDS else []:
            mentions[name].add((offsets[0][0], offsets[-1][1]))
    for key, (name, entity_kind) in standoff.entities.items():
        yield Entity(id=key, name=name, kind=entity_kind, mentions=tuple(sorted(mentions[key])))


def _labels(standoff: Standoff, key: str) -> dict[str, Any]:
    attributes = standoff.attributes.get(key, {})
    types = {name.lower(): _label(Rhetoric, standoff, key, name) for name in ("Rhetoric", "Also") if name in attributes}
    flags = {name.lower(): name in attributes for name in ("Conditional", "Negated")}
    return {**types, **flags, "targets": tuple(standoff.references.get(key, []))}


def _label(labels: type[Label], standoff: Standoff, key: str, name: str) -> Label:
    value = standoff.attributes.get(key, {}).get(name, "")
    try:
        return labels(value)
    except ValueError:
        told = f"unknown {name} {value!r}" if value else f"no {name}"
        raise BratError(standoff.lines[key], f"{key} has {told}; one of {', '.join(labels)}") from None
