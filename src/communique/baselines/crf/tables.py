"""Linear models over columns of numbers: a table of weights for each column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from communique.baselines.crf.pages import Column

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Tables:
    """Weights by column and number.

    Attributes
    ----------
    keys : sequence of (array of int)
        Per column: the numbers that have weights, ascending.
    weights : sequence of (array of float)
        Per column, of shape (numbers + 1, labels); the last row, of zeros, is for all other numbers.
    """

    keys: Sequence[Column]
    weights: Sequence[Scores]

    @classmethod
    def of(cls, numbers: Sequence[Column], weights: Sequence[Scores]) -> Self:
        """Return tables without the numbers whose weights are all zero; one row of weights for each number."""
        kept = [np.flatnonzero(table.any(axis=1)) for table in weights]
        return cls(
            keys=[found[rows] for found, rows in zip(numbers, kept, strict=True)],
            weights=[_closed(table[rows]) for table, rows in zip(weights, kept, strict=True)],
        )

    def scores(self, columns: Iterable[Column]) -> Scores:
        """Return the summed weights of each row, shape (rows, labels)."""
        parts = self._parts(columns)
        total = next(parts)
        for part in parts:
            total += part
        return total

    def _parts(self, columns: Iterable[Column]) -> Iterator[Scores]:
        for index, weights, column in zip(self._indices, self.weights, columns, strict=True):
            yield weights.take(index.get_indexer(column), axis=0)

    @cached_property
    def _indices(self) -> list[Any]:
        """The keys as hash tables, which tell the row of a number, and -1, which is the last row, of all others."""
        import pandas as pd

        return list(map(pd.Index, self.keys))

    def split(self, count: int) -> tuple[Self, Self]:
        """Return the tables of the first columns, and those of all others."""
        cut = slice(count), slice(count, None)
        one, other = (type(self)(self.keys[part], self.weights[part]) for part in cut)
        return one, other

    @classmethod
    def beside(cls, tables: Sequence[Self]) -> Self:
        """Return tables of the same columns whose scores are those of several, label after label."""
        keys = [np.unique(np.concatenate(found)) for found in zip(*(table.keys for table in tables), strict=True)]
        weights = zip(*(table._parts(keys) for table in tables), strict=True)
        return cls(keys, [_closed(np.concatenate(found, axis=1)) for found in weights])

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Return what is to be saved, by name."""
        return {
            f"{name}/sizes": np.array([len(keys) for keys in self.keys]),
            f"{name}/keys": np.concatenate(self.keys),
            f"{name}/weights": np.concatenate([weights[:-1] for weights in self.weights]),
        }

    @classmethod
    def read(cls, arrays: Mapping[str, np.ndarray], name: str) -> Self:
        """Return the tables that `arrays` was made of."""
        cuts = np.cumsum(arrays[f"{name}/sizes"])[:-1]
        parts = np.split(arrays[f"{name}/weights"], cuts)
        return cls(np.split(arrays[f"{name}/keys"], cuts), [_closed(part) for part in parts])


def _closed(weights: Scores) -> Scores:
    return np.concatenate((weights, np.zeros((1, weights.shape[1]), np.float32))).astype(np.float32)


def regression(columns: Sequence[Column], labels: NDArray[np.bool], strength: float) -> Tables:
    """Fit a logistic regression; its score is the log-odds.

    Parameters
    ----------
    columns : sequence of (array of int)
        Features; the first is constant and takes the intercept.
    labels : array of bool
        If all are alike, the model says so for every row.
    strength : float
        Inverse strength of the L2 regularisation.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import OneHotEncoder

    numbers = [np.unique(column) for column in columns]
    weights = [np.zeros((len(found), 1), np.float32) for found in numbers]
    if len(np.unique(labels)) < 2:
        weights[0][:] = 9.0 if labels.all() and len(labels) else -9.0
        return Tables.of(numbers, weights)
    encoder = OneHotEncoder(categories=numbers, dtype=np.float32)
    model = LogisticRegression(C=strength, max_iter=500).fit(encoder.fit_transform(np.stack(columns, axis=1)), labels)
    cuts = np.cumsum([len(found) for found in numbers])[:-1]
    weights = [part[:, None].astype(np.float32) for part in np.split(model.coef_[0], cuts)]
    weights[0] += np.float32(model.intercept_[0])
    return Tables.of(numbers, weights)
