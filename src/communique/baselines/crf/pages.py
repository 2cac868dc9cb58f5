"""Texts as columns: every attribute is an array over the tokens of all texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from communique.tokens import paragraphs, tokens

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

    def bounds(self) -> Column:
        """Return the first token of each paragraph, and the number of tokens."""
        return np.concatenate((np.flatnonzero(np.diff(self.paragraph, prepend=-1)), [len(self.form)]))


def pages(texts: Sequence[str]) -> Pages:
    """Return the tokens of texts.

    Parameters
    ----------
    texts : sequence of str
        Any.
    """
    parts = [(number, tokens(text, *place)) for number, text in enumerate(texts) for place in paragraphs(text)]
    parts = [(number, words) for number, words in parts if words]
    words = list(chain.from_iterable(words for _, words in parts))
    known: dict[str, int] = {}
    form = np.fromiter((known.setdefault(word, len(known)) for word, _, _ in words), np.int64, len(words))
    sizes = [len(found) for _, found in parts]
    paragraph = np.repeat(np.arange(len(parts)), sizes)
    forms = list(known)
    opened, closed = _quotations(forms, form, paragraph)
    return Pages(
        forms=forms,
        form=form,
        start=np.fromiter(map(itemgetter(1), words), np.int64, len(words)),
        end=np.fromiter(map(itemgetter(2), words), np.int64, len(words)),
        document=np.repeat(np.array([number for number, _ in parts], np.int64), sizes),
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
