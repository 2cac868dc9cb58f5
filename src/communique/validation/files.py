"""Levels *bytes* and *schema*: a file's lines, and each line's record."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from communique import jsonl, resources
from communique.checks import shown
from communique.files import LARGEST
from communique.layers import Layer
from communique.problems import DataError, Level, Problem
from communique.quotes.records import QuotedDocument
from communique.records import Document, Prediction
from communique.typed import TypesLayer

Layered = Document | Prediction | QuotedDocument | Layer | TypesLayer
MOST = 1000
"""Problems of a file's bytes or of its records after which no more are looked for."""
_KINDS: dict[str, type[Layered]] = {
    "document": Document,
    "prediction": Prediction,
    "prediction-quotes": QuotedDocument,
    "layer": Layer,
    "types": TypesLayer,
}


def read_file(path: Path) -> tuple[list[tuple[int, Layered]], list[Problem]]:
    """Read a JSON lines file of documents, predictions, quoted predictions, standoff or types layers.

    Parameters
    ----------
    path : Path
        The file, ``.gz`` or not.

    Returns
    -------
    list of (int, record)
        Records with their line numbers; empty if there are problems.
    list of Problem
        All of the first level that fails.
    """
    lines, problems = _lines(path)
    if not lines and not problems:
        told = "the file is empty; a corpus without documents has no file"
        problems.append(Problem(str(path), 0, "file-empty", Level.BYTES, told))
    if problems:
        return [], problems
    records: list[tuple[int, Layered]] = []
    for number, line in lines:
        record, faults = _record(line)
        problems += [Problem(str(path), number, name, Level.SCHEMA, told) for name, told in faults]
        records += [(number, record)] if record else []
        if len(problems) >= MOST:
            break
    return ([], problems) if problems else (records, [])


def _lines(path: Path) -> tuple[list[tuple[int, bytes]], list[Problem]]:
    """Return the lines of a file and their problems of level *bytes*; after `MOST` of these no more is read."""
    lines: list[tuple[int, bytes]] = []
    problems: list[Problem] = []
    size = 0
    try:
        for number, line in jsonl.lines(path):
            size += len(line)
            faults = _byte_faults(line, number)
            problems += [Problem(str(path), number, name, Level.BYTES, told) for name, told in faults]
            if size > LARGEST:
                told = f"the lines up to here are more than {LARGEST >> 20} MiB; split the file"
                problems.append(Problem(str(path), number, "file-too-large", Level.BYTES, told))
            if size > LARGEST or len(problems) >= MOST:
                break
            lines.append((number, line))
    except DataError as error:
        problems += error.problems
    return lines, problems


def _byte_faults(line: bytes, number: int) -> Iterator[tuple[str, str]]:
    if number == 1 and line.startswith(b"\xef\xbb\xbf"):
        yield "bom-present", "the file begins with a byte order mark; save it as UTF-8 without one"
    if line.endswith(b"\r\n"):
        yield "crlf-present", "the line ends in CR LF; use LF alone"
    if not line.endswith(b"\n"):
        yield "last-line-truncated", "the last line has no line feed; the file is cut short, fetch or write it again"
    if not line.strip():
        yield "line-blank", "the line is blank; drop it"
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        yield (
            "encoding-not-utf8",
            f"byte {error.start} of the line is not UTF-8; convert the file, for example with iconv",
        )


def _record(line: bytes) -> tuple[Layered | None, list[tuple[str, str]]]:
    try:
        plain = json.loads(line, object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError) as error:
        return None, [("json-malformed", f"not one JSON object: {error}; every line is one document")]
    kind = kind_of(plain)
    try:
        return msgspec.json.decode(line, type=_KINDS[kind]), []
    except (ValueError, RecursionError) as error:
        return None, _schema_faults(kind, plain) or [("schema-mismatch", str(error))]


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key {Counter(names).most_common(1)[0][0]!r} stands twice in one object")
    return plain


def kind_of(plain: object) -> str:
    """Return which record a decoded line is meant to be, by its fields."""
    if not isinstance(plain, dict) or "text" in plain:
        return "document"
    if "annotators" in plain or isinstance(plain.get("spans"), str):
        return "types"
    if "sha256" in plain:
        return "layer"
    attributions = plain.get("attributions")
    nested = isinstance(attributions, list) and any(
        isinstance(item, dict) and "claims" in item for item in attributions
    )
    return "prediction-quotes" if nested or "notes" in plain else "prediction"


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator

    schema = json.loads((resources.folder("schema") / "v1" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _schema_faults(kind: str, plain: object) -> list[tuple[str, str]]:
    try:
        return list(_mismatches(kind, plain))
    except RecursionError:
        return [("json-malformed", "not one JSON object: it is nested too deep; every line is one document")]


def _mismatches(kind: str, plain: object) -> Iterator[tuple[str, str]]:
    errors = islice(_validator(kind).iter_errors(plain), MOST)
    for error in sorted(errors, key=lambda e: e.json_path):
        for leaf in error.context or [error]:
            if leaf.validator == "enum":
                known = ", ".join(map(str, leaf.validator_value))
                yield "label-unknown", f"{error.json_path}: unknown label {shown(str(leaf.instance))}; one of {known}"
                break
        else:
            yield "schema-mismatch", f"{error.json_path}: {error.message[:200]}; see schema/v1/{kind}.schema.json"
