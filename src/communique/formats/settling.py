"""What is merely odd in a foreign annotation is set right and counted; what contradicts itself is refused."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from communique.canonical import canonical
from communique.checks import places, unit_faults
from communique.formats.common import headline, spans
from communique.labels import Rhetoric
from communique.problems import tidy
from communique.records import Attribution, Cue, Document, Entity, PredictedClaim, Prediction, Speaker

Unit = TypeVar("Unit", Speaker, Cue, PredictedClaim)
_CONTRADICTORY = ("unit-id-duplicate", "reference-unknown", "claim-without-attribution")


def settled(layer: Prediction, text: str, noticed: Counter[str]) -> Prediction:
    """Return a foreign annotation as a document can have it.

    Parameters
    ----------
    layer : Prediction
        Of any naming and order.
    text : str
        In stored form.
    noticed : Counter
        What is left out or set right is added to it by name.

    Returns
    -------
    Prediction
        Canonical: spans trimmed, units given twice taken once, those that belong to nothing left out.

    Raises
    ------
    ValueError
        A reference leads nowhere, or an id is given twice.
    """
    for name, told in unit_faults(layer):
        if name in _CONTRADICTORY:
            raise ValueError(told)
    claims, instead = _claims(layer.claims, text, noticed)
    attributions = _attributions(layer.attributions, claims, instead, noticed)
    speakers, who = _once(_trimmed(layer.speakers, text, noticed), "speakers", noticed)
    cues, how = _once(_trimmed(layer.cues, text, noticed), "cues", noticed)
    attributions = [
        replace(item, speaker=who.get(item.speaker or ""), cue=how.get(item.cue or "")) for item in attributions
    ]
    return canonical(
        replace(
            layer,
            entities=tuple(_entity(entity, text, noticed) for entity in layer.entities),
            speakers=tuple(_used(speakers, {item.speaker for item in attributions}, noticed)),
            cues=tuple(_used(cues, {item.cue for item in attributions}, noticed)),
            attributions=tuple(attributions),
            claims=tuple(claims),
        )
    )


def _claims(
    claims: Sequence[PredictedClaim], text: str, noticed: Counter[str]
) -> tuple[list[PredictedClaim], dict[str, str]]:
    kept: dict[object, PredictedClaim] = {}
    instead: dict[str, str] = {}
    for claim in _trimmed(claims, text, noticed):
        instead[claim.id] = kept.setdefault((claim.attribution, places(claim)), claim).id
    noticed["claims given twice"] += len(instead) - len(kept)
    return [_one_type(claim, noticed) for claim in kept.values()], instead


def _one_type(claim: PredictedClaim, noticed: Counter[str]) -> PredictedClaim:
    if claim.also is None or claim.also not in (claim.rhetoric, Rhetoric.ASSERTION):
        return claim
    noticed["secondary types that say nothing more"] += 1
    return replace(claim, also=None)


def _attributions(
    attributions: Sequence[Attribution],
    claims: Sequence[PredictedClaim],
    instead: dict[str, str],
    noticed: Counter[str],
) -> list[Attribution]:
    held = {claim.attribution for claim in claims}
    kept = [item for item in attributions if item.id in held]
    noticed["attributions without content"] += len(attributions) - len(kept)
    return [replace(item, parent=instead.get(item.parent or "")) for item in kept]


def _trimmed(units: Iterable[Unit], text: str, noticed: Counter[str]) -> list[Unit]:
    kept: list[Unit] = []
    for unit in units:
        found = spans(places(unit), text)
        noticed["spans of white space"] += not found
        noticed["spans trimmed or joined"] += bool(found) and found != unit.spans
        kept += [replace(unit, spans=found)] if found else []
    return kept


def _once(units: Sequence[Unit], kind: str, noticed: Counter[str]) -> tuple[list[Unit], dict[str, str]]:
    """Return units of different words, and the id of one for each that was given."""
    first: dict[object, Unit] = {}
    instead = {unit.id: first.setdefault(places(unit), unit).id for unit in units}
    noticed[f"{kind} given twice"] += len(instead) - len(first)
    return list(first.values()), instead


def _used(units: Sequence[Unit], used: set[str | None], noticed: Counter[str]) -> list[Unit]:
    kept = [unit for unit in units if unit.id in used]
    noticed["speakers and cues of no attribution"] += len(units) - len(kept)
    return kept


def _entity(entity: Entity, text: str, noticed: Counter[str]) -> Entity:
    found = [(start, end) for start, end in entity.mentions if start < end]
    noticed["mentions of no word"] += len(entity.mentions) - len(found)
    name = tidy(entity.name) or entity.id
    noticed["names set on one line"] += name != entity.name
    return replace(entity, name=name, mentions=tuple(sorted(set(found))))


def tidied(document: Document, noticed: Counter[str]) -> Document:
    """Return a document with its names on one line, and without a title that is not its `headline`."""
    title = headline(document.title, document.text)
    noticed["titles that are not the first line"] += bool(document.title) and title is None
    publisher = tidy(document.provenance.publisher or "") or None
    storyline = tidy(document.storyline or "") or None
    collection = tidy(document.collection) or "imported"
    noticed["names set on one line"] += sum(
        one != other
        for one, other in (
            (publisher, document.provenance.publisher),
            (storyline, document.storyline),
            (collection, document.collection),
        )
    )
    provenance = replace(document.provenance, publisher=publisher)
    return replace(document, title=title, provenance=provenance, storyline=storyline, collection=collection)
