"""Measures of how a text is written, from its words alone.

A word is a run of letters, with hyphens and apostrophes inside it; numbers are none. A sentence is one of
`communique.tokens.sentences`, which leaves quotations whole, cut once more: after a full stop that follows a word of
four letters, after "?" or "!", or after a closing quotation mark that follows one of the three, before a capital.
"""

import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from communique.baselines.surface import Surface
from communique.labels import Genre
from communique.records import Document
from communique.tokens import sentences

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
SNIPPET = 8
"""Words of a short quotation, at most."""
_CUT = re.compile(r"(?:(?<=[^\W\d_]{4}\.)|(?<=[?!])|(?<=[.!?][”\"’]))\s+(?=[“\"‘]?(\w))")
_NUMBER = re.compile(r"(?<!\d)(?<!\d[.,:/])\d\d(?!\d|[.,:/]\d)")
_ASKING = re.compile(r"q(?:uestion)?|reporter|journalist|press", re.IGNORECASE)
_FORMULA = re.compile(
    r"""\b(?:
    (?:re)?affirm\w*|reiterat\w*|underlin\w*|underscor\w*|emphasi[sz]\w*|stress(?:es|ed|ing)|recall(?:s|ed|ing)
    |recogni[sz](?:es?|ed|ing)|acknowledg(?:es?|ed|ing)|not(?:es?|ed|ing)\ (?:with|that|the)|t(?:akes?|aking|ook)\ note
    |welcom(?:es?|ed|ing)|commend(?:s|ed|ing)?|applaud\w*|pays?\ tribute|deplor(?:es?|ed|ing)
    |express(?:es|ed|ing)?\ (?:\w+\ ){0,2}(?:appreciation|commitment|concern|condolences|gratitude|hope|readiness|regret
        |satisfaction|solidarity|support)
    |(?:deep|grave|profound|serious)\ (?:concern|regret)|(?:deeply|gravely|seriously)\ (?:concerned|regrets?)
    |strongly\ condemns?|in\ the\ strongest(?:\ possible)?\ terms
    |call(?:s|ed|ing)?\ (?:up)?on|urg(?:es?|ed|ing)|appeals?\ to
    |(?:is|are)\ committed\ to|firm\ commitment|firmly\ (?:believes?|committed)
    |remains?\ (?:committed|convinced|ready|seized)|stands?\ ready|shared\ (?:commitment|interests?|view)
    |agreed\ (?:as\ follows|on|that|to)|exchanged?\ views|(?:both|the\ two)\ sides|(?:all|the|the\ two)\ parties
    |bilateral\w*|multilateral\w*|mutual\w*|cooperation|dialogue|constructive\w*|good\ (?:faith|offices)
    |in\ (?:accordance|conformity|line)\ with|pursuant\ to|without\ prejudice|with\ a\ view\ to
    |in\ this\ (?:connection|context|regard|spirit)|on\ the\ basis\ of|at\ the\ invitation\ of
    |(?:full|strict)\ respect|sovereignty|territorial\ integrity|international\ law|peace\ and\ security|peaceful\w*
    |restraint|(?:de-?)?escalation|implement\w*|obligations|the\ importance\ of|shall
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Set phrases of diplomacy."""


class Text:
    """A text with what is measured of it, found once.

    Parameters
    ----------
    text : str
        Stored form.
    genre : Genre
        Its genre.
    document : Document, optional
        Its annotation, if it has one.
    """

    def __init__(self, text: str, genre: Genre, document: Document | None = None):
        self.text, self.genre, self.document = text, genre, document
        self._surface = Surface(text)

    @cached_property
    def words(self) -> int:
        return length(self.text)

    @cached_property
    def sentences(self) -> list[int]:
        """Words of each sentence that has some."""
        lengths = (length(one) for whole in self._whole for text in whole for one in _cut(text))
        return [words for words in lengths if words]

    @cached_property
    def endings(self) -> list[int]:
        """Words of the last sentence of each paragraph that has words; a quotation stays whole."""
        return [words for whole in self._whole if whole and (words := length(whole[-1]))]

    @cached_property
    def _whole(self) -> list[list[str]]:
        places = (sentences(self.text, *paragraph) for paragraph in self._surface.paragraphs)
        return [[self.text[start:end] for start, end in paragraph] for paragraph in places]

    @cached_property
    def snippets(self) -> int:
        """Number of quotations between double marks of `SNIPPET` words at most."""
        quoted = (self.text[start:end] for start, end in self._surface.quotations)
        return sum(0 < length(quote) <= SNIPPET for quote in quoted if quote[0] in '“"')

    @cached_property
    def formulae(self) -> int:
        return sum(1 for _ in _FORMULA.finditer(self.text))

    @cached_property
    def numbers(self) -> list[str]:
        """Whole numbers of two digits; years, decimals and times are none."""
        return _NUMBER.findall(self.text)

    @cached_property
    def turns(self) -> list[tuple[bool, int]]:
        """Whether each turn of a transcript asks, and its words; what precedes the first question is left out."""
        turns: list[tuple[bool, int]] = []
        for start, end in self._surface.paragraphs:
            label = self._surface.label((start, end))
            asks = bool(label and _ASKING.match(self.text[slice(*label)]))
            words = length(self.text[label[1] if label else start : end])
            if label and (turns or asks):
                turns.append((asks, words))
            elif turns:
                turns[-1] = (turns[-1][0], turns[-1][1] + words)
        return turns


def length(text: str) -> int:
    """Return the number of words."""
    return sum(1 for _ in WORD.finditer(text))


def _cut(sentence: str) -> Iterator[str]:
    start = 0
    for found in _CUT.finditer(sentence):
        if found[1].isupper():
            yield sentence[start : found.start()]
            start = found.end()
    yield sentence[start:]


Figure = Callable[[Sequence[Text]], float | None]
"""What a measure is of texts, None where there is nothing to measure."""


def share(hits: int, of: int, factor: int = 100) -> float | None:
    return factor * hits / of if of else None


def percentile(tenth: int) -> Figure:
    def figure(texts: Sequence[Text]) -> float | None:
        lengths = [words for text in texts for words in text.sentences]
        return statistics.quantiles(lengths, n=10)[tenth - 1] if len(lengths) > 1 else None

    return figure


def sentence_share(fits: Callable[[int], bool]) -> Figure:
    return lambda texts: share(
        sum(fits(words) for text in texts for words in text.sentences), sum(len(text.sentences) for text in texts)
    )


def mean_length(*genres: Genre) -> Figure:
    """Return the mean number of words of texts of these genres, or of all."""

    def figure(texts: Sequence[Text]) -> float | None:
        lengths = [text.words for text in texts if not genres or text.genre in genres]
        return statistics.mean(lengths) if lengths else None

    return figure


def short_endings(texts: Sequence[Text]) -> float | None:
    return share(sum(words <= 7 for text in texts for words in text.endings), sum(len(text.endings) for text in texts))


def snippets(texts: Sequence[Text]) -> float | None:
    return share(sum(text.snippets for text in texts), sum(text.words for text in texts), 1000)


def formulae(texts: Sequence[Text]) -> float | None:
    return share(sum(text.formulae for text in texts), sum(text.words for text in texts), 1000)


def fives(texts: Sequence[Text]) -> float | None:
    numbers = [number for text in texts for number in text.numbers]
    return share(sum(number.endswith("5") for number in numbers), len(numbers))


def turn_length(asks: bool) -> Figure:
    """Return the mean words of the questions of briefings, or of their answers."""

    def figure(texts: Sequence[Text]) -> float | None:
        lengths = [words for text in texts if text.genre is Genre.BRIEFING for q, words in text.turns if q == asks]
        return statistics.mean(lengths) if lengths else None

    return figure
