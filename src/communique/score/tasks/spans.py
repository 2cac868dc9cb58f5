"""Speaker, cue and claim spans: exact, and one to one by intersection over union."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from communique.score.items import Item, iou, units
from communique.score.match import match
from communique.score.metrics import Counts, of_units
from communique.score.pairing import Pairing
from communique.score.sweep import near
from communique.score.tally import Tally, tally
from communique.score.task import Earned, Judged, Task

UNITS = ("speaker", "cue", "claim")


def counts(pairings: Sequence[Pairing]) -> list[Counts]:
    """Return the counts of each of many documents, far faster than one by one."""
    return as_counts(tally([pairing.gold for pairing in pairings], [pairing.predicted for pairing in pairings]))


def as_counts(found: Tally) -> list[Counts]:
    """Return a tally as counts, one per document."""
    keys = [(unit, measure) for unit in UNITS for measure in Tally.__struct_fields__]
    columns = (getattr(found, measure)[:, UNITS.index(unit)].tolist() for unit, measure in keys)
    return [Counter(dict(zip(keys, row, strict=True))) for row in zip(*columns, strict=True)]


def judge(pairing: Pairing) -> Judged:
    """Judge the distinct spans of a document one by one, as breakdowns need it."""
    wanted, given = units(pairing.gold, pairing.gold_items), units(pairing.predicted, pairing.predicted_items)
    owners = _owners(pairing)
    earned = [one for kind in UNITS for one in _earned(kind, wanted[kind], given[kind], owners)]
    return Judged(earned, {kind: len(given[kind]) for kind in UNITS})


def _earned(
    kind: str, wanted: frozenset[Item], given: frozenset[Item], owners: dict[tuple[str, Item], list[str]]
) -> Iterator[Earned]:
    """Yield what spans have earned; equal ones are paired first, which no best pairing can beat, see `tally`."""
    ones, others = sorted(wanted - given), sorted(given - wanted)
    paired = {one: iou(one, one) for one in wanted & given}
    paired |= {ones[i]: weight for i, _, weight in match(ones, others, iou, near(ones, others))}
    for one in sorted(wanted):
        shares = {"exact": one in given, "overlap": paired.get(one, 0.0)}
        yield Earned(kind, tuple(owners[kind, one]) or ("",), shares, broken=len(one) > 1)


def _owners(pairing: Pairing) -> dict[tuple[str, Item], list[str]]:
    """Return the attributions of each distinct speaker, cue and claim."""
    gold, known = pairing.gold, pairing.gold_items
    owners = defaultdict(list)
    for attribution in gold.attributions:
        for name in ("speaker", "cue"):
            if unit := getattr(attribution, name):
                owners[name, known[unit]].append(attribution.id)
    for claim in gold.claims:
        owners["claim", known[claim.id]].append(claim.attribution)
    return owners


TASK = Task(
    name="spans",
    order=1,
    wanted="speaker, cue and claim spans",
    match="one2one-iou",
    headlines={
        ("speaker", "exact"): "exact F1 of speakers",
        ("cue", "exact"): "exact F1 of cues",
        ("claim", "exact"): "exact F1 of claims",
        ("claim", "overlap"): "overlap F1 of claims",
    },
    figures=of_units(dict.fromkeys(UNITS, ("exact", "overlap"))),
    judge=judge,
    count=counts,
)
