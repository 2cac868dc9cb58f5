"""Collections of other people's texts: what is labelled, where the texts are, whose the labels are."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from communique import jsonl, resources
from communique.files import content, digest
from communique.labels import Split
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Id, Offset, Record

ABOUT = "collection.json"
SCHEMA: Literal["v1"] = "v1"
_SHOWN = 12
"""Digits of a layer's sha256 in signatures."""


class Kind(StrEnum):
    """What is joined: types over claims that people delimited, or all of the annotation as offsets."""

    TYPES = "types"
    STANDOFF = "standoff"


class Licenses(Record, frozen=True, kw_only=True):
    """Terms, as their owners state them, of the texts and of people's annotation; and those of the layer."""

    texts: str
    annotation: str
    layer: str


class Part(Record, frozen=True, kw_only=True):
    """A split of a collection: its layer is ``SPLIT.jsonl`` beside the description.

    Attributes
    ----------
    documents, claims : int
        How many the layer has.
    annotators : int
        How many labelled each text.
    adjudicated : bool
        Whether their differences were decided by one more.
    parts : tuple of str
        What the importer is asked for; all that is there if empty.
    """

    documents: Offset
    claims: Offset
    annotators: Annotated[int, msgspec.Meta(ge=1)]
    adjudicated: bool
    parts: tuple[str, ...]


class Collection(Record, frozen=True, kw_only=True):
    """``collection.json``: what is known of a collection whose texts are the user's own clone.

    Attributes
    ----------
    name, title : str
        Short name, as in signatures; and what it is.
    theirs, ours : str
        Which labels are people's, which the layer's.
    layer : Kind
        Form of the layer.
    repository, commit : str, str or None
        Owner and name on GitHub; None where the layer's sha256 of each text alone tell the version.
    format : str
        Importer that reads a clone.
    licenses : Licenses
        Terms.
    cite : tuple of str
        References.
    limits : str or None
        What is not to be measured on it, and why.
    tasks : tuple of str
        What it is scored on by `communique bench`.
    splits : dict of Split to Part
        Those that have a layer.
    """

    schema: Literal["v1"]
    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]*$")]
    title: str
    theirs: str
    ours: str
    layer: Kind
    repository: str
    commit: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{7,40}$")] | None
    format: Id
    licenses: Licenses
    cite: tuple[str, ...]
    limits: str | None
    tasks: tuple[str, ...]
    splits: dict[Split, Part]


class Shelved(NamedTuple):
    """A collection, and the folder that its description and its layers are in."""

    about: Collection
    folder: Path

    def layer(self, split: str) -> Path:
        """Return the file of a split's layer."""
        return self.folder / f"{split}.jsonl"

    def version(self, split: str) -> str:
        """Return what signatures call a split's layer: the collection and the first digits of the file's sha256."""
        return version(self.about.name, digest(self.layer(split)))


class _Peek(msgspec.Struct, frozen=True):
    schema: str = SCHEMA


def version(name: str, sha256: str) -> str:
    """Return what signatures call a layer of a collection."""
    return f"{name}@{sha256[:_SHOWN]}"


def listed() -> list[Shelved]:
    """Return the packaged collections, sorted by name."""
    return [_read(path.parent) for path in sorted(resources.folder("layers").glob(f"*/{ABOUT}"))]


def find(name: str) -> Shelved:
    """Return a collection.

    Parameters
    ----------
    name : str
        Of a packaged one, or a folder with ``collection.json`` and its layers.

    Raises
    ------
    CommuniqueError
        There is no such collection.
    DataError
        Its description is of another schema, or faulty.
    """
    for folder in (Path(name), resources.folder("layers") / name):
        if (folder / ABOUT).is_file():
            return _read(folder)
    known = ", ".join(found.about.name for found in listed())
    raise CommuniqueError(f"there is no collection {name!r}; one of {known}, or a folder with {ABOUT}")


def _read(folder: Path) -> Shelved:
    path = folder / ABOUT
    words = content(path)
    if (told := jsonl.decode(msgspec.json.Decoder(_Peek), words, str(path), 1).schema) != SCHEMA:
        mend = f"this communique reads {SCHEMA}; install the one the layers came with"
        raise DataError([Problem(str(path), 1, "schema-mismatch", Level.SCHEMA, f"is of schema {told!r}, {mend}")])
    return Shelved(jsonl.decode(msgspec.json.Decoder(Collection), words, str(path), 1), folder)


def chosen(found: Shelved, split: str | None) -> list[Split]:
    """Return the splits of a collection that a name stands for, in the order train, dev, test.

    Raises
    ------
    CommuniqueError
        It has no layer of that split, or none at all.
    """
    there = [name for name in Split if name in found.about.splits]
    if not there:
        raise CommuniqueError(
            f"{found.about.name} has no layer yet; see communique collections for those that have one"
        )
    if split not in (None, *there):
        raise CommuniqueError(f"{found.about.name} has no split {split!r}; it has {', '.join(there)}")
    return [Split(split)] if split else there
