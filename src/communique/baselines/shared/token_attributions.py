"""Annotated documents as stretches and tags of tokens."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from communique.baselines.shared.attributions import Frame, Places
from communique.baselines.shared.token_table import Column, Pages
from communique.places import Place
from communique.records import Claim, Document, Words

ROLES = ("cue", "source", "content", "inner")
"""``content`` is of claims that stand in no other, ``inner`` of those that do."""
UNITS = ("cue", "source", "content")
_CUED = 0.99
"""Share of attributions that have a cue, from which on those without are taken for slips."""


@dataclass(frozen=True)
class Said:
    """One attribution of a document, as stretches of tokens, half-open.

    Attributes
    ----------
    cue, source : sequence of (int, int)
        Empty where implicit.
    claims : sequence of sequence of (int, int)
        By claim.
    """

    cue: Sequence[Place]
    source: Sequence[Place]
    claims: Sequence[Sequence[Place]]


def said(documents: Sequence[Document], table: Pages) -> list[Said]:
    """Return the attributions of documents.

    Parameters
    ----------
    documents : sequence of Document
        Whose texts the pages hold, in that order.
    table : Pages
        Their tokens.
    """
    edges = np.searchsorted(table.document, np.arange(len(documents) + 1)).tolist()
    return [
        attribution
        for document, first, end in zip(documents, edges, edges[1:], strict=False)
        for attribution in _said(document, table.start[first:end].tolist(), table.end[first:end].tolist(), first)
    ]


def _said(document: Document, starts: list[int], ends: list[int], first: int) -> Iterator[Said]:
    def runs(unit: Words | Claim) -> list[Place]:
        places = sorted((span.start, span.end) for span in unit.spans)
        return merged((first + bisect_right(ends, a), first + bisect_left(starts, b)) for a, b in places)

    cues, speakers = ({unit.id: runs(unit) for unit in units} for units in (document.cues, document.speakers))
    claims: dict[str, list[list[Place]]] = {}
    for claim in document.claims:
        claims.setdefault(claim.attribution, []).append(runs(claim))
    for item in document.attributions:
        yield Said(cues.get(item.cue or "", []), speakers.get(item.speaker or "", []), claims.get(item.id, []))


def cued(attributions: Sequence[Said]) -> bool:
    """Return whether attributions have cues as a rule, so that contents without one belong to none."""
    return sum(bool(item.cue) for item in attributions) >= _CUED * len(attributions)


def merged(places: Iterable[Place]) -> list[Place]:
    """Return sorted stretches without empty ones, those that touch or overlap joined."""
    found: list[Place] = []
    for start, end in places:
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return found


def as_frames(found: Sequence[Said], table: Pages, texts: int) -> list[list[Frame]]:
    """Return attributions as stretches of text, by text.

    Parameters
    ----------
    found : sequence of Said
        Of all texts.
    table : Pages
        Their tokens.
    texts : int
        Number of texts.
    """

    starts, ends = table.start.tolist(), table.end.tolist()

    def places(parts: Sequence[Place]) -> Places:
        return tuple((starts[first], ends[end - 1]) for first, end in parts)

    frames: list[list[Frame]] = [[] for _ in range(texts)]
    for item in found:
        frame = Frame(places(item.cue), places(item.source), tuple(map(places, item.claims)))
        first = next(place for part in (item.cue, item.source, *item.claims) for place in part)[0]
        frames[table.document[first]].append(frame)
    return frames


def loose(found: Sequence[Said], parts: Mapping[str, Iterable[Place]]) -> list[Said]:
    """Return the cues and sources that no attribution has, each alone.

    Parameters
    ----------
    found : sequence of Said
        The attributions.
    parts : mapping of str to iterable of (int, int)
        By role, the stretches that were found.
    """
    cues, sources = (sorted(set(parts[role]) - fragments(found, role)) for role in ("cue", "source"))
    return [*(Said([cue], [], []) for cue in cues), *(Said([], [source], []) for source in sources)]


def tags(attributions: Sequence[Said], size: int) -> dict[str, Column]:
    """Return the tags of each role, as numbers of ``"OBI"``; of stretches that overlap the longest is kept.

    Parameters
    ----------
    attributions : sequence of Said
        Of all texts.
    size : int
        Number of tokens.
    """
    rows = {role: np.zeros(size, np.int64) for role in ROLES}
    for role, layers in (("cue", ["cue"]), ("source", ["source"]), ("content", ["content", "inner"])):
        for start, end in sorted(fragments(attributions, role), key=lambda place: (place[0] - place[1], place)):
            free = next((rows[layer] for layer in layers if not rows[layer][start:end].any()), None)
            if free is not None:
                free[start:end] = 2
                free[start] = 1
    return rows


def fragments(attributions: Sequence[Said], role: str) -> set[Place]:
    """Return the distinct stretches of a role: cue, source or content."""
    if role == "content":
        return {place for item in attributions for claim in item.claims for place in claim}
    return {place for item in attributions for place in (item.cue if role == "cue" else item.source)}
