"""What each single gold unit is paired with: the matching behind `communique.score.counts`, told unit by unit."""

from collections import Counter

from communique.records import Document, Prediction
from communique.score.counts import UNITS, _identical, _if_near, _overlapping, _triple
from communique.score.items import Item, Meant, Said, attributions, claims, holder_right, iou, units
from communique.score.match import match


def spans(gold: Document, predicted: Prediction) -> dict[str, list[tuple[Item, bool, float]]]:
    """Return by kind the distinct gold spans, whether each is predicted exactly, and its overlap when paired."""
    wanted, given = units(gold, gold.text), units(predicted, gold.text)
    found = {}
    for kind in UNITS:
        ordered = sorted(wanted[kind])
        near = {i: weight for i, _, weight in match(ordered, sorted(given[kind]), iou)}
        found[kind] = [(one, one in given[kind], near.get(i, 0.0)) for i, one in enumerate(ordered)]
    return found


def attribution(gold: Document, predicted: Prediction, threshold: float) -> list[tuple[Said, bool, bool, bool]]:
    """Return the gold attributions, and whether each is matched strictly, by overlap, and with the right holder."""
    wanted, given = attributions(gold, gold.text), attributions(predicted, gold.text)
    left = Counter(map(_triple, given))
    strict = set()
    for number, said in enumerate(wanted):
        if left[_triple(said)]:
            left[_triple(said)] -= 1
            strict.add(number)

    def weight(one: Said, other: Said) -> float:
        return _if_near(iou(one.content, other.content), threshold, holder_right(one, other))

    near = {i for i, _, _ in match(wanted, given, _overlapping)}
    held = {i for i, j, _ in match(wanted, given, weight) if holder_right(wanted[i], given[j])}
    return [(said, i in strict, i in near, i in held) for i, said in enumerate(wanted)]


def rhetoric(gold: Document, predicted: Prediction) -> list[tuple[Meant, Meant | None]]:
    """Return the gold claims that have a type, each with the predicted claim of the same content, cue and speaker."""
    asked, given = claims(gold, gold.text), claims(predicted, gold.text)
    found = {i: given[j] for i, j, _ in match(asked, given, _identical)}
    return [(claim, found.get(number)) for number, claim in enumerate(asked) if claim.claim.rhetoric is not None]


def full(gold: Document, predicted: Prediction, threshold: float) -> list[tuple[Meant, int]]:
    """Return the gold claims and how many rungs each has reached: content, holder as well, type as well."""
    wanted, given = claims(gold, gold.text), claims(predicted, gold.text)

    def rungs(one: Meant, other: Meant) -> int:
        entity = holder_right(one.said, other.said)
        return entity + (entity and one.claim.rhetoric == other.claim.rhetoric)

    def weight(one: Meant, other: Meant) -> float:
        return _if_near(iou(one.content, other.content), threshold, rungs(one, other))

    reached = {i: 1 + rungs(wanted[i], given[j]) for i, j, _ in match(wanted, given, weight)}
    return [(claim, reached.get(number, 0)) for number, claim in enumerate(wanted)]
