"""What was found, in counts that add up: of a shard, and of an archive."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from communique.problems import tidy
from communique.records import Prediction

UNTYPED = "–"
_WIDE = 30
"""Characters of a name, so that a row fits into 80."""


class Found(msgspec.Struct):
    """Counts of labels.

    Attributes
    ----------
    texts, claims : int
        How many were labelled, and found.
    types : dict of str to int
        Claims by type, `UNTYPED` where it is none.
    holders : dict of str to dict of str to int
        The same for every holder, by name; a claim of two holders counts for both.
    """

    texts: int = 0
    claims: int = 0
    types: dict[str, int] = {}
    holders: dict[str, dict[str, int]] = {}


def found(predictions: Iterable[Prediction]) -> Found:
    """Count what predictions have."""
    total, types, holders = Found(), Counter[str](), dict[str, Counter[str]]()
    for layer in predictions:
        names = {entity.id: tidy(entity.name) for entity in layer.entities}
        held = {item.id: {names[name] for name in item.entities} for item in layer.attributions}
        total.texts += 1
        for claim in layer.claims:
            total.claims += 1
            types[claim.rhetoric or UNTYPED] += 1
            for name in sorted(held[claim.attribution]):
                holders.setdefault(name, Counter())[claim.rhetoric or UNTYPED] += 1
    total.types, total.holders = dict(types), {name: dict(by) for name, by in holders.items()}
    return total


def add(total: Found, one: Found) -> None:
    """Add counts to others."""
    total.texts += one.texts
    total.claims += one.claims
    total.types = dict(Counter(total.types) + Counter(one.types))
    for name, by in one.holders.items():
        total.holders[name] = dict(Counter(total.holders.get(name, {})) + Counter(by))


def holder_rows(total: Found, most: int = 10) -> list[list[str]]:
    """Return the holders of the most claims: name, their most frequent types, claims."""
    ranked = sorted(total.holders.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return [[_cut(name), _often(by), f"{sum(by.values()):,}"] for name, by in ranked[:most]]


def type_rows(total: Found) -> list[list[str]]:
    """Return the types: name, who holds most of them, claims, share in percent."""
    rows = []
    for kind, times in sorted(total.types.items(), key=lambda item: (-item[1], item[0])):
        whose = {name: by[kind] for name, by in total.holders.items() if kind in by}
        first = min(whose, key=lambda name: (-whose[name], name)) if whose else ""
        most = f"{_cut(first)} {whose[first]:,}" if whose else ""
        rows.append([kind, most, f"{times:,}", f"{100 * times / total.claims:.0f}"])
    return rows


def _often(by: dict[str, int]) -> str:
    ranked = sorted(by.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{kind} {times:,}" for kind, times in ranked[:2])


def _cut(name: str) -> str:
    return name if len(name) <= _WIDE else f"{name[: _WIDE - 1]}…"
