"""From an ``.ann`` file to an annotation."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from communique.formats.brat.loose import attributed
from communique.formats.brat.mentions import Holders, entities
from communique.formats.brat.standoff import CUED, NOTES, BratError, Offsets, Standoff, parse
from communique.labels import Form, Rhetoric
from communique.layer import LayerBuilder
from communique.records import Prediction
from communique.texts import Normalised

Label = TypeVar("Label", Form, Rhetoric)


def read(ann: str, text: str, doc_id: str, noticed: Counter[str] | None = None) -> Prediction:
    """Read one ``.ann`` file.

    Parameters
    ----------
    ann : str
        Content of the file.
    text : str
        Text of the document, in stored form or as it stands in its file; offsets count over either, as the words show.
    doc_id : str
        Id the annotation shall have.
    noticed : Counter, optional
        What is passed over is added to it by kind; without one it is refused, notes aside.

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
    _tell(standoff, noticed)
    return _built(standoff, LayerBuilder(doc_id, stored.text), stored.text, noticed).canonical()


def _tell(standoff: Standoff, noticed: Counter[str] | None) -> None:
    if noticed is not None:
        noticed.update(kind for _, kind in standoff.passed)
        return
    for line, kind in standoff.passed:
        if kind != NOTES:
            raise BratError(line, f"{kind} are nothing that a document has; drop the line, see docs/formats.md")


def _parsed(ann: str, raw: str, stored: Normalised) -> Standoff:
    lines = ann.removeprefix("\ufeff").replace("\r\n", "\n")
    if stored.text == raw:
        return parse(lines, raw)
    try:
        return parse(lines, raw).placed(stored.at)
    except BratError:
        return parse(lines, stored.text)


def _built(standoff: Standoff, builder: LayerBuilder, text: str, noticed: Counter[str] | None) -> LayerBuilder:
    known = tuple(entities(standoff, text))
    builder.entities(known)
    holders = Holders(standoff, known)
    said = {target for _, roles in standoff.events.values() for role, target in roles if role == "Speaker"}
    for key, (kind, offsets) in standoff.bounds.items():
        if kind == "Speaker" or key in said:
            builder.speaker(offsets, key)
    for key, (trigger, roles) in standoff.events.items():
        cued, arguments = standoff.bounds[trigger][0] == CUED, dict(roles)
        builder.attribution(
            arguments.get("Speaker"),
            builder.cue(standoff.bounds[trigger][1]) if cued else None,
            entities=holders.of(key, arguments.get("Speaker")),
            form=_label(Form, standoff, key, "Form") if _has(standoff, key, "Form") else None,
            parent=arguments.get("Parent"),
            key=key,
        )
    owners = {
        target: key
        for key, (_, roles) in standoff.events.items()
        for role, target in roles
        if role.startswith("Content")
    }
    loose = [key for key, _ in _bounds(standoff, "Claim") if key not in owners]
    if loose and noticed is None:
        raise BratError(
            standoff.lines[loose[0]], f"claim {loose[0]} is the Content of no attribution; add it to an event"
        )
    for key, fields in attributed(standoff, loose, known, standoff.noticed).items():
        cue = builder.cue(standoff.bounds[fields["cue"]][1]) if fields["cue"] else None
        owners[key] = builder.attribution(fields["speaker"], cue, entities=fields["entities"], key=f"of {key}")
    for key, offsets in _bounds(standoff, "Claim"):
        builder.claim(owners[key], offsets, key, **_labels(standoff, key))
    if noticed is not None:
        noticed.update(standoff.noticed)
    return builder


def _bounds(standoff: Standoff, kind: str) -> Iterator[tuple[str, Offsets]]:
    return ((key, offsets) for key, (found, offsets) in standoff.bounds.items() if found == kind)


def _has(standoff: Standoff, key: str, name: str) -> bool:
    return name in standoff.attributes.get(key, {})


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
