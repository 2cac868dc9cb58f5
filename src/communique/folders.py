"""Folders: written beside or inside and then moved into place; what communique did not write there is left alone."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from communique.files import digest
from communique.problems import CommuniqueError
from communique.writing import replacing, scratch

LEDGER = ".communique.json"
"""In a folder that was written: what was written, by its sha256."""
_SHOWN = 3
Digests = dict[str, str]


@contextmanager
def replacing_folder(target: Path, *, force: bool = False, commit: str | None = None) -> Iterator[Path]:
    """Make a folder whose files take their places only when all were written.

    Parameters
    ----------
    target : Path
        Where the files shall stand. Files that are there already stay, unless one of the new ones has their name.
    force : bool, optional
        Replace also what communique did not write, or what was changed since.
    commit : str, optional
        Name of the file without which the folder counts for nothing: the folder is then one thing, all that was written
        into it earlier goes, and the file is the first to go and the last to come.

    Yields
    ------
    Path
        An empty folder, to be filled; it is gone in the end.

    Raises
    ------
    CommuniqueError
        Something would be replaced that communique did not write, or ``target`` is no folder.
    """
    target = target.resolve()
    refuse_unwritten(target, force=force, whole=commit is not None)
    stands = target.exists()
    if not stands:
        target.parent.mkdir(parents=True, exist_ok=True)
    stage = scratch(target if stands else target.parent)
    stage.mkdir()
    try:
        yield stage
        _settle(stage, target, force, commit)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def refuse_unwritten(target: Path, *, force: bool = False, whole: bool = True) -> None:
    """Refuse a folder that cannot be written to, before the work is done.

    Parameters
    ----------
    target : Path
        As for `replacing_folder`.
    force : bool, optional
        Allow other files in it.
    whole : bool, optional
        Whether it may hold nothing but what communique wrote.

    Raises
    ------
    CommuniqueError
        It is no folder, or holds other files.
    """
    if target.exists() and not target.is_dir():
        raise CommuniqueError(f"{target} is not a folder; name one")
    if whole and not force and target.exists():
        known = _ledger(target)
        _refuse(target, sorted(name for name, sum_ in _files(target).items() if known.get(name) != sum_))


def _refuse(target: Path, names: list[str]) -> None:
    if names:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        told = f"{target} holds {', '.join(names[:_SHOWN])}{more}, not written by communique or changed since"
        raise CommuniqueError(f"{told}; name another folder, or replace with --force")


def _files(folder: Path) -> Digests:
    """Return what stands in a folder but for the ledger and scratch; links, pipes and the like have no digest."""
    paths = (p for p in folder.rglob("*") if not p.relative_to(folder).parts[0].startswith(".communique"))
    kept = (p for p in paths if p.is_symlink() or not p.is_dir())
    return {p.relative_to(folder).as_posix(): digest(p) if _plain(p) else "" for p in sorted(kept)}


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _ledger(folder: Path) -> Digests:
    try:
        return msgspec.json.decode((folder / LEDGER).read_bytes(), type=Digests)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _settle(stage: Path, target: Path, force: bool, commit: str | None) -> None:
    new, old = _files(stage), _ledger(target)
    ledger = new if commit else {**old, **new}
    with replacing(stage / LEDGER) as file:
        file.write(msgspec.json.format(msgspec.json.encode(ledger, order="deterministic"), indent=1) + b"\n")
    if not target.exists():
        stage.rename(target)
        return
    taken = [name for name in new if _stands(target / name)]
    if not force:
        _refuse(target, [n for n in taken if not (_plain(target / n) and digest(target / n) == old.get(n))])
    if commit:
        _remove(target, [commit, *sorted(set(old) - set(new) - {commit})])
    for name in sorted({*new, LEDGER} - {commit}) + ([commit] if commit else []):
        _move(stage / name, target / name, target)


def _move(source: Path, place: Path, target: Path) -> None:
    if not place.parent.resolve().is_relative_to(target):
        raise CommuniqueError(f"{place} leads out of {target} by a link; remove the link, or name another folder")
    place.parent.mkdir(parents=True, exist_ok=True)
    source.replace(place)


def _stands(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _remove(target: Path, names: list[str]) -> None:
    for name in names:
        path = target / name
        if path.resolve().is_relative_to(target):
            path.unlink(missing_ok=True)
            if path.parent != target and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()
