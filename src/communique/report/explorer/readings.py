"""What an annotation says of each claim, and in what another annotation of the same text differs from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from communique.records import Attribution, Claim, Document, PredictedClaim, Prediction, Words
from communique.report.explorer.facets import DIFFERENCES
from communique.score.items import Meant
from communique.score.pairing import Pairing

Labels = Mapping[str, Any]
"""By name what is said of a claim."""
_GROUPS = (
    frozenset({"spans", "speaker", "cue"}),
    frozenset({"type"}),
    frozenset({"holders"}),
    frozenset({"also", "form", "conditional", "negated", "targets"}),
)
"""In the order of all `DIFFERENCES` but the first."""


class Reading:
    """An annotation of a text, claim by claim, in values that can be written as JSON.

    Parameters
    ----------
    layer : Document or Prediction
        Its places are code points, half-open, and stay so.
    """

    def __init__(self, layer: Document | Prediction):
        self.layer = layer
        self.attributions: dict[str, Attribution] = {item.id: item for item in layer.attributions}
        self._entities = {entity.id: [entity.name, str(entity.kind)] for entity in layer.entities}
        self._words: dict[str | None, Words] = {unit.id: unit for unit in (*layer.speakers, *layer.cues)}

    def labels(self, claim: Claim | PredictedClaim) -> dict[str, Any]:
        """Return what is said of a claim: places as pairs, entities as name and kind; None and False where nothing."""
        said = self.attributions[claim.attribution]
        return {
            "spans": _places(claim),
            "type": claim.rhetoric,
            "also": claim.also,
            "form": said.form,
            "conditional": claim.conditional,
            "negated": claim.negated,
            "speaker": _places(self._words.get(said.speaker)),
            "cue": _places(self._words.get(said.cue)),
            "holders": self._named(said.entities),
            "targets": self._named(claim.targets),
        }

    def _named(self, ids: Iterable[str]) -> list[list[str]]:
        return [self._entities[name] for name in ids]


def _places(unit: Words | Claim | PredictedClaim | None) -> list[list[int]] | None:
    return [[span.start, span.end] for span in unit.spans] if unit else None


class Version:
    """Another annotation of a text, paired with the gold one as `communique evaluate` pairs a prediction.

    Parameters
    ----------
    name : str
        Whose it is.
    pairing : Pairing
        Of gold and the other.
    """

    def __init__(self, name: str, pairing: Pairing):
        self.name = name
        self._pairing = pairing
        self._gold, self._reading = Reading(pairing.gold), Reading(pairing.predicted)
        self.met = {pairing.asked[number].claim.id: other for number, other in pairing.met.items()}
        self._asked = {meant.claim.id: meant for meant in pairing.asked}

    def differing(self, name: str) -> dict[str, Any] | None:
        """Return of a gold claim the labels that are others here, None where it has no counterpart."""
        if name not in self.met:
            return None
        one, other = self._compared(self._asked[name], self._gold, gold=True), self.compared(name)
        labels = self._reading.labels(self.met[name].claim)
        return {key: labels[key] for key in one if one[key] != other[key]}

    def compared(self, name: str) -> Labels:
        """Return what is said of the counterpart of a gold claim, with entities as those of gold."""
        return self._compared(self.met[name], self._reading, gold=False)

    def _compared(self, meant: Meant, reading: Reading, *, gold: bool) -> Labels:
        labels = reading.labels(meant.claim)
        labels |= {"spans": meant.content, "speaker": meant.said.speaker, "cue": meant.said.cue}
        if not self._pairing.entities:
            return {key: value for key, value in labels.items() if key not in ("holders", "targets")}
        holders, targets = meant.said.holders, frozenset(meant.claim.targets)
        as_gold = frozenset if gold else self._pairing.as_gold
        return {**labels, "holders": as_gold(holders), "targets": as_gold(targets)}

    def further(self) -> list[tuple[str, dict[str, Any]]]:
        """Return ids and labels of the claims that are no counterpart of a gold one, in the order of the file."""
        taken = {meant.claim.id for meant in self.met.values()}
        return [(c.id, self._reading.labels(c)) for c in self._pairing.predicted.claims if c.id not in taken]


def differences(name: str, versions: Sequence[Version]) -> list[str]:
    """Return in which of `DIFFERENCES` annotators differ on a gold claim; nothing if there are not two of them."""
    there = [version.compared(name) for version in versions if name in version.met]
    if 0 < len(there) < len(versions):
        return [DIFFERENCES[0]]
    differing = {key for other in there[1:] for key in other if other[key] != there[0][key]}
    return [told for told, group in zip(DIFFERENCES[1:], _GROUPS, strict=True) if differing & group]
