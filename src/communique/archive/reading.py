"""From files to texts, one at a time; what cannot be labelled is told, and the next one read."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from communique import jsonl
from communique.archive.gather import Failure, File, Kind
from communique.files import LARGEST, content
from communique.problems import CommuniqueError, DataError
from communique.texts import normal, stored

LONGEST = 2_000_000
"""Code points of a text; a longer one is not labelled."""
CARRIED = ("date", "title", "genre", "language")
_ROWS = 64
"""Rows of parquet that are in memory at a time."""


class Columns(msgspec.Struct, frozen=True):
    """Under which names a record has its text and its id, in JSON lines and in parquet."""

    text: str = "text"
    id: str = "id"


class Text(msgspec.Struct, frozen=True):
    """A text to be labelled.

    Attributes
    ----------
    id, text : str
        The text in stored form, over which offsets count.
    file, line : str, int
        Where it was read; line 0 for a file that is one text.
    about : mapping of str to str
        What of `CARRIED` is known.
    """

    id: str
    text: str
    file: str
    line: int
    about: Mapping[str, str] = {}


Item = Text | Failure


def read(files: Iterable[File], columns: Columns) -> Iterator[Item]:
    """Yield every text of the files, or what is wrong with it; of texts with one id the first alone is labelled.

    Parameters
    ----------
    files : iterable of File
        In order.
    columns : Columns
        Of records.
    """
    met: set[int] = set()
    for file in files:
        for item in _READERS[file.kind](file, columns):
            yield _admitted(item, met) if isinstance(item, Text) else item


def _admitted(text: Text, met: set[int]) -> Item:
    before = len(met)
    met.add(int.from_bytes(hashlib.blake2b(text.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()))
    told = (
        "an earlier text has this id; give one of them another"
        if len(met) == before
        else f"is longer than {LONGEST:,} characters; split it"
        if len(text.text) > LONGEST
        else "there is no text in it; write it, or leave it out"
        if not text.text.strip()
        else ""
    )
    return Failure(text.id, text.file, text.line, told) if told else text


def count(file: File) -> int:
    """Return how many texts a file seems to hold, faulty ones too."""
    if file.kind is Kind.TEXT:
        return 1
    try:
        if file.kind is Kind.PARQUET:
            return int(_parquet(file).metadata.num_rows)
        return sum(1 for _, line in jsonl.lines(file.path, LARGEST) if line.strip())
    except (CommuniqueError, OSError, ValueError):
        return 0


def _plain(file: File, _: Columns) -> Iterator[Item]:
    doc_id = file.name.removesuffix(".txt")
    try:
        yield Text(doc_id, normal(content(Path(file.path)), file.path), file.path, 0)
    except CommuniqueError as error:
        yield Failure(doc_id, file.path, 0, _told(error, file))


def _lines(file: File, columns: Columns) -> Iterator[Item]:
    number = 0
    try:
        for number, line in jsonl.lines(file.path, LARGEST):
            if line.strip():
                yield _decoded(line, file, number, columns)
    except CommuniqueError as error:
        yield Failure(None, file.path, number, _told(error, file))


def _decoded(line: bytes, file: File, number: int, columns: Columns) -> Item:
    try:
        record = msgspec.json.decode(line)
    except (ValueError, RecursionError) as error:
        return Failure(None, file.path, number, f"is no JSON: {error}; mend the line")
    if not isinstance(record, dict):
        return Failure(None, file.path, number, "is no JSON object; write one with an id and a text")
    return _item(record, file, number, columns)


def _item(record: Mapping[str, Any], file: File, number: int, columns: Columns) -> Item:
    name, words = record.get(columns.id), record.get(columns.text)
    doc_id = str(name) if isinstance(name, str | int) and not isinstance(name, bool) else ""
    if not doc_id.strip():
        told = f"has no id under {columns.id!r}; give it one, or name its column with --id-column"
        return Failure(None, file.path, number, told)
    if not isinstance(words, str):
        told = f"has no text under {columns.text!r}; give it one, or name its column with --text-column"
        return Failure(doc_id, file.path, number, told)
    about = {name: _shown(record[name]) for name in CARRIED if record.get(name) not in (None, "")}
    return Text(doc_id, stored(words), file.path, number, about)


def _shown(value: object) -> str:
    """Return what a record says of its text; a moment at midnight is a day."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _rows(file: File, columns: Columns) -> Iterator[Item]:
    number = 0
    try:
        with _parquet(file) as table:
            names = table.schema_arrow.names
            if missing := next((name for name in (columns.text, columns.id) if name not in names), None):
                told = f"has no column {missing!r} but {', '.join(names)}; name it with --text-column, --id-column"
                yield Failure(None, file.path, 0, told)
                return
            wanted = [name for name in dict.fromkeys((columns.id, columns.text, *CARRIED)) if name in names]
            for batch in table.iter_batches(batch_size=_ROWS, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield _item(row, file, number, columns)
    except (OSError, ValueError) as error:
        yield Failure(None, file.path, number, f"cannot be read as parquet: {str(error)[:120]}; write it again")


def _parquet(file: File) -> Any:
    import pyarrow.parquet

    return pyarrow.parquet.ParquetFile(file.path)


def _told(error: CommuniqueError, file: File) -> str:
    """Return what is wrong without the name of the file, which is told beside it."""
    told = error.problems[0].message if isinstance(error, DataError) else str(error)
    return told.removeprefix(f"{file.path}: ")


_READERS = {Kind.TEXT: _plain, Kind.LINES: _lines, Kind.PARQUET: _rows}
