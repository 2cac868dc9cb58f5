"""How far the probabilities of predicted types can be trusted, from counts that add up like all others."""

from collections.abc import Iterator

from communique.labels import Rhetoric
from communique.records import Document, Prediction
from communique.score.counts import Counts
from communique.score.metrics import Array, Figure, Totals, ratio, sum_of
from communique.score.pairs import rhetoric

BINS = 10
"""Of equal width over [0, 1], half-open, the last one closed."""


def counts(gold: Document, predicted: Prediction) -> Counts:
    """Count, over the gold claims whose type is predicted with probabilities, what the figures need.

    Parameters
    ----------
    gold : Document
        Claims without a type are left out.
    predicted : Prediction
        Its claims are those of gold, as for the task ``rhetoric``. A type that has no probability has 0.

    Returns
    -------
    Counts
        Per bin of the top probability: claims (``n``), their top probabilities (``sure``) and how often the top type
        was right; over all: the squared errors of the probabilities.
    """
    found: Counts = Counts()
    if not any(claim.probabilities for claim in predicted.claims):
        return found
    for asked, given in rhetoric(gold, predicted):
        chances = given.claim.probabilities if given else None  # type: ignore[union-attr]
        if chances:
            top = max(Rhetoric, key=lambda label: chances.get(label, 0.0))
            place = str(min(int(chances.get(top, 0.0) * BINS), BINS - 1))
            found["bin", place, "n"] += 1
            found["bin", place, "sure"] += chances.get(top, 0.0)  # type: ignore[assignment]
            found["bin", place, "right"] += top == asked.claim.rhetoric
            found["squared", "error"] += sum(  # type: ignore[assignment]
                (chances.get(label, 0.0) - (label == asked.claim.rhetoric)) ** 2 for label in Rhetoric
            )
    return found


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield expected calibration error and Brier score, NaN where no claim has probabilities.

    ``ece``: ``sum over bins of |right - sure| / n``, which is the mean over claims of |accuracy - confidence| of their
    bin of the top probability (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017), in [0, 1].
    ``brier``: mean over claims of ``sum over types of (p - o)²``, with o = 1 for the gold type and 0 for all others
    (Brier 1950), in [0, 2]. For both, less is better.
    """
    bins = [str(number) for number in range(BINS)]
    n, right = (sum_of([totals["bin", place, what] for place in bins]) for what in ("n", "right"))
    gaps = sum_of([abs(totals["bin", place, "right"] - totals["bin", place, "sure"]) for place in bins])
    for measure, value in (("ece", gaps), ("brier", totals["squared", "error"])):
        yield _figure(measure, n, right, ratio(value, n))


def _figure(measure: str, n: Array, right: Array, value: Array) -> Figure:
    return Figure(unit="claim", measure=measure, gold=n, predicted=n, matched=right, value=value)
