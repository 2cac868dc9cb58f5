"""Texts cut into windows of word pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from communique.baselines.shared.token_table import Column, Pages

_LONGEST_WORD = 16
"""Pieces; of a longer word (an address, a run of signs) only the first count."""
IDS_ALONE = {"return_attention_mask": False, "return_token_type_ids": False}
"""For a tokenizer: to return nothing but what is asked of it, in a quarter of the time."""
_CASES = 5
MARKS = 1 + 2 * _CASES
"""Numbers that `Pieces.mark` may have."""


@dataclass(frozen=True)
class Window:
    """Consecutive tokens of one text, half-open.

    Attributes
    ----------
    first, end : int
        Tokens that are read.
    low, high : int
        Tokens whose tags are taken from this window: of windows that overlap each has the half it knows better.
    """

    first: int
    end: int
    low: int
    high: int


@dataclass(frozen=True)
class Pieces:
    """Word pieces of the tokens of texts.

    Attributes
    ----------
    ids : array of int
        Of all tokens, one after the other.
    mark : array of int
        Per piece: what a vocabulary may not tell of its word, its case and whether it stands in a quotation; from 1.
    offset : array of int, shape (tokens + 1,)
        Where the pieces of a token begin.
    before, after : list of int
        Special pieces around every window.
    padding : int
        Piece that fills short windows.
    """

    ids: Column
    mark: Column
    offset: Column
    before: list[int]
    after: list[int]
    padding: int

    def of(self, window: Window) -> list[int]:
        """Return the pieces of a window, special ones included."""
        return [*self.before, *self._inside(self.ids, window), *self.after]

    def marks(self, window: Window) -> list[int]:
        """Return the marks of the pieces of a window, 0 for special ones."""
        return [*[0] * len(self.before), *self._inside(self.mark, window), *[0] * len(self.after)]

    def _inside(self, column: Column, window: Window) -> list[int]:
        found: list[int] = column[self.offset[window.first] : self.offset[window.end]].tolist()
        return found


def pieces(table: Pages, tokenizer: Any) -> Pieces:
    """Cut tokens into word pieces, each by itself.

    Parameters
    ----------
    table : Pages
        The tokens.
    tokenizer : transformers.PreTrainedTokenizerBase
        Of the checkpoint.
    """
    forms = [f" {form}" for form in table.forms]
    found = tokenizer(forms, add_special_tokens=False, **IDS_ALONE)["input_ids"] if forms else []
    words = [ids[:_LONGEST_WORD] or [tokenizer.unk_token_id] for ids in found]
    special = tokenizer("")["input_ids"]
    sizes = np.array([len(words[form]) for form in table.form.tolist()], np.int64)
    ids = np.array([number for form in table.form.tolist() for number in words[form]], np.int64)
    mark = np.repeat(_marks(table), sizes)
    offset = np.concatenate(([0], np.cumsum(sizes)))
    return Pieces(ids, mark, offset, special[:1], special[1:], tokenizer.pad_token_id or 0)


def _marks(table: Pages) -> Column:
    cases = np.array([_case(form) for form in table.forms], np.int64)[table.form]
    return 1 + cases + _CASES * (table.opened >= 0)


def _case(form: str) -> int:
    """Return 0 for signs, 1 in lower case, 2 in upper case, 3 with a capital first, 4 for anything else."""
    tests = (not form.isalpha() and not form[0].isalnum(), form.islower(), form.isupper(), form.istitle())
    return tests.index(True) if True in tests else _CASES - 1


def windows(table: Pages, cut: Pieces, size: int, overlap: int) -> list[Window]:
    """Pack paragraphs of one text into windows; a paragraph that fits in none is cut into overlapping ones.

    Parameters
    ----------
    table : Pages
        The tokens.
    cut : Pieces
        Their word pieces.
    size, overlap : int
        Pieces of a window, special ones included, and pieces that two windows of a paragraph share.
    """
    room = size - len(cut.before) - len(cut.after)
    found: list[Window] = []
    for first, end in pairwise(table.bounds().tolist()):
        last = found[-1] if found else None
        if last and table.document[last.first] == table.document[first] and _fits(cut, last.first, end, room):
            found[-1] = Window(last.first, end, last.low, end)
        else:
            found += _parts(cut, first, end, room, overlap)
    return found


def _fits(cut: Pieces, first: int, end: int, room: int) -> bool:
    return bool(cut.offset[end] - cut.offset[first] <= room)


def _parts(cut: Pieces, first: int, end: int, room: int, overlap: int) -> Iterator[Window]:
    low = first
    while not _fits(cut, first, end, room):
        stop = int(np.searchsorted(cut.offset, cut.offset[first] + room, side="right")) - 1
        after = max(first + 1, int(np.searchsorted(cut.offset, cut.offset[stop] - overlap)))
        yield Window(first, stop, low, (after + stop) // 2)
        first, low = after, (after + stop) // 2
    yield Window(first, end, low, end)


def by_length(found: Sequence[Window], cut: Pieces, batch: int, noise: Column) -> list[list[Window]]:
    """Return batches of windows of about the same length.

    Parameters
    ----------
    found : sequence of Window
        The windows.
    cut : Pieces
        Their word pieces.
    batch : int
        Windows of a batch.
    noise : array of int
        Per window: added to its length, so that batches differ.
    """
    lengths = np.array([cut.offset[window.end] - cut.offset[window.first] for window in found], np.int64)
    ordered = [found[number] for number in np.argsort(lengths + noise, kind="stable")]
    return [ordered[at : at + batch] for at in range(0, len(ordered), batch)]


def together(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Yield the numbers of sequences to be read together, the longest first.

    Parameters
    ----------
    lengths : sequence of int
        Pieces of each sequence.
    most : int
        Pieces that are read together, each sequence padded to the longest; one that is longer is read alone.
    """
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * lengths[batch[0]] > most:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
