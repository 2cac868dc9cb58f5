"""One-to-one matching of gold and predicted units with maximum total weight."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, product
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

G = TypeVar("G")
P = TypeVar("P")
Column = NDArray[np.int64]
Weights = NDArray[np.float64]


def match(
    gold: Sequence[G],
    predicted: Sequence[P],
    weight: Callable[[G, P], float],
    candidates: Iterable[tuple[int, int]] | None = None,
) -> list[tuple[int, int, float]]:
    """Pair gold and predicted units one to one so that the total weight is greatest.

    Parameters
    ----------
    gold, predicted : sequence
        Units of one document, in any order.
    weight : callable
        Of a gold and a predicted unit; pairs of weight 0 are never matched.
    candidates : iterable of (int, int), optional
        Indices of the pairs that may weigh more than 0, each once, in any order; by default all.

    Returns
    -------
    list of (int, int, float)
        Index in gold, index in predicted, weight; sorted.
    """
    near = product(range(len(gold)), range(len(predicted))) if candidates is None else sorted(candidates)
    edges = [(i, j, float(w)) for i, j in near if (w := weight(gold[i], predicted[j])) > 0]
    return [edges[number] for number in _chosen(edges)]


def _chosen(edges: Sequence[tuple[int, int, float]]) -> list[int]:
    if len({i for i, _, _ in edges}) == len({j for _, j, _ in edges}) == len(edges):
        return list(range(len(edges)))
    return sorted(number for piece in _pieces(edges) for number in _best(edges, piece))


def _pieces(edges: Sequence[tuple[int, int, float]]) -> Iterable[list[int]]:
    """Return the numbers of the edges of each connected component, in order."""
    of: tuple[dict[int, list[int]], dict[int, list[int]]] = {}, {}
    for number, (row, column, _) in enumerate(edges):
        few, many = sorted((of[0].get(row, []), of[1].get(column, [])), key=len)
        if few is not many:
            many += few
            for moved in few:
                of[0][edges[moved][0]] = of[1][edges[moved][1]] = many
        many.append(number)
        of[0][row] = of[1][column] = many
    return [sorted(piece) for piece in {id(piece): piece for piece in of[0].values()}.values()]


def _best(edges: Sequence[tuple[int, int, float]], piece: list[int]) -> list[int]:
    if len(piece) == 1:
        return piece
    rows, columns = (sorted({edges[number][side] for number in piece}) for side in (0, 1))
    if len(rows) == 1 or len(columns) == 1:
        return [max(piece, key=lambda number: (edges[number][2], -number))]
    if len(rows) == len(columns) == 2:
        return _heavier([[n for n in piece if (edges[n][0] == rows[0]) == same] for same in (True, False)], edges)
    places = ({name: place for place, name in enumerate(some)} for some in (rows, columns))
    row, column = (np.array([of[edges[n][side]] for n in piece]) for side, of in enumerate(places))
    weights = np.array([edges[number][2] for number in piece])
    chosen = _solved(row, column, np.arange(len(piece)), np.append(weights, 0))
    return [piece[number] for number in chosen]


def _heavier(by_row: list[list[int]], edges: Sequence[tuple[int, int, float]]) -> list[int]:
    """Return of the edges of two rows and two columns the heavier diagonal, of equal ones that from the first place."""
    first = min(edges[number][1] for row in by_row for number in row)
    falling = [n for row, low in zip(by_row, (True, False), strict=True) for n in row if (edges[n][1] == first) == low]
    rising = [n for row in by_row for n in row if n not in falling]
    return max((falling, rising), key=lambda some: sum(edges[number][2] for number in some))


def ranked(
    gold: Sequence[G],
    predicted: Sequence[P],
    tiers: Callable[[G, P], Sequence[int]],
    candidates: Iterable[tuple[int, int]] | None = None,
) -> list[tuple[int, int]]:
    """Pair units one to one by the greatest sum of the first tier, of equal ones by the most pairs, then tier by tier.

    Parameters
    ----------
    gold, predicted : sequence
        Units of one document, in an order of their own: where all tiers are equal, the order decides.
    tiers : callable
        Of a gold and a predicted unit: whole numbers from 0, as many for each pair, most important first.
    candidates : iterable of (int, int), optional
        Indices of the pairs that may be matched, each once, in any order; by default all.

    Returns
    -------
    list of (int, int)
        Index in gold, index in predicted; sorted.
    """
    near = sorted(product(range(len(gold)), range(len(predicted))) if candidates is None else candidates)
    rivals = [Counter(pair[side] for pair in near) for side in (0, 1)]
    tangled = [(i, j) for i, j in near if rivals[0][i] > 1 or rivals[1][j] > 1]
    if not tangled:
        return near
    weights = _as_one([tiers(gold[i], predicted[j]) for i, j in tangled], min(len(gold), len(predicted)))
    chosen = _chosen([(i, j, weight) for (i, j), weight in zip(tangled, weights, strict=True)])
    left = {*tangled} - {tangled[number] for number in chosen}
    return [pair for pair in near if pair not in left]


def _as_one(tiers: Sequence[Sequence[int]], pairs: int) -> list[float]:
    """Return each row of tiers as one number, in which no sum of a lower tier, over `pairs` rows, outweighs a higher.

    Sums stay whole numbers below 2**53, if need be by taking the first tier in coarser steps.
    """
    first, *others = zip(*tiers, strict=True)
    rest = [(1,) * len(tiers), *others]
    room = [max(column) * pairs + 1 for column in rest]
    coarse = max(1, -(-max(first) * pairs * prod(room) // 2**53))
    numbers = [step // coarse for step in first]
    for column, size in zip(rest, room, strict=True):
        numbers = [number * size + tier for number, tier in zip(numbers, column, strict=True)]
    return [float(number) for number in numbers]


def assign(rows: Column, columns: Column, weights: Weights) -> Column:
    """Choose edges that share no row and no column so that their total weight is greatest.

    Every connected component is solved on its own and exactly: one of a single edge by that edge, one with a single row
    or column by its heaviest edge, one of two rows and two columns by its heavier diagonal, any other by
    `scipy.optimize.linear_sum_assignment`.

    Parameters
    ----------
    rows, columns : array of int
        Ends of each edge, numbered from 0; no edge twice.
    weights : array of float
        Above 0.

    Returns
    -------
    array of int
        Numbers of the chosen edges.
    """
    alone = (np.bincount(rows)[rows] == 1) & (np.bincount(columns)[columns] == 1)
    rest = np.flatnonzero(~alone)
    chosen = [rest[found] for found in _tangled(rows[rest], columns[rest], weights[rest])] if len(rest) else []
    return np.concatenate((np.flatnonzero(alone), *chosen))


def _tangled(rows: Column, columns: Column, weights: Weights) -> Iterator[Column]:
    row, column, piece = _components(rows, columns)
    tall, wide = (np.zeros(piece.max() + 1, int) for _ in range(2))
    np.maximum.at(tall, piece, row + 1)
    np.maximum.at(wide, piece, column + 1)
    star, square = np.minimum(tall, wide)[piece] == 1, np.maximum(tall, wide)[piece] == 2
    yield _heaviest(np.flatnonzero(star), piece, weights)
    yield _crossed(row, column, np.flatnonzero(square & ~star), piece, weights)
    rest = np.flatnonzero(~star & ~square)
    order = rest[np.argsort(piece[rest], kind="stable")]
    cuts = [0, *(np.flatnonzero(np.diff(piece[order])) + 1).tolist(), len(order)]
    padded = np.append(weights, 0)
    for low, high in pairwise(cuts) if len(order) else ():
        edges = order[low:high]
        yield _solved(row[edges], column[edges], edges, padded)


def _components(rows: Column, columns: Column) -> tuple[Column, Column, Column]:
    """Return the number of each edge's component, and of its row and its column within that."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = [np.unique(side, return_inverse=True)[1] for side in (rows, columns)]
    high, wide = (side.max() + 1 for side in ends)
    graph = coo_array((np.ones(len(rows), bool), (ends[0], ends[1] + high)), shape=(high + wide, high + wide))
    label = connected_components(graph, directed=False)[1]
    return _rank(label[:high])[ends[0]], _rank(label[high:])[ends[1]], label[ends[0]]


