"""Additive counts of one document per task: the only thing the metrics are computed from."""

from collections import Counter

from communique.labels import FAMILY_OF, Rhetoric
from communique.records import Document, Prediction
from communique.score.items import Item, Meant, Said, attributions, claims, holder_right, iou, overlap, units
from communique.score.match import match

Key = tuple[str, ...]
Counts = Counter[Key]
"""Sums of overlaps are fractions: values are ints or floats."""
UNITS = ("speaker", "cue", "claim")
MISSED = "none"
_TIE = 1e-6


def spans(gold: Document, predicted: Prediction) -> Counts:
    """Count speaker, cue and claim spans: exact, and one-to-one weighted by intersection over union."""
    counts: Counts = Counter()
    wanted, given = units(gold, gold.text), units(predicted, gold.text)
    for unit in UNITS:
        _sizes(counts, unit, len(wanted[unit]), len(given[unit]))
        counts[unit, "exact"] = len(wanted[unit] & given[unit])
        found = match(sorted(wanted[unit]), sorted(given[unit]), iou)
        counts[unit, "overlap"] = sum(weight for _, _, weight in found)  # type: ignore[misc]
    return counts


def attribution(gold: Document, predicted: Prediction, threshold: float) -> Counts:
    """Count (speaker, cue, content) triples, strictly, by overlap, and by the entity that holds the content."""
    counts: Counts = Counter()
    wanted, given = attributions(gold, gold.text), attributions(predicted, gold.text)
    _sizes(counts, "triple", len(wanted), len(given))
    counts["triple", "strict"] = sum((Counter(map(_triple, wanted)) & Counter(map(_triple, given))).values())
    counts["triple", "overlap"] = len(match(wanted, given, _overlapping))
    _sizes(counts, "holder", len(wanted), len(given))

    def weight(one: Said, other: Said) -> float:
        return _if_near(iou(one.content, other.content), threshold, holder_right(one, other))

    counts["holder", "entity"] = sum(holder_right(wanted[i], given[j]) for i, j, _ in match(wanted, given, weight))
    return counts


def rhetoric(gold: Document, predicted: Prediction) -> Counts:
    """Count types on gold claims that have one: the predicted claim has the same content, cue and speaker."""
    counts: Counts = Counter()
    asked, given = claims(gold, gold.text), claims(predicted, gold.text)
    found = {i: given[j].claim.rhetoric for i, j, _ in match(asked, given, _identical)}
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
    for i, j, _ in match(wanted, given, weight):
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
