"""What doing next to nothing scores: a claim per sentence, said by the first name in it, of the commonest type."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from communique.baselines.base import Baseline, ModelCard, Source, save_card
from communique.baselines.given import held
from communique.baselines.holders.mentions import names
from communique.baselines.labelling import typed
from communique.baselines.majority import Majority
from communique.baselines.shared.attributions import Frame, assemble
from communique.labels import EntityKind, Rhetoric
from communique.places import Place
from communique.problems import CommuniqueError
from communique.records import Document, Entity, Prediction
from communique.tokens import sentences


class Floor(Baseline):
    """Label without looking: a measure on which this comes near a real system is wrong.

    Parameters
    ----------
    label : Rhetoric, optional
        Type of every claim; set by `fit`.
    """

    name = "floor"
    tasks = ("spans", "attribution", "holders", "rhetoric", "full")
    resources = ("rules/config.toml",)

    def __init__(self, label: Rhetoric | None = None):
        self.label = label

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn which type is commonest, as `Majority` does."""
        self.label = Majority().fit(documents).label
        return self

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Make a claim of every sentence, or take those given; whoever a sentence names first says it."""
        label = self.label
        if label is None:
            raise CommuniqueError("floor is not fitted; call fit first")
        found = [(source, source.layer or _found(source)) for source in sources]
        layers = [held(layer, source.text, _holders) for source, layer in found]
        return [typed(layer, {claim.id: {label: 1.0} for claim in layer.claims}) for layer in layers]

    def save(self, folder: Path) -> None:
        """Write ``model.json``."""
        save_card(folder, self.name, {"label": self.label})

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model."""
        return cls(Majority.load(folder, card).label)


def _found(source: Source) -> Prediction:
    frames = [Frame((), (_speaker(source.text, place),), ((place,),)) for place in sentences(source.text)]
    return assemble(source.id, source.text, frames, _holders)


def _speaker(text: str, place: Place) -> Place:
    """Return the first name in a stretch, or all of the text."""
    first = next((mention.place for mention in names(text[slice(*place)])), None)
    if first:
        return place[0] + first[0], place[0] + first[1]
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _holders(text: str, frames: Sequence[Frame]) -> tuple[tuple[Entity, ...], Sequence[tuple[str, ...]]]:
    """Return an entity for each different first name, with its one mention each time."""
    bounds = sentences(text)
    starts = [start for start, _ in bounds]
    places = [_speaker(text, bounds[max(0, bisect_right(starts, frame.claims[0][0][0]) - 1)]) for frame in frames]
    words = {text[slice(*place)]: None for place in places}
    numbers = {name: f"e{number}" for number, name in enumerate(words, 1)}
    entities = tuple(
        Entity(
            id=numbers[name],
            name=name,
            kind=EntityKind.UNKNOWN,
            mentions=tuple(sorted({place for place in places if text[slice(*place)] == name})),
        )
        for name in words
    )
    return entities, [(numbers[text[slice(*place)]],) for place in places]
