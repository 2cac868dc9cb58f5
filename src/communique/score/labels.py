"""What is labelled of a claim beside its type: whom it is aimed at, a secondary type, conditional and negated."""

from collections import Counter
from collections.abc import Iterator, Mapping

from communique.score.items import Meant
from communique.score.pairing import Pairing
from communique.score.task import Earned, Judged

FLAGS = ("conditional", "negated")
MEASURES = {
    "target": ("set",),
    "dyad": ("link",),
    "also": ("label",),
    "conditional": ("flag",),
    "negated": ("flag",),
}
"""``target set``: claims with targets, right if theirs are these and no more. ``dyad link``: pairs of holder and
target. ``also label``: secondary types. Flags: claims that have them. Nothing is counted as right by being absent."""


def judged(pairing: Pairing, met: Mapping[int, Meant]) -> Judged:
    """Judge the labels of claims.

    Parameters
    ----------
    pairing : Pairing
        Of one document.
    met : mapping of int to Meant
        Of the numbers in ``pairing.asked`` the predicted claim each is paired with.
    """
    earned = [one for number, asked in enumerate(pairing.asked) for one in _earned(pairing, asked, met.get(number))]
    predicted = Counter(unit for claim in pairing.answered for unit in _units(pairing, claim))
    return Judged(earned, predicted)


def _units(pairing: Pairing, claim: Meant) -> Iterator[str]:
    if pairing.entities and claim.claim.targets:
        yield from ("dyad",) * (len(claim.said.holders) * len(set(claim.claim.targets)))
        yield "target"
    yield from ("also",) * bool(claim.claim.also)
    yield from (flag for flag in FLAGS if getattr(claim.claim, flag))


def _earned(pairing: Pairing, asked: Meant, other: Meant | None) -> Iterator[Earned]:
    if pairing.entities and asked.claim.targets:
        yield from _aimed(pairing, asked, other)
    if asked.claim.also:
        yield Earned("also", (), {"label": float(other is not None and other.claim.also == asked.claim.also)})
    for flag in FLAGS:
        if getattr(asked.claim, flag):
            yield Earned(flag, (), {"flag": float(other is not None and getattr(other.claim, flag))})


def _aimed(pairing: Pairing, asked: Meant, other: Meant | None) -> Iterator[Earned]:
    holders, targets = map(pairing.as_gold, (other.said.holders, other.claim.targets) if other else ((), ()))
    yield Earned("target", (), {"set": float(targets == frozenset(asked.claim.targets))})
    for holder in sorted(asked.said.holders):
        for target in sorted(set(asked.claim.targets)):
            yield Earned("dyad", (), {"link": float(holder in holders and target in targets)})
