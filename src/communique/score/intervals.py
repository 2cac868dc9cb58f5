"""How far chance can move a figure: 95 % intervals by leaving out one cluster of documents at a time. Pure numerics.

Figures are pure functions of sums over documents. They are computed once for the sums of all documents and of all but
each cluster; their values there, 1 + clusters of them, are what `interval` reads. Nothing is drawn, so that there is no
seed, and the order of the documents does not matter.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from communique.score.metrics import Array

FEWEST_DOCUMENTS = 10
"""From here on intervals cover about 95 % (91.8 to 97.2 by figure), see ``benchmarks/coverage.py``."""
FEWEST_CLUSTERS = 6
"""In so many the gold units of a figure must lie; a document that belongs to no storyline is a cluster of its own."""
FIGURE = (0.0, 1.0)
DIFFERENCE = (-1.0, 1.0)
_UPPER = 0.975
_ROUNDING = 1e-12
"""Values closer than this are equal: sums of overlaps depend on the order of the documents in their last bits."""
_EDGE = 1e-9


class Interval(NamedTuple):
    """A 95 % interval, or why there is none.

    Attributes
    ----------
    low, high : float or None
        Ends, rounded to six decimals, within the bounds of the figure and around its value.
    error : float or None
        Standard error of the value; a difference divided by it is a z.
    reason : str or None
        Why the others are None.
    """

    low: float | None = None
    high: float | None = None
    error: float | None = None
    reason: str | None = None


class Clusters:
    """Which documents stand or fall together; made once for a set of documents and used for all its figures.

    Parameters
    ----------
    groups : sequence of hashable
        Of each document, what it shares with the others of its cluster, such as collection and storyline; its own id
        where it stands alone.

    Attributes
    ----------
    of : array of int
        The number of the cluster of each document, from 0.
    number : int
        How many there are.
    """

    def __init__(self, groups: Sequence[Hashable]):
        numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
        self.of = np.array([numbers[group] for group in groups], dtype=np.int64)
        self.number = len(numbers)

    def sums(self, table: Array) -> Array:
        """Return the sums of all rows, then of all rows but those of each cluster.

        Parameters
        ----------
        table : array of shape (documents, columns)
            Counts; of the identity matrix the sums are weights of documents.

        Returns
        -------
        array of shape (1 + clusters, columns)
        """
        own = np.zeros((self.number, table.shape[1]))
        np.add.at(own, self.of, table)
        whole = table.sum(axis=0)
        return np.vstack((whole, whole - own))


def interval(values: Array, gold: Array, clusters: Clusters, bounds: tuple[float, float] = FIGURE) -> Interval:
    """Return the 95 % interval of a figure, or of the difference of two, or why none can be trusted.

    Parameters
    ----------
    values : array of shape (1 + clusters,)
        The figure of `Clusters.sums`; of a difference, that of one system less that of the other.
    gold : array of shape (1 + clusters,)
        Its gold units there.
    clusters : Clusters
        Of the documents.
    bounds : (float, float), optional
        Least and greatest value that the figure can have: `FIGURE`, `DIFFERENCE`.
    """
    reason = _untrustworthy(values, gold, clusters)
    return Interval(reason=reason) if reason else jackknife(values, bounds)


def _untrustworthy(values: Array, gold: Array, clusters: Clusters) -> str | None:
    documents, carriers = len(clusters.of), int(np.count_nonzero(gold[1:] != gold[0]))
    if np.isnan(values[0]):
        return "nothing to score"
    if documents < FEWEST_DOCUMENTS:
        return f"{_counted(documents, 'document')}, fewer than {FEWEST_DOCUMENTS}"
    noun = "document" if clusters.number == documents else "cluster"
    if carriers < FEWEST_CLUSTERS:
        return f"gold in {_counted(carriers, noun)}, fewer than {FEWEST_CLUSTERS}"
    if np.isnan(values).any():
        return f"nothing to score without a certain {noun}"
    if np.max(np.abs(values[1:] - values[0])) <= _ROUNDING:
        return f"the same whichever {noun} is left out"
    return None


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def jackknife(values: Array, bounds: tuple[float, float] = FIGURE) -> Interval:
    """Return the 95 % interval of values that vary, however few the clusters are.

    With ``v`` the value moved into [0, 1] by its bounds, ``v_i`` that without cluster i of n, ``d_i = v - v_i``, and
    ``t`` the quantile of Student's distribution with n - 1 degrees of freedom::

        s = sqrt((n - 1) / n * sum d_i ** 2)                      the standard error
        a = sum d_i ** 3 / (6 * (sum d_i ** 2) ** 1.5)            how the error grows with the value
        logit(end) = logit(v) + s / (v (1 - v)) * t / (1 - a t)   once with -t, once with t

    Efron and Tibshirani 1993: the error is the jackknife's (chapter 11), t stands for the normal quantile (12.4), and
    ``a`` is the acceleration of BCa (14.3). The logit keeps the ends within the bounds.

    Parameters
    ----------
    values, bounds
        As for `interval`.
    """
    from scipy.special import expit, logit, stdtrit

    lowest, width = bounds[0], bounds[1] - bounds[0]
    moved = (values[0] - values[1:]) / width
    squares = float(np.sum(moved**2))
    error = float(np.sqrt((1 - 1 / len(moved)) * squares))
    growth = float(np.sum(moved**3)) / (6 * squares**1.5)
    inside = np.clip((values[0] - lowest) / width, _EDGE, 1 - _EDGE)
    quantiles = stdtrit(len(moved) - 1, _UPPER) * np.array([-1.0, 1.0])
    ends = expit(logit(inside) + error / (inside * (1 - inside)) * quantiles / (1 - growth * quantiles))
    low, high = (round(float(lowest + width * end), 6) for end in ends)
    return Interval(low, high, error * width)
