"""Linear-chain conditional random fields: trained by CRFsuite, run as tables of weights.

A feature is a column and a number in it. Its weights stand in a table per column, sorted by that number, so that the
scores of all tokens of many texts are looked up at once, and the best tags of all paragraphs are found side by side.
"""

import ctypes
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np

from communique.baselines.crf.pages import Column
from communique.baselines.crf.tables import Scores, Tables

LABELS = "OBI"
_EDGED = "OBIES"
"""Tags as learned, which tell ends (E) and fragments of one token (S) apart."""
_PLAIN = np.array([0, 1, 2, 2, 1])
"""By tag as learned: its number in `LABELS`."""
_FOLLOW = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}
_LONGEST = 2_000
"""Tokens of a sequence that is decoded at once."""
_OURS = ("algorithm", "seed", "share")
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


def train(columns: Sequence[Column], tags: Column, bounds: Column, trainings: Sequence[Mapping[str, Any]]) -> Tagger:
    """Train a model with CRFsuite, once or several times, and sum the weights.

    Parameters
    ----------
    columns : sequence of (array of int)
        Features of the tokens.
    tags : array of int
        Numbers of `LABELS`.
    bounds : array of int
        First token of each sequence, and the number of tokens.
    trainings : sequence of mapping
        ``algorithm`` of CRFsuite and what it takes, the ``seed`` by which it shuffles, and the ``share`` by which its
        weights are multiplied.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    numbers = [np.unique(column, return_inverse=True) for column in columns]
    names = [
        np.array([f"{count}:{row}" for row in range(len(found))], object) for count, (found, _) in enumerate(numbers)
    ]
    labels = np.array(list(_EDGED), object)[_edged(tags, bounds)]
    for first, end in pairwise(bounds.tolist()):
        rows = zip(*(name[row[first:end]].tolist() for name, (_, row) in zip(names, numbers, strict=True)), strict=True)
        trainer.append(list(map(list, rows)), labels[first:end].tolist())
    models = [(_trained(trainer, training), training["share"]) for training in trainings]
    return _summed(models, [found for found, _ in numbers])


def _trained(trainer: Any, training: Mapping[str, Any]) -> Any:
    import pycrfsuite

    trainer.select(training["algorithm"])
    trainer.set_params({name: value for name, value in training.items() if name not in _OURS})
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        _reseed(training["seed"])
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        with tagger.open(path):
            return tagger.info()


def _reseed(seed: int) -> None:
    """Start the C library's random numbers anew: by them CRFsuite shuffles, and they are shared by the process."""
    ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None).srand(seed)


def _edged(tags: Column, bounds: Column) -> Column:
    """Return tags as numbers of `_EDGED`, with ends where a fragment or its sequence ends."""
    after = np.append(tags[1:], 0)
    after[bounds[1:] - 1] = 0
    last = after != 2
    return np.select([tags == 0, (tags == 1) & last, tags == 1, last], [0, 4, 1, 3], 2)


def _summed(models: Sequence[tuple[Any, float]], numbers: Sequence[Column]) -> Tagger:
    weights = [np.zeros((len(found), len(_EDGED)), np.float32) for found in numbers]
    transitions = np.full((len(_EDGED), len(_EDGED)), NEVER, np.float32)
    for one, others in _FOLLOW.items():
        for other in others:
            total = sum(share * info.transitions.get((one, other), 0.0) for info, share in models)
            transitions[_EDGED.index(one), _EDGED.index(other)] = total
    for info, share in models:
        for (name, label), weight in info.state_features.items():
            column, row = map(int, name.split(":"))
            weights[column][row, _EDGED.index(label)] += share * weight
    return Tagger(Tables.of(numbers, weights), transitions)


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
