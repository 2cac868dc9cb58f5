"""Recall by properties of gold: form, nesting, discontinuity, implicit and far speakers, and what a task adds.

What a system predicts has none of these properties, so that of a group there is recall alone: gold units, those
matched among all that was predicted, and their ratio, which is the value. A gold unit is in one group of each facet: a
span that several attributions share is ``mixed`` where their forms differ, and ``yes`` where one of them is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache

from msgspec.structs import replace

from communique.records import Document
from communique.score.metrics import Array, Figure, Key, Totals, ratio, sum_of
from communique.score.task import Earned, Groups
from communique.stats import far

FACETS = ("form", "nested", "discontinuous", "implicit-speaker", "far-speaker", "type", "speaker")
"""What gold is broken down by: groups are ``form:direct``, ``nested:yes`` …; the last two are told by some tasks."""
_HELD = FACETS[1:5]
_NONE = "none"


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield the recall of each measure in each group that occurs in gold; ``predicted`` and precision are None."""
    parts: defaultdict[Key, list[Array]] = defaultdict(list)
    for *some, unit, measure in totals.keys:
        for group in some:
            parts[group, unit, measure].append(totals[*some, unit, measure])
    sums = {key: sum_of(parts[key]) for key in sorted(parts)}
    for (group, unit, measure), matched in sums.items():
        if measure != "gold":
            yield _recall(group, unit, measure, matched, sums[group, unit, "gold"])


def _recall(group: str, unit: str, measure: str, matched: Array, gold: Array) -> Figure:
    recall = ratio(matched, gold)
    support = Figure(unit=unit, measure=measure, group=group, gold=gold, predicted=None, matched=matched, value=recall)
    return replace(support, recall=recall)


def grouper(gold: Document) -> Callable[[Earned], tuple[Groups, ...]]:
    """Return a function that tells the groups of a document's gold units: those of the owners, and each further one."""
    attributions = {unit.id: unit for unit in gold.attributions}
    distant = {unit.id for unit in far(gold)}

    @cache
    def of(owners: tuple[str, ...], broken: bool) -> Groups:
        units = [attributions[name] for name in owners if name]
        forms = {str(unit.form) for unit in units} or {_NONE}
        return _named(
            forms.pop() if len(forms) == 1 else "mixed",
            any(unit.parent is not None for unit in units),
            broken,
            any(unit.speaker is None for unit in units),
            not distant.isdisjoint(owners),
        )

    def groups(earned: Earned) -> tuple[Groups, ...]:
        return (of(earned.owners, earned.broken), *zip(earned.groups)) if earned.owners else ()

    return groups


@cache
def _named(form: str, *held: bool) -> Groups:
    return f"form:{form}", *(f"{facet}:{'yes' if one else 'no'}" for facet, one in zip(_HELD, held, strict=True))
