"""JSON lines of texts that nobody has annotated: ``id`` and ``text``, nothing else."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from communique import jsonl
from communique.baselines.base import Source
from communique.checks import word_faults
from communique.problems import DataError, Level, Problem
from communique.records import Id, Record
from communique.texts import normal


class _Text(Record, frozen=True, kw_only=True):
    id: Id
    text: str


def is_bare(path: Path) -> bool:
    """Say whether the first line of a JSON lines file is a text with its id and nothing else."""
    if not path.is_file():  # a pipe can be read once only
        return False
    first = next((line for _, line in jsonl.lines(path) if line.strip()), b"")
    try:
        return msgspec.json.decode(first, type=dict[str, msgspec.Raw]).keys() == {"id", "text"}
    except (ValueError, RecursionError):
        return False


def texts(path: Path) -> Iterator[Source]:
    """Yield the texts of a file, in the form in which texts are stored; all lines are checked before the first.

    Raises
    ------
    DataError
        A line has not these two fields and no other, or an id cannot be one or stands twice; names file and line.
    """
    if problems := list(_problems(path)):
        raise DataError(problems)
    for number, found in jsonl.numbered(path, _Text):
        yield Source(id=found.id, text=normal(found.text.encode("utf-8"), f"{path}:{number}"))


def _problems(path: Path) -> Iterator[Problem]:
    known: dict[str, int] = {}
    for number, found in jsonl.numbered(path, _Text):
        for name, told in word_faults("id", found.id):
            yield Problem(str(path), number, name, Level.DOCUMENT, told)
        if found.id in known:
            told = f"id {found.id!r} stands on line {known[found.id]} as well; give each text its own"
            yield Problem(str(path), number, "document-id-duplicate", Level.RELEASE, told)
        known.setdefault(found.id, number)
