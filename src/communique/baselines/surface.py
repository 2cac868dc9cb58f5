"""What a text shows on its surface: quotations, transcript labels, words with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from communique.baselines.frames import Place
from communique.tokens import paragraphs, sentences, tokens

_OPEN = {"“": "”", '"': '"', "„": "“", "«": "»"}
_LABEL = re.compile(r"(?:[A-ZÀ-ÞĀ-Ž][\w.’'-]*[ ]?){1,5}(?:\([^)]*\))?(?=: )")
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|my|My|us|the Parties|The Parties)\b")
_AUTHORED = 0.3
"""Share of sentences in the first person above which a text without transcript labels speaks for its author."""


@dataclass(frozen=True)
class Word:
    """A token: its form, its place, and whether it stands in quotation marks."""

    form: str
    start: int
    end: int
    quoted: bool

    @property
    def lower(self) -> str:
        """The form in lower case."""
        return self.form.lower()


class Surface:
    """A text with what its surface shows, each found once."""

    def __init__(self, text: str):
        self.text = text
        self.paragraphs = paragraphs(text)

    @cached_property
    def quotations(self) -> list[Place]:
        """Stretches from quotation mark to quotation mark, both in; an unclosed one ends with its paragraph."""
        return [place for paragraph in self.paragraphs for place in self._quotations(*paragraph)]

    def _quotations(self, start: int, end: int) -> Iterator[Place]:
        at = start
        while at < end:
            closing = _OPEN.get(self.text[at])
            if closing is None:
                at += 1
                continue
            found = self.text.find(closing, at + 1, end)
            stop = found + 1 if found >= 0 else end
            yield at, stop
            at = stop

    def quoted(self, at: int) -> bool:
        """Say whether an offset stands in quotation marks."""
        return any(start <= at < end for start, end in self.quotations)

    def sentences(self, paragraph: Place) -> list[Place]:
        """Return the sentences of a paragraph; a boundary inside quotation marks is none."""
        inside = [place for place in self.quotations if paragraph[0] <= place[0] < paragraph[1]]
        joined: list[Place] = []
        for start, end in sentences(self.text, *paragraph):
            if joined and any(s < start < e for s, e in inside):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined

    def words(self, place: Place) -> list[Word]:
        """Return the words of a stretch."""
        return [Word(form, start, end, self.quoted(start)) for form, start, end in tokens(self.text, *place)]

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
        places = [place for paragraph in self.paragraphs for place in sentences(self.text, *paragraph)]
        first = [m for m in _FIRST_PERSON.finditer(self.text) if not self.quoted(m.start())]
        spoken = sum(any(start <= m.start() < end for m in first) for start, end in places)
        return not self.transcript and spoken >= _AUTHORED * max(1, len(places))
