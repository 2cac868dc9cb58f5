"""Tables of any width: whole where they fit, else in blocks, else columns one under another; no figure is ever cut."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells
from rich.text import Text

from communique.problems import one_line

_GAP = "  "
_LEAST = 24
"""Columns of the terminal that words keep beside figures, as long as they need them."""
_NARROW = 8
SPREAD = "95 %"
"""Name of the column of intervals, which stays beside the one before."""
_SPACES, _MARKS = r"(?<= )(?!%)", r"(?<=[+:/])"


class Grid(NamedTuple):
    """A table of cells; the first ``texts`` columns are words, the others figures.

    Where it does not fit, the first ``heads`` columns become headings of blocks, the other words one column.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 2
    heads: int = 0


def drawn(grid: Grid, width: int | None = None, title: str = "") -> Iterator[Text]:
    """Yield the lines of a table; what stands in it is shown as it is, each cell without its line breaks.

    Parameters
    ----------
    grid : Grid
        The table.
    width : int, optional
        Of the terminal, in columns of letters; without it every row stays on one line.
    title : str, optional
        A line above.
    """
    safe = Grid([*map(one_line, grid.header)], [[*map(one_line, row)] for row in grid.rows], grid.texts, grid.heads)
    if title:
        yield Text(one_line(title), "bold")
    if width is None or _fits(safe, width):
        yield from _whole(safe)
        return
    for number in (shared := _shared(safe)):
        yield from map(Text, folded(f"{safe.header[number]}: {safe.rows[0][number]}", width))
    yield from _blocks(_without(safe, shared), width)


def _fits(grid: Grid, width: int) -> bool:
    return sum(_widths([grid.header, *grid.rows])) + len(_GAP) * (len(grid.header) - 1) <= width


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)]


def _whole(grid: Grid) -> Iterator[Text]:
    widths = _widths([grid.header, *grid.rows])
    for number, row in enumerate([grid.header, *grid.rows]):
        yield Text(_line(row, widths, grid.texts), "" if number else "bold")


def _line(cells: Sequence[str], widths: Sequence[int], texts: int) -> str:
    padded = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        blank = " " * (width - cell_len(cell))
        padded.append(cell + blank if number < texts else blank + cell)
    return _GAP.join(padded).rstrip()


def _shared(grid: Grid) -> list[int]:
    """Return the numbers of columns of words, not all of them, that say the same in every row."""
    columns = range(grid.heads, grid.texts) if len(grid.rows) > 1 else ()
    same = [number for number in columns if len({row[number] for row in grid.rows}) == 1]
    return same if len(same) < grid.texts - grid.heads else []


def _without(grid: Grid, columns: Sequence[int]) -> Grid:
    header, *rows = (
        [cell for number, cell in enumerate(row) if number not in columns] for row in (grid.header, *grid.rows)
    )
    return Grid(header, rows, grid.texts - len(columns), grid.heads)


def _blocks(grid: Grid, width: int) -> Iterator[Text]:
    """Yield headings, under each its rows; words in one column if need be, and figures that find no place below."""
    rows, lead = [list(row[grid.heads :]) for row in (grid.header, *grid.rows)], grid.texts - grid.heads
    if _room(rows, lead, width) < _wanted(rows, lead, width):
        rows, lead = [[" ".join(filter(None, row[:lead])), *row[lead:]] for row in rows], 1
    for number, (panel, widths) in enumerate(_panels(rows, lead, width)):
        if number:
            yield Text()
        head: list[str] = []
        for place, row in enumerate(rows):
            if place and head != (head := list(grid.rows[place - 1][: grid.heads])):
                yield from (Text(line, "bold") for line in folded(" ".join(head), width))
            yield from _stacked([row[column] for column in panel], widths, lead, "" if place else "bold")


def _needed(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths of columns, their names folded."""
    header, *others = rows
    longest = [max(re.split(_SPACES, name), key=cell_len).strip() for name in header]
    return _widths([[folded(name, max(1, width - len(_GAP) - _NARROW))[0] for name in longest], *others])


def _room(rows: Sequence[Sequence[str]], lead: int, width: int) -> int:
    """Return what is left for the last column of words beside all others."""
    needed = _needed(rows, width)
    return width - sum(needed) + needed[lead - 1] - len(_GAP) * (len(needed) - 1)


def _wanted(rows: Sequence[Sequence[str]], lead: int, width: int) -> int:
    return min(_needed(rows, width)[lead - 1], _LEAST)


def _panels(rows: Sequence[Sequence[str]], lead: int, width: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the numbers of columns that stand side by side, and their widths; those of words are always there."""
    needed, groups = _needed(rows, width), _together(rows[0], lead)
    beside = [sum(len(_GAP) + needed[column] for column in group) for group in groups]
    room = _room(rows, lead, width)
    if room < _wanted(rows, lead, width):
        room = max(_NARROW, min(width // 2, width - max(beside, default=0)))
    words = [*needed[: lead - 1], min(needed[lead - 1], room)]
    free = left = width - sum(words) - len(_GAP) * (lead - 1)
    panel: list[int] = []
    for group, more in zip(groups, beside, strict=True):
        if panel and more > left:
            yield [*range(lead), *panel], [*words, *(needed[column] for column in panel)]
            panel, left = [], free
        panel, left = [*panel, *group], left - more
    yield [*range(lead), *panel], [*words, *(needed[column] for column in panel)]


def _together(header: Sequence[str], lead: int) -> list[list[int]]:
    """Return the numbers of the columns of figures, an interval with what it is of."""
    groups: list[list[int]] = []
    for column, name in enumerate(header[lead:], lead):
        if name == SPREAD and groups:
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _stacked(cells: Sequence[str], widths: Sequence[int], lead: int, style: str) -> Iterator[Text]:
    """Yield the lines of a row: the last words are folded, and so are names of columns, figures are not."""
    columns = [
        folded(cell, width, "  " * (number == lead - 1)) if style or number == lead - 1 else [cell]
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    height = max(map(len, columns))
    blanks = [[""] * (height - len(column)) for column in columns]
    even = [blank + column if style else column + blank for blank, column in zip(blanks, columns, strict=True)]
    yield from (Text(_line(line, widths, lead), style) for line in zip(*even, strict=True))


def folded(words: str, width: int, indent: str = "") -> list[str]:
    """Return words in lines of a width, those after the first indented; a long word is broken, at a mark if it has one.

    Parameters
    ----------
    words : str
        On one line.
    width : int
        In columns of letters, more than those of ``indent``.
    indent : str, optional
        Before each line but the first.
    """
    lines = [""]
    for piece in _pieces(words, width - len(indent)):
        if cell_len(lines[-1] + piece.rstrip()) <= width:
            lines[-1] += piece
        else:
            lines.append(indent + piece)
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _pieces(words: str, width: int) -> Iterator[str]:
    """Yield what may stand on a line of its own: a word and the space behind, or the parts of one that is too long."""
    for word in re.split(_SPACES, words):
        for part in [word] if cell_len(word.rstrip()) <= width else re.split(_MARKS, word):
            yield from [part] if cell_len(part.rstrip()) <= width else chop_cells(part, width)
