"""The plan of a run: what is labelled, by what and how; a folder of labels has one plan for good."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import msgspec

from communique import __version__
from communique.archive.gather import PLAN, Failure, File
from communique.archive.model import Model
from communique.archive.reading import Columns, count
from communique.files import content, digest
from communique.problems import CommuniqueError
from communique.writing import replacing


class Inputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is labelled.

    Attributes
    ----------
    files, texts : int
        How many; texts as the files seem to hold them, faulty ones too.
    sha256 : str
        Of the names and contents of all files, in order.
    """

    files: int
    texts: int
    sha256: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it is labelled.

    Attributes
    ----------
    format : str
        Of the shards: ``jsonl`` or ``parquet``.
    shard : int
        Most texts of one.
    columns : Columns
        Of records.
    """

    format: str
    shard: int
    columns: Columns


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that labels depend on; how many processes make them is no part of it."""

    version: str
    model: Model
    inputs: Inputs
    settings: Settings
    sha256: str

    @classmethod
    def of(cls, model: Model, inputs: Inputs, settings: Settings) -> Self:
        """Return a plan with its hash."""
        parts = (__version__, model, inputs, settings)
        return cls(*parts, hashlib.sha256(msgspec.json.encode(parts)).hexdigest())


def survey(files: Iterable[File]) -> tuple[list[File], list[Failure], Inputs]:
    """Read every file once: those that can be read, those that cannot, and what the former are together."""
    kept: list[File] = []
    unread: list[Failure] = []
    texts, total = 0, hashlib.sha256()
    for file in files:
        try:
            total.update(f"{file.name}\0{digest(Path(file.path))}\n".encode("utf-8", "surrogateescape"))
        except CommuniqueError as error:
            unread.append(Failure(None, file.path, 0, str(error).removeprefix(f"{file.path}: ")))
            continue
        kept.append(file)
        texts += count(file)
    return kept, unread, Inputs(len(kept), texts, total.hexdigest())


def begin(output: Path, plan: Plan, ours: Sequence[str], *, force: bool = False) -> None:
    """Write the plan of a folder, or find that it has this one.

    Parameters
    ----------
    output : Path
        The folder.
    plan : Plan
        What shall be done.
    ours : sequence of str
        Patterns of the files that a run writes there.
    force : bool, optional
        Begin anew, and beside other files.

    Raises
    ------
    CommuniqueError
        The folder has another plan, or holds other files.
    """
    if output.exists() and not output.is_dir():
        raise CommuniqueError(f"{output} is not a folder; name one")
    before = read(output, force=force)
    if before == plan:
        return
    if before and not force:
        told = f"{output} was begun with {_difference(before, plan)}"
        raise CommuniqueError(f"{told}; name another folder, or begin anew with --force")
    if not force and output.exists() and any(output.iterdir()):
        raise CommuniqueError(f"{output} holds other files; name another folder, or write beside them with --force")
    for path in [output / PLAN, *(path for pattern in ours for path in sorted(output.glob(pattern)))]:
        path.unlink(missing_ok=True)
    with replacing(output / PLAN) as file:
        file.write(msgspec.json.format(msgspec.json.encode(plan), indent=2) + b"\n")


def read(output: Path, *, force: bool = False) -> Plan | None:
    """Return the plan of a folder, None where it has none or, with force, one that this version cannot read.

    Raises
    ------
    CommuniqueError
        It is no plan of this version.
    """
    path = output / PLAN
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(content(path), type=Plan)
    except ValueError as error:
        if force:
            return None
        told = f"{path} is no plan of this version: {error}"
        raise CommuniqueError(f"{told}; name another folder, or begin anew with --force") from error


def _difference(before: Plan, now: Plan) -> str:
    if before.inputs != now.inputs:
        numbers = [f"{one.texts:,} in {one.files:,} files" for one in (before.inputs, now.inputs)]
        return f"other texts ({numbers[0]}, now {numbers[1]})" if numbers[0] != numbers[1] else "texts changed since"
    if before.model != now.model:
        changed = before.model.name == now.model.name
        told = f"changed since: {now.model.name}" if changed else f"{before.model.name}, now {now.model.name}"
        return f"another model ({told})"
    if before.version != now.version:
        return f"communique {before.version}, now {now.version}"
    olds, news = (msgspec.to_builtins(one.settings) for one in (before, now))
    name = next((name for name in news if olds[name] != news[name]), "settings")
    return f"another {name} ({olds[name]}, now {news[name]})"
