"""From documents to Label Studio tasks and the labelling configuration."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec

from communique.checks import places, spanned
from communique.formats.declared import Outgoing
from communique.formats.drawn import ROLES, written
from communique.formats.keys import KINDS, UNITS
from communique.formats.label_studio.results import CHOICES, TEXTS
from communique.formats.regions import facts_of
from communique.labels import Form, Rhetoric
from communique.records import Document
from communique.writing import STANDARD, refuse_unwritten, replacing

CONFIGURATION = "labelling.xml"
SIGN = rb"\[\s*(\]|\{\s*\"data\")"
_COLOURS = {
    "Speaker": "#4a90d9",
    "Cue": "#6aa84f",
    "Claim": "#f1c232",
    "Person": "#e06666",
    "Office": "#c27ba0",
    "State": "#8e7cc3",
    "Institution": "#a0522d",
    "Group": "#e69138",
    "Outlet": "#45818e",
    "Unknown": "#999999",
}
_CLAIM, _MENTION = "Claim", ",".join(KINDS)
_HEADINGS = {
    "unit": ("Unit: the same name on each of its fragments, or mentions", ""),
    "name": ("Full name of the entity", _MENTION),
    "attribution": ("Attribution: the same name on its speaker, cue and claims", ",".join(UNITS)),
    "targets": ("Targets: units of the entities it is aimed at", _CLAIM),
    "rhetoric": ("Type", _CLAIM),
    "also": ("Second act, which the type does not entail", _CLAIM),
    "flags": ("Conditional, or reported as not performed", _CLAIM),
    "form": ("Form of the attribution", _CLAIM),
}
"""What stands over each box or choice, and the labels of regions that have it; all where there is none."""
_OPTIONS: tuple[list[str], ...] = (
    [str(name) for name in Rhetoric],
    [str(name) for name in Rhetoric if name != Rhetoric.ASSERTION],
    ["conditional", "negated"],
    [str(name) for name in Form],
)
"""Of each of `CHOICES`."""
Region = dict[str, Any]


def write(
    documents: Iterable[Document], target: Path, *, force: bool = False, outgoing: Outgoing | None = None
) -> None:
    """Write a JSON list of tasks, and ``labelling.xml`` beside it unless the tasks go to standard output.

    Parameters are those of `communique.formats.events.write`; ``outgoing`` says whose predictions they are.
    """
    _write([task(item, outgoing.model if outgoing else None) for item in documents], target, force)


def write_unlabelled(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write tasks without annotations, to be labelled, and ``labelling.xml``; parameters are those of `write`."""
    _write([{"data": task(item)["data"]} for item in documents], target, force)


def _write(tasks: list[dict[str, Any]], target: Path, force: bool) -> None:
    held = {target: msgspec.json.format(msgspec.json.encode(tasks), indent=1) + b"\n"}
    if str(target) != STANDARD:
        held[target.parent / CONFIGURATION] = configuration()
    for path, sign in zip(held, (SIGN, re.escape(configuration())), strict=False):
        refuse_unwritten(path, sign, force=force)
    for path, words in held.items():
        with replacing(path) as file:
            file.write(words)


def task(item: Document, model: str | None = None) -> dict[str, Any]:
    """Return one task: the text and the document's other facts as data, its units as regions of an annotation.

    Where a model is named they are regions of its prediction, which the tool shows until somebody annotates the task.
    """
    data = {"text": item.text, "communique": facts_of(item, written(item))}
    result = [*_regions(item), *_relations(item)]
    if model is None:
        return {"data": data, "annotations": [{"result": result}]}
    return {"data": data, "predictions": [{"model_version": model, "result": result}]}


