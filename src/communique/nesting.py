"""What can be wrong between units whose words lie within each other: speakers in mentions, claims in claims."""

from collections.abc import Iterator

from communique.checks import Fault, places
from communique.places import Stretches, outermost
from communique.records import Document


def unmentioned(document: Document) -> Iterator[Fault]:
    """Yield speakers whose words are no mention of a holder; spans, mentions and references must be right."""
    spoken = {speaker.id: places(speaker) for speaker in document.speakers}
    mentions = {entity.id: Stretches(outermost(entity.mentions)) for entity in document.entities}
    for item in document.attributions:
        said = spoken.get(item.speaker or "", ())
        for name in item.entities if said else ():
            if not any(mentions[name].met(*place) for place in said):
                told = f"{item.id}: its speaker's words are no mention of {name}, which holds it"
                yield "speaker-not-mention", f"{told}; add them to the mentions or name another holder"


def nesting_faults(document: Document) -> Iterator[Fault]:
    """Yield claims that reach out of the claim their attribution is nested in; spans and references must be right."""
    claims = {claim.id: claim for claim in document.claims}
    parents = {item.id: item.parent for item in document.attributions if item.parent is not None}
    around = {name: Stretches(places(claims[name])) for name in dict.fromkeys(parents.values())}
    for claim in document.claims:
        parent = parents.get(claim.attribution)
        if parent is not None and not all(around[parent].holds(*place) for place in places(claim)):
            told = f"{claim.id}: reaches out of {parent}, the claim its attribution is nested in"
            yield "nested-outside-parent", f"{told}; shorten it or mend the parent"
