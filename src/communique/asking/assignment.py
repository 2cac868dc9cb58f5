"""A folder of tasks: what was asked, of which texts, in which files."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec

from communique import jsonl, typed
from communique.files import content
from communique.layers import digest
from communique.problems import CommuniqueError
from communique.records import Document, Id, Offset, Record, Sha256
from communique.typed import TypesLayer

TASKS = "tasks.json"
LAYERS = ("first.jsonl", "second.jsonl")
"""Where differences are to be decided: the types layers of the two who differ."""


class Wanted(StrEnum):
    """What is asked of a text."""

    TYPES = "types"
    HOLDERS = "holders"
    ALL = "all"


ENDING = {Wanted.TYPES: ".csv", Wanted.HOLDERS: ".csv", Wanted.ALL: ".json"}
"""Of the form that is filled in."""


class Asked(Record, frozen=True, kw_only=True):
    """A text of which something is asked.

    Attributes
    ----------
    id : str
        Of the document.
    file : str or None
        Its page and its form below the folder, without ending; None where nothing is asked of it.
    sha256 : str
        Of its stored text in UTF-8.
    spans : str
        Of the ids and places of what the numbers stand for, as `communique.typed.fingerprint` has it.
    units : int
        How many answers are wanted.
    """

    id: Id
    file: str | None
    sha256: Sha256
    spans: Sha256
    units: Offset


class Tasks(Record, frozen=True, kw_only=True):
    """A folder of tasks; the file ``tasks.json``.

    Attributes
    ----------
    schema : {"v1"}
        Version of the record.
    asked : Wanted
        Types of claims, holders of attributions, or everything.
    source : str
        What it was made of, as it was named: a file of documents, or ``RELEASE:split``.
    between : bool
        Whether only claims are asked about whose types two annotators differ on.
    documents : tuple of Asked
        In the order of the source.
    """

    schema: Literal["v1"]
    asked: Wanted
    source: str
    between: bool
    documents: tuple[Asked, ...]


Pair = tuple[dict[str, TypesLayer], dict[str, TypesLayer]]
"""The types layers of two annotators, by document."""


def load(folder: Path) -> Tasks:
    """Return what was asked in a folder.

    Raises
    ------
    CommuniqueError
        It is no folder of tasks.
    DataError
        Its ``tasks.json`` is broken.
    """
    path = folder / TASKS
    if not path.is_file():
        raise CommuniqueError(f"{folder} holds no {TASKS}; name a folder that communique ask wrote")
    return jsonl.decode(msgspec.json.Decoder(Tasks), content(path), str(path), 1)


def same(tasks: Tasks, documents: Sequence[Document], source: str) -> list[Document]:
    """Return the documents that were asked about, in the order they were asked.

    Raises
    ------
    CommuniqueError
        One is missing, or has another text.
    """
    known = {document.id: document for document in documents}
    for asked in tasks.documents:
        mend = "name the documents that were asked about with --texts"
        if asked.id not in known:
            raise CommuniqueError(f"{source}: there is no document {asked.id!r}; {mend}")
        if (found := digest(known[asked.id].text)) != asked.sha256:
            told = f"sha256 of the text is {found}, it was asked about {asked.sha256}"
            raise CommuniqueError(f"{source}: {asked.id}: {told}; {mend}")
    return [known[asked.id] for asked in tasks.documents]


def compared(pair: Pair, names: tuple[str, str], documents: Sequence[Document]) -> list[Document]:
    """Return the documents that two annotators typed, in the order of all.

    Parameters
    ----------
    pair : (dict of str to TypesLayer, dict of str to TypesLayer)
        Their layers by document.
    names : (str, str)
        What the layers are called, for the error.
    documents : sequence of Document
        Those they are of; there may be more.

    Raises
    ------
    CommuniqueError
        A document is missing in one of the layers or among the documents, or is not the one a layer was made of.
    """
    known = {document.id: document for document in documents}
    for name, one, other in ((names[0], pair[0], pair[1]), (names[1], pair[1], pair[0])):
        if lacking := sorted(set(other) - set(one)):
            raise CommuniqueError(f"{name}: has no types of {lacking[0]!r}; give layers of the same documents")
        for types in one.values():
            if types.id not in known:
                raise CommuniqueError(f"{name}: {types.id!r} is none of the documents; give those it was made of")
            try:
                typed.apply(types, known[types.id])
            except ValueError as error:
                raise CommuniqueError(f"{name}: {types.id}: {error}") from error
    return [document for document in documents if document.id in pair[0]]


def differing(pair: Pair, name: str) -> set[str]:
    """Return the ids of the claims of a document on which two annotators differ."""
    first, second = (layer[name] for layer in pair)
    others = {claim.id: claim for claim in second.claims}
    return {claim.id for claim in first.claims if claim != others[claim.id]}
