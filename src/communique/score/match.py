"""One-to-one matching of gold and predicted units with maximum total weight."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

G = TypeVar("G")
P = TypeVar("P")


def match(gold: Sequence[G], predicted: Sequence[P], weight: Callable[[G, P], float]) -> list[tuple[int, int, float]]:
    """Pair gold and predicted units one to one so that the total weight is greatest.

    Parameters
    ----------
    gold, predicted : sequence
        Units of one document, in any order.
    weight : callable
        Of a gold and a predicted unit; pairs of weight 0 are never matched.

    Returns
    -------
    list of (int, int, float)
        Index in gold, index in predicted, weight.
    """
    edges = [(i, j, w) for i, g in enumerate(gold) for j, p in enumerate(predicted) if (w := weight(g, p)) > 0]
    if not edges:
        return []
    rows, columns, weights = (np.array(values) for values in zip(*edges, strict=True))
    size = len(gold) + len(predicted)
    graph = coo_array((weights, (rows, columns + len(gold))), shape=(size, size))
    label = connected_components(graph, directed=False)[1][rows]
    order = np.argsort(label, kind="stable")
    pieces = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return sorted(pair for piece in pieces for pair in _assign(rows[piece], columns[piece], weights[piece]))


def _assign(rows: np.ndarray, columns: np.ndarray, weights: np.ndarray) -> list[tuple[int, int, float]]:
    if len(rows) == 1:
        return [(int(rows[0]), int(columns[0]), float(weights[0]))]
    gold, at_gold = np.unique(rows, return_inverse=True)
    predicted, at_predicted = np.unique(columns, return_inverse=True)
    table = np.zeros((len(gold), len(predicted)))
    table[at_gold, at_predicted] = weights
    chosen = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return [(int(gold[i]), int(predicted[j]), float(table[i, j])) for i, j in chosen if table[i, j] > 0]
