"""From documents to Label Studio tasks and the labelling configuration."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec

from communique.checks import places
from communique.formats.regions import KINDS, facts_of
from communique.labels import Rhetoric
from communique.records import Document
from communique.writing import STANDARD, refuse_unwritten, replacing

CONFIGURATION = "labelling.xml"
SIGN = rb"\[\s*(\]|\{\s*\"data\")"
UNITS = ("Speaker", "Cue", "Claim")
_COLOURS = {"Speaker": "#4a90d9", "Cue": "#6aa84f", "Claim": "#f1c232"}
Region = dict[str, Any]


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write a JSON list of tasks, and ``labelling.xml`` beside it unless the tasks go to standard output.

    Parameters are those of `communique.formats.events.write`.
    """
    held = {target: msgspec.json.format(msgspec.json.encode([task(item) for item in documents]), indent=1) + b"\n"}
    if str(target) != STANDARD:
        held[target.parent / CONFIGURATION] = configuration()
    for path, sign in zip(held, (SIGN, re.escape(configuration())), strict=False):
        refuse_unwritten(path, sign, force=force)
    for path, words in held.items():
        with replacing(path) as file:
            file.write(words)


def task(item: Document) -> dict[str, Any]:
    """Return one task: the text and the document's other facts as data, its units as regions."""
    data = {"text": item.text, "communique": facts_of(item)}
    return {"data": data, "annotations": [{"result": list(_regions(item))}]}


def _regions(item: Document) -> Iterator[Region]:
    for entity in item.entities:
        for number, mention in enumerate(entity.mentions, 1):
            key = f"{entity.id}.{number}"
            yield from _region(item.text, key, mention, entity.kind.value.capitalize(), {"unit": [entity.id]}, {})
    for label, units in (("Speaker", item.speakers), ("Cue", item.cues)):
        for unit in units:
            for number, place in enumerate(places(unit), 1):
                yield from _region(item.text, f"{unit.id}.{number}", place, label, {"unit": [unit.id]}, {})
    for claim in item.claims:
        texts = {"unit": [claim.id], "attribution": [claim.attribution], "targets": list(claim.targets)}
        flags = [name for name in ("conditional", "negated") if getattr(claim, name)]
        choices = {"rhetoric": claim.rhetoric, "also": claim.also}
        chosen = {name: [str(label)] for name, label in choices.items() if label} | ({"flags": flags} if flags else {})
        for number, place in enumerate(places(claim), 1):
            yield from _region(item.text, f"{claim.id}.{number}", place, "Claim", texts, chosen)


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
    labels = ElementTree.SubElement(view, "Labels", name="label", toName="text")
    for name in (*UNITS, *KINDS):
        ElementTree.SubElement(labels, "Label", value=name, background=_COLOURS.get(name, "#b7b7b7"))
    ElementTree.SubElement(view, "Text", name="text", value="$text", granularity="symbol")
    for name in ("unit", "attribution", "targets"):
        ElementTree.SubElement(view, "TextArea", name=name, toName="text", perRegion="true", placeholder=name)
    types = [label.value for label in Rhetoric]
    for name, options in (("rhetoric", types), ("also", types), ("flags", ["conditional", "negated"])):
        many = "multiple" if name == "flags" else "single"
        choices = ElementTree.SubElement(view, "Choices", name=name, toName="text", perRegion="true", choice=many)
        for option in options:
            ElementTree.SubElement(choices, "Choice", value=option)
    ElementTree.indent(view)
    return bytes(ElementTree.tostring(view, encoding="utf-8")) + b"\n"
