"""Which files an archive is: those that can be read, in order, and those that are passed over, with the reason."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from communique.catalog import CATALOG
from communique.problems import CommuniqueError

PLAN = "plan.json"
"""In a folder of labels: what they are of, and made by."""
LABELS = "labels"


class Kind(StrEnum):
    """How a file holds texts."""

    TEXT = "text"
    LINES = "lines"
    PARQUET = "parquet"


_ENDINGS = {
    ".txt": Kind.TEXT,
    ".jsonl": Kind.LINES,
    ".jsonl.gz": Kind.LINES,
    ".jsonl.zst": Kind.LINES,
    ".parquet": Kind.PARQUET,
}
_KNOWN = ", ".join(_ENDINGS)


class File(msgspec.Struct, frozen=True, gc=False):
    """A file of texts.

    Attributes
    ----------
    path : str
        As the user gave it.
    name : str
        Below the folder or pattern that was given, parts divided by ``/``.
    kind : Kind
        How it holds texts.
    """

    path: str
    name: str
    kind: Kind


class Failure(msgspec.Struct, frozen=True, gc=False):
    """A text, or a file, that is not labelled.

    Attributes
    ----------
    id : str or None
        Of the text; None where it is a file, or a text without one.
    file : str
        Where it stands.
    line : int
        Line or row there, counted from 1; 0 for the file as a whole.
    told : str
        Why, and the mend.
    """

    id: str | None
    file: str
    line: int
    told: str


def gather(sources: Sequence[str], outputs: Iterable[Path] = ()) -> tuple[list[File], list[Failure]]:
    """Return the files that names stand for, and those among them that are passed over.

    Parameters
    ----------
    sources : sequence of str
        Files, folders, or patterns such as ``news/**/*.txt``, in the order in which they are read; within one, files
        are sorted. Hidden files and folders are left out.
    outputs : iterable of Path, optional
        What is written, which is never read.

    Raises
    ------
    CommuniqueError
        A name stands for nothing.
    """
    written = {path.resolve() for path in outputs}
    files: list[File] = []
    skipped: list[Failure] = []
    for source in sources:
        for path, root in _named(source, written, skipped):
            kind, told = _kind(path)
            if kind:
                files.append(File(str(path), path.relative_to(root).as_posix(), kind))
            else:
                skipped.append(Failure(None, str(path), 0, told))
    return files, skipped


def _kind(path: Path) -> tuple[Kind | None, str]:
    """Return how a file holds texts, or why it is not read."""
    ending = next((ending for ending in _ENDINGS if path.name.lower().endswith(ending)), "")
    if not path.is_file():
        return None, "is no file that can be read, but a link to nothing, a pipe or a device; leave it out"
    if path.name == CATALOG:
        return None, "is a catalog, which names texts and holds none; leave it out"
    if not ending:
        return None, f"is none of {_KNOWN}; save it as plain text in UTF-8"
    if not path.name.endswith(ending):
        return None, f"ends in {path.name[-len(ending) :]}; rename it to end in {ending}"
    return _ENDINGS[ending], ""


def _named(source: str, written: set[Path], skipped: list[Failure]) -> Iterator[tuple[Path, Path]]:
    """Yield files, each with the folder below which it is named."""
    path = Path(source)
    if path.is_dir():
        yield from ((file, path) for file in _walked(path, written, skipped))
    elif path.is_symlink() or path.exists():
        yield path, path.parent
    else:
        found = sorted(map(Path, glob.glob(source, recursive=True)))  # noqa: PTH207 - absolute, too
        files = [file for file in found if not file.is_dir()]
        if not files:
            raise CommuniqueError(f"{source}: there is no such file or folder, and no file of such a name")
        yield from ((file, _fixed(path)) for file in files if written.isdisjoint(_above(file)))


def _fixed(pattern: Path) -> Path:
    """Return the folder above the first part of a pattern that is not a name."""
    magic = next(place for place, part in enumerate(pattern.parts) if glob.has_magic(part))
    return Path(*pattern.parts[:magic])


def _above(file: Path) -> set[Path]:
    real = file.resolve()
    return {real, *real.parents}


def _walked(folder: Path, written: set[Path], skipped: list[Failure]) -> Iterator[Path]:
    """Yield the files of a folder, folder by folder, sorted."""

    def unread(error: OSError) -> None:
        skipped.append(Failure(None, str(error.filename), 0, f"cannot be read: {error.strerror}; check its rights"))

    for top, folders, names in os.walk(folder, onerror=unread):
        here = Path(top)
        folders[:] = sorted(name for name in folders if name[0] != "." and (here / name).resolve() not in written)
        if PLAN in names and LABELS in folders:
            skipped.append(Failure(None, top, 0, "holds labels of an earlier run; leave it out"))
            folders.clear()
            continue
        files = (here / name for name in sorted(names) if name[0] != ".")
        yield from (file for file in files if not written or file.resolve() not in written)
