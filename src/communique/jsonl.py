"""Canonical JSON lines: read with line numbers, written beside and then renamed."""

import gzip
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import jsonlines
import msgspec

from communique.files import LEAST_REFUSED, Packed
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.writing import replacing

T = TypeVar("T")
LONGEST_LINE = 16 << 20
"""Bytes; a longer line is not read."""


def encode(record: object) -> str:
    """Return the canonical JSON of a record: fields in schema order, compact, UTF-8 unescaped."""
    return msgspec.json.encode(record).decode("utf-8")


def write(path: str | os.PathLike[str], records: Iterable[object]) -> None:
    """Write records as canonical JSON lines; the file appears whole or not at all."""
    with replacing(path) as file:
        writer = jsonlines.Writer(file, compact=True, dumps=msgspec.json.encode)
        for record in records:
            writer.write(record)


def _raw(path: str | os.PathLike[str]) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        raise CommuniqueError(f"{path}: {getattr(error, 'strerror', None) or error}; check the path") from error


def lines(path: str | os.PathLike[str], longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers, never more in memory than one line.

    Parameters
    ----------
    path : path-like
        Packed if it ends in ``.gz`` or ``.zst``.
    longest : int, optional
        Bytes of a line that is read.

    Raises
    ------
    DataError
        A line is too long, or the file cannot be unpacked or unpacks to far more than it is.
    CommuniqueError
        The file cannot be read.
    """
    number = total = 0
    try:
        with _raw(path) as raw:
            packed = Packed(raw) if Path(path).suffix in (".gz", ".zst") else None
            file = _unpacking(packed, Path(path).suffix) if packed else raw
            while line := file.readline(longest + 1):
                number, total = number + 1, total + len(line)
                if len(line) > longest:
                    raise _refused(path, number, "line-too-long", f"longer than {longest >> 20} MiB; split it")
                if packed and total > LEAST_REFUSED and (told := packed.swollen(total)):
                    raise _refused(path, number, "unpacked-too-large", told)
                yield number, line
    except (OSError, EOFError, zlib.error) as error:
        told = f"cannot be unpacked after line {number}: {error}; fetch the file again"
        raise _refused(path, 0, "compression-broken", told) from error


def _unpacking(packed: Packed, ending: str) -> BinaryIO:
    if ending == ".gz":
        return gzip.GzipFile(fileobj=packed, mode="rb")  # type: ignore[call-overload,no-any-return]
    import pyarrow

    return io.BufferedReader(pyarrow.CompressedInputStream(pyarrow.PythonFile(packed, mode="r"), "zstd"))


def _refused(path: str | os.PathLike[str], number: int, name: str, told: str) -> DataError:
    return DataError([Problem(str(path), number, name, Level.BYTES, told)])


def read(path: str | os.PathLike[str], kind: type[T]) -> Iterator[T]:
    """Yield the records of a JSON lines file, typed.

    Parameters
    ----------
    path : path-like
        A ``.jsonl`` or ``.jsonl.gz`` file.
    kind : type
        Record type of every line.

    Raises
    ------
    DataError
        A line is not such a record; names file and line.
    CommuniqueError
        The file cannot be read.
    """
    return (record for _, record in numbered(path, kind))


def numbered(path: str | os.PathLike[str], kind: type[T]) -> Iterator[tuple[int, T]]:
    """Yield the records of a JSON lines file as `read` does, each with the number of its line."""
    decoder = msgspec.json.Decoder(kind)
    for number, line in lines(path):
        if line.strip():
            yield number, decode(decoder, line, str(path), number)


def decode(decoder: "msgspec.json.Decoder[T]", line: bytes | str, path: str, number: int) -> T:
    """Decode one line or raise DataError naming the place."""
    try:
        return decoder.decode(line)
    except (ValueError, RecursionError) as error:
        check = "schema-mismatch" if isinstance(error, msgspec.ValidationError) else "json-malformed"
        raise DataError([Problem(path, number, check, Level.SCHEMA, f"{error}; see schema/v1")]) from error
