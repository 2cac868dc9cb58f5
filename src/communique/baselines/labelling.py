"""Give the claims of a layer their rhetoric types."""

from collections.abc import Mapping

import msgspec

from communique.labels import Rhetoric
from communique.records import Prediction

Probabilities = Mapping[Rhetoric, float]
_PLACES = {label: place for place, label in enumerate(Rhetoric)}


def typed(layer: Prediction, probabilities: Mapping[str, Probabilities]) -> Prediction:
    """Return a layer whose claims have the most probable type.

    Parameters
    ----------
    layer : Prediction
        Claims with or without types.
    probabilities : mapping of str to mapping of Rhetoric to float
        By claim id; of equally probable types the first of the taxonomy is taken.
    """

    def best(chances: Probabilities) -> Rhetoric:
        return max(sorted(chances, key=_PLACES.__getitem__), key=chances.__getitem__)

    claims = tuple(
        msgspec.structs.replace(
            claim,
            rhetoric=best(probabilities[claim.id]),
            probabilities={label: round(float(chance), 6) for label, chance in probabilities[claim.id].items()},
        )
        for claim in layer.claims
    )
    return msgspec.structs.replace(layer, claims=claims)
