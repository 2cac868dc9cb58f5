"""From parquet, communique's or pandas', to documents."""

import datetime
import json
import math
import re
from pathlib import Path
from typing import Any

import msgspec

from communique.features import CONFIGS
from communique.formats.common import Imported
from communique.labels import Split
from communique.problems import CommuniqueError, Level, Problem
from communique.records import Document

DOCUMENTS = "documents"
"""Name of the configuration that is read: a file with this stem, or a folder with a file a split."""
_INDEX = re.compile(r"__index_level_\d+__")


def read(folder: Path) -> Imported:
    """Read the documents of such a folder, split after split, or one parquet file.

    Returns
    -------
    Imported
        Documents; a file or row of another form is a problem.

    Raises
    ------
    CommuniqueError
        There is no such file, or documents stand there both split and not.
    """
    found = Imported()
    for path in _paths(folder):
        _read(path, found)
    found.noticed = +found.noticed
    return found


def _paths(folder: Path) -> list[Path]:
    whole = folder / f"{DOCUMENTS}.parquet"
    if not folder.is_dir():
        paths = [folder] if folder.is_file() else []
    else:
        order = [str(split) for split in Split]
        paths = sorted(
            (folder / DOCUMENTS).glob("*.parquet"),
            key=lambda path: (order.index(path.stem) if path.stem in order else 3, path),
        )
        if paths and whole.is_file():
            raise CommuniqueError(f"{whole} and {folder / DOCUMENTS} are both there; name the one to read")
        paths = paths or [whole] * whole.is_file()
    if not paths:
        raise CommuniqueError(f"{folder}: no parquet of documents; name a folder with {whole.name}, or a parquet file")
    return paths


def _read(path: Path, found: Imported) -> None:
    import pyarrow
    import pyarrow.parquet

    try:
        table = _ours(pyarrow.parquet.read_table(path), found)
        rows = table.to_pylist()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        told = f"not parquet: {str(error)[:120]}; write it again"
        found.problems.append(Problem(str(path), 0, "parquet-malformed", Level.BYTES, told))
        return
    if unknown := sorted(set(table.column_names) - {column["name"] for column in CONFIGS["documents"]}):
        told = f"unknown columns {', '.join(unknown)}; leave them out (with pandas: index=False)"
        found.problems.append(Problem(str(path), 0, "schema-mismatch", Level.SCHEMA, told))
        return
    for number, row in enumerate(rows, 1):
        try:
            found.admit(msgspec.convert(_named(row), Document), str(path), number)
        except (ValueError, LookupError, TypeError) as error:
            told = f"row {number} is not a document: {error}; see schema/v1"
            found.problems.append(Problem(str(path), number, "schema-mismatch", Level.SCHEMA, told))


def _ours(table: Any, found: Imported) -> Any:
    """Return a table without the index that pandas writes as columns."""
    about = json.loads((table.schema.metadata or {}).get(b"pandas", b"{}"))
    named = {name for name in about.get("index_columns", ()) if isinstance(name, str)}
    index = [name for name in table.column_names if name in named or _INDEX.fullmatch(name)]
    found.noticed["index columns of pandas"] += len(index)
    return table.drop_columns(index)


def _named(row: dict[str, Any]) -> Any:
    """Return a row with the names of its class labels instead of their numbers."""
    return _with_names(row, CONFIGS["documents"])


def _with_names(value: Any, columns: list[dict[str, Any]]) -> Any:
    known = {column["name"]: column for column in columns}
    if unknown := sorted(value.keys() - known.keys()):
        raise ValueError(f"unknown field {unknown[0]!r}")
    return {name: _name(cell, known[name]) for name, cell in value.items()}


def _name(cell: Any, column: dict[str, Any]) -> Any:
    match column:
        case _ if cell is None or (isinstance(cell, float) and math.isnan(cell)):  # what pandas writes for none
            return None
        case {"dtype": {"class_label": {"names": names}}}:
            return _label(_whole(cell), names, column["name"])
        case {"struct": list(fields)}:
            return _with_names(cell, fields)
        case {"list": list(fields)}:
            return [_with_names(item, fields) for item in cell]
        case _:
            return cell.date() if isinstance(cell, datetime.datetime) else _whole(cell)


def _whole(cell: Any) -> Any:
    """Return a whole number as such: pandas writes 4.0 where another row has none."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _label(cell: Any, names: dict[str, str], column: str) -> str:
    if cell in names.values():
        return str(cell)
    if str(cell) not in names:
        raise ValueError(f"{cell!r} is no label of {column}; they are numbered 0 to {len(names) - 1}")
    return names[str(cell)]
