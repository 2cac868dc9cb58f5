"""What documents must not have in common: ids and, where they were composed for the corpus, texts."""

import re
from collections.abc import Iterator
from typing import Protocol

from communique.checks import Fault
from communique.labels import Origin
from communique.records import Document

NGRAM = 8
"""Words in a row that no two composed texts may share, unless half of them are capitalised (names, set titles)."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
Place = tuple[str, int]
"""A file and a line of it; line 0 for the file as a whole."""


class Named(Protocol):
    """Anything that is about a document, and has its id."""

    @property
    def id(self) -> str:
        """Return the id of the document."""


class Met:
    """The documents met so far, against which the next is held.

    Texts that were not composed for the corpus may stand several times, as when several people annotated one. Composed
    ones may as versions of one document alone, whose ids are the same up to ``@annotator``.
    """

    def __init__(self) -> None:
        self._ids: dict[str, Place] = {}
        self._texts: dict[str, tuple[Place, str]] = {}
        self._runs: dict[tuple[str, ...], str] = {}

    def faults(self, place: Place, document: Document, *, once: bool = False) -> Iterator[Fault]:
        """Yield all that a document has in common with those before it.

        Parameters
        ----------
        place : (str, int)
            Where it stands.
        document : Document
            The next.
        once : bool, optional
            Whether its text, supplied or not, may stand once only, as in a release.
        """
        composed = document.provenance.origin == Origin.COMPOSED
        yield from self.ids(place, document)
        yield from self._repeated(place, document, once) if composed or once else ()
        yield from self._shared(document) if composed else ()

    def ids(self, place: Place, document: Named) -> Iterator[Fault]:
        """Yield a fault if the id was met before."""
        if (first := self._ids.setdefault(document.id, place)) is not place:
            yield "document-id-duplicate", f"id {document.id!r} stands on {_told(first)} already; keep one"

    def _repeated(self, place: Place, document: Document, once: bool) -> Iterator[Fault]:
        first, name = self._texts.setdefault(document.text, (place, document.id))
        version = name != document.id and _text_of(name) == _text_of(document.id)
        if first is not place and (once or not version):
            yield "text-duplicate", f"the text of {document.id!r} stands on {_told(first)} already; keep one"

    def _shared(self, document: Document) -> Iterator[Fault]:
        for run in _runs(document.text):
            owner = self._runs.setdefault(tuple(word.casefold() for word in run), document.id)
            if _text_of(owner) != _text_of(document.id):
                told = f"{document.id}: shares {' '.join(run)!r} with {owner}"
                yield "words-shared", f"{told}; composed texts share no {NGRAM} words in a row"
                break


def _text_of(name: str) -> str:
    """Return the id of a document without that of its annotator."""
    return name.rpartition("@")[0] or name


def _told(place: Place) -> str:
    return f"{place[0]}:{place[1]}" if place[1] else place[0]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text)
    for run in zip(*(words[i:] for i in range(NGRAM)), strict=False):
        if sum(word[0].isupper() for word in run) < NGRAM / 2:
            yield run
