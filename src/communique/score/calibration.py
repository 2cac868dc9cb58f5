"""How far the probabilities of predicted types can be trusted, from counts that add up like all others."""

from collections.abc import Iterable, Iterator

from communique.labels import Rhetoric
from communique.records import PredictedClaim
from communique.score.items import Meant
from communique.score.metrics import Array, Counts, Figure, Totals, ratio, sum_of

BINS = 10
"""Of equal width over [0, 1], half-open, the last one closed."""


def counts(pairs: Iterable[tuple[Meant, Meant | None]]) -> Counts:
    """Count what the figures need, over the claims whose type is predicted with probabilities.

    Parameters
    ----------
    pairs : iterable of (Meant, Meant or None)
        Gold claims with a type, and the predicted claims that repeat them. A type that has no probability has 0.

    Returns
    -------
    Counts
        Per bin of the top probability: claims (``n``), their top probabilities (``sure``) and how often the top type
        was right; over all: the squared errors of the probabilities.
    """
    found: Counts = Counts()
    for asked, given in pairs:
        chances = given.claim.probabilities if given and isinstance(given.claim, PredictedClaim) else None
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
