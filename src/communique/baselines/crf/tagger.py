"""Linear-chain conditional random fields, run as tables of weights.

A feature is a column and a number in it. Its weights stand in a table per column, sorted by that number, so that the
scores of all tokens of many texts are looked up at once, and the best tags of all paragraphs are found side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from communique.baselines.crf.weights import Scores, Tables
from communique.baselines.shared.decoding import best
from communique.baselines.shared.token_table import Column

EDGED = "OBIES"
"""Tags as learned, which tell ends (E) and fragments of one token (S) apart."""
_PLAIN = np.array([0, 1, 2, 2, 1])
"""By tag as learned: its number in `LABELS`."""
FOLLOW = {"O": "OBS", "B": "IE", "I": "IE", "E": "OBS", "S": "OBS"}


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


def edged(tags: Column, bounds: Column) -> Column:
    """Return tags as numbers of `EDGED`, with ends where a fragment or its sequence ends."""
    after = np.append(tags[1:], 0)
    after[bounds[1:] - 1] = 0
    last = after != 2
    return np.select([tags == 0, (tags == 1) & last, tags == 1, last], [0, 4, 1, 3], 2)
