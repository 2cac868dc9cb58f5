"""The type of each gold claim, how far its probability can be trusted, and what else is labelled of it."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from communique.labels import FAMILY_OF, Rhetoric
from communique.score import calibration
from communique.score.labels import MEASURES, judged
from communique.score.metrics import Array, Counts, Figure, Totals, of_units, prf, ratio, sum_of
from communique.score.pairing import Pairing
from communique.score.task import Earned, Judged, Task

MISSED = "none"
"""Type of a gold claim that is not predicted, or predicted without one."""


def judge(pairing: Pairing) -> Judged:
    """Judge the gold claims that have a type by the predicted claims that repeat them."""
    pairs = [(asked, pairing.typed.get(i)) for i, asked in enumerate(pairing.asked) if asked.claim.rhetoric is not None]
    counts = calibration.counts(pairs)
    earned = []
    for asked, answer in pairs:
        wanted, said = asked.claim, answer.claim.rhetoric if answer else None
        lenient = said is not None and said in (wanted.rhetoric, wanted.also)
        shares = {"accuracy": float(said == wanted.rhetoric), "lenient-accuracy": float(lenient)}
        earned.append(Earned("claim", (asked.said.id,), shares, len(wanted.spans) > 1))
        counts["type", str(wanted.rhetoric), str(said or MISSED)] += 1
    labels = judged(pairing, pairing.typed)
    return Judged([*earned, *labels.earned], labels.predicted, counts)


def family(label: str) -> str:
    """Return the family of a type, or `MISSED` unchanged."""
    return label if label == MISSED else str(FAMILY_OF[Rhetoric(label)])


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield macro-F1 over the types that occur in gold, accuracy, family macro-F1, lenient accuracy, and each type.

    Then calibration, and the labels beside the type.
    """
    types = [str(label) for label in Rhetoric]
    pairs = [(key[1], key[2]) for key in totals.keys if key[0] == "type"]
    by_type = list(_by_label(totals, "type", types, pairs, str))
    by_family = list(_by_label(totals, "family", list(dict.fromkeys(map(family, types))), pairs, family))
    gold, predicted, right = (sum_of([getattr(f, name) for f in by_type]) for name in ("gold", "predicted", "matched"))
    family_right, lenient = sum_of([figure.matched for figure in by_family]), totals["claim", "lenient-accuracy"]
    for measure, matched, value in (
        ("macro-f1", right, _macro(by_type)),
        ("accuracy", right, ratio(right, gold)),
        ("family-macro-f1", family_right, _macro(by_family)),
        ("lenient-accuracy", lenient, ratio(lenient, gold)),
    ):
        yield Figure(unit="claim", measure=measure, matched=matched, gold=gold, predicted=predicted, value=value)
    yield from by_type
    yield from by_family
    yield from calibration.figures(totals)
    yield from of_units(MEASURES)(totals)


def _by_label(
    totals: Totals, kind: str, labels: Sequence[str], pairs: Sequence[tuple[str, str]], name: Callable[[str], str]
) -> Iterator[Figure]:
    zero = totals["", ""]
    for label in labels:
        gold = sum_of([totals["type", g, p] for g, p in pairs if name(g) == label], zero)
        predicted = sum_of([totals["type", g, p] for g, p in pairs if name(p) == label], zero)
        matched = sum_of([totals["type", g, p] for g, p in pairs if name(g) == name(p) == label], zero)
        yield prf("claim", "f1", matched, gold, predicted, f"{kind}:{label}")


def _macro(figures: Sequence[Figure]) -> Array:
    values = np.array([np.where(figure.gold > 0, np.nan_to_num(figure.value), np.nan) for figure in figures])
    occurring = np.sum(~np.isnan(values), axis=0)
    return ratio(np.nansum(values, axis=0), occurring.astype(float))


def confusion(counts: Sequence[Counts]) -> dict[str, dict[str, int]]:
    """Return how often claims of each gold type were given each type, `MISSED` for none."""
    typed: Counts = Counts()
    for count in counts:
        typed.update({key: int(times) for key, times in count.items() if key[0] == "type"})
    table: dict[str, dict[str, int]] = {}
    for (_, wanted, said), times in sorted(typed.items()):
        table.setdefault(wanted, {})[said] = times
    return table


TASK = Task(
    name="rhetoric",
    order=4,
    given="text and gold claims without labels",
    wanted="a type per claim, and its other labels",
    match="identity",
    headlines={
        ("claim", "macro-f1"): "macro-F1 of types",
        ("claim", "accuracy"): "accuracy of types",
        ("claim", "family-macro-f1"): "macro-F1 of families",
    },
    figures=figures,
    judge=judge,
)
