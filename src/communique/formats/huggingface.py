"""Parquet of the three configurations with a dataset card, as `datasets.load_dataset` reads it."""

import datetime
import json
import math
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from communique.features import CONFIGS, front
from communique.folders import replacing_folder
from communique.formats.common import Imported
from communique.formats.declared import Format
from communique.problems import CommuniqueError, Level, Problem
from communique.records import Document
from communique.views import claim_rows, token_rows
from communique.writing import replacing

_DOCUMENTS = "documents.parquet"
_INDEX = re.compile(r"__index_level_\d+__")


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write ``documents.parquet``, ``claims.parquet``, ``tokens.parquet`` and a card that declares them.

    Parameters are those of `communique.formats.brat.folder.write`.
    """
    items = list(documents)
    if not items:
        raise CommuniqueError("there are no documents to write; parquet needs rows to know its columns")
    views: dict[str, Iterable[msgspec.Struct]] = {
        "documents": items,
        "claims": chain.from_iterable(map(claim_rows, items)),
        "tokens": chain.from_iterable(map(token_rows, items)),
    }
    with replacing_folder(target, force=force) as stage:
        for name, records in views.items():
            _write_parquet(name, records, stage / f"{name}.parquet")
        with replacing(stage / "README.md") as file:
            paths = {name: {"train": f"{name}.parquet"} for name in CONFIGS}
            file.write(f"---\n{front('0.0.0', paths)}---\n".encode())


def _write_parquet(name: str, records: Iterable[msgspec.Struct], path: Path) -> None:
    import datasets
    import pyarrow.parquet

    features = datasets.Features._from_yaml_list(json.loads(json.dumps(CONFIGS[name])))
    rows = [msgspec.to_builtins(record, builtin_types=(datetime.date,)) for record in records]
    columns = {key: [row[key] for row in rows] for key in features}
    table = datasets.Dataset.from_dict(columns, features=features).data.table
    with replacing(path) as file:
        pyarrow.parquet.write_table(table, file)


def read(folder: Path) -> Imported:
    """Read ``documents.parquet`` of such a folder, or the file itself.

    Returns
    -------
    Imported
        Documents; a file or row of another form is a problem.
    """
    import pyarrow
    import pyarrow.parquet

    found = Imported()
    path = folder / _DOCUMENTS if folder.is_dir() else folder
    if not path.is_file():
        raise CommuniqueError(f"{path}: no such file; name a folder with {_DOCUMENTS}, or a parquet file")
    try:
        table = _ours(pyarrow.parquet.read_table(path), found)
        rows = table.to_pylist()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        told = f"not parquet: {str(error)[:120]}; write it again"
        found.problems.append(Problem(str(path), 0, "parquet-malformed", Level.BYTES, told))
        return found
    if unknown := sorted(set(table.column_names) - {column["name"] for column in CONFIGS["documents"]}):
        told = f"unknown columns {', '.join(unknown)}; leave them out (with pandas: index=False)"
        found.problems.append(Problem(str(path), 0, "schema-mismatch", Level.SCHEMA, told))
        return found
    for number, row in enumerate(rows, 1):
        try:
            found.admit(msgspec.convert(_named(row), Document), str(path), number)
        except (ValueError, LookupError, TypeError) as error:
            told = f"row {number} is not a document: {error}; see schema/v1"
            found.problems.append(Problem(str(path), number, "schema-mismatch", Level.SCHEMA, told))
    found.noticed = +found.noticed
    return found


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


FORMAT = Format(
    name="huggingface",
    place="folder of parquet (`documents`, `claims`, `tokens`) with a dataset card",
    read=read,
    write=write,
)
