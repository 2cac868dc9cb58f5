"""Linear models over columns of numbers: a table of weights for each column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from communique.baselines.crf.pages import Column

Scores = NDArray[np.float32]
_MOST = 127
_LEAST = 2.0**-60


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

    def strengths(self) -> Scores:
        """Return the greatest weight of each row, signs apart."""
        return np.concatenate([np.abs(weights[:-1]).max(axis=1, initial=0) for weights in self.weights])

    def pruned(self, least: float = 0.0) -> Self:
        """Return the rows whose `strengths` are as great as `least` and not 0, in weights of 8 bits and a power of two.

        What is saved is such numbers, so that a model that was pruned is the same when it is read again.
        """
        rows = [np.where(np.abs(table).max(axis=1, keepdims=True) >= least, table, 0)[:-1] for table in self.weights]
        return type(self).of(self.keys, [_whole(table, _powers(table)) * np.exp2(_powers(table)) for table in rows])

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Return what is to be saved, by name."""
        powers = [_powers(weights) for weights in self.weights]
        whole = [_whole(weights[:-1], power) for weights, power in zip(self.weights, powers, strict=True)]
        return {
            f"{name}/sizes": np.array([len(keys) for keys in self.keys]),
            f"{name}/keys": np.concatenate(self.keys),
            f"{name}/weights": np.concatenate(whole).astype(np.int8),
            f"{name}/powers": np.stack(powers).astype(np.int8),
        }

    @classmethod
    def read(cls, arrays: Mapping[str, np.ndarray], name: str) -> Self:
        """Return the tables that `arrays` was made of."""
        cuts = np.cumsum(arrays[f"{name}/sizes"])[:-1]
        scales = np.exp2(arrays[f"{name}/powers"].astype(np.float32))
        parts = zip(np.split(arrays[f"{name}/weights"], cuts), scales, strict=True)
        return cls(np.split(arrays[f"{name}/keys"], cuts), [_closed(part * scale) for part, scale in parts])


def _powers(weights: Scores) -> Scores:
    """Return, per label, the power of two by which weights are whole numbers of up to 127."""
    most = np.abs(weights).max(axis=0, initial=0)
    powers: Scores = np.ceil(np.log2(np.maximum(most, _LEAST) / _MOST)).astype(np.float32)
    return powers


def _whole(weights: Scores, powers: Scores) -> Scores:
    found: Scores = np.rint(weights * np.exp2(-powers))
    return found


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
