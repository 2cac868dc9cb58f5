"""Scores as others publish them, from our own records: see docs/protocols.md for formulas and differences."""

from collections.abc import Callable, Iterator

import msgspec

from communique.records import Document, Prediction
from communique.score.counts import Counts
from communique.score.metrics import Figure, Totals
from communique.score.protocols import cofenet, nervaluate, ptc, seqeval


class Protocol(msgspec.Struct, frozen=True):
    """A foreign way of scoring.

    Attributes
    ----------
    counts : callable
        Of a gold document and its prediction: additive counts.
    figures : callable
        Of summed counts: the figures.
    """

    counts: Callable[[Document, Prediction], Counts]
    figures: Callable[[Totals], Iterator[Figure]]


PROTOCOLS: dict[str, Protocol] = {
    "cofenet": Protocol(cofenet.counts, cofenet.figures),
    "ptc": Protocol(ptc.counts, ptc.figures),
    "nervaluate": Protocol(nervaluate.counts, nervaluate.figures),
    "seqeval": Protocol(seqeval.counts, seqeval.figures),
}
