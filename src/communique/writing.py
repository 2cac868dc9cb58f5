"""Files written beside and then renamed, or through what is no regular file; never over what is the user's."""

import gzip
import os
import platform
import re
import secrets
import shutil
import stat
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from communique.problems import CommuniqueError

JSON_LINES = rb'\{"id":'
"""How files of documents, predictions and layers begin."""
STANDARD = "-"
"""As output: standard output."""
_HEAD = 4096
"""Bytes of a file by which its kind is known."""
_HOST = f"{zlib.crc32(platform.node().encode()):08x}"
_SCRATCH = re.compile(r"\.communique-(?P<host>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{16}\.part")
_FORGOTTEN = 86_400
"""Seconds after which scratch is taken for a leftover where one cannot ask whether its process lives."""


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file that takes its name only when everything was written.

    Parameters
    ----------
    path : path-like
        Where the file shall stand; its folder is made if missing. Compressed if it ends in ``.gz``. A link keeps being
        one, what it leads to is replaced. `STANDARD`, a device or a pipe is written to as it is.

    Yields
    ------
    binary file
        Discarded if the block raises.

    Raises
    ------
    CommuniqueError
        A folder stands there.
    OSError
        It cannot be written.
    """
    target = Path(os.path.realpath(path)) if Path(path).is_file() or not Path(path).exists() else Path(path)
    if os.fspath(path) == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif target.is_dir():
        raise CommuniqueError(f"{path} is a folder; name a file")
    elif target.exists() and not target.is_file():
        with target.open("wb") as raw, _packed(raw, target) as file:
            yield file
    else:
        with _beside(target) as file:
            yield file


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = scratch(target.parent)
    try:
        with beside.open("xb") as raw, _packed(raw, target) as file:
            yield file
        if target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _packed(raw: BinaryIO, target: Path) -> Iterator[BinaryIO]:
    if target.suffix == ".gz":
        with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
            yield packed  # type: ignore[misc]
    else:
        yield raw


def as_lines(output: Path) -> bool:
    """Say whether an output is one file of JSON lines, by its name, and not a folder."""
    return str(output) == STANDARD or output.name.endswith((".jsonl", ".jsonl.gz"))


def refuse_unwritten(path: Path, sign: bytes, inputs: Iterable[Path] = (), *, force: bool = False) -> None:
    """Refuse an output before the work is done: one that is an input, or a file of the user's.

    Parameters
    ----------
    path : Path
        Where a file shall be written.
    sign : bytes
        Pattern by which the beginning of such a file is known.
    inputs : iterable of Path
        Files and folders that are read.
    force : bool, optional
        Replace a file of any kind; an input never.

    Raises
    ------
    CommuniqueError
        The output is an input, a folder, or a file that is not empty and does not begin in this way.
    """
    if str(path) == STANDARD:
        return
    refuse_input(path, inputs)
    if path.is_dir():
        raise CommuniqueError(f"{path} is a folder; name a file")
    if path.is_file() and not force and (head := _head(path)) and not re.match(sign, head):
        told = f"{path} is there and is no file that communique would write there"
        raise CommuniqueError(f"{told}; name another, or replace it with --force")


def _head(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return bytes(file.read(_HEAD))
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return b"?"


def refuse_input(path: Path, inputs: Iterable[Path]) -> None:
    """Refuse an output that is an input.

    Raises
    ------
    CommuniqueError
        They are one file or folder.
    """
    for source in inputs:
        if (path.is_file() or path.is_dir()) and source.exists() and path.samefile(source):
            raise CommuniqueError(f"{path} is read, so it cannot be written; name another output")


def scratch(folder: Path) -> Path:
    """Return a path for a hidden file or folder that is not made yet; what killed runs left beside it is removed.

    Parameters
    ----------
    folder : Path
        It is there.
    """
    _sweep(folder.resolve())
    return folder / f".communique-{_HOST}-{os.getpid()}-{secrets.token_hex(8)}.part"


@cache
def _sweep(folder: Path) -> None:
    with os.scandir(folder) as entries:
        leftovers = [
            Path(entry) for entry in entries if (made := _SCRATCH.fullmatch(entry.name)) and _dead(entry, made)
        ]
    for path in leftovers:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


def _dead(entry: "os.DirEntry[str]", made: re.Match[str]) -> bool:
    """Say whether the process that made something is gone; on another host, and on Windows, its age tells."""
    if made["host"] != _HOST or os.name == "nt":
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > _FORGOTTEN
    try:
        os.kill(int(made["process"]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    return False
