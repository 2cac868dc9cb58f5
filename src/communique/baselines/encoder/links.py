"""What is linked to what: a cue to its source, a content to its cue, or to its source where the cue is implicit."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from communique.baselines.shared.overlaps import apart
from communique.baselines.shared.token_attributions import Said
from communique.baselines.shared.token_table import Column, Pages
from communique.places import Place

Head = tuple[str, Place]
"""A role, cue or source, and its stretch of tokens."""
Gap = tuple[bool, bool, bool]
"""Of two contents of one attribution: its cue stands between them, they share a sentence, they are one claim."""
Joins = Callable[[Place, Place, Place | None], bool]
"""Of a content, the next one and their cue: whether they are one claim."""


@dataclass(frozen=True)
class Links:
    """Links between stretches of tokens.

    Attributes
    ----------
    sources : dict of (int, int) to set of Head
        By cue; empty where the source is implicit.
    heads : dict of (int, int) to set of Head
        By content; empty where cue and source are implicit.
    """

    sources: dict[Place, set[Head]]
    heads: dict[Place, set[Head]]


def linked(found: Sequence[Said]) -> Links:
    """Return the links of annotated attributions."""
    links = Links({}, {})
    for item in found:
        cues, sources = ({(role, place) for place in getattr(item, role)} for role in ("cue", "source"))
        for cue in item.cue:
            links.sources.setdefault(cue, set()).update(sources)
        for content in (place for claim in item.claims for place in claim):
            links.heads.setdefault(content, set()).update(cues or sources)
    return links


def attributions(links: Links, document: Column, joins: Joins) -> list[Said]:
    """Return the attributions that links make up: contents of one head are claims of one attribution.

    Parameters
    ----------
    links : Links
        With one source for a cue and one head for a content at most; contents of a document without any share one
        attribution.
    document : array of int
        Per token: number of its text.
    joins : callable
        Whether neighbours are one claim.
    """
    groups: dict[tuple[int, Head | None], list[Place]] = {}
    for content, heads in sorted(links.heads.items()):
        groups.setdefault((int(document[content[0]]), next(iter(heads), None)), []).append(content)
    return [_said(head, contents, links, joins) for (_, head), contents in groups.items()]


def _said(head: Head | None, contents: Sequence[Place], links: Links, joins: Joins) -> Said:
    cue = [head[1]] if head and head[0] == "cue" else []
    sources = links.sources.get(cue[0], set()) if cue else {head} if head else set()
    claims: list[list[Place]] = []
    for place in apart(contents):
        if claims and joins(claims[-1][-1], place, cue[0] if cue else None):
            claims[-1].append(place)
        else:
            claims.append([place])
    return Said(cue, [place for _, place in sorted(sources)], claims)


def gap(table: Pages, one: Place, other: Place, cue: Place | None) -> tuple[bool, bool]:
    """Return whether the cue stands between two contents, and whether they share a sentence."""
    cut = cue is not None and one[1] <= cue[0] < other[0]
    return cut, bool(table.sentence[one[1] - 1] == table.sentence[other[0]])


def joined(table: Pages, found: Sequence[Said]) -> list[Gap]:
    """Return for each kind of gap between contents of one attribution whether they are mostly one claim."""
    votes: Counter[tuple[bool, bool]] = Counter()
    for item in found:
        owned = sorted((place, number) for number, claim in enumerate(item.claims) for place in claim)
        for (one, owner), (other, claim) in pairwise(owned):
            kind = gap(table, one, other, item.cue[0] if item.cue else None)
            votes[kind] += 1 if owner == claim else -1
    return [(*kind, vote > 0) for kind, vote in sorted(votes.items())]
