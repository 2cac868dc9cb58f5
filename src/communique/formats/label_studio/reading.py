"""From Label Studio tasks to documents."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from communique.checks import shown
from communique.files import content
from communique.formats.common import Imported
from communique.formats.declared import meant
from communique.formats.label_studio.results import Read, Result, told
from communique.formats.offsets import Counted
from communique.formats.regions import document_of
from communique.problems import CommuniqueError, Level, Problem
from communique.records import Document

_MARK = b"\xef\xbb\xbf"


class _Annotation(msgspec.Struct, rename={"cancelled": "was_cancelled", "who": "completed_by"}):
    result: list[Result] | None = None
    cancelled: bool | None = None
    skipped: bool | None = None
    who: int | str | dict[str, Any] | None = None


class _Task(msgspec.Struct):
    data: dict[str, Any]
    id: int | str | None = None
    annotations: list[_Annotation] = []
    completions: list[_Annotation] = []
    predictions: list[Any] = []


def read(path: Path, *, annotator: str = "first", mapping: Sequence[str] = ()) -> Imported:
    """Read a JSON list of tasks.

    Parameters
    ----------
    path : Path
        The file.
    annotator : str, optional
        ``first`` annotation of each task that is not cancelled, ``all`` (ids then end in ``@annotator``), or one
        annotator's id or e-mail address.
    mapping : sequence of str, optional
        ``SEEN=MEANT``: what names of controls, labels, choices and of the text's field in the file stand for here.

    Returns
    -------
    Imported
        Documents; a task that cannot be read is a problem, one that nobody annotated is left out and counted.

    Raises
    ------
    CommuniqueError
        Nobody of that name annotated a task, or the mapping is not of that form.
    """
    found, names, met = Imported(), meant(mapping), False
    try:
        tasks = _tasks(content(path).removeprefix(_MARK))
    except ValueError as error:
        found.problems.append(Problem(str(path), 0, "label-studio-malformed", Level.SCHEMA, str(error)))
        return found
    for number, raw in enumerate(tasks, 1):
        try:
            task = _task(raw)
            for suffix, annotation in _chosen(task, annotator, found.noticed):
                met = True
                name = f"{task.id if task.id is not None else f'{path.stem}-{number}'}"
                found.admit(_document(task, annotation, name, suffix, names, found.noticed), str(path), number)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            told = f"task {number}: {_plainly(error)}; see docs/formats.md"
            found.problems.append(Problem(str(path), number, "label-studio-malformed", Level.SCHEMA, told))
    if annotator not in ("first", "all") and not met and not found.problems:
        raise CommuniqueError(f"{path}: no annotation by {annotator!r}; say first, all, or an id of completed_by")
    found.noticed = +found.noticed
    return found


def _tasks(source: bytes) -> list[msgspec.Raw]:
    if source.startswith(b"-DOCSTART-"):
        raise ValueError("columns of CONLL2003, which lose the text; export as JSON")
    try:
        return msgspec.json.decode(source, type=list[msgspec.Raw])
    except (ValueError, RecursionError) as error:
        if source.lstrip().startswith(b"{"):
            raise ValueError("a task without a list around it; put tasks in one JSON list: [task, task]") from error
        raise ValueError(f"not a JSON list of tasks: {error}; export as JSON, not JSON-MIN") from error


def _task(raw: msgspec.Raw) -> _Task:
    fields = msgspec.json.decode(raw)
    if isinstance(fields, dict) and "data" not in fields:
        raise ValueError("there is no data in it, as in a JSON-MIN export; export as JSON")
    return msgspec.convert(fields, _Task)


def _plainly(error: Exception) -> str:
    return str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"


def _chosen(task: _Task, annotator: str, noticed: Counter[str]) -> Iterator[tuple[str, _Annotation]]:
    """Yield what an id shall end in, and the annotation."""
    given = [*task.annotations, *task.completions]
    kept = [item for item in given if not (item.cancelled or item.skipped)]
    noticed["cancelled annotations"] += len(given) - len(kept)
    noticed["tasks with predictions alone, left out"] += not given and bool(task.predictions)
    noticed["tasks that nobody annotated, left out"] += not given and not task.predictions
    noticed["tasks with nothing but cancelled annotations, left out"] += bool(given) and not kept
    if annotator == "first":
        noticed["further annotations of a task"] += max(0, len(kept) - 1)
        yield from (("", item) for item in kept[:1])
        return
    several: dict[str, _Annotation] = {}
    for number, item in enumerate(kept, 1):
        if annotator in ("all", *_names(item)):
            several.setdefault(next(_names(item), f"annotation-{number}"), item)
            noticed["further annotations of a task by one annotator"] += several[[*several][-1]] is not item
    yield from ((f"@{name}" if annotator == "all" else "", item) for name, item in several.items())


def _names(item: _Annotation) -> Iterator[str]:
    if isinstance(item.who, dict):
        yield from (str(item.who[name]) for name in ("id", "email") if item.who.get(name) is not None)
    elif item.who is not None:
        yield str(item.who)


def _document(
    task: _Task, annotation: _Annotation, name: str, suffix: str, meant: Mapping[str, str], noticed: Counter[str]
) -> Document:
    raw = _text(task.data, meant)
    results = annotation.result or []
    offsets = (told(result) for result in results if result.type != "relation")
    counted = Counted(raw, (one for one in offsets if one is not None), noticed)
    noticed["texts normalised to NFC, LF"] += counted.text != raw
    found = Read(results, counted, meant, noticed)
    facts = task.data.get("communique", {})
    facts = {**facts, "id": f"{facts.get('id', name)}{suffix}"}
    return document_of(name, counted.text, found.regions, facts, noticed, found.relations)


def _text(data: Mapping[str, Any], meant: Mapping[str, str]) -> str:
    names = ["text", *(name for name in data if meant.get(name) == "text")]
    raw = next((data[name] for name in names if name in data), None)
    if not isinstance(raw, str):
        others = ", ".join(shown(name) for name, value in data.items() if isinstance(value, str)) or "nothing"
        raise ValueError(f"data has no text under 'text', but {others}; name the text's field with --map NAME=text")
    return raw
