"""What can be labelled: documents, plain text files, folders, standard input."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from communique import admission, jsonl, releases
from communique.baselines import bare
from communique.baselines.base import Source
from communique.baselines.given import without_entities, without_types
from communique.catalog import CATALOG, CatalogEntry
from communique.files import content, within
from communique.paths import below
from communique.problems import CommuniqueError
from communique.records import Document
from communique.texts import normal


class Given(StrEnum):
    """What a system is given of an annotation."""

    CLAIMS = "claims"
    ATTRIBUTIONS = "attributions"


_LAYER = {Given.CLAIMS: without_types, Given.ATTRIBUTIONS: without_entities}


def sources(name: str, given: Given | None = None) -> Iterator[Source]:
    """Yield the texts that a name stands for.

    Parameters
    ----------
    name : str
        A ``.jsonl`` file of documents, or of ``id`` and ``text`` alone, ``RELEASE:split``, a ``.txt`` file, a folder
        of either, a seeds folder, or ``-`` for one text on standard input.
    given : Given, optional
        What to hand on of the documents' annotation; by default nothing but the text.

    Raises
    ------
    CommuniqueError
        There is nothing of that name, or plain text where claims are wanted.
    DataError
        A text is not UTF-8, or a document is faulty.
    """
    path = Path(name)
    if name == "-":
        yield _plain("stdin", within(sys.stdin.buffer, "standard input"), "standard input", given)
    elif (path / CATALOG).is_file():
        for entry in jsonl.read(path / CATALOG, CatalogEntry):
            file = below(path, entry.id, ".txt")
            yield _plain(entry.id, content(file), str(file), given)
    elif path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix == ".txt" or _is_documents(file))
        if not files:
            raise CommuniqueError(f"{path}: holds no .txt and no .jsonl file; name a folder that does")
        for file in files:
            yield from _file(file, file.relative_to(path).with_suffix("").as_posix(), given)
    elif path.is_file() or ":" not in name:
        yield from _file(path, path.stem, given)
    else:
        yield from (_document(document, given) for document in releases.part(name)[0])


def _is_documents(path: Path) -> bool:
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def _file(path: Path, doc_id: str, given: Given | None) -> Iterator[Source]:
    if _is_documents(path) and bare.is_bare(path):
        if given:
            raise _without(str(path), given)
        yield from bare.texts(path)
    elif _is_documents(path):
        yield from (_document(document, given) for document in admission.streamed(path))
    else:
        yield _plain(doc_id, content(path), str(path), given)


def _document(document: Document, given: Given | None) -> Source:
    return Source(id=document.id, text=document.text, layer=_LAYER[given](document) if given else None)


def _plain(doc_id: str, source: bytes, name: str, given: Given | None) -> Source:
    if given:
        raise _without(name, given)
    return Source(id=doc_id, text=normal(source, name))


def _without(name: str, given: Given) -> CommuniqueError:
    return CommuniqueError(f"{name}: a plain text brings no {given}; leave out --given-{given}, or give documents")
