"""What can be wrong between units whose words lie within each other: speakers in mentions, claims in claims."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from communique.checks import Fault, places
from communique.records import Document

Place = tuple[int, int]


def unmentioned(document: Document) -> Iterator[Fault]:
    """Yield speakers whose words are no mention of a holder; spans, mentions and references must be right."""
    spoken = {speaker.id: places(speaker) for speaker in document.speakers}
    mentions = {entity.id: _Stretches(entity.mentions) for entity in document.entities}
    for item in document.attributions:
        said = spoken.get(item.speaker or "", ())
        for name in item.entities if said else ():
            if not any(mentions[name].touch(place) for place in said):
                told = f"{item.id}: its speaker's words are no mention of {name}, which holds it"
                yield "speaker-not-mention", f"{told}; add them to the mentions or name another holder"


def nesting_faults(document: Document) -> Iterator[Fault]:
    """Yield claims that reach out of the claim their attribution is nested in; spans and references must be right."""
    claims = {claim.id: claim for claim in document.claims}
    parents = {item.id: item.parent for item in document.attributions if item.parent is not None}
    around = {name: _Stretches(places(claims[name])) for name in set(parents.values())}
    for claim in document.claims:
        parent = parents.get(claim.attribution)
        if parent is not None and not all(around[parent].hold(place) for place in places(claim)):
            told = f"{claim.id}: reaches out of {parent}, the claim its attribution is nested in"
            yield "nested-outside-parent", f"{told}; shorten it or mend the parent"


class _Stretches:
    """Sorted stretches of a text, looked up without going through them all."""

    def __init__(self, stretches: Sequence[Place]):
        self._starts = [start for start, _ in stretches]
        self._reach = list(accumulate((end for _, end in stretches), max))

    def touch(self, place: Place) -> bool:
        """Say whether one of them shares a character with a place."""
        before = bisect_left(self._starts, place[1])
        return before > 0 and self._reach[before - 1] > place[0]

    def hold(self, place: Place) -> bool:
        """Say whether one of them, if they are disjoint, has all of a place."""
        before = bisect_right(self._starts, place[0])
        return before > 0 and self._reach[before - 1] >= place[1]