def _regions(item: Document) -> Iterator[Region]:
    forms = {attribution.id: [str(attribution.form)] for attribution in item.attributions}
    for entity in item.entities:
        for number, mention in enumerate(entity.mentions, 1):
            texts = {"unit": [entity.id], "name": [entity.name]}
            yield from _region(item.text, _key(entity.id, number), mention, entity.kind.value.capitalize(), texts, {})
    for label, units in (("Speaker", item.speakers), ("Cue", item.cues)):
        for unit in units:
            for number, place in enumerate(places(unit), 1):
                yield from _region(item.text, _key(unit.id, number), place, label, {"unit": [unit.id]}, {})
    for claim in item.claims:
        texts = {"unit": [claim.id], "attribution": [claim.attribution], "targets": list(claim.targets)}
        flags = [name for name in ("conditional", "negated") if getattr(claim, name)]
        choices = {"rhetoric": claim.rhetoric, "also": claim.also}
        chosen = {name: [str(label)] for name, label in choices.items() if label} | ({"flags": flags} if flags else {})
        chosen["form"] = forms[claim.attribution]
        for number, place in enumerate(places(claim), 1):
            yield from _region(item.text, _key(claim.id, number), place, "Claim", texts, chosen)


def _relations(item: Document) -> Iterator[Region]:
    numbers = {(unit.id, place): n for unit in spanned(item) for n, place in enumerate(places(unit), 1)}
    numbers |= {(entity.id, place): n for entity in item.entities for n, place in enumerate(entity.mentions, 1)}
    for one in written(item):
        ends = (_key(one.claim, numbers[one.claim, one.start]), _key(one.unit, numbers[one.unit, one.end]))
        yield {"from_id": ends[0], "to_id": ends[1], "type": "relation", "direction": "right", "labels": [one.role]}


def _key(unit: str, number: int) -> str:
    """Return the id of a region; the tool colours none whose id has a dot."""
    return f"{unit.replace('_', '__').replace('.', '_-')}-{number}"


def _region(
    text: str, key: str, place: tuple[int, int], label: str, texts: dict[str, list[str]], choices: dict[str, list[str]]
) -> Iterator[Region]:
    where = {"start": place[0], "end": place[1], "text": text[slice(*place)]}

    def result(name: str, kind: str, value: dict[str, Any]) -> Region:
        return {"id": key, "from_name": name, "to_name": "text", "type": kind, "value": {**where, **value}}

    yield result("label", "labels", {"labels": [label]})
    for name, words in texts.items():
        if words:
            yield result(name, "textarea", {"text": words})
    for name, labels in choices.items():
        yield result(name, "choices", {"choices": labels})


def configuration() -> bytes:
    """Return the labelling configuration, as UTF-8 XML."""
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, "Style").text = ".htx-text{ white-space: pre-wrap; }"
    labels = ElementTree.SubElement(view, "Labels", name="label", toName="text")
    for name in (*UNITS, *KINDS):
        ElementTree.SubElement(labels, "Label", value=name, background=_COLOURS[name])
    ElementTree.SubElement(view, "Text", name="text", value="$text", granularity="symbol")
    relations = ElementTree.SubElement(view, "Relations")
    for name in (*ROLES, "target"):
        ElementTree.SubElement(relations, "Relation", value=name)
    for name in TEXTS:
        box: dict[str, Any] = {"maxSubmissions": "1"} if name != "targets" else {}
        ElementTree.SubElement(_shown(view, name), "TextArea", name=name, toName="text", perRegion="true", **box)
    for name, options in zip(CHOICES, _OPTIONS, strict=True):
        known: dict[str, Any] = {"perRegion": "true", "choice": "multiple" if name == "flags" else "single"}
        choices = ElementTree.SubElement(_shown(view, name), "Choices", name=name, toName="text", **known)
        for option in options:
            ElementTree.SubElement(choices, "Choice", value=option)
    ElementTree.indent(view)
    return bytes(ElementTree.tostring(view, encoding="utf-8")) + b"\n"


def _shown(view: ElementTree.Element, name: str) -> ElementTree.Element:
    """Return a part of the view with a heading, seen while a region is chosen whose label has the box or choice."""
    heading, labels = _HEADINGS[name]
    only: dict[str, Any] = {"whenLabelValue": labels} if labels else {}
    part = ElementTree.SubElement(view, "View", visibleWhen="region-selected", whenTagName="label", **only)
    ElementTree.SubElement(part, "Header", value=heading, size="5")
    return part
