"""Recall by properties of gold: form, nesting, discontinuity, implicit and far speakers, and what a task adds.

What a system predicts has none of these properties, so that of a group there is recall alone: gold units, those
matched among all that was predicted, and their ratio, which is the value. A gold unit is in one group of each facet: a
span that several attributions share is ``mixed`` where their forms differ, and ``yes`` where one of them is.
"""

from collections.abc import Callable, Iterator
from functools import cache

from msgspec.structs import replace

from communique.records import Document
from communique.score.metrics import Array, Figure, Totals, ratio
from communique.score.task import Earned
from communique.stats import far

FACETS = ("form", "nested", "discontinuous", "implicit-speaker", "far-speaker", "type", "speaker")
"""What gold is broken down by: groups are ``form:direct``, ``nested:yes`` …; the last two are told by some tasks."""
_NONE = "none"


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield the recall of each measure in each group that occurs in gold; ``predicted`` and precision are None."""
    for group, unit, measure in totals.keys:
        if measure != "gold":
            yield _recall(group, unit, measure, totals[group, unit, measure], totals[group, unit, "gold"])


def _recall(group: str, unit: str, measure: str, matched: Array, gold: Array) -> Figure:
    recall = ratio(matched, gold)
    support = Figure(unit=unit, measure=measure, group=group, gold=gold, predicted=None, matched=matched, value=recall)
    return replace(support, recall=recall)


def grouper(gold: Document) -> Callable[[Earned], tuple[str, ...]]:
    """Return a function that tells the groups of a document's gold units."""
    attributions = {unit.id: unit for unit in gold.attributions}
    distant = {unit.id for unit in far(gold)}

    @cache
    def of(owners: tuple[str, ...], broken: bool, others: tuple[str, ...]) -> tuple[str, ...]:
        units = [attributions[name] for name in owners if name]
        forms = {str(unit.form) for unit in units} or {_NONE}
        return (
            f"form:{forms.pop() if len(forms) == 1 else 'mixed'}",
            _group("nested", any(unit.parent is not None for unit in units)),
            _group("discontinuous", broken),
            _group("implicit-speaker", any(unit.speaker is None for unit in units)),
            _group("far-speaker", not distant.isdisjoint(owners)),
            *others,
        )

    def groups(earned: Earned) -> tuple[str, ...]:
        return of(earned.owners, earned.broken, earned.groups) if earned.owners else ()

    return groups


def _group(facet: str, holds: bool) -> str:
    return f"{facet}:{'yes' if holds else 'no'}"
