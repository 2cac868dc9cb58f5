"""TF-IDF and logistic regression: the type of a claim from its words, its cue and its surroundings."""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from communique import resources
from communique.baselines.base import ModelCard, Source, save_card
from communique.baselines.labelling import typed
from communique.baselines.rules import Rules
from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document, Prediction

WEIGHTS = "weights.skops"
_WORD = r"(?u)\b\w+\b|[?!…]"
_COLUMNS = ("claim", "cue", "context")


class Linear:
    """A scikit-learn pipeline over claim, cue and context.

    Parameters
    ----------
    parameters : dict, optional
        As in ``baselines/linear/config.toml``, which is the default.
    pipeline : sklearn.pipeline.Pipeline, optional
        Fitted; set by `fit`.
    """

    name = "linear"
    tasks = ("rhetoric", "full")

    def __init__(self, parameters: dict[str, Any] | None = None, pipeline: Any = None):
        self.parameters = parameters if parameters is not None else _packaged()
        self.pipeline = pipeline
        self.finder = Rules()

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn types from gold claims.

        Raises
        ------
        CommuniqueError
            There are fewer than two types to learn.
        """
        rows = [row for document in documents for row in _rows(document, document.text)]
        labels = [claim.rhetoric for document in documents for claim in document.claims]
        known = [(row, str(label)) for row, label in zip(rows, labels, strict=True) if label]
        if (types := len({label for _, label in known})) < 2:
            raise CommuniqueError(f"linear needs claims of two types or more, there are {types}; give more documents")
        table = _table([row for row, _ in known])
        self.pipeline = _pipeline(self.parameters).fit(table, [label for _, label in known])
        return self

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Type claims with probabilities; find them by the rules where a source brings none."""
        if self.pipeline is None:
            raise CommuniqueError("linear is not fitted; call fit first")
        return self.label(list(self.finder.found(sources)))

    def label(self, found: Sequence[tuple[Source, Prediction]]) -> list[Prediction]:
        """Type the claims of layers, whatever found them."""
        return [self._typed(source, layer) for source, layer in found]

    def _typed(self, source: Source, layer: Prediction) -> Prediction:
        if not layer.claims:
            return layer
        chances = self.pipeline.predict_proba(_table(_rows(layer, source.text)))
        labels = [Rhetoric(name) for name in self.pipeline.classes_]
        return typed(
            layer, {c.id: dict(zip(labels, row, strict=True)) for c, row in zip(layer.claims, chances, strict=True)}
        )

    def save(self, folder: Path) -> None:
        """Write ``model.json`` and the weights, as skops, without pickle."""
        import skops.io

        save_card(folder, self.name, self.parameters)
        skops.io.dump(self.pipeline, folder / WEIGHTS)

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model; weights that hold anything but known scikit-learn and NumPy types are refused."""
        import skops.io

        try:
            return cls(card.parameters, skops.io.load(folder / WEIGHTS, trusted=[]))
        except Exception as error:
            raise CommuniqueError(f"{folder / WEIGHTS}: cannot be loaded safely: {error}; train it again") from error


def _packaged() -> dict[str, Any]:
    return tomllib.loads((resources.folder("baselines") / "linear" / "config.toml").read_text(encoding="utf-8"))


def _rows(layer: Document | Prediction, text: str) -> list[tuple[str, ...]]:
    cues = {cue.id: " ".join(span.text for span in cue.spans) for cue in layer.cues}
    said = {item.id: cues.get(item.cue or "", "") for item in layer.attributions}
    return [
        (
            " ".join(span.text for span in claim.spans),
            said[claim.attribution],
            f"{text[max(0, claim.spans[0].start - 80) : claim.spans[0].start]} {text[claim.spans[-1].end :][:80]}",
        )
        for claim in layer.claims
    ]


def _table(rows: Sequence[tuple[str, ...]]) -> np.ndarray:
    return np.array(rows, dtype=object).reshape(len(rows), len(_COLUMNS))


def _pipeline(parameters: dict[str, Any]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    blocks = [
        (
            name,
            TfidfVectorizer(
                analyzer=block["analyzer"],
                ngram_range=tuple(block["ngrams"]),
                min_df=block["min_df"],
                sublinear_tf=True,
                token_pattern=_WORD if block["analyzer"] == "word" else None,
            ),
            _COLUMNS.index(block["column"]),
        )
        for name, block in sorted(parameters["blocks"].items())
    ]
    weights = {name: block["weight"] for name, block in parameters["blocks"].items()}
    return Pipeline(
        [
            ("features", ColumnTransformer(blocks, transformer_weights=weights)),
            (
                "classifier",
                LogisticRegression(random_state=parameters["seed"], max_iter=2000, **parameters["classifier"]),
            ),
        ]
    )
