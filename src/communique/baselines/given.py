"""What a system is given of an annotation, and what it adds to that: holders of attributions."""

from msgspec.structs import replace

from communique.baselines.shared.attributions import Resolve, attributed
from communique.records import Document, PredictedClaim, Prediction


def without_types(document: Document | Prediction) -> Prediction:
    """Return a document's annotation with every rhetoric label, secondary type, target and flag removed.

    That is what a system is given for the task ``rhetoric``.
    """
    claims = tuple(PredictedClaim(id=c.id, attribution=c.attribution, spans=c.spans) for c in document.claims)
    fields = ("id", "entities", "speakers", "cues", "attributions")
    return Prediction(**{name: getattr(document, name) for name in fields}, claims=claims)


def without_entities(document: Document | Prediction) -> Prediction:
    """Return a document's annotation without its labels, its entities, and who holds what.

    That is what a system is given for the task ``holders``.
    """
    given = without_types(document)
    attributions = tuple(replace(item, entities=()) for item in given.attributions)
    return replace(given, entities=(), attributions=attributions)


def held(layer: Prediction, text: str, resolve: Resolve) -> Prediction:
    """Return a layer with the entities that hold its attributions, unless it names entities already.

    Parameters
    ----------
    layer : Prediction
        Attributions without claims stay without holders.
    text : str
        The text.
    resolve : callable
        Finds the entities.
    """
    if layer.entities or not layer.attributions:
        return layer
    found = attributed(layer)
    entities, holders = resolve(text, [frame for frame, _ in found])
    holding = {item.id: names for (_, item), names in zip(found, holders, strict=True)}
    attributions = tuple(replace(item, entities=tuple(holding.get(item.id, ()))) for item in layer.attributions)
    return replace(layer, entities=tuple(entities), attributions=attributions)
