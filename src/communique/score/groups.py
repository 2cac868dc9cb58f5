"""Recall by properties of gold: form, nesting, discontinuity, implicit and far speakers, type.

What a system predicts has none of these properties, so that of a group there is recall alone: gold units, those
matched among all that was predicted, and their ratio, which is the value. A gold unit is in one group of each facet: a
span that several attributions share is ``mixed`` where their forms differ, and ``yes`` where one of them is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from communique.records import Document, Prediction
from communique.score import pairs
from communique.score.counts import MISSED, Counts
from communique.score.items import Item, item
from communique.score.metrics import Array, Figure, Totals, ratio
from communique.stats import far

FACETS = ("form", "nested", "discontinuous", "implicit-speaker", "far-speaker", "type")
"""What gold is broken down by: groups are ``form:direct``, ``nested:yes`` …; ``type`` is told of ``full`` alone."""
Groups = tuple[str, ...]
Grouper = Callable[[Collection[str], bool], Groups]


class Earned(NamedTuple):
    """What one gold unit has earned: per measure, how much of it is matched, in [0, 1]."""

    unit: str
    groups: Groups
    shares: Mapping[str, float]


def counts(task: str, gold: Document, predicted: Prediction, threshold: float) -> Counts:
    """Count the gold units of a document and what is matched of them, by group.

    Parameters
    ----------
    task : str
        One of `communique.score.config.TASKS`.
    gold, predicted : Document, Prediction
        Of one text.
    threshold : float
        Least intersection over union at which content counts as found.
    """
    found: Counts = Counter()
    for unit, groups, shares in _EARNED[task](gold, predicted, threshold):
        for group in groups:
            found[group, unit, "gold"] += 1
            for measure, share in shares.items():
                found[group, unit, measure] += share  # type: ignore[assignment]
    return found


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield the recall of each measure in each group that occurs in gold; ``predicted`` and precision are None."""
    for group, unit, measure in totals.keys:
        if measure != "gold":
            yield _recall(group, unit, measure, totals[group, unit, measure], totals[group, unit, "gold"])


def _recall(group: str, unit: str, measure: str, matched: Array, gold: Array) -> Figure:
    recall = ratio(matched, gold)
    support = Figure(unit=unit, measure=measure, group=group, gold=gold, predicted=None, matched=matched, value=recall)
    return replace(support, recall=recall)


def _grouper(gold: Document) -> Grouper:
    attributions = {unit.id: unit for unit in gold.attributions}
    distant = {unit.id for unit in far(gold)}

    def groups(names: Collection[str], broken: bool) -> Groups:
        units = [attributions[name] for name in names]
        forms = {str(unit.form) for unit in units} or {MISSED}
        return (
            f"form:{forms.pop() if len(forms) == 1 else 'mixed'}",
            _group("nested", any(unit.parent is not None for unit in units)),
            _group("discontinuous", broken),
            _group("implicit-speaker", any(unit.speaker is None for unit in units)),
            _group("far-speaker", not distant.isdisjoint(names)),
        )

    return groups


def _group(facet: str, holds: bool) -> str:
    return f"{facet}:{'yes' if holds else 'no'}"


def _spans(gold: Document, predicted: Prediction, _: float) -> Iterator[Earned]:
    groups, owners = _grouper(gold), _owners(gold)
    for kind, found in pairs.spans(gold, predicted).items():
        for one, exact, near in found:
            yield Earned(kind, groups(owners[kind, one], len(one) > 1), {"exact": exact, "overlap": near})


def _owners(gold: Document) -> dict[tuple[str, Item], list[str]]:
    """Return the attributions of each distinct speaker, cue and claim."""
    owners = defaultdict(list)
    for name in ("speaker", "cue"):
        words = {unit.id: item(unit.spans, gold.text) for unit in getattr(gold, f"{name}s")}
        for attribution in gold.attributions:
            if unit := getattr(attribution, name):
                owners[name, words[unit]].append(attribution.id)
    for claim in gold.claims:
        owners["claim", item(claim.spans, gold.text)].append(claim.attribution)
    return owners


def _attribution(gold: Document, predicted: Prediction, threshold: float) -> Iterator[Earned]:
    groups = _grouper(gold)
    broken = {claim.attribution for claim in gold.claims if len(claim.spans) > 1}
    for said, strict, near, holder in pairs.attribution(gold, predicted, threshold)[0]:
        place = groups([said.id], said.id in broken)
        yield Earned("triple", place, {"strict": strict, "overlap": near})
        if gold.entities:
            yield Earned("holder", place, {"entity": holder})


def _rhetoric(gold: Document, predicted: Prediction, _: float) -> Iterator[Earned]:
    groups = _grouper(gold)
    for asked, given in pairs.rhetoric(gold, predicted):
        claim, said = asked.claim, given.claim.rhetoric if given else None
        lenient = said is not None and said in (claim.rhetoric, claim.also)
        shares = {"accuracy": said == claim.rhetoric, "lenient-accuracy": lenient}
        yield Earned("claim", groups([claim.attribution], len(claim.spans) > 1), shares)


def _full(gold: Document, predicted: Prediction, threshold: float) -> Iterator[Earned]:
    groups = _grouper(gold)
    for asked, rungs in pairs.full(gold, predicted, threshold)[0] if gold.entities else []:
        claim = asked.claim
        place = (*groups([claim.attribution], len(claim.spans) > 1), f"type:{claim.rhetoric or MISSED}")
        shares = {"content": rungs >= 1, "content+entity": rungs >= 2, "content+entity+type": rungs >= 3}
        yield Earned("claim", place, shares)


_EARNED = {"spans": _spans, "attribution": _attribution, "rhetoric": _rhetoric, "full": _full}
