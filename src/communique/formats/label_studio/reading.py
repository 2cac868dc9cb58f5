"""From Label Studio tasks to documents."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from communique.files import content
from communique.formats.common import Imported
from communique.formats.regions import Region, document_of
from communique.places import Place
from communique.problems import Level, Problem
from communique.records import Document
from communique.texts import Normalised


class _Result(msgspec.Struct, rename={"name": "from_name"}):
    type: str
    name: str = ""
    id: str = ""
    value: dict[str, Any] = {}


class _Annotation(msgspec.Struct):
    result: list[_Result]


class _Task(msgspec.Struct):
    data: dict[str, Any]
    annotations: list[_Annotation] = []


def read(path: Path) -> Imported:
    """Read a JSON list of tasks; of several annotations of a task the first is taken.

    Returns
    -------
    Imported
        Documents; a task that cannot be read is a problem.
    """
    found = Imported()
    try:
        tasks = msgspec.json.decode(content(path), type=list[msgspec.Raw])
    except (ValueError, RecursionError) as error:
        told = f"not a JSON list of tasks: {error}; export as JSON, not JSON-MIN"
        found.problems.append(Problem(str(path), 0, "label-studio-malformed", Level.SCHEMA, told))
        return found
    for number, raw in enumerate(tasks, 1):
        try:
            task = msgspec.json.decode(raw, type=_Task)
            found.admit(_document(task, f"{path.stem}-{number}", found.noticed), str(path), number)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            told = f"task {number}: {type(error).__name__}: {error}; see docs/formats.md"
            found.problems.append(Problem(str(path), number, "label-studio-malformed", Level.SCHEMA, told))
    found.noticed = +found.noticed
    return found


def _document(task: _Task, name: str, noticed: Counter[str]) -> Document:
    raw = task.data.get("text")
    if not isinstance(raw, str):
        raise ValueError("data.text is not the text")
    text = Normalised(raw)
    noticed["texts normalised to NFC, LF"] += text.text != raw
    noticed["further annotations of a task"] += max(0, len(task.annotations) - 1)
    results = task.annotations[0].result if task.annotations else []
    regions = list(_regions(results, raw, text, noticed).values())
    return document_of(name, text.text, regions, task.data.get("communique", {}), noticed)


def _regions(results: Iterable[_Result], raw: str, text: Normalised, noticed: Counter[str]) -> dict[str, Region]:
    regions: dict[str, Region] = {}
    for number, result in enumerate(results):
        if result.type == "relation":
            noticed["relations, which are not read"] += 1
            continue
        value = result.value
        start, end = _code_points(value, raw, noticed)
        region = regions.setdefault(result.id or f"r{number}", Region((text.at(start), text.at(end))))
        words = value.get({"textarea": "text"}.get(result.type, result.type), [])
        if isinstance(words, list) and all(isinstance(word, str) for word in words) and words:
            region.said[result.name] = words
    return regions


def _code_points(value: Mapping[str, Any], raw: str, noticed: Counter[str]) -> Place:
    start, end = int(value["start"]), int(value["end"])
    words = value.get("text")
    if isinstance(words, str) and raw[start:end] != words:
        units = raw.encode("utf-16-le")
        if units[2 * start : 2 * end] == words.encode("utf-16-le"):
            noticed["offsets in UTF-16 units"] += 1
            start, end = (len(units[: 2 * place].decode("utf-16-le")) for place in (start, end))
        else:
            noticed["offsets that do not match their text"] += 1
    if not 0 <= start < end <= len(raw):
        raise ValueError(f"region [{start}, {end}) lies outside the text of {len(raw)} code points")
    return start, end
