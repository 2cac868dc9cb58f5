"""One admission for every document, wherever it enters: what `validate` refuses comes in nowhere."""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from communique import jsonl
from communique.checks import Fault, length_faults, name_faults, shown, span_faults, spanned, unit_faults, word_faults
from communique.duplicates import Met, Place
from communique.nesting import nesting_faults, unmentioned
from communique.problems import DataError, Level, Problem
from communique.records import Document

_DECODER = msgspec.json.Decoder(Document)


@dataclass
class Admission:
    """Documents that were let in, and what is wrong with those that were not.

    Attributes
    ----------
    documents : list of Document
        In the order they came.
    problems : list of Problem
        As `validate` tells them.
    """

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    met: Met = field(default_factory=Met, repr=False, compare=False)

    def admit(self, document: Document, file: str, line: int = 0) -> None:
        """Keep a document that was made here, or tell what is wrong with it by itself and beside those kept.

        Parameters
        ----------
        document : Document
            Made by code: it is held against the schema as well.
        file : str
            What it was made of.
        line : int, optional
            Line, row or task there; 0 for the file as a whole.
        """
        place = (file, line)
        told = list(_told(place, document, list(_unwritable(document)) or faults(document)))
        if not told:
            common = self.met.faults(place, document)
            told = [Problem(*place, name, Level.RELEASE, message) for name, message in common]
        self.problems += told
        self.documents += [] if told else [document]


def documents(*paths: str | os.PathLike[str]) -> list[Document]:
    """Read JSON lines files of documents that belong together.

    Parameters
    ----------
    *paths : path-like
        ``.jsonl`` or ``.jsonl.gz`` files.

    Raises
    ------
    DataError
        A line is no document, a document is faulty, or an id stands twice; names file and line.
    CommuniqueError
        A file cannot be read.
    """
    placed = [((str(path), line), found) for path in paths for line, found in jsonl.numbered(path, Document)]
    _refuse(_problems(placed))
    return [document for _, document in placed]


def streamed(path: str | os.PathLike[str]) -> Iterator[Document]:
    """Yield the documents of a JSON lines file as `documents` reads them: all are checked before the first is yielded.

    A file is read twice, so that no more than one document is in memory; a pipe, once.

    Raises
    ------
    DataError, CommuniqueError
        As `documents` does.
    """
    if not Path(path).is_file():
        yield from documents(path)
        return
    _refuse(_problems(((str(path), line), found) for line, found in jsonl.numbered(path, Document)))
    yield from jsonl.read(path, Document)


def sound(documents: Sequence[Document], name: str) -> None:
    """Refuse documents in memory that a file could not hold, that are faulty, or that share an id.

    Parameters
    ----------
    documents : sequence of Document
        From anywhere.
    name : str
        What they are, for problems; these name the number of the document, counted from 1.

    Raises
    ------
    DataError
        All that is wrong.
    """
    placed = [((name, number), document) for number, document in enumerate(documents, 1)]
    unfit = [p for place, document in placed for p in _told(place, document, _unwritable(document))]
    _refuse(unfit or _problems(placed))


def _refuse(found: Sequence[Problem]) -> None:
    if found:
        raise DataError(found)


def _problems(placed: Iterable[tuple[Place, Document]]) -> list[Problem]:
    """Return what is wrong within documents or, where nothing is, the ids that stand twice."""
    met, within, between = Met(), list[Problem](), list[Problem]()
    for place, document in placed:
        within += _told(place, document, faults(document))
        between += [Problem(*place, name, Level.RELEASE, message) for name, message in met.ids(place, document)]
    return within or between


def _told(place: Place, document: Document, found: Iterable[tuple[Level, str, str]]) -> Iterator[Problem]:
    for level, name, message in found:
        yield Problem(*place, name, level, f"{document.id}: {message}")


def faults(document: Document) -> Iterator[tuple[Level, str, str]]:
    """Yield what is wrong within a document, with its level: *spans*, or *document* where the spans are right."""
    told = list(_text(document)) or list(_spans(document))
    yield from ((Level.SPANS, *fault) for fault in told)
    if not told:
        yield from ((Level.DOCUMENT, *fault) for fault in _units(document))


def _unwritable(document: Document) -> Iterator[tuple[Level, str, str]]:
    try:
        _DECODER.decode(msgspec.json.encode(document))
    except (ValueError, TypeError, RecursionError) as error:
        yield Level.SCHEMA, "schema-mismatch", f"{error}; see schema/v1/document.schema.json"


def _text(document: Document) -> Iterator[Fault]:
    if "\r" in document.text:
        yield "text-carriage-return", "the text holds a carriage return; lines of a text end in LF"
    if document.text.startswith("\ufeff"):
        yield "text-bom", "the text begins with a byte order mark; strip it before offsets are counted"
    if not unicodedata.is_normalized("NFC", document.text):
        yield "text-not-nfc", "the text is not in NFC; normalise it before offsets are counted"


def _spans(document: Document) -> Iterator[Fault]:
    places = ((span.start, span.end) for unit in spanned(document) for span in unit.spans)
    return iter(list(length_faults(places)) or span_faults(document, document.text))


def _units(document: Document) -> Iterator[Fault]:
    yield from _named(document)
    found = list(unit_faults(document))
    yield from found
    if not found:
        yield from _headed(document)
        yield from unmentioned(document)
        yield from nesting_faults(document)


def _named(document: Document) -> Iterator[Fault]:
    known = {"id": document.id, "collection": document.collection, "storyline": document.storyline}
    for kind, words in (known | {"publisher": document.provenance.publisher}).items():
        yield from word_faults(kind, words)
    yield from name_faults(document)


def _headed(document: Document) -> Iterator[Fault]:
    if document.title is not None and document.text.split("\n", 1)[0] != document.title:
        yield (
            "title-not-first-line",
            f"title {shown(document.title)} is not the first line of the text; copy it from there",
        )
