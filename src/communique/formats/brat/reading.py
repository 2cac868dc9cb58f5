"""From an ``.ann`` file to an annotation."""

from collections.abc import Iterator
from typing import TypeVar

from communique.canonical import canonical
from communique.formats.brat.standoff import BratError, Offsets, Standoff, parse
from communique.labels import EntityKind, Form, Rhetoric
from communique.records import Attribution, Cue, Entity, PredictedClaim, Prediction, Span, Speaker
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
    return canonical(_layer(standoff, stored.text, doc_id))


def _parsed(ann: str, raw: str, stored: Normalised) -> Standoff:
    lines = ann.removeprefix("\ufeff").replace("\r\n", "\n")
    if stored.text == raw:
        return parse(lines, raw)
    try:
        return parse(lines, raw).placed(stored.at)
    except BratError:
        return parse(lines, stored.text)


def _layer(standoff: Standoff, text: str, doc_id: str) -> Prediction:
    cues = [trigger for trigger, _ in standoff.events.values() if standoff.bounds[trigger][0] == CUED]
    return Prediction(
        id=doc_id,
        entities=tuple(_entities(standoff)),
        speakers=tuple(Speaker(id=key, spans=_spans(o, text)) for key, o in _bounds(standoff, "Speaker")),
        cues=tuple(Cue(id=key, spans=_spans(standoff.bounds[key][1], text)) for key in dict.fromkeys(cues)),
        attributions=tuple(_attribution(standoff, key) for key in standoff.events),
        claims=tuple(_claims(standoff, text)),
    )


def _bounds(standoff: Standoff, kind: str) -> Iterator[tuple[str, Offsets]]:
    return ((key, offsets) for key, (found, offsets) in standoff.bounds.items() if found == kind)


def _spans(offsets: Offsets, text: str) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in offsets)


def _entities(standoff: Standoff) -> Iterator[Entity]:
    mentions: dict[str, set[tuple[int, int]]] = {name: set() for name in standoff.entities}
    for key, (kind, offsets) in standoff.bounds.items():
        for name in standoff.references.get(key, []) if kind in _KINDS else []:
            mentions[name].add((offsets[0][0], offsets[-1][1]))
    for key, (name, entity_kind) in standoff.entities.items():
        yield Entity(id=key, name=name, kind=entity_kind, mentions=tuple(sorted(mentions[key])))


def _attribution(standoff: Standoff, key: str) -> Attribution:
    trigger, roles = standoff.events[key]
    arguments = dict(roles)
    return Attribution(
        id=key,
        speaker=arguments.get("Speaker"),
        cue=trigger if standoff.bounds[trigger][0] == CUED else None,
        entities=tuple(standoff.references.get(key, [])),
        form=_label(Form, standoff, key, "Form"),
        parent=arguments.get("Parent"),
    )


def _claims(standoff: Standoff, text: str) -> Iterator[PredictedClaim]:
    owner = {
        target: key
        for key, (_, roles) in standoff.events.items()
        for role, target in roles
        if role.startswith("Content")
    }
    for key, offsets in _bounds(standoff, "Claim"):
        if key not in owner:
            raise BratError(standoff.lines[key], f"claim {key} is the Content of no attribution; add it to an event")
        attributes = standoff.attributes.get(key, {})
        yield PredictedClaim(
            id=key,
            attribution=owner[key],
            spans=_spans(offsets, text),
            rhetoric=_label(Rhetoric, standoff, key, "Rhetoric") if "Rhetoric" in attributes else None,
            also=_label(Rhetoric, standoff, key, "Also") if "Also" in attributes else None,
            targets=tuple(standoff.references.get(key, [])),
            conditional="Conditional" in attributes,
            negated="Negated" in attributes,
        )


def _label(labels: type[Label], standoff: Standoff, key: str, name: str) -> Label:
    value = standoff.attributes.get(key, {}).get(name, "")
    try:
        return labels(value)
    except ValueError:
        told = f"unknown {name} {value!r}" if value else f"no {name}"
        raise BratError(standoff.lines[key], f"{key} has {told}; one of {', '.join(labels)}") from None
