"""What a task or a protocol declares of itself; the lists, the command line and the documentation derive from it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from communique.records import Document, Prediction
from communique.score.metrics import Counts, Figures
from communique.score.pairing import Pairing

Groups = tuple[str, ...]
"""Groups that a gold unit is in, such as ``nested:yes``."""


class Earned(msgspec.Struct, frozen=True, gc=False):
    """What one gold unit has earned.

    Attributes
    ----------
    unit : str
        Kind of unit.
    owners : tuple of str
        Ids of the gold attributions it belongs to, by which it is grouped; without any it is in no group.
    shares : mapping of str to float
        Per measure, how much of it is matched, in [0, 1]; of units of one kind the measures are the same.
    broken : bool
        Whether it is discontinuous.
    groups : tuple of str
        Further groups it is in, such as ``type:threat``.
    """

    unit: str
    owners: tuple[str, ...]
    shares: Mapping[str, float]
    broken: bool = False
    groups: tuple[str, ...] = ()


class Judged(NamedTuple):
    """What a task finds in a document: what gold units have earned, predicted units by kind, and further counts."""

    earned: Sequence[Earned]
    predicted: Mapping[str, int]
    further: Mapping[tuple[str, ...], float] = MappingProxyType({})


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A way of scoring.

    Attributes
    ----------
    name : str
        As on the command line and in signatures.
    order : int
        Place among the others, lowest first.
    given, wanted : str
        What a system is given and what it is to find, in words.
    match : str
        How units are matched, for signatures; ``{iou}`` stands for the threshold.
    headlines : mapping of (str, str) to str
        Unit and measure of the figures that the leaderboard shows, and their names in plain English.
    figures : callable
        What is told of summed counts.
    judge : callable
        Of a pairing; None where the task counts documents all at once and has no breakdown.
    count : callable
        Counts per document of many pairings; by default what `judge` finds, added up.
    words : tuple of str
        Packages that cut texts into what is counted: their versions are part of the signature.
    """

    name: str
    order: int = 0
    given: str = "text"
    wanted: str
    match: str
    headlines: Mapping[tuple[str, str], str]
    figures: Figures
    judge: Callable[[Pairing], Judged] | None = None
    count: Callable[[Sequence[Pairing]], list[Counts]] | None = None
    words: tuple[str, ...] = ()


def counted(judged: Judged) -> Counts:
    """Return additive counts: of each unit ``gold``, ``predicted`` and every measure, and what is counted further."""
    found: Counts = Counter()
    for _, unit, name, total in _sums(judged.earned, lambda _: ((),)):
        found[unit, name] = total  # type: ignore[assignment]
    found.update(judged.further)
    found.update({(unit, "predicted"): number for unit, number in judged.predicted.items()})
    return found


def counts_of(task: Task, pairings: Sequence[Pairing]) -> list[Counts]:
    """Return the counts of each document for a task."""
    if task.count:
        return task.count(pairings)
    return [counted(task.judge(one)) for one in pairings if task.judge]


def grouped(judged: Judged, groups: Callable[[Earned], Sequence[Groups]]) -> Counts:
    """Return counts of gold units and what they have earned by the groups they share, which begin each key."""
    found: Counts = Counter()
    for some, unit, name, total in _sums(judged.earned, groups):
        found[*some, unit, name] = total  # type: ignore[assignment]
    return found


def _sums(
    earned: Sequence[Earned], groups: Callable[[Earned], Sequence[Groups]]
) -> Iterator[tuple[Groups, str, str, float]]:
    """Yield groups, unit, ``gold`` or a measure, and its sum over the units of that kind that share these groups."""
    alike: defaultdict[tuple[Groups, str], list[Mapping[str, float]]] = defaultdict(list)
    for one in earned:
        for some in groups(one):
            alike[some, one.unit].append(one.shares)
    for (some, unit), shares in alike.items():
        yield some, unit, "gold", len(shares)
        for measure in shares[0]:
            yield some, unit, measure, sum([share[measure] for share in shares])


def document_by_document(
    counts: Callable[[Document, Prediction], Counts],
) -> Callable[[Sequence[Pairing]], list[Counts]]:
    """Return a way to count many documents, from one that counts gold and prediction of one."""

    def count(pairings: Sequence[Pairing]) -> list[Counts]:
        return [counts(pairing.gold, pairing.predicted) for pairing in pairings]

    return count
