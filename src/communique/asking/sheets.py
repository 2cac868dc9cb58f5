"""Forms as they come back: CSV in any hand, or one JSON object, as rows of named cells."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from communique import jsonl
from communique.files import content
from communique.problems import DataError, Level, Problem
from communique.records import Id, Record
from communique.texts import decoded

SEPARATORS = ",;\t"
"""Of these the one that the header has most of divides the cells."""


class Row(NamedTuple):
    """A row of a form: its line, from 1, 0 where that is not known; and its cells, stripped, by column."""

    line: int
    cells: dict[str, str]


class Answers(Record, frozen=True, kw_only=True):
    """A form in JSON: the id of the document, and an object for each number, with the columns as keys."""

    id: Id
    answers: tuple[dict[str, Any], ...]


def rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a form that hold anything.

    Byte order marks, all line ends, commas, semicolons and tabs, blank rows and further columns are taken as they come.

    Parameters
    ----------
    path : Path
        A ``.csv``.
    columns : sequence of str
        Those it must have, in any order.

    Raises
    ------
    DataError
        It is not UTF-8, lacks a column or has it twice, or a row has more cells than the header.
    CommuniqueError
        It cannot be read.
    """
    told = decoded(content(path), str(path)).removeprefix("\ufeff")
    try:
        found = list(_cells(told))
    except csv.Error as error:
        raise _malformed(path, 0, f"no CSV: {error}; save it as CSV in UTF-8") from error
    line, header = found[0] if found else (0, [])
    names = [name.lower() for name in header]
    for name in columns:
        if names.count(name) != 1:
            fault = "has no column" if name not in names else "has two columns"
            raise _malformed(path, line, f"{fault} {name!r}; keep the header of the form")
    for line, cells in found[1:]:
        if any(cells[len(names) :]):
            raise _malformed(path, line, f"has {len(cells)} cells under {len(names)} columns; quote what has commas")
    return [Row(line, dict(zip(names, cells + [""] * len(names), strict=False))) for line, cells in found[1:]]


def _cells(told: str) -> Iterator[tuple[int, list[str]]]:
    header = next((line for line in told.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(told, newline=""), delimiter=max(SEPARATORS, key=header.count), strict=True)
    line = 1
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield line, stripped
        line = reader.line_num + 1


def objects(path: Path, name: str, columns: Sequence[str]) -> list[Row]:
    """Return the answers of a form in JSON as rows; null is an empty cell, a list one whose parts are joined by ``|``.

    Parameters
    ----------
    path : Path
        A ``.json``.
    name : str
        Id of the document it is about.
    columns : sequence of str
        The keys that an answer may have.

    Raises
    ------
    DataError
        It is not of this form, or about another document.
    """
    read = jsonl.decode(msgspec.json.Decoder(Answers), content(path), str(path), 1)
    if read.id != name:
        raise _malformed(path, 1, f"is about {read.id!r}, the form is of {name!r}; put it in its place")
    if unknown := sorted({key for answer in read.answers for key in answer if key.strip().lower() not in columns}):
        raise _malformed(path, 1, f"has the key {unknown[0]!r}; an answer has {', '.join(columns)}")
    return [Row(0, {key.strip().lower(): _cell(value) for key, value in answer.items()}) for answer in read.answers]


def _cell(value: object) -> str:
    parts = value if isinstance(value, list) else [value]
    return " | ".join("" if part is None else str(part).strip() for part in parts)


def _malformed(path: Path, line: int, told: str) -> DataError:
    return DataError([Problem(str(path), line, "form-malformed", Level.SCHEMA, told)])
