"""Tags of tokens decoded: the best ones of all sequences side by side, and the stretches that they mark."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from communique.baselines.shared.token_table import Column

Scores = NDArray[np.float32]
LABELS = "OBI"
NEVER = -1e4
"""Score of a move from tag to tag that cannot be."""
_LONGEST = 2_000
"""Tokens of a sequence that is decoded at once."""


def best(scores: Scores, transitions: Scores, bounds: Column) -> Column:
    """Return the tags of greatest total score (Viterbi 1967), all sequences side by side.

    Parameters
    ----------
    scores : array of float, shape (tokens, tags)
        Of each token.
    transitions : array of float, shape (tags, tags)
        Of a tag by the one before.
    bounds : array of int
        First token of each sequence, and the number of tokens.
    """
    bounds = _cut(bounds)
    length = np.diff(bounds)
    order = np.argsort(-length, kind="stable")
    start, length = bounds[:-1][order], length[order]
    alive = np.searchsorted(-length, -np.arange(length.max(initial=0)))
    chosen = np.zeros((len(scores), scores.shape[1]), np.int8)
    reached = scores[start]
    for step, count in enumerate(alive[1:], 1):
        here = start[:count] + step
        most, chosen[here] = _most(reached[:count], transitions)
        reached[:count] = most + scores[here]
    tags = np.zeros(len(scores), np.int64)
    tag = reached.argmax(axis=1)
    for step in range(len(alive) - 1, -1, -1):
        here = start[: alive[step]] + step
        tags[here] = tag[: alive[step]]
        tag[: alive[step]] = chosen[here, tag[: alive[step]]]
    return tags


def _cut(bounds: Column) -> Column:
    """Cut sequences that are longer than any paragraph, so that they are decoded side by side."""
    further = (np.arange(start + _LONGEST, end, _LONGEST) for start, end in pairwise(bounds.tolist()))
    return np.sort(np.concatenate((bounds, *(cuts for cuts in further if len(cuts)))))


def _most(reached: Scores, transitions: Scores) -> tuple[Scores, np.ndarray]:
    """Return for each tag the greatest score on a way to it, and the tag before; without a loop over sequences."""
    most = reached[:, :1] + transitions[0]
    tag = np.zeros(most.shape, np.int8)
    for before in range(1, len(transitions)):
        other = reached[:, before, None] + transitions[before]
        tag[other > most] = before
        np.maximum(most, other, out=most)
    return most, tag


def stretches(tags: Column, document: Column) -> Iterator[tuple[int, int]]:
    """Return the stretches of tokens that tags mark, half-open; one inside without a beginning begins one.

    Parameters
    ----------
    tags : array of int
        Numbers of `LABELS`.
    document : array of int
        Per token: number of its text, or of its sentence; no stretch goes beyond one.
    """
    opening = np.diff(document, prepend=-1) != 0
    after_none = opening | (np.concatenate(([0], tags[:-1])) == 0)
    begins = np.flatnonzero((tags == 1) | ((tags == 2) & after_none))
    over = np.flatnonzero((tags != 2) | opening)
    ends = np.append(over, len(tags))[np.searchsorted(over, begins, side="right")]
    return zip(begins.tolist(), ends.tolist(), strict=True)
