"""Annotated units as sets of characters: what the metrics compare."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from communique.records import Claim, Document, PredictedClaim, Prediction, Span

Item = tuple[tuple[int, int], ...]
"""Character set of a unit: sorted, disjoint stretches, code points, half-open, white space trimmed at their edges."""


class Said(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An attribution as the metrics see it.

    Attributes
    ----------
    id : str
        As annotated or predicted.
    speaker, cue : Item or None
        None where implicit.
    content : Item
        Union of its claims.
    holders : frozenset of str
        Ids of the entities that hold it.
    """

    id: str
    speaker: Item | None
    cue: Item | None
    content: Item
    holders: frozenset[str]


class Meant(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A claim as the metrics see it."""

    content: Item
    said: Said
    claim: Claim | PredictedClaim


def item(spans: Sequence[Span], text: str) -> Item:
    """Return the character set of spans.

    Parameters
    ----------
    spans : sequence of Span
        Fragments in any order.
    text : str
        Text they stand in, for trimming.
    """
    stretches = [trim(span.start, span.end, text) for span in spans]
    if len(stretches) == 1 and stretches[0][0] < stretches[0][1]:
        return (stretches[0],)
    return merged(stretches)


def merged(stretches: Iterable[tuple[int, int]]) -> Item:
    """Return stretches sorted, joined where they touch or overlap, empty ones dropped."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def size(one: Item) -> int:
    """Return the number of characters."""
    return one[0][1] - one[0][0] if len(one) == 1 else sum(end - start for start, end in one)


def overlap(one: Item, other: Item) -> int:
    """Return the number of characters two items share."""
    if not one or not other or one[-1][1] <= other[0][0] or other[-1][1] <= one[0][0]:
        return 0
    if len(one) == len(other) == 1:
        return min(one[0][1], other[0][1]) - max(one[0][0], other[0][0])
    few, many = sorted((one, other), key=len)
    return sum(min(a[1], b[1]) - max(a[0], b[0]) for a in few for b in _met(many, *a))


def _met(one: Item, start: int, end: int) -> Item:
    return one[bisect_right(one, start, key=_end) : bisect_left(one, end, key=_start)]


def _start(stretch: tuple[int, int]) -> int:
    return stretch[0]


def _end(stretch: tuple[int, int]) -> int:
    return stretch[1]


def meet(one: Item, other: Item) -> bool:
    """Say whether two items share a character."""
    few, many = sorted((one, other), key=len)
    return any(_met(many, *stretch) for stretch in few)


def iou(one: Item, other: Item) -> float:
    """Return intersection over union of two character sets, 0 for empty ones."""
    if one == other:
        return float(bool(one))
    shared = overlap(one, other)
    return shared / (size(one) + size(other) - shared) if shared else 0.0


def trim(start: int, end: int, text: str) -> tuple[int, int]:
    """Return a stretch without the white space at its edges; a reversed one if it is nothing else."""
    words = text[start:end]
    if words and not words[0].isspace() and not words[-1].isspace():
        return start, start + len(words)
    return end - len(words.lstrip()), start + len(words.rstrip())


def items(layer: Document | Prediction, text: str) -> dict[str, Item]:
    """Return the items of the speakers, cues and claims of a document, by id."""
    return {unit.id: item(unit.spans, text) for unit in (*layer.speakers, *layer.cues, *layer.claims)}


def units(layer: Document | Prediction, known: Mapping[str, Item]) -> dict[str, frozenset[Item]]:
    """Return the distinct speaker, cue and claim items of a document, whose `items` are known."""
    groups = {"speaker": layer.speakers, "cue": layer.cues, "claim": layer.claims}
    return {name: frozenset(known[unit.id] for unit in group) for name, group in groups.items()}


def attributions(layer: Document | Prediction, known: Mapping[str, Item]) -> list[Said]:
    """Return the attributions of a document that have claims, in an order that does not depend on the file's."""
    content: dict[str, list[tuple[int, int]]] = {}
    for claim in layer.claims:
        content.setdefault(claim.attribution, []).extend(known[claim.id])
    found = [
        Said(
            id=unit.id,
            speaker=known[unit.speaker] if unit.speaker else None,
            cue=known[unit.cue] if unit.cue else None,
            content=merged(content[unit.id]),
            holders=frozenset(unit.entities),
        )
        for unit in layer.attributions
        if unit.id in content
    ]
    distinct = {words(said): said for said in found}
    if len(distinct) == len(found):
        return [distinct[key] for key in sorted(distinct)]
    naming = {entity.id: (sorted(entity.mentions), entity.name, entity.kind) for entity in layer.entities}
    return sorted(found, key=lambda said: (*words(said), sorted(naming[name] for name in said.holders)))


def claims(layer: Document | Prediction, said: Iterable[Said], known: Mapping[str, Item]) -> list[Meant]:
    """Return the claims of a document, each with its attribution, in an order as `attributions` has it."""
    place = {unit.id: (number, unit) for number, unit in enumerate(said)}
    found = [Meant(content=known[c.id], said=place[c.attribution][1], claim=c) for c in layer.claims]
    return sorted(found, key=lambda meant: (meant.content, place[meant.said.id][0], _labels(meant.claim)))


def words(said: Said) -> tuple[Item, Item, Item]:
    """Return what an attribution consists of: content, cue and speaker, empty where implicit."""
    return said.content, said.cue or (), said.speaker or ()


def _labels(claim: Claim | PredictedClaim) -> tuple[str, str, bool, bool, int]:
    return claim.rhetoric or "", claim.also or "", claim.conditional, claim.negated, len(claim.targets)
