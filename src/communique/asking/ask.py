"""Write the tasks: pages, forms, and what was asked."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from communique import jsonl
from communique.asking.assignment import ENDING, LAYERS, TASKS, Asked, Pair, Tasks, Wanted, differing
from communique.asking.pages import batches, decision, form, page
from communique.asking.units import Unit, numbered
from communique.folders import replacing_folder
from communique.layers import digest
from communique.paths import spread
from communique.problems import CommuniqueError
from communique.records import Document
from communique.typed import fingerprint
from communique.writing import replacing


class Question(NamedTuple):
    """What is asked of one text: its units by number, all and those that are asked about."""

    document: Document
    all: Mapping[int, Unit]
    asked: Mapping[int, Unit]


def ask(
    documents: Sequence[Document],
    wanted: Wanted,
    output: Path,
    *,
    source: str,
    batch: int | None = None,
    pair: Pair | None = None,
    force: bool = False,
) -> Tasks:
    """Write a folder of tasks.

    Parameters
    ----------
    documents : sequence of Document
        Of which something is asked.
    wanted : Wanted
        What.
    output : Path
        The folder; it becomes one thing, as for `communique.folders.replacing_folder` with a ``commit``.
    source : str
        What the documents are called; it is written down.
    batch : int, optional
        Divide the texts among folders ``batch-01`` … of at most so many units; of whole texts, one is a unit.
    pair : (dict of str to TypesLayer, dict of str to TypesLayer), optional
        Ask only about the claims on which two annotators differ; the documents are those of both.
    force : bool, optional
        Replace files there that communique did not write, or that were changed since.

    Raises
    ------
    CommuniqueError
        There is nothing to ask, an id cannot name a file, or something would be replaced.
    """
    questions = [_question(document, wanted, pair) for document in documents]
    sizes = [1 if wanted is Wanted.ALL else len(question.asked) for question in questions]
    if not any(sizes):
        told = "the two differ on no claim" if pair else f"there is nothing to ask about in {source}"
        raise CommuniqueError(f"{told}; give other {'layers' if pair else 'documents'}")
    files = _files(questions, sizes, output, ENDING[wanted], batch)
    asked = tuple(map(_asked, questions, sizes, files))
    tasks = Tasks(schema="v1", asked=wanted, source=source, between=pair is not None, documents=asked)
    with replacing_folder(output, force=force, commit=TASKS) as stage:
        for question, name in zip(questions, files, strict=True):
            if name:
                _write(stage / f"{name}.txt", page(question.document, wanted, question.asked))
                _write(stage / f"{name}{ENDING[wanted]}", _form(question, wanted, pair))
        for name, layers in zip(LAYERS, pair or (), strict=False):
            jsonl.write(stage / name, (layers[document.id] for document in documents))
        _write(stage / TASKS, msgspec.json.format(jsonl.encode(tasks), indent=1) + "\n")
    return tasks


def _question(document: Document, wanted: Wanted, pair: Pair | None) -> Question:
    units = numbered(document, wanted)
    some = differing(pair, document.id) if pair else {unit.id for unit in units.values()}
    return Question(document, units, {number: unit for number, unit in units.items() if unit.id in some})


def _files(
    questions: Sequence[Question], sizes: Sequence[int], output: Path, ending: str, batch: int | None
) -> list[str | None]:
    """Return below which name the page and the form of each text stand, None where nothing is asked of it."""
    numbers = list(batches(sizes, batch)) if batch else []
    wide = max(2, len(str(max(numbers, default=0))))
    above = [f"batch-{number:0{wide}}/" for number in numbers] or [""] * len(questions)
    names = [
        f"{folder}{question.document.id}" if size else None
        for folder, question, size in zip(above, questions, sizes, strict=True)
    ]
    spread(output, [TASKS, *LAYERS, *(f"{name}{end}" for name in names if name for end in (".txt", ending))])
    return names


def _asked(question: Question, size: int, file: str | None) -> Asked:
    spans = fingerprint((unit.id, unit.where) for unit in question.all.values())
    document = question.document
    return Asked(id=document.id, file=file, sha256=digest(document.text), spans=spans, units=size)


def _form(question: Question, wanted: Wanted, pair: Pair | None) -> str:
    if not pair:
        return form(question.document, wanted, question.asked)
    return decision(question.asked, *(layers[question.document.id].claims for layers in pair))


def _write(path: Path, words: str) -> None:
    with replacing(path) as file:
        file.write(words.encode("utf-8"))


def counted(tasks: Tasks) -> Iterator[int]:
    """Yield how many texts are asked about, and how many answers are wanted."""
    yield sum(asked.file is not None for asked in tasks.documents)
    yield sum(asked.units for asked in tasks.documents)