def _rank(label: Column) -> Column:
    """Return how many earlier places have the same label."""
    order = np.argsort(label, kind="stable")
    size = np.bincount(label)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(label)) - np.repeat(np.cumsum(size) - size, size)
    return rank


def _heaviest(edges: Column, piece: Column, weights: Weights) -> Column:
    """Return of each piece its heaviest edge, of equal ones the first."""
    order = edges[np.lexsort((edges, -weights[edges], piece[edges]))]
    first: Column = order[np.diff(piece[order], prepend=-1) != 0]
    return first


def _crossed(row: Column, column: Column, edges: Column, piece: Column, weights: Weights) -> Column:
    """Return of each piece of two rows and two columns the heavier diagonal."""
    place = np.unique(piece[edges], return_inverse=True)[1]
    number = np.full((len(edges), 2, 2), -1)
    number[place, row[edges], column[edges]] = edges
    padded = np.append(weights, 0)[number]
    falling = padded[:, 0, 0] + padded[:, 1, 1] >= padded[:, 0, 1] + padded[:, 1, 0]
    pairs = np.where(falling[:, None], number[:, [0, 1], [0, 1]], number[:, [0, 1], [1, 0]]).ravel()
    found: Column = pairs[pairs >= 0]
    return found


def _solved(row: Column, column: Column, edges: Column, padded: Weights) -> Column:
    from scipy.optimize import linear_sum_assignment

    number = np.full((row.max() + 1, column.max() + 1), -1)
    number[row, column] = edges
    found: Column = number[linear_sum_assignment(padded[number], maximize=True)]
    return found[found >= 0]
