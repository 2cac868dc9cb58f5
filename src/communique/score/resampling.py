"""What chance can do to a figure: resampled and exchanged documents, intervals, p-values. Pure numerics."""

from collections.abc import Iterator, Sequence

import numpy as np

from communique.score.metrics import Array

_CHUNK = 1000
_ROUNDING = 1e-12
"""Differences closer than this are equal: sums of overlaps depend on the order of the documents in their last bits."""


def resampled(documents: int, resamples: int, seed: int) -> Array:
    """Return how often each document is drawn in each bootstrap resample, of shape (resamples, documents)."""
    random = np.random.default_rng(seed)
    drawn = np.empty((resamples, documents))
    for row in drawn:
        row[:] = np.bincount(random.integers(0, documents, documents, np.uint32), minlength=documents)
    return drawn


def exchanged(documents: int, rounds: int, seed: int) -> Iterator[Array]:
    """Yield, in pieces of shape (up to 1,000, documents), 1 where two systems swap a document and 0 where not."""
    random = np.random.default_rng(seed)
    for done in range(0, rounds, _CHUNK):
        yield random.integers(0, 2, size=(min(_CHUNK, rounds - done), documents)).astype(float)


def interval(values: Array) -> tuple[float | None, float | None]:
    """Return the 2.5th and 97.5th percentile of what is defined, None where nothing is."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return round(float(low), 6), round(float(high), 6)


def bootstrap_p(observed: float, sampled: Array) -> float:
    """Return the two-sided p-value of a difference from its bootstrap resamples.

    Their distribution, moved to mean 0, stands for no difference (the shift method: Noreen 1989; Riezler and Maxwell
    2005): ``p = (1 + #{|d* - mean d*| >= |d|}) / (1 + n)``.
    """
    known = sampled[~np.isnan(sampled)]
    return _share(observed, known - known.mean() if len(known) else known)


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
