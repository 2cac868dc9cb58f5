"""Whether an act depends on a condition, is reported as not performed, or performs a second one."""

import re

from msgspec.structs import replace

from communique.baselines.lexicon import pattern, settings
from communique.labels import Rhetoric
from communique.records import PredictedClaim, Prediction

_LOOKED = 2_000
"""Characters of a claim in which a condition is looked for."""
_DECLINED = 20
"""Characters of a claim that may tell, behind "declined", what is declined."""


def flagged(layer: Prediction) -> Prediction:
    """Return a typed layer with conditions, negations and secondary types.

    Parameters
    ----------
    layer : Prediction
        Its claims typed.
    """
    cues = {cue.id: " ".join(span.text for span in cue.spans) for cue in layer.cues}
    said = {item.id: cues.get(item.cue or "", "") for item in layer.attributions}
    return replace(layer, claims=tuple(_flagged(claim, said[claim.attribution]) for claim in layer.claims))


def _flagged(claim: PredictedClaim, cue: str) -> PredictedClaim:
    words = " ".join(span.text for span in claim.spans)[:_LOOKED]
    if negated(cue, words):
        return replace(claim, negated=True)
    conditional = conditioned(claim.rhetoric, words)
    return replace(claim, conditional=conditional, also=_second(claim.rhetoric, words, conditional))


def conditioned(label: Rhetoric | None, words: str) -> bool:
    """Say whether the words of a claim state a condition on which its act depends.

    Parameters
    ----------
    label : Rhetoric or None
        Its type: of some, what looks like a condition is seldom one.
    words : str
        Its words.
    """
    return str(label) in settings()["flags"]["conditional"] and pattern("flags", "condition").search(words) is not None


def negated(cue: str, words: str) -> bool:
    """Say whether an act is reported as not performed.

    Parameters
    ----------
    cue, words : str
        Of the claim; the cue is empty where there is none.
    """
    if cue:
        return pattern("flags", "declined").search(f"{cue}|{words[:_DECLINED]}".lower()) is not None
    return pattern("flags", "evasion").search(words) is not None


def _second(label: Rhetoric | None, words: str, conditional: bool) -> Rhetoric | None:
    """Return the secondary type, of the three pairs that there are."""
    pairs = (pair for pair in settings()["flags"]["also"] if pair["type"] == label)
    found = (pair for pair in pairs if conditional >= pair["conditional"] and re.search(pair["pattern"], words))
    return next((Rhetoric(pair["also"]) for pair in found), None)
