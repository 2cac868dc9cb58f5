"""Texts as columns: every attribute is an array over the tokens of all texts."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from communique.quotation import quotations
from communique.tokens import paragraphs, pieces, sentences, tokens

Column = NDArray[np.int64]


@dataclass(frozen=True)
class Pages:
    """Tokens of texts.

    Attributes
    ----------
    forms : list of str
        Distinct word forms.
    form : array of int
        Per token: number of its form.
    start, end : array of int
        Per token: code points in its text, half-open.
    document, paragraph, sentence : array of int
        Per token: number of its text, of its paragraph and of its sentence, over all texts, ascending.
    opened, closed : array of int
        Per token: the tokens that open and close the quotation it stands in, -1 outside; an unclosed one ends with its
        paragraph.
    """

    forms: list[str]
    form: Column
    start: Column
    end: Column
    document: Column
    paragraph: Column
    sentence: Column
    opened: Column
    closed: Column

    def bounds(self, some: NDArray[np.bool] | slice = slice(None)) -> Column:
        """Return the first token of each paragraph, and the number of tokens; if wanted, of some tokens alone."""
        paragraph = self.paragraph[some]
        return np.append(np.flatnonzero(np.diff(paragraph, prepend=-1)), len(paragraph))


def pages(texts: Sequence[str]) -> Pages:
    """Return the tokens of texts.

    Parameters
    ----------
    texts : sequence of str
        Any.
    """
    known: dict[str, int] = {}
    words, begins, quoted = array("q"), array("q"), array("q")
    for paragraph, (number, origin, text, place) in enumerate(_paragraphs(texts)):
        for word, a, b in chain.from_iterable(tokens(text, *piece) for piece in pieces(text, *place)):
            words.extend((known.setdefault(word, len(known)), a, b, origin + a, number, paragraph))
        begins.extend(origin + start for start in (place[0], *(start for start, _ in sentences(text, *place))))
        quoted.extend(origin + edge for edge in chain.from_iterable(quotations(text, *place)))
    form, start, end, at, document, counted = np.array(words, np.int64).reshape(-1, 6).T.copy()
    opened, closed = _quotations(at, np.array(quoted, np.int64).reshape(-1, 2))
    return Pages(
        forms=list(known),
        form=form,
        start=start,
        end=end,
        document=document,
        paragraph=np.unique(counted, return_inverse=True)[1],
        sentence=np.searchsorted(np.unique(begins), at, side="right"),
        opened=opened,
        closed=closed,
    )


def _paragraphs(texts: Sequence[str]) -> Iterator[tuple[int, int, str, tuple[int, int]]]:
    """Yield paragraphs: number of the text, where it begins if texts stand one after the other, text, place in it."""
    origin = 0
    for number, text in enumerate(texts):
        yield from ((number, origin, text, place) for place in paragraphs(text))
        origin += len(text) + 1


def _quotations(at: Column, quoted: Column) -> tuple[Column, Column]:
    """Return, per token, the first and the last token of its quotation; both are places over all texts."""
    opened, closed = (np.full(len(at), -1) for _ in range(2))
    for first, stop in np.searchsorted(at, quoted).tolist():
        opened[first:stop], closed[first:stop] = first, stop - 1
    return opened, closed


def hashed(words: Sequence[str]) -> Column:
    """Return a number of 56 bits for each word, the same on every machine."""
    known = {word: int.from_bytes(blake2b(word.encode(), digest_size=7).digest(), "little") for word in set(words)}
    return np.fromiter(map(known.__getitem__, words), np.int64, len(words))


def mixed(*columns: Column) -> Column:
    """Return one number for each row of columns, in which their order counts."""
    total = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        total = (total ^ column.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        total ^= total >> np.uint64(29)
    return total.astype(np.int64)
