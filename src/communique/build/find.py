"""Find quoted words in a text: dashes, quotation marks and white space may differ, words may not."""

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property

from communique.problems import CommuniqueError
from communique.quotes import Quotable, Quote

Stretch = tuple[tuple[int, int], ...]
_FOLD = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "―": "-", "−": "-"})


class AlignmentError(CommuniqueError):
    """A quote that does not stand in the text."""


class Text:
    """A text prepared for finding quotes in it.

    Parameters
    ----------
    text : str
        Stored text of the document.
    """

    def __init__(self, text: str):
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._pieces = list(re.finditer(r"\s+|\S", text))

    @cached_property
    def _folded(self) -> str:
        return "".join(" " if piece[0].isspace() else piece[0].translate(_FOLD) for piece in self._pieces)

    def line_of(self, offset: int) -> int:
        """Return the line, counted from 1, on which a code point offset stands."""
        return bisect_right(self._starts, offset)

    def find(self, words: str) -> list[tuple[int, int]]:
        """Return where words occur, whole words before parts of words, as code points, half-open."""
        wanted = " ".join(unicodedata.normalize("NFC", words).split()).translate(_FOLD)
        if not wanted:
            return []
        hits = [
            self._unfold(match.start(), len(wanted)) for match in re.finditer(f"(?={re.escape(wanted)})", self._folded)
        ]
        return [hit for hit in hits if self._whole(*hit)] or hits

    def _unfold(self, at: int, length: int) -> tuple[int, int]:
        return self._pieces[at].start(), self._pieces[at + length - 1].end()

    def _whole(self, start: int, end: int) -> bool:
        return not (_inside_word(self.text, start) or _inside_word(self.text, end))


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def as_quote(value: Quotable) -> Quote:
    """Return any quotable value as a Quote."""
    return value if isinstance(value, Quote) else Quote(quote=value)


def _fragments(quote: Quote) -> tuple[str, ...]:
    return (quote.quote,) if isinstance(quote.quote, str) else tuple(quote.quote)


def candidates(text: Text, value: Quotable, line: int | None = None) -> list[Stretch]:
    """Return every stretch of a text that a quote may mean.

    Parameters
    ----------
    text : Text
        The text.
    value : Quotable
        The quote; its own ``at`` and ``nth`` decide.
    line : int, optional
        Line to prefer where the quote names none.

    Returns
    -------
    list of tuple of (int, int)
        Fragments, code points, half-open, sorted by position.

    Raises
    ------
    AlignmentError
        The quote does not stand in the text, or not where it says.
    """
    quote = as_quote(value)
    found = [stretch for first in text.find(_fragments(quote)[0]) if (stretch := _continue(text, quote, first))]
    if not found:
        raise AlignmentError(f"not in the text: {quote.quote!r}; quote the words as they stand there")
    near = [s for s in found if _touches(text, s, quote.at or line)] if quote.at or line else found
    if quote.at and not near:
        raise AlignmentError(
            f"not on line {quote.at}: {quote.quote!r}; it stands on line {text.line_of(found[0][0][0])}"
        )
    if quote.nth and quote.nth > len(near):
        raise AlignmentError(f"there are {len(near)} occurrences of {quote.quote!r}, not {quote.nth}")
    near = near or found
    return [near[quote.nth - 1]] if quote.nth else near


def quality(text: Text, value: Quotable, line: int | None = None) -> str:
    """Say how a quote is found: ``exact``, ``repaired``, ``ambiguous`` or ``invented``, as in `QuoteCounts`."""
    quote = as_quote(value)
    try:
        options = candidates(text, quote, line)
    except AlignmentError:
        return "invented"
    if len(options) > 1:
        return "ambiguous"
    words = tuple(text.text[start:end] for start, end in options[0])
    return "exact" if words == _fragments(quote) else "repaired"


def _continue(text: Text, quote: Quote, first: tuple[int, int]) -> Stretch | None:
    stretch = [first]
    for words in _fragments(quote)[1:]:
        after = [hit for hit in text.find(words) if hit[0] >= stretch[-1][1]]
        if not after:
            return None
        stretch.append(after[0])
    return tuple(stretch)


def _touches(text: Text, stretch: Stretch, line: int | None) -> bool:
    return line is None or text.line_of(stretch[0][0]) <= line <= text.line_of(stretch[-1][1] - 1)
