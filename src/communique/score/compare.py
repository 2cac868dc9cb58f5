"""Whether systems differ by more than chance: paired tests on the per-document counts of the same gold."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np

from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.score.config import ScoreConfig, signature
from communique.score.counts import Counts
from communique.score.metrics import Array, Totals, scalar
from communique.score.pairing import paired
from communique.score.resampling import bootstrap_p, exchanged, holm, interval, randomisation_p, resampled
from communique.score.tasks import FIGURES, HEADLINES, check, counted

Values = dict[tuple[str, str], Array]
_STEADY = 1e-12


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a system against that of the first system; None where a figure is undefined.

    Attributes
    ----------
    task, unit, measure : str
        One of `communique.score.tasks.HEADLINES`.
    base, system : str
        Names of the first system and of the one compared with it.
    base_value, system_value : float or None
        Their figures, in [0, 1].
    difference : float or None
        ``system_value - base_value``; times 100 it is in points.
    low, high : float or None
        95 % interval of the difference: percentiles over documents resampled for both systems alike.
    effect : float or None
        Difference divided by the standard deviation of its resamples; None where they do not vary.
    bootstrap_p, randomisation_p : float or None
        Two-sided, see `communique.score.resampling`.
    bootstrap_holm, randomisation_holm : float or None
        The same, corrected for all ``comparisons``.
    documents, comparisons : int
        Gold documents; differences that were tested together.
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
    effect: float | None = None
    bootstrap_p: float | None = None
    randomisation_p: float | None = None
    bootstrap_holm: float | None = None
    randomisation_holm: float | None = None
    documents: int
    comparisons: int
    signature: str


def compare(
    gold: Sequence[Document],
    systems: Sequence[tuple[str, Iterable[Prediction]]],
    config: ScoreConfig = ScoreConfig(),  # noqa: B008 - frozen
    *,
    version: str = "none",
    split: str = "all",
) -> list[Difference]:
    """Compare the headline figures of each later system with those of the first.

    Parameters
    ----------
    gold : sequence of Document
        Every document that is scored.
    systems : sequence of (str, iterable of Prediction)
        Name and predictions, as for `communique.score.evaluate.evaluate`; two or more.
    config : ScoreConfig, optional
        Tasks, threshold, bootstrap and rounds of randomisation.
    version, split : str, optional
        Release and part of the data, for the signatures.

    Returns
    -------
    list of Difference
        By system, then by task.

    Raises
    ------
    CommuniqueError
        There are fewer than two systems, no gold documents, or no resamples or rounds.
    DataError
        Predictions are duplicated, out of the text, or of unknown documents.
    """
    if len(systems) < 2:
        raise CommuniqueError(f"a comparison takes two or more systems, here are {len(systems)}; add a prediction file")
    if min(config.resamples, config.rounds) < 1:
        raise CommuniqueError(f"{config.resamples} resamples, {config.rounds} rounds: a comparison needs some of both")
    check(gold, config)
    counts = [(name, counted(gold, paired(gold, given, name), config)) for name, given in systems]
    (base, first), *others = counts
    collection = "+".join(sorted({document.collection for document in gold}))
    rows: list[dict[str, Any]] = []
    for name, second in others:
        for task in config.tasks:
            head: dict[str, Any] = {"task": task, "base": base, "system": name, "documents": len(gold)}
            rows += [head | row for row in _rows(task, first[task], second[task], config)]
    comparisons = _correct(rows)
    sign = partial(signature, config, version=version, collection=collection, split=split, comparisons=comparisons)
    return [Difference(**row, comparisons=comparisons, signature=sign(task=row["task"])) for row in rows]


def _rows(task: str, base: Sequence[Counts], system: Sequence[Counts], config: ScoreConfig) -> Iterator[dict[str, Any]]:
    one, other, both = Totals(base), Totals(system), Totals([*base, *system])
    draws = resampled(len(base), config.resamples, config.seed)
    ones, others = _values(task, one), _values(task, other)
    sampled = _less(_values(task, other.weighted(draws)), _values(task, one.weighted(draws)))
    rounds = [_exchanged(task, both, swap) for swap in exchanged(len(base), config.rounds, config.seed)]
    for key in HEADLINES[task]:
        row = dict(unit=key[0], measure=key[1], base_value=scalar(ones[key]), system_value=scalar(others[key]))
        chance = np.concatenate([found[key] for found in rounds])
        yield row | _tested(float((others[key] - ones[key])[0]), sampled[key], chance)


def _values(task: str, totals: Totals) -> Values:
    return {(found.unit, found.measure): found.value for found in FIGURES[task](totals) if found.group == "all"}


def _less(one: Values, other: Values) -> Values:
    return {key: values - other[key] for key, values in one.items()}


def _exchanged(task: str, both: Totals, swap: Array) -> Values:
    base, system = (_values(task, both.weighted(np.hstack(parts))) for parts in ((1 - swap, swap), (swap, 1 - swap)))
    return _less(system, base)


def _tested(difference: float, sampled: Array, chance: Array) -> dict[str, Any]:
    if np.isnan(difference):
        return {}
    low, high = interval(sampled)
    spread = float(np.nanstd(sampled, ddof=1)) if np.count_nonzero(~np.isnan(sampled)) > 1 else 0.0
    return {
        "difference": round(difference, 6),
        "low": low,
        "high": high,
        "effect": round(difference / spread, 6) if spread > _STEADY else None,
        "bootstrap_p": round(bootstrap_p(difference, sampled), 6),
        "randomisation_p": round(randomisation_p(difference, chance), 6),
    }


def _correct(rows: Sequence[dict[str, Any]]) -> int:
    """Add corrected p-values to the rows that have p-values, and return how many these are."""
    tested = [row for row in rows if "difference" in row]
    for test in ("bootstrap", "randomisation"):
        for row, corrected in zip(tested, holm([row[f"{test}_p"] for row in tested]), strict=True):
            row[f"{test}_holm"] = round(corrected, 6)
    return len(tested)
