"""Linear-chain conditional random fields: trained by CRFsuite, run as tables of weights.

A feature is a column and a number in it. Its weights stand in a table per column, sorted by that number, so that the
scores of all tokens of many texts are looked up at once, and the best tags of all paragraphs are found side by side.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np

from communique.baselines.crf.pages import Column
from communique.baselines.crf.tables import Scores, Tables

LABELS = "OBI"


@dataclass(frozen=True)
class Tagger:
    """Weights of one model.

    Attributes
    ----------
    tables : Tables
        Scores of the tags, in the order of `LABELS`.
    transitions : array of float, shape (`LABELS`, `LABELS`)
        Of a tag by the one before.
    lean : float
        Added to the score of the tag that begins a fragment, against the caution of a model that sees few.
    """

    tables: Tables
    transitions: Scores
    lean: float = 0.0

    def tags(self, columns: Iterable[Column], bounds: Column) -> Column:
        """Return the best tags, as numbers of `LABELS`.

        Parameters
        ----------
        columns : iterable of (array of int)
            As in training, in the same order.
        bounds : array of int
            First token of each sequence, and the number of tokens.
        """
        return best(self._leaning(self.tables.scores(columns)), self.transitions, bounds)

    def _leaning(self, scores: Scores) -> Scores:
        return scores + np.array([0, self.lean, 0], np.float32)

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Return what is to be saved, by name."""
        own = {f"{name}/transitions": self.transitions, f"{name}/lean": np.array(self.lean)}
        return self.tables.arrays(name) | own

    @classmethod
    def read(cls, arrays: Mapping[str, np.ndarray], name: str) -> Self:
        """Return the model that `arrays` was made of."""
        return cls(Tables.read(arrays, name), arrays[f"{name}/transitions"], float(arrays[f"{name}/lean"]))


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
    length = np.diff(bounds)
    order = np.argsort(-length, kind="stable")
    start, length = bounds[:-1][order], length[order]
    alive = np.searchsorted(-length, -np.arange(length.max(initial=0)))
    chosen = np.zeros((len(scores), scores.shape[1]), np.int64)
    reached = scores[start]
    for step, count in enumerate(alive[1:], 1):
        ways = reached[:count, :, None] + transitions
        chosen[start[:count] + step] = ways.argmax(axis=1)
        reached[:count] = ways.max(axis=1) + scores[start[:count] + step]
    tags = np.zeros(len(scores), np.int64)
    tag = reached.argmax(axis=1)
    for step in range(len(alive) - 1, -1, -1):
        here = start[: alive[step]] + step
        tags[here] = tag[: alive[step]]
        tag[: alive[step]] = chosen[here, tag[: alive[step]]]
    return tags


def train(columns: Sequence[Column], tags: Column, bounds: Column, parameters: Mapping[str, Any]) -> Tagger:
    """Train a model with CRFsuite (L-BFGS).

    Parameters
    ----------
    columns : sequence of (array of int)
        Features of the tokens.
    tags : array of int
        Numbers of `LABELS`.
    bounds : array of int
        First token of each sequence, and the number of tokens.
    parameters : mapping
        Of CRFsuite's L-BFGS training.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=dict(parameters), verbose=False)
    numbers = [np.unique(column, return_inverse=True) for column in columns]
    names = [
        np.array([f"{count}:{row}" for row in range(len(found))], object) for count, (found, _) in enumerate(numbers)
    ]
    labels = np.array(list(LABELS), object)
    for first, end in pairwise(bounds.tolist()):
        rows = zip(*(name[row[first:end]].tolist() for name, (_, row) in zip(names, numbers, strict=True)), strict=True)
        trainer.append(list(map(list, rows)), labels[tags[first:end]].tolist())
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        with tagger.open(path):
            return _read(tagger.info(), [found for found, _ in numbers])


def _read(info: Any, numbers: Sequence[Column]) -> Tagger:
    weights = [np.zeros((len(found), len(LABELS)), np.float32) for found in numbers]
    for (name, label), weight in info.state_features.items():
        column, row = map(int, name.split(":"))
        weights[column][row, LABELS.index(label)] = weight
    transitions = np.zeros((len(LABELS), len(LABELS)), np.float32)
    for (one, other), weight in info.transitions.items():
        transitions[LABELS.index(one), LABELS.index(other)] = weight
    return Tagger(Tables.of(numbers, weights), transitions)


def stretches(tags: Column, document: Column) -> Iterator[tuple[int, int]]:
    """Yield the stretches of tokens that tags mark, half-open; one inside without a beginning begins one.

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
    for first in begins.tolist():
        after = np.searchsorted(over, first, side="right")
        yield first, int(over[after]) if after < len(over) else len(tags)
