"""TF-IDF and logistic regression: the type of a claim from its words, its cue, its surroundings and signs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from communique import resources
from communique.baselines import estimators
from communique.baselines.base import ModelCard, Source, save_card
from communique.baselines.clues import COLUMNS, rows
from communique.baselines.labelling import typed
from communique.baselines.rules import Rules
from communique.labels import FAMILY_OF, Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document, Prediction

WEIGHTS = "weights.skops"
_WORD = r"(?u)\b\w+\b|[?!…]"
_SIGN = r"\S+"
_FOLDS = 5
_AT_ONCE = 2_000
"""Claims."""
_LEAST = 1e-3
"""What a type that a fold has not seen counts as, in the log loss."""
Chances = NDArray[np.float64]


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """How the scores of the two regressions become probabilities.

    Attributes
    ----------
    temperature : float
        What the scores are divided by.
    family : float
        Weight of the regression over families, in [0, 1].
    """

    temperature: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    family: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0


class Linear:
    """Two regressions over the same features: of types, and of families.

    Parameters
    ----------
    parameters : dict, optional
        As in ``baselines/linear/config.toml``, which is the default.
    models : dict of str to estimator, optional
        ``features``, ``type`` and ``family``, fitted; set by `fit`.
    fitted : Fitted, optional
        Set by `fit`.
    """

    name = "linear"
    tasks = ("rhetoric", "full")

    def __init__(
        self,
        parameters: dict[str, Any] | None = None,
        models: dict[str, Any] | None = None,
        fitted: Fitted | None = None,
    ):
        self.parameters = parameters if parameters is not None else resources.settings("linear")
        self.models = models or {}
        self.fitted = fitted or Fitted()
        self.finder = Rules()
        self._patterns = {name: re.compile(pattern) for name, pattern in sorted(self.parameters["signs"].items())}

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn types from gold claims; temperature and family weight from folds of whole documents.

        Raises
        ------
        CommuniqueError
            There are fewer than two types to learn.
        """
        told = [row for document in documents for row in rows(document, document.text, self._patterns)]
        claims = [(number, claim) for number, document in enumerate(documents) for claim in document.claims]
        known = [(row, number, c.rhetoric) for row, (number, c) in zip(told, claims, strict=True) if c.rhetoric]
        if (types := len({label for _, _, label in known})) < 2:
            raise CommuniqueError(f"linear needs claims of two types or more, there are {types}; give more documents")
        features = _features(self.parameters)
        table = features.fit_transform(_table([row for row, _, _ in known]))
        labels = [label for _, _, label in known]
        self.models = {"features": features, **self._regressions(table, labels)}
        self.fitted = self._calibrated(table, labels, [number for _, number, _ in known])
        return self

    def _regressions(self, table: Any, labels: Sequence[Rhetoric]) -> dict[str, Any]:
        """Return the regressions of types and of families, the latter only where there are two or more."""
        names = {"type": [str(label) for label in labels], "family": [str(FAMILY_OF[label]) for label in labels]}
        return {
            level: _regression(self.parameters).fit(table, classes)
            for level, classes in names.items()
            if len(set(classes)) > 1
        }

    def _calibrated(self, table: Any, labels: Sequence[Rhetoric], groups: Sequence[int]) -> Fitted:
        """Return temperature and family weight of least log loss on documents held out."""
        from sklearn.model_selection import GroupKFold

        if len(set(groups)) < _FOLDS:
            return Fitted()
        held = []
        for train, test in GroupKFold(_FOLDS).split(table, groups=groups):
            models = self._regressions(table[train], [labels[i] for i in train])
            places = {name: number for number, name in enumerate(models["type"].classes_.tolist())}
            held.append((_scores(models, table[test]), models, [places.get(str(labels[i]), -1) for i in test]))

        def loss(fitted: Fitted) -> float:
            right = [
                np.append(row, 0.0)[place]
                for scores, models, wanted in held
                for row, place in zip(_chances(scores, models, fitted), wanted, strict=True)
            ]
            return float(-np.mean(np.log(np.maximum(right, _LEAST))))

        temperatures, families = self.parameters["temperatures"], self.parameters["families"]
        return min((Fitted(temperature=t, family=f) for t in temperatures for f in families), key=loss)

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Type claims with probabilities; find them by the rules where a source brings none."""
        if not self.models:
            raise CommuniqueError("linear is not fitted; call fit first")
        return self.label(list(self.finder.found(sources)))

    def label(self, found: Sequence[tuple[Source, Prediction]]) -> list[Prediction]:
        """Type the claims of layers, whatever found them."""
        told = [row for source, layer in found for row in rows(layer, source.text, self._patterns)]
        if not told:
            return [layer for _, layer in found]
        chances = (chance for at in range(0, len(told), _AT_ONCE) for chance in self._told(told[at : at + _AT_ONCE]))
        labels = [Rhetoric(name) for name in self.models["type"].classes_]
        return [typed(layer, dict(_by_claim(layer, labels, chances))) for _, layer in found]

    def _told(self, rows: Sequence[tuple[str, ...]]) -> Chances:
        scores = _scores(self.models, self.models["features"].transform(_table(rows)))
        return _chances(scores, self.models, self.fitted)

    def save(self, folder: Path) -> None:
        """Write ``model.json`` and the weights, as skops, without pickle."""
        save_card(folder, self.name, {**self.parameters, "fitted": msgspec.to_builtins(self.fitted)})
        estimators.save(self.models, folder / WEIGHTS)

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model; weights that hold anything but known scikit-learn and NumPy types are refused."""
        models = estimators.load(folder / WEIGHTS)
        if not {"features", "type"} <= set(models):
            raise CommuniqueError(f"{folder / WEIGHTS}: features or types are missing; train it again")
        return cls(card.parameters, models, msgspec.convert(card.parameters["fitted"], Fitted))


