"""Columns as numbered features: what occurs too seldom to be learnt from has no number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from communique.baselines.crf.pages import Column
from communique.baselines.crf.tables import Scores

NONE = -1
"""Number of a value that is no feature."""


@dataclass(frozen=True)
class Numbered:
    """Features of tokens.

    Attributes
    ----------
    keys : sequence of (array of int)
        Per column: the values that are features, ascending. They are numbered from 0, column after column.
    rows : sequence of (array of int)
        Per column, per token: the number of its value, or `NONE`.
    """

    keys: Sequence[Column]
    rows: Sequence[NDArray[np.int32]]

    @property
    def size(self) -> int:
        """Number of features."""
        return sum(map(len, self.keys))

    def beside(self, columns: Iterable[Column], least: int) -> Self:
        """Return these features and, after them, those of more columns.

        Parameters
        ----------
        columns : iterable of (array of int)
            Looked at one after the other.
        least : int
            Tokens that must have a value for it to be a feature.
        """
        keys, rows, size = list(self.keys), list(self.rows), self.size
        for column in columns:
            found, place, counts = np.unique(column, return_inverse=True, return_counts=True)
            often = counts >= least
            numbers = np.where(often, size + np.cumsum(often) - 1, NONE).astype(np.int32)
            keys.append(found[often])
            rows.append(numbers[place])
            size += len(keys[-1])
        return type(self)(keys, rows)

    def scores(self, weights: Scores, tokens: NDArray[np.bool]) -> Scores:
        """Return the summed weights of some tokens.

        Parameters
        ----------
        weights : array of float, shape (features, tags)
            By number.
        tokens : array of bool
            Those that are wanted.
        """
        closed = np.concatenate((weights, np.zeros((1, weights.shape[1]), weights.dtype)))
        total = np.zeros((int(tokens.sum()), weights.shape[1]), weights.dtype)
        for row in self.rows:
            total += closed[row[tokens]]
        return total
