"""Find quoted words in a text: dashes, dots, marks, white space and what is not seen may differ, words not."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from communique.problems import CommuniqueError
from communique.quotes.folding import Folded, folded
from communique.quotes.records import Quotable, Quote

Stretch = tuple[tuple[int, int], ...]
_KEPT = 1_000_000
"""Fragments of occurrences that a text remembers."""
_CONTINUED = 100_000
"""Fragments, in all, of the occurrences that are looked at of a quote in several fragments."""


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
        self._folded = Folded(text)
        self._found: dict[tuple[str, ...], list[Stretch]] = {}
        self._kept = 0

    def line_of(self, offset: int) -> int:
        """Return the line, counted from 1, on which a code point offset stands."""
        return bisect_right(self._starts, offset)

    def find(self, words: str) -> list[tuple[int, int]]:
        """Return where words occur, whole words before parts of words, as code points, half-open."""
        return [stretch[0] for stretch in self.stretches((words,))]

    def stretches(self, fragments: tuple[str, ...]) -> list[Stretch]:
        """Return where words occur, each fragment at its first place after the one before; ends are in order too."""
        if fragments in self._found:
            return self._found[fragments]
        found: list[Stretch] = []
        found += self._continued(fragments) if len(fragments) > 1 else ((hit,) for hit in self._hits(fragments[0]))
        self._kept += len(found) * len(fragments)
        if self._kept > _KEPT:
            self._found, self._kept = {}, len(found) * len(fragments)
        self._found[fragments] = found
        return found

    def _continued(self, fragments: tuple[str, ...]) -> list[Stretch]:
        first, *others = (self.stretches((words,)) for words in fragments)
        found = ([stretch[0]] for stretch in first[: _CONTINUED // len(fragments) + 1])
        return [tuple(stretch) for stretch in found if all(_follows(stretch, hits) for hits in others)]

    def _hits(self, words: str) -> list[tuple[int, int]]:
        wanted = folded(words).strip()
        found = [(at, at + len(wanted)) for at in _occurrences(wanted, self._folded.text)]
        if wanted[:1].isalnum() or wanted[-1:].isalnum():
            found = [hit for hit in found if self._whole(*hit)] or found
        return [place for hit in found if (place := self._folded.place(*hit))]

    def _whole(self, start: int, end: int) -> bool:
        return not (_inside_word(self._folded.text, start) or _inside_word(self._folded.text, end))

    def on_line(self, found: Sequence[Stretch], line: int) -> Sequence[Stretch]:
        """Return those of `stretches` that touch a line."""
        if line > len(self._starts):
            return ()
        end = self._starts[line] if line < len(self._starts) else len(self.text) + 1
        return found[bisect_right(found, self._starts[line - 1], key=_end) : bisect_left(found, end, key=_start)]


def _follows(stretch: list[tuple[int, int]], hits: Sequence[Stretch]) -> bool:
    """Lengthen a stretch by the first of the hits after it, if there is one."""
    at = bisect_left(hits, stretch[-1][1], key=_start)
    stretch += hits[at] if at < len(hits) else ()
    return at < len(hits)


def _start(stretch: Stretch) -> int:
    return stretch[0][0]


def _end(stretch: Stretch) -> int:
    return stretch[-1][1]


def _occurrences(wanted: str, text: str) -> Iterator[int]:
    """Yield where words stand, overlapping ones as well, each letter compared a few times at most."""
    period = (wanted + wanted).find(wanted, 1)
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        again = text.startswith(wanted[-period:], at + len(wanted))
        at = at + period if again else text.find(wanted, at + 1)


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def as_quote(value: Quotable) -> Quote:
    """Return any quotable value as a Quote."""
    return value if isinstance(value, Quote) else Quote(quote=value)


def _fragments(quote: Quote) -> tuple[str, ...]:
    return (quote.quote,) if isinstance(quote.quote, str) else tuple(quote.quote)


def candidates(text: Text, value: Quotable, line: int | None = None) -> Sequence[Stretch]:
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
    sequence of tuple of (int, int)
        Fragments, code points, half-open, sorted by position.

    Raises
    ------
    AlignmentError
        The quote does not stand in the text, or not where it says.
    """
    quote = as_quote(value)
    found = text.stretches(_fragments(quote))
    if not found:
        raise AlignmentError(f"not in the text: {quote.quote!r}; quote the words as they stand there")
    wanted = quote.at or line
    near = text.on_line(found, wanted) if wanted else found
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
