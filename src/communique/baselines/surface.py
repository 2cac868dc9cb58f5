"""What a text shows on its surface: quotations, transcript labels, words with their places."""

import re
from functools import cached_property
from typing import NamedTuple

from communique.places import Place, Stretches
from communique.quotation import quotations
from communique.tokens import paragraphs, sentences, tokens

_NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w.’'-]*+"
_LABEL = re.compile(rf"{_NAME}(?: {_NAME}){{0,4}}+ ?(?:\([^)]*\))?(?=: )")
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|my|My|us|the Parties|The Parties)\b")
_AUTHORED = 0.3
"""Share of sentences in the first person above which a text without transcript labels speaks for its author."""


class Word(NamedTuple):
    """A token: its form, also in lower case, its place, and whether it stands in quotation marks."""

    form: str
    lower: str
    start: int
    end: int
    quoted: bool


class Surface:
    """A text with what its surface shows, each found once."""

    def __init__(self, text: str):
        self.text = text
        self.paragraphs = paragraphs(text)
        self._sentences: dict[Place, list[Place]] = {}

    @cached_property
    def quotations(self) -> list[Place]:
        """Stretches from quotation mark to quotation mark, both in; an unclosed one ends with its paragraph."""
        return [place for paragraph in self.paragraphs for place in quotations(self.text, *paragraph)]

    @cached_property
    def _quoted(self) -> Stretches:
        return Stretches(self.quotations)

    @cached_property
    def quoted(self) -> bytearray:
        """By offset: whether it stands in quotation marks, 1 or 0."""
        found = bytearray(len(self.text))
        for start, end in self.quotations:
            found[start:end] = b"\1" * (end - start)
        return found

    def quotations_in(self, place: Place) -> list[Place]:
        """Return the quotations that lie in a stretch."""
        found = self._quoted.within(*place)
        return self.quotations[found.start : found.stop]

    def quotations_from(self, place: Place) -> list[Place]:
        """Return the quotations that begin in a stretch."""
        found = self._quoted.begun(*place)
        return self.quotations[found.start : found.stop]

    def sentences(self, paragraph: Place) -> list[Place]:
        """Return the sentences of a paragraph; a boundary inside quotation marks is none."""
        inside = Stretches(self.quotations_from(paragraph))
        joined: list[Place] = []
        for start, end in self._split(paragraph):
            if joined and inside.holds(start - 1, start + 1):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined

    def _split(self, paragraph: Place) -> list[Place]:
        if paragraph not in self._sentences:
            self._sentences[paragraph] = sentences(self.text, *paragraph)
        return self._sentences[paragraph]

    def words(self, place: Place) -> list[Word]:
        """Return the words of a stretch."""
        quoted = self.quoted
        return [
            Word(form, form.lower(), start, end, quoted[start] > 0) for form, start, end in tokens(self.text, *place)
        ]

    def label(self, paragraph: Place) -> Place | None:
        """Return a transcript label that opens a paragraph ("MINISTER:"), without its colon."""
        match = _LABEL.match(self.text, *paragraph)
        return (match.start(), match.end()) if match else None

    @cached_property
    def transcript(self) -> bool:
        """Whether at least three paragraphs open with a label."""
        return sum(self.label(paragraph) is not None for paragraph in self.paragraphs) >= 3

    @cached_property
    def authored(self) -> bool:
        """Whether the author speaks: many sentences in the first person outside quotation marks."""
        places = [place for paragraph in self.paragraphs for place in self._split(paragraph)]
        starts = Stretches(m.span() for m in _FIRST_PERSON.finditer(self.text) if not self.quoted[m.start()])
        spoken = sum(bool(begins) for begins in (starts.begun(*place) for place in places))
        return not self.transcript and spoken >= _AUTHORED * max(1, len(places))
