"""What chance can do to a difference: documents exchanged between systems, p-values. Pure numerics."""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from communique.score.intervals import Clusters
from communique.score.metrics import Array

_CHUNK = 1000
_ROUNDING = 1e-12
"""Differences closer than this are equal: sums of overlaps depend on the order of the documents in their last bits."""


def exchanged(groups: Sequence[Hashable], rounds: int, seed: int) -> Iterator[Array]:
    """Yield, in pieces of shape (up to 1,000, documents), 1 where two systems swap a document and 0 where not.

    Parameters
    ----------
    groups : sequence of hashable
        Of each document, its cluster, see `communique.score.intervals.Clusters`: those of one are swapped together.
    rounds, seed : int
        How often they are swapped, and what decides which.
    """
    clusters, random = Clusters(groups), np.random.default_rng(seed)
    for done in range(0, rounds, _CHUNK):
        swaps = random.integers(0, 2, size=(min(_CHUNK, rounds - done), clusters.number))
        yield swaps[:, clusters.of].astype(float)


def randomisation_p(observed: float, exchanged: Array) -> float:
    """Return the two-sided p-value of a difference from rounds in which documents were swapped at random.

    Approximate randomisation (Noreen 1989; Yeh 2000): ``p = (1 + #{|d*| >= |d|}) / (1 + n)``.
    """
    return _share(observed, exchanged[~np.isnan(exchanged)])


def _share(observed: float, chance: Array) -> float:
    hits = np.count_nonzero(np.abs(chance) >= abs(observed) - _ROUNDING)
    return (int(hits) + 1) / (len(chance) + 1)


def holm(values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number by Holm's step-down method (1979), in the order given.

    The i-th smallest of m becomes ``max over j <= i of min(1, (m - j + 1) p_j)``.
    """
    order = np.argsort(values, kind="stable")
    stepped = np.asarray(values)[order] * np.arange(len(values), 0, -1)
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(1, np.maximum.accumulate(stepped))
    return [float(value) for value in corrected]
