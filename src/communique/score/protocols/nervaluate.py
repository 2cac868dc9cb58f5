"""Strict, exact, partial and type scores of labelled spans, in the outcomes of MUC and SemEval-2013 task 9.1.

The names are those of the package nervaluate: COR (right), INC (wrong), PAR (overlaps), MIS (gold alone), SPU
(predicted alone). The package pairs spans greedily, in the order they are given; here each schema has the one-to-one
matching with the most COR and, of those, the most pairs: the best the package can give over all orders.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from communique.records import Document, Prediction
from communique.score.items import Item, item, overlap
from communique.score.match import match
from communique.score.metrics import Counts, Figure, Totals, prf, sum_of
from communique.score.sweep import near
from communique.score.task import Task, document_by_document

Labelled = tuple[str, Item]
OUTCOMES = ("COR", "INC", "PAR", "MIS", "SPU")
SCHEMAS: dict[str, tuple[Callable[[Labelled, Labelled], bool], str]] = {
    "strict": (lambda one, other: one == other, "INC"),
    "exact": (lambda one, other: one[1] == other[1], "INC"),
    "partial": (lambda one, other: one[1] == other[1], "PAR"),
    "ent_type": (lambda one, other: one[0] == other[0], "INC"),
}
"""When two overlapping spans are COR, and what they are otherwise."""
_COR, _PAIR = 3.0, 1.0
"""One COR less frees at most two other pairs, so that weight 3 puts COR first."""


def counts(gold: Document, predicted: Prediction) -> Counts:
    """Count the outcomes of a document: keys are ``(schema, outcome)``."""
    return outcomes(labelled(gold, gold.text), labelled(predicted, gold.text))


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield each schema: matched = COR + PAR / 2, gold = all but SPU, predicted = all but MIS."""
    for schema in SCHEMAS:
        of = {outcome: totals[schema, outcome] for outcome in OUTCOMES}
        gold, predicted = (sum_of([of[name] for name in OUTCOMES if name != alone]) for alone in ("SPU", "MIS"))
        yield prf("span", schema, of["COR"] + of["PAR"] / 2, gold, predicted)


def labelled(layer: Document | Prediction, text: str) -> list[Labelled]:
    """Return the distinct labelled spans: ``speaker``, ``cue``, and claims by type, ``claim`` where they have none."""
    groups = (("speaker", layer.speakers), ("cue", layer.cues))
    found = {(label, item(unit.spans, text)) for label, units in groups for unit in units}
    found |= {(str(claim.rhetoric or "claim"), item(claim.spans, text)) for claim in layer.claims}
    return sorted(found)


def outcomes(gold: Sequence[Labelled], predicted: Sequence[Labelled]) -> Counts:
    """Count the outcomes of distinct labelled spans, in any order."""
    found: Counts = Counter()
    pairs = near([one for _, one in gold], [one for _, one in predicted])
    for schema, (_, otherwise) in SCHEMAS.items():
        weights = [weight for _, _, weight in match(gold, predicted, _weight(schema), pairs)]
        found[schema, "COR"] = weights.count(_COR)
        found[schema, otherwise] = weights.count(_PAIR)
        found[schema, "MIS"] = len(gold) - len(weights)
        found[schema, "SPU"] = len(predicted) - len(weights)
    return found


def _weight(schema: str) -> Callable[[Labelled, Labelled], float]:
    right, _ = SCHEMAS[schema]

    def weight(one: Labelled, other: Labelled) -> float:
        if not overlap(one[1], other[1]):
            return 0.0
        return _COR if right(one, other) else _PAIR

    return weight


TASK = Task(
    name="nervaluate",
    order=3,
    wanted="labelled spans in four schemas",
    match="nervaluate",
    headlines={("span", schema): f"{schema} F1 of spans" for schema in SCHEMAS},
    figures=figures,
    count=document_by_document(counts),
    words=(),
)
