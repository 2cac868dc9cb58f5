"""Records of a shard as JSON lines or as parquet, the same bytes from the same records."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
JSONL, PARQUET = "jsonl", "parquet"
FORMATS = (JSONL, PARQUET)


def encoded(records: Sequence[object], kind: type, form: str) -> bytes:
    """Return records as the bytes of a file."""
    if form == JSONL:
        return b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist([_row(record) for record in records], schema=_schema(kind.__name__))
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def decoded(content: bytes, kind: type[T], form: str) -> Iterator[T]:
    """Yield the records of a file."""
    if form == JSONL:
        decoder = msgspec.json.Decoder(kind)
        yield from map(decoder.decode, content.splitlines())
        return
    import pyarrow.parquet

    for row in pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist():
        yield msgspec.convert(_unrow(row), kind)


def _row(record: object) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(record)
    for claim in row.get("claims", ()):
        claim["probabilities"] = list((claim.get("probabilities") or {}).items())
    return row


def _unrow(row: dict[str, Any]) -> dict[str, Any]:
    for claim in row.get("claims", ()):
        claim["probabilities"] = dict(claim["probabilities"]) or None
    return row


def _schema(kind: str) -> Any:
    """Return the columns of predictions, or of what is known of their texts."""
    import pyarrow as pa

    words, number, names = pa.string(), pa.int64(), pa.list_(pa.string())
    if kind == "About":
        carried = [(name, words) for name in ("date", "title", "genre", "language")]
        return pa.schema([("id", words), ("file", words), ("line", number), *carried])
    spans = pa.list_(pa.struct([("start", number), ("end", number), ("text", words)]))
    unit = pa.list_(pa.struct([("id", words), ("spans", spans)]))
    entity = [("id", words), ("name", words), ("kind", words), ("mentions", pa.list_(pa.list_(number)))]
    held = [("id", words), ("speaker", words), ("cue", words), ("entities", names), ("form", words), ("parent", words)]
    claim = [("id", words), ("attribution", words), ("spans", spans), ("rhetoric", words), ("also", words)]
    claim += [("targets", names), ("conditional", pa.bool_()), ("negated", pa.bool_())]
    claim += [("probabilities", pa.map_(words, pa.float64()))]
    quotes = pa.struct([(name, number) for name in ("exact", "repaired", "ambiguous", "invented")])
    lists = [(name, pa.list_(pa.struct(columns))) for name, columns in (("attributions", held), ("claims", claim))]
    entities = ("entities", pa.list_(pa.struct(entity)))
    return pa.schema([("id", words), entities, ("speakers", unit), ("cues", unit), *lists, ("quotes", quotes)])
