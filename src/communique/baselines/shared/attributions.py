"""Attributions as a system finds them, and the prediction they make up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from communique.layer import LayerBuilder
from communique.places import Place, Stretches
from communique.records import Attribution, Claim, Document, Entity, PredictedClaim, Prediction, Words

Places = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """One attribution.

    Attributes
    ----------
    cue, speaker : tuple of (int, int)
        Their stretches; empty where implicit.
    claims : tuple of tuple of (int, int)
        The stretches of each claim, sorted; without any, cue and speaker are found, but not what is claimed.
    holder : tuple of (int, int)
        Where no speaker is, the stretch elsewhere that names who holds it; empty where that is not known.
    """

    cue: Places
    speaker: Places
    claims: tuple[Places, ...]
    holder: Places = ()

    @property
    def start(self) -> int:
        """Where its first stretch starts."""
        return min(chain(self.cue, self.speaker, *self.claims))[0]


Resolve = Callable[[str, Sequence[Frame]], tuple[tuple[Entity, ...], Sequence[tuple[str, ...]]]]
"""Of a text and its attributions: the entities, and the ids of those that hold each attribution."""


def framed(document: Document) -> list[tuple[Frame, tuple[str, ...]]]:
    """Return the attributions of a document in the order in which `assemble` takes them, and the ids of their holders.

    Parameters
    ----------
    document : Document
        Attributions without claims are left out.
    """
    return [(frame, item.entities) for frame, item in attributed(document)]


def attributed(layer: Document | Prediction) -> list[tuple[Frame, Attribution]]:
    """Return the attributions of a layer that have claims, each as a frame and as it is, in the order of `framed`."""
    places = {unit.id: _places(unit) for unit in (*layer.cues, *layer.speakers)}
    claims: dict[str, list[Places]] = {}
    for claim in layer.claims:
        claims.setdefault(claim.attribution, []).append(_places(claim))
    found = [
        (Frame(places.get(item.cue or "", ()), places.get(item.speaker or "", ()), tuple(claims[item.id])), item)
        for item in layer.attributions
        if item.id in claims
    ]
    return sorted(found, key=lambda pair: (pair[0].start, pair[0].claims))


def _places(unit: Words | Claim | PredictedClaim) -> Places:
    return tuple(sorted((span.start, span.end) for span in unit.spans))


def assemble(doc_id: str, text: str, frames: Sequence[Frame], resolve: Resolve) -> Prediction:
    """Return the prediction that attributions make up, its claims without types.

    Parameters
    ----------
    doc_id, text : str
        Of the document.
    frames : sequence of Frame
        Its attributions, in any order; equal speakers become one, as do equal cues. Of those without claims only cue
        and speaker are kept.
    resolve : callable
        Finds the entities.
    """
    ordered = sorted(frames, key=lambda frame: (frame.start, frame.claims))
    said = [frame for frame in ordered if frame.claims]
    entities, holders = resolve(text, said)
    builder = LayerBuilder(doc_id, text)
    builder.entities(entities)
    for frame in ordered:
        builder.speaker(frame.speaker)
        builder.cue(frame.cue)
    parents = _parents(said)
    for number, (frame, holding) in enumerate(zip(said, holders, strict=True), 1):
        speaker, cue = builder.speaker(frame.speaker), builder.cue(frame.cue)
        attribution = builder.attribution(speaker, cue, entities=holding, parent=parents.get(number))
        for places in frame.claims:
            builder.claim(attribution, places)
    return builder.layer()


def _parents(frames: Sequence[Frame]) -> dict[int, str]:
    """Return by number of an attribution the id of the shortest claim of another one that holds all of it."""
    owned = [(number, places) for number, frame in enumerate(frames, 1) for places in frame.claims]
    parts = {number: list(chain(frame.cue, *frame.claims)) for number, frame in enumerate(frames, 1)}
    coming = sorted((places[0][0], count, owner, places) for count, (owner, places) in enumerate(owned, 1))
    coming.reverse()
    open_claims: list[tuple[int, int, int, Places]] = []
    found: dict[int, str] = {}
    for first, number in sorted((min(places)[0], number) for number, places in parts.items()):
        while coming and coming[-1][0] <= first:
            _, count, owner, places = coming.pop()
            open_claims.append((_length(places), count, owner, places))
        open_claims = [claim for claim in open_claims if claim[3][-1][1] > first]
        around = [claim for claim in open_claims if claim[2] != number and _holds(claim[3], parts[number])]
        if around:
            found[number] = f"c{min(around)[1]}"
    return found


def _holds(places: Places, parts: Sequence[Place]) -> bool:
    """Say whether a claim holds all parts of an attribution, and is longer."""
    if places[-1][1] < max(end for _, end in parts) or _length(places) <= _length(parts):
        return False
    row = Stretches(places)
    return all(row.holds(*part) for part in parts)


def _length(places: Sequence[Place]) -> int:
    return sum(end - start for start, end in places)
