"""The fields of a record, with types and meanings, told from its struct: for cards and for Croissant."""

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.inspect import StructType, UnionType, VarTupleType

from communique.features import CLAIMS, DOCUMENTS, TOKENS, Column
from communique.records import Document
from communique.views import ClaimRow, TokenRow

_ATTRIBUTES = re.compile(r"^Attributes\n-+\n(?P<body>.*?)(?=^\S[^\n]*\n-+\n|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^(?P<names>\w+(?:, \w+)*)(?: : .*)?\n(?P<told>(?:    .*\n?)+)", re.MULTILINE)


RECORDS: Mapping[str, tuple[type[msgspec.Struct], Sequence[Column]]] = {
    "documents": (Document, DOCUMENTS),
    "claims": (ClaimRow, CLAIMS),
    "tokens": (TokenRow, TOKENS),
}
"""The record and the columns of each configuration; those of `ANNOTATORS` are documents."""


class Field(NamedTuple):
    """A field of a record.

    Attributes
    ----------
    name : str
        Its name.
    dtype : str
        ``string``, ``int64``, ``bool``, ``date32``, ``label``, or ``struct`` where it has fields of its own.
    depth : int
        How many lists its values are in.
    told : str
        What it means, in Markdown without marks of its own.
    fields : tuple of Field
        Those of a struct.
    """

    name: str
    dtype: str
    depth: int
    told: str
    fields: tuple["Field", ...] = ()


def fields(record: type[msgspec.Struct], columns: Sequence[Column]) -> tuple[Field, ...]:
    """Return the fields of a record, in the order of its columns."""
    told = meanings(record)
    inner = {field.name: _struct(field.type) for field in _type(record).fields}
    return tuple(_field(column, told.get(column["name"], ""), inner[column["name"]]) for column in columns)


def _field(column: Column, told: str, inner: type[msgspec.Struct] | None) -> Field:
    depth, of = 0, column.get("struct", column)
    while isinstance(of, dict) and "list" in of:
        depth, of = depth + 1, of["list"]
    if isinstance(of, list) and inner:
        return Field(column["name"], "struct", depth, told, fields(inner, of))
    dtype = of["dtype"] if isinstance(of, dict) and "dtype" in of else of
    return Field(column["name"], dtype if isinstance(dtype, str) else "label", depth, told)


def _type(record: type[msgspec.Struct]) -> StructType:
    found = msgspec.inspect.type_info(record)
    assert isinstance(found, StructType)
    return found


def _struct(found: Any) -> type[msgspec.Struct] | None:
    """Return the record that a field holds, in lists or not."""
    if isinstance(found, StructType):
        return found.cls
    within = found.types if isinstance(found, UnionType) else ()
    within = (found.item_type,) if isinstance(found, VarTupleType) else within
    return next(filter(None, map(_struct, within)), None)


def meanings(record: type[msgspec.Struct]) -> dict[str, str]:
    """Return what the docstring of a record, and of those it derives from, says of its fields."""
    found: dict[str, str] = {}
    for one in reversed(record.__mro__):
        found |= dict(_told(inspect.cleandoc(one.__doc__ or "") + "\n"))
    return found


def _told(page: str) -> Iterator[tuple[str, str]]:
    section = _ATTRIBUTES.search(page)
    for entry in _ENTRY.finditer(section["body"]) if section else ():
        words = " ".join(entry["told"].split()).replace("``", "`")
        yield from ((name, words) for name in entry["names"].split(", "))
