"""Which column is what: ours by place; other people's by the labels in them, or by place where no label is known."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

TAGS = ("speaker", "cue", "claim", "nested_claim")
"""Our columns of tags, behind token and start, before the ids of units."""
WIDTH = len(TAGS) + 3
TAG = re.compile(r"O|([BIMEL]|[SU])(?:-(\S+))?")
_PLAIN = 3
"""Columns of tags that a file without a known label must have: speaker, cue, claim."""
_KINDS = {"speaker": "speaker", "source": "speaker", "cue": "cue", "claim": "claim", "content": "claim"}
_KINDS |= {"nested_claim": "claim", "nested-claim": "claim"}


class LayoutError(ValueError):
    """Columns that cannot be read; ``line`` is the first where it shows."""

    def __init__(self, line: int, message: str):
        self.line = line
        super().__init__(message)


class Line(NamedTuple):
    """A line of cells, and its number."""

    number: int
    cells: list[str]


class Tag(NamedTuple):
    """A tag that is not O: its column, its letter, the kind of its unit."""

    column: str
    letter: str
    kind: str


class Row(NamedTuple):
    """A token: its line, its form, its start where the file says it, its tags, the ids of units that begin there."""

    line: int
    form: str
    start: int | None
    tags: list[Tag]
    units: dict[str, str]


Rows = list[list[Row]]


def laid_out(blocks: Iterable[Sequence[Line]], ours: bool, noticed: Counter[str]) -> Rows:
    """Return the rows of each paragraph of a document.

    Raises
    ------
    LayoutError
        A line has not the columns it should have, or a tag is none.
    """
    filled = [block for block in blocks if block]
    first = filled[0][0].cells if filled else []
    if ours or (len(first) == WIDTH and first[1].isdecimal()):
        return [[_our_row(line) for line in block] for block in filled]
    names = _names([line for block in filled for line in block])
    noticed["columns between token and tags, not read"] += max(0, len(first) - 1 - len(names))
    return [[_row(line, names, noticed) for line in block] for block in filled]


def _our_row(line: Line) -> Row:
    cells = line.cells
    if len(cells) != WIDTH:
        raise LayoutError(line.number, f"{len(cells)} columns separated by tabs; a line of ours has {WIDTH}")
    tags = [(name, _tag(line.number, cell)) for name, cell in zip(TAGS, cells[2:-1], strict=True)]
    found = [Tag(name, tag[1], name.removeprefix("nested_")) for name, tag in tags if tag[1]]
    units = dict(pair.split("=", 1) for pair in cells[-1].split("|") if "=" in pair)
    try:
        return Row(line.number, cells[0], int(cells[1]), found, units)
    except ValueError as error:
        raise LayoutError(line.number, str(error)) from error


def _tag(number: int, cell: str) -> re.Match[str]:
    if (tag := TAG.fullmatch(cell)) is None:
        raise LayoutError(number, f"{cell[:40]!r} is no tag of BIO, IOB1, IOBES or BILOU, and its column holds such")
    return tag


def _names(lines: Sequence[Line]) -> dict[int, str | None]:
    """Return the columns of tags, the last ones, each with its kind if it has one by its place."""
    width = len(lines[0].cells) if lines else 0
    for number, cells in lines:
        if len(cells) != width:
            raise LayoutError(number, f"{len(cells)} columns, the line at {lines[0].number} has {width}")
    tagged = [sum(TAG.fullmatch(line.cells[at]) is not None for line in lines) for at in range(width)]
    columns: list[int] = []
    while len(columns) < width - 1 and 2 * tagged[width - 1 - len(columns)] > len(lines):
        columns.insert(0, width - 1 - len(columns))
    if lines and not columns:
        told = f"the last of {width} columns, {lines[0].cells[-1][:40]!r}, has no tags"
        raise LayoutError(lines[0].number, f"{told}; put the token first and tags like B-speaker last")
    tags = (TAG.fullmatch(line.cells[at]) for line in lines for at in columns)
    known = any(_kind(tag[2]) for tag in tags if tag)
    by_place = not known and len(columns) == width - 1 and _PLAIN <= len(columns) <= len(TAGS)
    names = TAGS if by_place else (None,) * len(columns)
    return dict(zip(columns, names, strict=False))


def _kind(label: str | None) -> str | None:
    return _KINDS.get((label or "").lower())


def _row(line: Line, names: dict[int, str | None], noticed: Counter[str]) -> Row:
    return Row(line.number, line.cells[0], None, list(_tags(line, names, noticed)), {})


def _tags(line: Line, names: dict[int, str | None], noticed: Counter[str]) -> Iterator[Tag]:
    for at, name in names.items():
        tag = _tag(line.number, line.cells[at])
        kind = name.removeprefix("nested_") if name else _kind(tag[2])
        if tag[1] and kind:
            yield Tag(str(at), tag[1], kind)
        noticed["tags of other labels"] += bool(tag[1]) and not kind