def _table(told: Sequence[tuple[str, ...]]) -> np.ndarray:
    return np.array(told, dtype=object).reshape(len(told), len(COLUMNS))


def _by_claim(
    layer: Prediction, labels: Sequence[Rhetoric], chances: Iterator[Chances]
) -> Iterator[tuple[str, dict[Rhetoric, float]]]:
    for claim in layer.claims:
        yield claim.id, dict(zip(labels, next(chances).tolist(), strict=True))


def _scores(models: dict[str, Any], table: Any) -> dict[str, Chances]:
    return {level: model.predict_log_proba(table) for level, model in models.items() if level != "features"}


def _chances(scores: dict[str, Chances], models: dict[str, Any], fitted: Fitted) -> Chances:
    """Return P(type), each family's share drawn towards what the regression of families says.

    With weight w: P(t) is in proportion to p(t) (q(f) / p(f)) ** w, where f is the family of t, p the regression of
    types and q that of families.
    """
    found = softmax(scores["type"] / fitted.temperature, axis=1)
    if "family" in scores and fitted.family:
        families = models["family"].classes_.tolist()
        of = np.array([families.index(str(FAMILY_OF[Rhetoric(name)])) for name in models["type"].classes_])
        shares = np.stack([found[:, of == number].sum(axis=1) for number in range(len(families))], axis=1)
        wanted = softmax(scores["family"] / fitted.temperature, axis=1)
        found = found * ((wanted / np.maximum(shares, 1e-12)) ** fitted.family)[:, of]
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _regression(parameters: dict[str, Any]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(random_state=parameters["seed"], max_iter=2000, **parameters["classifier"])


def _features(parameters: dict[str, Any]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    patterns = {"word": _WORD, "sign": _SIGN}
    blocks = [
        (
            name,
            TfidfVectorizer(
                analyzer="word" if block["analyzer"] == "sign" else block["analyzer"],
                ngram_range=tuple(block["ngrams"]),
                min_df=block["min_df"],
                sublinear_tf=True,
                token_pattern=patterns.get(block["analyzer"]),
            ),
            COLUMNS.index(block["column"]),
        )
        for name, block in sorted(parameters["blocks"].items())
    ]
    weights = {name: block["weight"] for name, block in parameters["blocks"].items()}
    return ColumnTransformer(blocks, transformer_weights=weights)
