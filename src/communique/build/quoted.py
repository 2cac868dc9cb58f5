"""Files of quoted annotations: read, align, write."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from communique import jsonl
from communique.build.align import align
from communique.build.find import AlignmentError
from communique.formats import brat
from communique.problems import CommuniqueError, Level, Problem
from communique.records import Prediction, QuotedDocument
from communique.texts import normal

Placed = tuple[str, int, QuotedDocument]


def read_quoted(path: Path) -> list[Placed]:
    """Return quoted annotations with the file and line each stands in.

    Parameters
    ----------
    path : Path
        JSON lines, one JSON file, or a folder of JSON files.

    Raises
    ------
    CommuniqueError
        There is nothing to read.
    DataError
        A file is not of the form ``prediction-quotes``.
    """
    if path.is_dir():
        placed = [item for file in sorted(path.rglob("*.json")) for item in _one(file)]
    elif path.suffix == ".json":
        placed = list(_one(path))
    else:
        placed = [(str(path), number, item) for number, item in enumerate(jsonl.read(path, QuotedDocument), 1)]
    if not placed:
        raise CommuniqueError(f"{path}: no quoted annotations here; give a .jsonl, a .json or a folder of .json files")
    return placed


def _one(path: Path) -> Iterator[Placed]:
    with jsonl.open_binary(path) as file:
        yield str(path), 1, jsonl.decode(msgspec.json.Decoder(QuotedDocument), file.read(), str(path), 1)


def text_of(texts: Path, doc_id: str) -> str:
    """Return the stored text of ``texts/ID.txt``.

    Raises
    ------
    CommuniqueError
        The id leads out of the folder, or there is no such text.
    """
    path = texts / f"{doc_id}.txt"
    if not path.resolve().is_relative_to(texts.resolve()):
        raise CommuniqueError(f"id {doc_id!r} leads out of {texts}; ids are paths below that folder")
    with jsonl.open_binary(path) as file:
        return normal(file.read(), str(path))


def align_all(placed: Sequence[Placed], texts: Path) -> tuple[list[Prediction], list[Problem]]:
    """Align quoted annotations with their texts.

    Parameters
    ----------
    placed : sequence of (str, int, QuotedDocument)
        As from `read_quoted`.
    texts : Path
        Folder with the text of each id.

    Returns
    -------
    list of Prediction
        One per annotation whose quotes were all found.
    list of Problem
        The quotes that were not, and references that lead nowhere.
    """
    aligned, problems = [], []
    for file, line, quoted in placed:
        try:
            aligned.append(align(text_of(texts, quoted.id), quoted))
        except AlignmentError as error:
            told = (f"{quoted.id}: {message}" for message in str(error).split("\n"))
            problems += [Problem(file, line, "quote-not-found", Level.SPANS, message) for message in told]
    return aligned, problems


def write_aligned(aligned: Sequence[Prediction], texts: Path, output: Path) -> None:
    """Write predictions as JSON lines, or as brat files into a folder, each beside a link to its text."""
    if output.name.endswith((".jsonl", ".jsonl.gz")):
        jsonl.write(output, aligned)
        return
    for layer in aligned:
        with jsonl.replacing(output / f"{layer.id}.ann") as file:
            file.write(brat.write(layer, text_of(texts, layer.id)).encode("utf-8"))
        link = output / f"{layer.id}.txt"
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath((texts / f"{layer.id}.txt").resolve(), link.parent.resolve()))
