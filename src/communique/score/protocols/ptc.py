"""Partial precision and recall of spans, as in SemEval-2020 task 11 (propaganda techniques).

Da San Martino et al. (2019), "Fine-Grained Analysis of Propaganda in News Articles", and (2020), "SemEval-2020 Task
11": with s of gold and t predicted, precision is the mean over t of the sum over s of ``|s ∩ t| / |t|``, recall the
mean over s of the sum over t of ``|s ∩ t| / |s|``, in characters. As published, a span that several others overlap
gains more than 1, recall and precision with it. Here overlapping spans of one side (and, with labels, of one label)
are joined first, so that both stay within [0, 1]; the task's scorer does so with gold, and with predictions if asked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from communique.checks import spanned
from communique.labels import Rhetoric
from communique.records import Claim, Cue, Document, PredictedClaim, Prediction, Speaker
from communique.score.items import Item, item, overlap, size
from communique.score.metrics import Array, Counts, Figure, Key, Totals, harmonic, ratio, sum_of
from communique.score.task import Task, document_by_document
from communique.score.tasks.spans import UNITS

SUMS = ("gold", "predicted", "precision", "recall")


def counts(gold: Document, predicted: Prediction) -> Counts:
    """Count the spans of a document: ``si`` of every unit, ``flc`` of the claims of each type.

    Keys are ``(unit, "si", sum)`` and ``("claim", "flc", type, sum)``, sums as in `SUMS`: ``gold`` and ``predicted``,
    numbers of joined spans; ``precision`` and ``recall``, their covered shares. Claims without a type have no ``flc``.
    """
    found: Counts = Counter()
    wanted, given = spans(gold, gold.text), spans(predicted, gold.text)
    for key in {**wanted, **given}:
        one, other = wanted.get(key, ()), given.get(key, ())
        sums = (len(one), len(other), _covered(other, one), _covered(one, other))
        found.update({(*key, name): number for name, number in zip(SUMS, sums, strict=True)})
    return found


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield ``si`` of each unit, ``flc`` over all types and of each; ``matched`` is the sum for recall."""
    for unit in UNITS:
        yield _figure(unit, "si", [totals[unit, "si", name] for name in SUMS])
    by_type = {str(label): [totals["claim", "flc", str(label), name] for name in SUMS] for label in Rhetoric}
    yield _figure("claim", "flc", [sum_of(arrays) for arrays in zip(*by_type.values(), strict=True)])
    for label, sums in by_type.items():
        yield _figure("claim", "flc", sums, f"type:{label}")


def spans(layer: Document | Prediction, text: str) -> dict[Key, Item]:
    """Return the joined fragments per unit and, for claims, per type: the keys of `counts` without the sum."""
    found: defaultdict[Key, set[tuple[int, int]]] = defaultdict(set)
    for unit in spanned(layer):
        for key in _keys(unit):
            found[key].update(item(unit.spans, text))
    return {key: joined(stretches) for key, stretches in found.items()}


def joined(stretches: Iterable[tuple[int, int]]) -> Item:
    """Return stretches sorted, those that share a character made one; unlike `items.merged`, touching ones stay two."""
    disjoint: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if disjoint and start < disjoint[-1][1]:
            disjoint[-1] = (disjoint[-1][0], max(end, disjoint[-1][1]))
        else:
            disjoint.append((start, end))
    return tuple(disjoint)


def _keys(unit: Speaker | Cue | Claim | PredictedClaim) -> Iterator[Key]:
    if isinstance(unit, Claim | PredictedClaim):
        yield "claim", "si"
        if unit.rhetoric is not None:
            yield "claim", "flc", str(unit.rhetoric)
    else:
        yield "speaker" if isinstance(unit, Speaker) else "cue", "si"


def _covered(spans: Item, others: Item) -> float:
    return sum(overlap((one,), others) / size((one,)) for one in spans)


def _figure(unit: str, measure: str, sums: Sequence[Array], group: str = "all") -> Figure:
    gold, predicted, accurate, covered = sums
    precision, recall = ratio(accurate, predicted), ratio(covered, gold)
    p, r = np.nan_to_num(precision), np.nan_to_num(recall)
    return Figure(
        unit=unit,
        measure=measure,
        group=group,
        gold=gold,
        predicted=predicted,
        matched=covered,
        precision=precision,
        recall=recall,
        value=np.where(gold + predicted > 0, harmonic(p, r), np.nan),
    )


TASK = Task(
    name="ptc",
    order=2,
    wanted="partial precision and recall of spans",
    match="ptc",
    headlines={("claim", "si"): "partial F1 of claims", ("claim", "flc"): "partial F1 of claims by type"},
    figures=figures,
    count=document_by_document(counts),
    words=(),
)
