"""Linear-chain conditional random fields, run as tables of weights.

A feature is a column and a number in it. Its weights stand in a table per column, sorted by that number, so that the
scores of all tokens of many texts are looked up at once, and the best tags of all paragraphs are found side by side.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from communique.baselines.crf.pages import Column
from communique.baselines.crf.tables import Scores, Tables

LABELS = "OBI"
EDGED = "OBIES"
"""Tags as learned, which tell ends (E) and fragments of one token (S) apart."""
_PLAIN = np.array([0, 1, 2, 2, 1])
"""By tag as learned: its number in `LABELS`."""
FOLLOW = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}
_LONGEST = 2_000
"""Tokens of a sequence that is decoded at once."""
NEVER = -1e4
"""Score of a move from tag to tag that cannot be."""


@dataclass(frozen=True)
class Tagger:
    """Weights of one model.

    Attributes
    ----------
    tables : Tables
        Scores of the tags, which tell ends and fragments of one token apart.
    transitions : array of float, shape (tags, tags)
        Of a tag by the one before.
    lean : float
        Added to the score of the tag that begins a fragment, against the caution of a model that sees few.
    spare : float
        To be added besides, for fragments that stand only if something is linked to them; 0 for none of those.
    """

    tables: Tables
    transitions: Scores
    lean: float = 0.0
    spare: float = 0.0

    @classmethod
    def of(
        cls, keys: Sequence[Column], weights: Scores, transitions: Scores, lean: float = 0.0, spare: float = 0.0
    ) -> Self:
        """Return a model whose weights are given one after the other: a row for each of the keys of each column."""
        parts = np.split(weights, np.cumsum([len(found) for found in keys])[:-1])
        return cls(Tables.of(keys, parts), transitions, lean, spare)

    def tags(self, scores: Scores, bounds: Column, more: float = 0.0) -> Column:
        """Return the best tags, as numbers of `LABELS`.

        Parameters
        ----------
        scores : array of float, shape (tokens, tags)
            Of `tables`, for all columns of the training.
        bounds : array of int
            First token of each sequence, and the number of tokens.
        more : float, optional
            To lean further.
        """
        lean = np.where(_PLAIN == 1, self.lean + more, 0).astype(np.float32)
        return _PLAIN[best(scores + lean, self.transitions, bounds)]

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Return what is to be saved, by name."""
        own = {f"{name}/transitions": self.transitions, f"{name}/lean": np.array((self.lean, self.spare))}
        return self.tables.arrays(name) | own

    @classmethod
    def read(cls, arrays: Mapping[str, np.ndarray], name: str) -> Self:
        """Return the model that `arrays` was made of."""
        return cls(Tables.read(arrays, name), arrays[f"{name}/transitions"], *arrays[f"{name}/lean"].tolist())


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


def edged(tags: Column, bounds: Column) -> Column:
    """Return tags as numbers of `EDGED`, with ends where a fragment or its sequence ends."""
    after = np.append(tags[1:], 0)
    after[bounds[1:] - 1] = 0
    last = after != 2
    return np.select([tags == 0, (tags == 1) & last, tags == 1, last], [0, 4, 1, 3], 2)


def stretches(tags: Column, document: Column) -> Iterator[tuple[int, int]]:
    """Return the stretches of tokens that tags mark, half-open; one inside without a beginning begins one.

    Parameters
    ----------
    tags : array of int
        Numbers of `LABELS`.
    document : array of int
        Per token: number of its text; no stretch goes beyond one.
    """
    opening = np.diff(document, prepend=-1) != 0
    after_none = opening | (np.concatenate(([0], tags[:-1])) == 0)
    begins = np.flatnonzero((tags == 1) | ((tags == 2) & after_none))
    over = np.flatnonzero((tags != 2) | opening)
    ends = np.append(over, len(tags))[np.searchsorted(over, begins, side="right")]
    return zip(begins.tolist(), ends.tolist(), strict=True)
