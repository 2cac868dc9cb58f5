"""Files of columns, read: ours and other people's."""

from collections import Counter
from pathlib import Path

from communique.files import content
from communique.formats.common import Imported, document
from communique.formats.conll.layout import LayoutError, Rows, laid_out
from communique.formats.conll.sheets import Sheet, sheets
from communique.formats.conll.tags import Scheme, scheme_of
from communique.formats.conll.units import layer_of
from communique.problems import DataError, Level, Problem
from communique.texts import decoded


def read(path: Path) -> Imported:
    """Read a file of columns, ours or with tags alone.

    Returns
    -------
    Imported
        Documents; one that cannot be read is one problem, at the first line where it shows.
    """
    found = Imported()
    try:
        source = decoded(content(path), str(path)).removeprefix("\ufeff")
    except DataError as error:
        found.problems += error.problems
        return found
    read_in = []
    for sheet in sheets(source.replace("\r\n", "\n").split("\n"), path.stem):
        try:
            read_in.append((sheet, _rows(sheet, found.noticed)))
        except LayoutError as error:
            found.problems.append(_problem(path, error.line, error))
    scheme = scheme_of(block for sheet, rows in read_in if not sheet.ours for block in rows)
    for sheet, rows in read_in:
        _admit(sheet, rows, Scheme.BIO if sheet.ours else scheme, path, found)
    found.noticed = +found.noticed
    return found


def _rows(sheet: Sheet, noticed: Counter[str]) -> Rows:
    if sheet.fault:
        raise sheet.fault
    return laid_out(sheet.blocks, sheet.ours, noticed)


def _admit(sheet: Sheet, rows: Rows, scheme: Scheme, path: Path, found: Imported) -> None:
    try:
        layer, text = layer_of(sheet, rows, scheme, found.noticed)
        found.admit(document(layer, text), str(path), sheet.line)
        found.noticed[f"documents with tags in {scheme}"] += scheme is not Scheme.BIO
    except LayoutError as error:
        found.problems.append(_problem(path, error.line, error))
    except ValueError as error:
        found.problems.append(_problem(path, sheet.line, error))


def _problem(path: Path, line: int, error: ValueError) -> Problem:
    told = f"{error}; the rest of the document is not read, see docs/formats.md"
    return Problem(str(path), line, "conll-malformed", Level.SCHEMA, told)
