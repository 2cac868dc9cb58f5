"""Files and folders: read within bounds, written beside and then renamed, named safely by what data say."""

import gzip
import zlib
from pathlib import Path

from communique.problems import CommuniqueError, DataError, Level, Problem

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
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            found: bytes = file.read(LARGEST + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        told = f"cannot be unpacked: {error}; fetch the file again"
        raise DataError([Problem(str(path), 0, "compression-broken", Level.BYTES, told)]) from error
    except (OSError, ValueError) as error:
        raise CommuniqueError(f"{path}: {getattr(error, 'strerror', None) or error}; check the path") from error
    if len(found) > LARGEST:
        raise CommuniqueError(f"{path}: larger than {LARGEST >> 20} MiB; split it")
    return found
