"""The floor: every claim has the type that is most frequent in train; claims come from the rules."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from communique.baselines.base import Baseline, ModelCard, Source, save_card
from communique.baselines.labelling import typed
from communique.baselines.rules import Rules
from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document, Prediction


class Majority(Baseline):
    """Predict the most frequent rhetoric type for every claim.

    Parameters
    ----------
    label : Rhetoric, optional
        Set by `fit`.
    """

    name = "majority"
    tasks = ("rhetoric", "full")
    resources = ("rules/config.toml",)

    def __init__(self, label: Rhetoric | None = None):
        self.label = label
        self.finder = Rules()

    def fit(self, documents: Sequence[Document]) -> Self:
        """Count types; of equally frequent ones the first of the taxonomy is taken."""
        counted = Counter(claim.rhetoric for document in documents for claim in document.claims if claim.rhetoric)
        self.label = max(Rhetoric, key=lambda label: counted[label])
        return self

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Type claims; find them by the rules where a source brings none."""
        label = self.label
        if label is None:
            raise CommuniqueError("majority is not fitted; call fit first")
        found = self.finder.found(sources)
        return [typed(layer, {claim.id: {label: 1.0} for claim in layer.claims}) for _, layer in found]

    def save(self, folder: Path) -> None:
        """Write ``model.json``."""
        save_card(folder, self.name, {"label": self.label})

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model."""
        return cls(Rhetoric(card.parameters["label"]))
