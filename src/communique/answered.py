"""What language models answered, made scorable: quotes are located as by ``communique align --drop``."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from communique import jsonl
from communique.evaluation import Label
from communique.problems import Problem
from communique.quotes.files import Kept, Placed, align_all, read_sound, sound
from communique.quotes.records import QuotedDocument
from communique.records import Document, Prediction

T = TypeVar("T")


class Row(msgspec.Struct, frozen=True):
    """What is asked in a sample: of it only the id counts here."""

    id: str


class Sample(msgspec.Struct, frozen=True):
    """A line of what the lm-evaluation-harness logs of the tasks in `communique.harness`.

    Attributes
    ----------
    doc : Row
        What was asked about.
    filtered_resps : list
        What was answered: words first, or how likely each type is.
    typed : tuple of str, or None
        Of ``communique_rhetoric``: release, split, claim and type.
    """

    doc: Row
    filtered_resps: list[Any]
    typed: tuple[str, str, str, str] | None = msgspec.field(name="macro-f1", default=None)


def is_scorable(path: Path) -> bool:
    """Say whether a file is what ``communique evaluate`` takes, predictions or labels, by its first line that tells.

    A text without any claim looks the same in predictions and in quotes.
    """
    if path.suffix == ".csv":
        return True
    if path.is_dir() or path.suffix == ".json":
        return False
    for _, line in jsonl.lines(path):
        predicted, quoted = _decoded(line, Prediction), _decoded(line, QuotedDocument)
        if line.strip() and not (predicted and quoted):
            return bool(predicted or _decoded(line, Label))
    return True


def located(
    answers: Iterable[tuple[str, str]], documents: Sequence[Document], source: str = "answers"
) -> tuple[list[Prediction], list[Problem]]:
    """Return what is in order of answers as predictions, and what is not.

    Parameters
    ----------
    answers : iterable of (str, str)
        Ids of documents, and what a model said of each.
    documents : sequence of Document
        With the texts that were asked about.
    source : str, optional
        Where the answers were read, a line each, for problems.
    """
    return _aligned(*sound(_kept(answers, source), drop=True), documents)


def write_scorable(answers: Path, documents: Sequence[Document], target: Path) -> tuple[int, list[Problem]]:
    """Write a file that ``communique evaluate`` takes, and return how many lines it has, and what was left out.

    Parameters
    ----------
    answers : Path
        Answers in quotes as `communique.quotes.files.read_quoted` reads them, or samples that the lm-evaluation-harness
        logs of a task of `communique.harness`.
    documents : sequence of Document
        With the texts that were asked about.
    target : Path
        The file; it is not written where nothing can be scored.

    Raises
    ------
    CommuniqueError
        There is nothing to read.
    """
    samples = _samples(answers)
    records: Sequence[Prediction | dict[str, str]]
    problems: list[Problem] = []
    if samples and samples[0].typed:
        records = [{"id": one.typed[2], "label": one.typed[3]} for one in samples if one.typed]
    elif samples:
        records, problems = located(((s.doc.id, str(s.filtered_resps[0])) for s in samples), documents, str(answers))
    else:
        records, problems = _aligned(*read_sound(answers, drop=True), documents)
    if records:
        jsonl.write(target, records)
    return len(records), problems


def _aligned(
    placed: Sequence[Placed], faulty: Sequence[Problem], documents: Sequence[Document]
) -> tuple[list[Prediction], list[Problem]]:
    aligned, faults = align_all(placed, {document.id: document.text for document in documents}, drop=True)
    return aligned, [*faulty, *faults]


def _kept(answers: Iterable[tuple[str, str]], source: str) -> Iterator[Kept]:
    for line, (name, answer) in enumerate(answers, 1):
        words = answer.encode("utf-8", "replace").decode("utf-8")
        yield source, line, "", jsonl.encode({"id": name, "answer": words}).encode()


def _samples(path: Path) -> list[Sample]:
    """Return the samples of a file; none where its first line is none."""
    if path.is_dir() or path.suffix == ".json":
        return []
    first = next((line for _, line in jsonl.lines(path) if line.strip()), b"")
    return list(jsonl.read(path, Sample)) if _decoded(first, Sample) else []


def _decoded(line: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(line, type=kind)
    except (ValueError, RecursionError):
        return None
