"""Whether systems differ by more than chance: paired tests on the per-document counts of the same gold."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np

from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.score.config import ScoreConfig, known, signature
from communique.score.intervals import DIFFERENCE, Clusters, interval
from communique.score.metrics import Array, Counts, Figure, Totals, scalar
from communique.score.randomisation import exchanged, holm, randomisation_p
from communique.score.repeats import comparable
from communique.score.submission import grouped_by_storyline, in_order, paired
from communique.score.task import Task, counts_of

Figured = dict[tuple[str, str], Figure]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a system against that of the first system; None where a figure is undefined.

    Attributes
    ----------
    task, unit, measure : str
        One of the headlines of `communique.score.config.KNOWN`.
    base, system : str
        Names of the first system and of the one compared with it.
    base_value, system_value : float or None
        Their figures, in [0, 1].
    difference : float or None
        ``system_value - base_value``; times 100 it is in points.
    low, high : float or None
        95 % interval of the difference, see `communique.score.intervals`.
    reason : str or None
        Why there is no interval.
    z : float or None
        Difference divided by its standard error; None where there is no interval.
    randomisation_p : float or None
        Two-sided, see `communique.score.randomisation`.
    randomisation_holm : float or None
        The same, corrected for all ``comparisons``.
    documents, clusters, comparisons : int
        Gold documents; storylines, or documents where there are none, which are drawn and exchanged as a whole;
        differences that were tested together.
    signature : str
        See `communique.score.config.signature`.
    """

    task: str
    unit: str
    measure: str
    base: str
    system: str
    base_value: float | None
    system_value: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    z: float | None = None
    randomisation_p: float | None = None
    randomisation_holm: float | None = None
    documents: int
    clusters: int
    comparisons: int
    signature: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All later systems against the first on one part of the data."""

    differences: tuple[Difference, ...]
    """By system, then by task."""
    notes: tuple[str, ...] = ()
    """What was left out, or could not be paired, of which system, and why."""


def compare(
    gold: Sequence[Document],
    systems: Sequence[tuple[str, Iterable[Prediction]]],
    config: ScoreConfig = ScoreConfig(),  # noqa: B008 - frozen
    *,
    version: str = "none",
    split: str = "all",
) -> Comparison:
    """Compare the headline figures of each later system with those of the first.

    Parameters
    ----------
    gold : sequence of Document
        Every document that is scored.
    systems : sequence of (str, iterable of Prediction)
        Name and predictions, as for `communique.score.evaluate.evaluate`; two or more.
    config : ScoreConfig, optional
        Tasks, threshold, and rounds of randomisation.
    version, split : str, optional
        Release and part of the data, for the signatures.

    Returns
    -------
    Comparison
        Tasks are left out as by `communique.score.evaluate.evaluate`, if one of the systems calls for it; notes say so.

    Raises
    ------
    CommuniqueError
        There are fewer than two systems, no gold documents, or no rounds.
    DataError
        Predictions are duplicated, out of the text, or of unknown documents.
    """
    if len(systems) < 2:
        raise CommuniqueError(f"a comparison takes two or more systems, here are {len(systems)}; add a prediction file")
    if config.rounds < 1:
        raise CommuniqueError(f"{config.rounds} rounds: a comparison needs some")
    golds = in_order(gold)
    pairings = [(name, paired(golds, given, name, config.iou)) for name, given in systems]
    tasks, notes = comparable(known(config), pairings)
    (base, first), *others = pairings
    chance = _Chance(grouped_by_storyline(golds), config)
    rows: list[dict[str, Any]] = []
    for name, second in others:
        for task in tasks:
            head: dict[str, Any] = {"task": task.name, "base": base, "system": name, "documents": len(golds)}
            head |= {"clusters": chance.clusters.number}
            rows += [head | row for row in chance.rows(task, counts_of(task, first), counts_of(task, second))]
    comparisons = _correct(rows)
    collection = "+".join(sorted({document.collection for document in golds}))
    sign = partial(signature, config, version=version, collection=collection, split=split, comparisons=comparisons)
    found = (Difference(**row, comparisons=comparisons, signature=sign(task=row["task"])) for row in rows)
    return Comparison(differences=tuple(found), notes=tuple(notes))


class _Chance:
    """The clusters and exchanges that all comparisons share."""

    def __init__(self, groups: Sequence[tuple[str, str]], config: ScoreConfig):
        self.clusters = Clusters(groups)
        self._swaps = list(exchanged(groups, config.rounds, config.seed))

    def rows(self, task: Task, base: Sequence[Counts], system: Sequence[Counts]) -> Iterator[dict[str, Any]]:
        """Yield what is told of each headline of a task."""
        ones, others = (_figures(task, Totals(counts, self.clusters.sums)) for counts in (base, system))
        both = Totals([*base, *system])
        rounds = [_exchanged(task, both, swap) for swap in self._swaps]
        for key in task.headlines:
            one, other = ones[key], others[key]
            told = {"base_value": scalar(one.value), "system_value": scalar(other.value)}
            chance = np.concatenate([found[key] for found in rounds])
            tested = self._tested(other.value - one.value, np.maximum(one.gold, other.gold), chance)
            yield {"unit": key[0], "measure": key[1], **told, **tested}

    def _tested(self, differences: Array, gold: Array, chance: Array) -> dict[str, Any]:
        difference = float(differences[0])
        if np.isnan(difference):
            return {}
        spread = interval(differences, gold, self.clusters, DIFFERENCE)
        return {
            "difference": round(difference, 6),
            "low": spread.low,
            "high": spread.high,
            "reason": spread.reason,
            "z": round(difference / spread.error, 6) if spread.error else None,
            "randomisation_p": round(randomisation_p(difference, chance), 6),
        }


def _figures(task: Task, totals: Totals) -> Figured:
    return {(found.unit, found.measure): found for found in task.figures(totals) if found.group == "all"}


def _exchanged(task: Task, both: Totals, swap: Array) -> dict[tuple[str, str], Array]:
    base, system = (_figures(task, both.weighted(np.hstack(parts))) for parts in ((1 - swap, swap), (swap, 1 - swap)))
    return {key: found.value - base[key].value for key, found in system.items()}


def _correct(rows: Sequence[dict[str, Any]]) -> int:
    """Add corrected p-values to the rows that have p-values, and return how many these are."""
    tested = [row for row in rows if "difference" in row]
    for row, corrected in zip(tested, holm([row["randomisation_p"] for row in tested]), strict=True):
        row["randomisation_holm"] = round(corrected, 6)
    return len(tested)
