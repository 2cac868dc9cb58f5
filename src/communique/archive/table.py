"""A table for people: CSV, a spreadsheet, or parquet; no cell runs as a formula, and each is text."""

import csv
import datetime
import io
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from communique.archive.rows import COLUMNS, Row
from communique.escapes import spreadsheet
from communique.extras import library
from communique.problems import CommuniqueError
from communique.writing import replacing

_MARK = "\ufeff"
"""By which a spreadsheet knows that a CSV file is UTF-8."""
_LAST_ROW, _LONGEST_CELL = 1_048_575, 32_767
"""Of a spreadsheet: rows below the header, and characters."""
_WIDTHS = (24, 11, 28, 24, 16, 14, 24, 70, 5, 5)
"""Of columns, in characters."""
_ROWS = 10_000
"""Of parquet that are in memory at a time."""


def writer(path: Path) -> Callable[[BinaryIO, Iterable[Row]], None]:
    """Return what writes a table of the kind that a name ends in.

    Raises
    ------
    CommuniqueError
        There is no such kind, or the library for it is not installed.
    """
    if path.suffix not in _WRITERS:
        raise CommuniqueError(f"{path}: a table ends in {', '.join(_WRITERS)}; name it so")
    if path.suffix == ".xlsx":
        _xlsxwriter()
    return _WRITERS[path.suffix]


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write a table; in CSV and spreadsheets, what would begin a formula has an apostrophe before it.

    Parameters
    ----------
    path : Path
        Ends in ``.csv``, ``.xlsx`` or ``.parquet``.
    rows : iterable of tuple of str
        Of `COLUMNS`.

    Raises
    ------
    CommuniqueError
        A spreadsheet cannot hold so many rows.
    """
    put = writer(path)
    with replacing(path) as file:
        put(file, rows)


def _csv(file: BinaryIO, rows: Iterable[Row]) -> None:
    lines = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    lines.write(_MARK)
    to = csv.writer(lines)
    to.writerow(COLUMNS)
    to.writerows(map(spreadsheet, row) for row in rows)
    lines.detach()


def _xlsx(file: BinaryIO, rows: Iterable[Row]) -> None:
    with closing(_xlsxwriter().Workbook(file, {"constant_memory": True})) as book:
        book.set_properties({"created": datetime.datetime(2000, 1, 1), "author": "communique"})
        words = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        heads, sheet = book.add_format({"bold": True}), book.add_worksheet("claims")
        for column, wide in enumerate(_WIDTHS):
            sheet.set_column(column, column, wide, words)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(chain([COLUMNS], rows)):
            _refuse(number)
            for column, cell in enumerate(row):
                sheet.write_string(number, column, _short(str(spreadsheet(cell))), words if number else heads)
        sheet.autofilter(0, 0, number, len(COLUMNS) - 1)


def _refuse(number: int) -> None:
    if number > _LAST_ROW:
        told = f"a spreadsheet holds no more than {_LAST_ROW:,} claims"
        raise CommuniqueError(f"{told}; take .csv or .parquet: what is labelled stays, and is not labelled again")


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_CELL else f"{cell[: _LONGEST_CELL - 1]}…"


def _xlsxwriter() -> Any:
    return library("xlsxwriter", "xlsx", "a table .xlsx needs XlsxWriter, one .csv does not")


def _parquet(file: BinaryIO, rows: Iterable[Row]) -> None:
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema([(name, pyarrow.string()) for name in COLUMNS])
    with pyarrow.parquet.ParquetWriter(file, schema) as to:
        left = iter(rows)
        while some := list(islice(left, _ROWS)):
            to.write_table(pyarrow.table([list(column) for column in zip(*some, strict=True)], schema=schema))


_WRITERS = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
