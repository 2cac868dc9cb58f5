"""Texts as columns: every attribute is an array over the tokens of all texts."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from communique.tokens import paragraphs, pieces, tokens

Column = NDArray[np.int64]
_CLOSING = {"“": "”", '"': '"', "„": "“", "«": "»", "''": "''", "``": "''"}
_ENDS = frozenset(".?!")


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
    words = array("q")
    sizes: list[tuple[int, int]] = []
    for number, text in enumerate(texts):
        for place in paragraphs(text):
            before = len(words)
            for word, start, end in chain.from_iterable(tokens(text, *piece) for piece in pieces(text, *place)):
                words.extend((known.setdefault(word, len(known)), start, end))
            sizes.append((number, (len(words) - before) // 3))
    form, starts, ends = np.array(words, np.int64).reshape(-1, 3).T.copy()
    numbers, lengths = np.array([size for size in sizes if size[1]], np.int64).reshape(-1, 2).T
    paragraph = np.repeat(np.arange(len(lengths)), lengths)
    forms = list(known)
    opened, closed = _quotations(forms, form, paragraph)
    return Pages(
        forms=forms,
        form=form,
        start=starts,
        end=ends,
        document=np.repeat(numbers, lengths),
        paragraph=paragraph,
        sentence=_sentences(forms, form, paragraph),
        opened=opened,
        closed=closed,
    )


def _sentences(forms: list[str], form: Column, paragraph: Column) -> Column:
    """Number sentences: one ends at a full stop before a capital letter or a quotation mark."""
    stops = np.array([word in _ENDS for word in forms], bool)[form]
    opens = np.array([word[0].isupper() or word in _CLOSING for word in forms], bool)[form]
    first = np.diff(paragraph, prepend=-1) != 0
    first[1:] |= stops[:-1] & opens[1:]
    return np.cumsum(first) - 1


def _quotations(forms: list[str], form: Column, paragraph: Column) -> tuple[Column, Column]:
    """Pair quotation marks within paragraphs; two single marks side by side are one double mark."""
    opened, closed = (np.full(len(form), -1) for _ in range(2))
    marks = _marks(forms, form, paragraph)
    ends = np.searchsorted(paragraph, np.arange(len(form) and paragraph[-1] + 1), side="right").tolist()
    at = 0
    while at < len(marks):
        start, _, mark = marks[at]
        at += 1
        if mark not in _CLOSING:
            continue
        end = ends[paragraph[start]]
        partner = next((k for k in range(at, len(marks)) if marks[k][0] >= end or marks[k][2] == _CLOSING[mark]), None)
        stop = marks[partner][1] if partner is not None and marks[partner][0] < end else end
        opened[start:stop], closed[start:stop] = start, stop - 1
        at = next((k for k in range(at, len(marks)) if marks[k][0] >= stop), len(marks))
    return opened, closed


def _marks(forms: list[str], form: Column, paragraph: Column) -> list[tuple[int, int, str]]:
    """Return quotation marks as first token, last token + 1, and mark."""
    single = {number for number, word in enumerate(forms) if word in "'`"}
    double = {number for number, word in enumerate(forms) if word in _CLOSING or word in _CLOSING.values()}
    found: list[tuple[int, int, str]] = []
    for at in np.flatnonzero(np.isin(form, sorted(single | double))).tolist():
        if form[at] in double:
            found.append((at, at + 1, forms[form[at]]))
        elif found and found[-1][1] > at:
            continue
        elif at + 1 < len(form) and form[at + 1] == form[at] and paragraph[at + 1] == paragraph[at]:
            found.append((at, at + 2, forms[form[at]] * 2))
    return found


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
