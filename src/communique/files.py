"""Files read whole, within bounds."""

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import BinaryIO

from communique.problems import CommuniqueError, DataError, Level, Problem

MOST_PACKED = 100
LEAST_REFUSED = 4 << 20
"""A file may unpack to `LEAST_REFUSED` bytes, or to `MOST_PACKED` times what was read of it so far."""
LARGEST = 256 << 20
"""Bytes of a file that is read whole, unpacked; a larger one is refused."""


def content(path: Path) -> bytes:
    """Return the bytes of a file, unpacked if its name ends in ``.gz``.

    Parameters
    ----------
    path : Path
        A file, a pipe or a device.

    Raises
    ------
    CommuniqueError
        It cannot be read, or holds more than `LARGEST` bytes.
    DataError
        It cannot be unpacked.
    """
    try:
        with path.open("rb") as file:
            return _unpacked(path, file) if path.suffix == ".gz" else within(file, str(path))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        told = f"cannot be unpacked: {error}; fetch the file again"
        raise DataError([Problem(str(path), 0, "compression-broken", Level.BYTES, told)]) from error
    except (OSError, ValueError) as error:
        raise CommuniqueError(f"{path}: {getattr(error, 'strerror', None) or error}; check the path") from error


def within(file: BinaryIO, name: str) -> bytes:
    """Return the rest of a file.

    Raises
    ------
    CommuniqueError
        It is more than `LARGEST` bytes.
    """
    found = file.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise CommuniqueError(f"{name}: larger than {LARGEST >> 20} MiB; split it")
    return found


def digest(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal.

    Raises
    ------
    CommuniqueError
        The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CommuniqueError(f"{path}: {error.strerror or error}; check the path") from error


class Packed:
    """A packed file as it is unpacked: counts what is read of it.

    Parameters
    ----------
    file : binary file
        In the form of gzip or zstd, a pipe or not.
    """

    closed = False

    def __init__(self, file: BinaryIO):
        self._file = file
        self._taken = 0

    def read(self, size: int = -1) -> bytes:
        """Read bytes as they are packed."""
        found = self._file.read(size)
        self._taken += len(found)
        return found

    def swollen(self, unpacked: int) -> str:
        """Return what is wrong where so many bytes are unpacked of what was read, else nothing."""
        most = max(LEAST_REFUSED, MOST_PACKED * self._taken)
        return f"unpacks to more than {MOST_PACKED} times its size; no corpus does" if unpacked > most else ""


def _unpacked(path: Path, file: BinaryIO) -> bytes:
    packed, parts, total = Packed(file), list[bytes](), 0
    unpacking = gzip.GzipFile(fileobj=packed, mode="rb")  # type: ignore[call-overload]
    while part := unpacking.read(1 << 20):
        parts.append(part)
        total += len(part)
        if total > LARGEST:
            raise CommuniqueError(f"{path}: larger than {LARGEST >> 20} MiB; split it")
        if told := packed.swollen(total):
            raise DataError([Problem(str(path), 0, "unpacked-too-large", Level.BYTES, told)])
    return b"".join(parts)
