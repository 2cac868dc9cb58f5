"""Additive counts of one document per task: the only thing the metrics are computed from."""

from collections import Counter
from collections.abc import Sequence

from communique.labels import FAMILY_OF, Rhetoric
from communique.records import Document, Prediction
from communique.score.items import Item, Meant, Said, attributions, claims, holder_right, iou, overlap
from communique.score.match import match
from communique.score.sweep import near
from communique.score.tally import tally

Key = tuple[str, ...]
Counts = Counter[Key]
"""Sums of overlaps are fractions: values are ints or floats."""
UNITS = ("speaker", "cue", "claim")
MISSED = "none"
_TIE = 1e-6
_BATCH = 512


def spans(gold: Document, predicted: Prediction) -> Counts:
    """Count speaker, cue and claim spans: exact, and one-to-one weighted by intersection over union."""
    return span_counts([gold], [predicted])[0]


def span_counts(golds: Sequence[Document], predictions: Sequence[Prediction]) -> list[Counts]:
    """Return the counts of `spans` for each of many documents, far faster than one by one.

    Parameters
    ----------
    golds, predictions : sequence of Document, of Prediction
        Of the same texts in the same order, as many.
    """
    counts: list[Counts] = []
    keys = [(unit, measure) for unit in UNITS for measure in ("gold", "predicted", "exact", "overlap")]
    for at in range(0, len(golds), _BATCH):
        found = tally(golds[at : at + _BATCH], predictions[at : at + _BATCH])
        columns = (getattr(found, measure)[:, UNITS.index(unit)].tolist() for unit, measure in keys)
        counts += [Counter(dict(zip(keys, row, strict=True))) for row in zip(*columns, strict=True)]
    return counts


def attribution(gold: Document, predicted: Prediction, threshold: float) -> Counts:
    """Count (speaker, cue, content) triples, strictly, by overlap, and by the entity that holds the content."""
    counts: Counts = Counter()
    wanted, given = attributions(gold, gold.text), attributions(predicted, gold.text)
    _sizes(counts, "triple", len(wanted), len(given))
    counts["triple", "strict"] = sum((Counter(map(_triple, wanted)) & Counter(map(_triple, given))).values())
    candidates = _candidates(wanted, given, threshold)
    counts["triple", "overlap"] = len(match(wanted, given, _overlapping, candidates))
    _sizes(counts, "holder", len(wanted), len(given))

    def weight(one: Said, other: Said) -> float:
        return _if_near(iou(one.content, other.content), threshold, holder_right(one, other))

    counts["holder", "entity"] = sum(
        holder_right(wanted[i], given[j]) for i, j, _ in match(wanted, given, weight, candidates)
    )
    return counts


def rhetoric(gold: Document, predicted: Prediction) -> Counts:
    """Count types on gold claims that have one: the predicted claim has the same content, cue and speaker."""
    counts: Counts = Counter()
    asked, given = claims(gold, gold.text), claims(predicted, gold.text)
    found = {i: given[j].claim.rhetoric for i, j, _ in match(asked, given, _identical, _candidates(asked, given))}
    for number, claim in enumerate(asked):
        wanted, said = claim.claim, found.get(number)
        if wanted.rhetoric is None:
            continue
        counts["type", str(wanted.rhetoric), str(said or MISSED)] += 1
        counts["lenient", "right"] += said is not None and said in (wanted.rhetoric, wanted.also)
    return counts


def full(gold: Document, predicted: Prediction, threshold: float) -> Counts:
    """Count claims whose content is found, then whose holder is right as well, then whose type is right as well."""
    counts: Counts = Counter()
    wanted, given = claims(gold, gold.text), claims(predicted, gold.text)

    def rungs(one: Meant, other: Meant) -> int:
        entity = holder_right(one.said, other.said)
        return entity + (entity and one.claim.rhetoric == other.claim.rhetoric)

    def weight(one: Meant, other: Meant) -> float:
        return _if_near(iou(one.content, other.content), threshold, rungs(one, other))

    _sizes(counts, "claim", len(wanted), len(given))
    for i, j, _ in match(wanted, given, weight, _candidates(wanted, given, threshold)):
        reached = rungs(wanted[i], given[j])
        counts["claim", "content"] += 1
        counts["claim", "content+entity"] += reached >= 1
        counts["claim", "content+entity+type"] += reached >= 2
    return counts


def family(label: str) -> str:
    """Return the family of a type, or `MISSED` unchanged."""
    return label if label == MISSED else str(FAMILY_OF[Rhetoric(label)])


def _sizes(counts: Counts, unit: str, gold: int, predicted: int) -> None:
    counts[unit, "gold"], counts[unit, "predicted"] = gold, predicted


def _candidates(
    gold: Sequence[Said | Meant], predicted: Sequence[Said | Meant], threshold: float = 1
) -> list[tuple[int, int]] | None:
    """Return the pairs worth weighing; without a threshold contents that share nothing are, too, and all pairs are."""
    return near([one.content for one in gold], [one.content for one in predicted]) if threshold > 0 else None


def _triple(said: Said) -> tuple[Item | None, Item | None, Item]:
    return said.speaker, said.cue, said.content


def _identical(one: Meant, other: Meant) -> float:
    wanted, given = ((m.content, m.said.cue, m.said.speaker) for m in (one, other))
    return 1 + (one.claim.rhetoric == other.claim.rhetoric) if wanted == given else 0


def _overlapping(one: Said, other: Said) -> float:
    for wanted, given in ((one.speaker, other.speaker), (one.cue, other.cue)):
        if (wanted is None) != (given is None) or (wanted and given and not overlap(wanted, given)):
            return 0.0
    return iou(one.content, other.content)


def _if_near(near: float, threshold: float, right: int) -> float:
    return near + _TIE * right if near >= threshold else 0.0
