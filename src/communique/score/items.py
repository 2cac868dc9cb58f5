"""Annotated units as sets of characters: what the metrics compare."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import msgspec

from communique.records import Claim, Document, PredictedClaim, Prediction, Span

Item = tuple[tuple[int, int], ...]
"""Character set of a unit: sorted, disjoint stretches, code points, half-open, white space trimmed at their edges."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """An attribution as the metrics see it."""

    id: str
    speaker: Item | None
    cue: Item | None
    content: Item
    holders: tuple[Item, ...]
    """Per holding entity: the characters of its mentions (empty where it has none)."""


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as the metrics see it."""

    id: str
    content: Item
    said: Said
    claim: Claim | PredictedClaim


def item(spans: Iterable[Span], text: str) -> Item:
    """Return the character set of spans.

    Parameters
    ----------
    spans : iterable of Span
        Fragments in any order.
    text : str
        Text they stand in, for trimming.
    """
    return merged(trim(span.start, span.end, text) for span in spans)


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
    return sum(end - start for start, end in one)


def overlap(one: Item, other: Item) -> int:
    """Return the number of characters two items share."""
    if not one or not other or one[-1][1] <= other[0][0] or other[-1][1] <= one[0][0]:
        return 0
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
    shared = overlap(one, other)
    return shared / (size(one) + size(other) - shared) if shared else 0.0


def trim(start: int, end: int, text: str) -> tuple[int, int]:
    """Return a stretch without the white space at its edges; a reversed one if it is nothing else."""
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())


def units(layer: Document | Prediction, text: str) -> dict[str, frozenset[Item]]:
    """Return the distinct speaker, cue and claim items of a document."""
    groups = {"speaker": layer.speakers, "cue": layer.cues, "claim": layer.claims}
    return {name: frozenset(item(unit.spans, text) for unit in group) for name, group in groups.items()}


def attributions(layer: Document | Prediction, text: str) -> list[Said]:
    """Return the attributions of a document that have content; content is the union of their claims."""
    spoken = {unit.id: item(unit.spans, text) for unit in (*layer.speakers, *layer.cues)}
    holders = {entity.id: merged(entity.mentions) for entity in layer.entities}
    content: dict[str, list[tuple[int, int]]] = {}
    for claim in layer.claims:
        content.setdefault(claim.attribution, []).extend(item(claim.spans, text))
    return [
        Said(
            id=unit.id,
            speaker=spoken[unit.speaker] if unit.speaker else None,
            cue=spoken[unit.cue] if unit.cue else None,
            content=merged(content[unit.id]),
            holders=tuple(holders[name] for name in unit.entities),
        )
        for unit in layer.attributions
        if unit.id in content
    ]


def claims(layer: Document | Prediction, text: str) -> list[Meant]:
    """Return the claims of a document, each with its attribution."""
    said = {unit.id: unit for unit in attributions(layer, text)}
    return [
        Meant(id=claim.id, content=item(claim.spans, text), said=said[claim.attribution], claim=claim)
        for claim in layer.claims
    ]


def holder_right(gold: Said, predicted: Said) -> bool:
    """Say whether a prediction names the entities that hold an attribution.

    A predicted speaker counts where its span overlaps a mention of each gold holder, wherever in the document; without
    a predicted speaker, or where gold has none, the mentions of the predicted entities count as well. A holder that is
    nowhere named in the text is met by a prediction that names nobody.
    """
    named = () if predicted.speaker and gold.speaker else predicted.holders
    words = [one for one in (predicted.speaker, *named) if one]
    if not any(gold.holders):
        return not words
    return all(any(meet(one, mentions) for one in words) for mentions in gold.holders if mentions)
