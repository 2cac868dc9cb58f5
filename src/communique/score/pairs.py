"""Which predicted unit each gold unit of a document is paired with: the matching behind every count and breakdown."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from communique.records import Document, Prediction
from communique.score.items import Item, Meant, Said, attributions, claims, holder_right, iou, overlap, units
from communique.score.match import match
from communique.score.sweep import near

Unit = TypeVar("Unit", Said, Meant)
UNITS = ("speaker", "cue", "claim")
_TIE = 1e-6


class SaidPair(NamedTuple):
    """A gold attribution, and whether it is matched strictly, by overlap, and with the right holder."""

    said: Said
    strict: bool
    overlap: bool
    entity: bool


class MeantPair(NamedTuple):
    """A gold claim, and how many rungs it has reached: content, holder as well, type as well."""

    meant: Meant
    rungs: int


def spans(gold: Document, predicted: Prediction) -> dict[str, list[tuple[Item, bool, float]]]:
    """Return by kind the distinct gold spans, whether each is predicted exactly, and its overlap when paired."""
    wanted, given = units(gold, gold.text), units(predicted, gold.text)
    found = {}
    for kind in UNITS:
        ordered = sorted(wanted[kind])
        paired = {i: weight for i, _, weight in match(ordered, sorted(given[kind]), iou)}
        found[kind] = [(one, one in given[kind], paired.get(i, 0.0)) for i, one in enumerate(ordered)]
    return found


def attribution(gold: Document, predicted: Prediction, threshold: float) -> tuple[list[SaidPair], int]:
    """Return the gold attributions with what each is matched by, and the number of predicted ones."""
    wanted, given = attributions(gold, gold.text), attributions(predicted, gold.text)
    pairs = _candidates(wanted, given, threshold)
    strict = _equal(wanted, given)
    overlapping = {i for i, _, _ in match(wanted, given, _overlapping, pairs)}
    weight = _near_and(holder_right, threshold)
    held = {i for i, j, _ in match(wanted, given, weight, pairs) if holder_right(wanted[i], given[j])}
    return [SaidPair(said, i in strict, i in overlapping, i in held) for i, said in enumerate(wanted)], len(given)


def rhetoric(gold: Document, predicted: Prediction) -> list[tuple[Meant, Meant | None]]:
    """Return the gold claims that have a type, each with the predicted claim of the same content, cue and speaker."""
    asked, given = claims(gold, gold.text), claims(predicted, gold.text)
    found = {i: given[j] for i, j, _ in match(asked, given, _identical, _candidates(asked, given))}
    return [(claim, found.get(number)) for number, claim in enumerate(asked) if claim.claim.rhetoric is not None]


def full(gold: Document, predicted: Prediction, threshold: float) -> tuple[list[MeantPair], int]:
    """Return the gold claims with the rungs each has reached, and the number of predicted ones."""
    wanted, given = claims(gold, gold.text), claims(predicted, gold.text)

    def right(one: Meant, other: Meant) -> int:
        entity = holder_right(one.said, other.said)
        return entity + (entity and one.claim.rhetoric == other.claim.rhetoric)

    pairs = match(wanted, given, _near_and(right, threshold), _candidates(wanted, given, threshold))
    reached = {i: 1 + right(wanted[i], given[j]) for i, j, _ in pairs}
    return [MeantPair(claim, reached.get(number, 0)) for number, claim in enumerate(wanted)], len(given)


def _candidates(
    gold: Sequence[Said | Meant], predicted: Sequence[Said | Meant], threshold: float = 1
) -> list[tuple[int, int]] | None:
    """Return the pairs worth weighing; without a threshold contents that share nothing are, too, and all pairs are."""
    return near([one.content for one in gold], [one.content for one in predicted]) if threshold > 0 else None


def _equal(gold: Sequence[Said], predicted: Sequence[Said]) -> set[int]:
    """Return the numbers of the gold attributions with an equal predicted one, each of which is used once."""
    left = Counter(map(_triple, predicted))
    found = set()
    for number, triple in enumerate(map(_triple, gold)):
        if left[triple]:
            left[triple] -= 1
            found.add(number)
    return found


def _triple(said: Said) -> tuple[Item | None, Item | None, Item]:
    return said.speaker, said.cue, said.content


def _overlapping(one: Said, other: Said) -> float:
    for wanted, given in ((one.speaker, other.speaker), (one.cue, other.cue)):
        if (wanted is None) != (given is None) or (wanted and given and not overlap(wanted, given)):
            return 0.0
    return iou(one.content, other.content)


def _identical(one: Meant, other: Meant) -> float:
    wanted, given = ((m.content, m.said.cue, m.said.speaker) for m in (one, other))
    return 1 + (one.claim.rhetoric == other.claim.rhetoric) if wanted == given else 0


def _near_and(right: Callable[[Unit, Unit], int], threshold: float) -> Callable[[Unit, Unit], float]:
    """Return a weight: overlap of contents where it reaches the threshold, ties to what else is right."""

    def weight(one: Unit, other: Unit) -> float:
        shared = iou(one.content, other.content)
        return shared + _TIE * right(one, other) if shared >= threshold else 0.0

    return weight
