"""TF-IDF and a linear support vector machine for the type of a claim, which starts from what the rules decide."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from communique.baselines.base import Baseline, ModelCard, Source, save_card
from communique.baselines.labelling import typed
from communique.baselines.linear import estimators
from communique.baselines.linear.settings import LinearSettings
from communique.baselines.rules import Rules, labelled
from communique.baselines.settings import read
from communique.baselines.shared.type_features import BY, COLUMNS, rows
from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document, Prediction

WEIGHTS = "weights.skops"
_WORD = r"(?u)\b\w+\b|[?!…]"
_SIGN = r"\S+"
_DECISION = COLUMNS.index("decision")
_FOLDS = 5
_AT_ONCE = 2_000
"""Claims."""
_LEAST = 1e-3
"""What a type that a fold has not seen counts as, in the log loss."""
Chances = NDArray[np.float64]


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """How scores and the decision of the rules become probabilities.

    Attributes
    ----------
    temperature : float
        What both are divided by.
    shares : dict of str to dict of str to float
        By decision of the rules, how probable each type is.
    """

    temperature: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    shares: dict[str, dict[str, Annotated[float, msgspec.Meta(gt=0)]]] = {}


class _Examples(NamedTuple):
    """Claims to learn from: features, decisions of the rules, types."""

    table: Any
    decisions: NDArray[np.str_]
    labels: NDArray[np.str_]

    def of(self, numbers: NDArray[np.intp]) -> Self:
        return type(self)(self.table[numbers], self.decisions[numbers], self.labels[numbers])


class Linear(Baseline):
    """A linear support vector machine over features of the claim, and how often the rules are right.

    Parameters
    ----------
    parameters : mapping, optional
        Settings as in ``baselines/linear/config.toml``, which is the default of each.
    models : dict of str to estimator, optional
        ``features`` and ``type``, fitted; set by `fit`.
    fitted : Fitted, optional
        Set by `fit`.

    Raises
    ------
    CommuniqueError
        A setting is wrong.
    """

    name = "linear"
    tasks = ("rhetoric", "full")
    resources = ("rules/config.toml",)
    settings_type = LinearSettings

    def __init__(
        self,
        parameters: Mapping[str, Any] | None = None,
        models: dict[str, Any] | None = None,
        fitted: Fitted | None = None,
    ):
        self.settings = read(LinearSettings, self.name, parameters)
        self.models = models or {}
        self.fitted = fitted or Fitted()
        self.finder = Rules()
        self._patterns = {name: re.compile(pattern) for name, pattern in sorted(self.settings.signs.items())}

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn types from gold claims, and the temperature from folds of whole documents.

        Raises
        ------
        CommuniqueError
            There are fewer than two types to learn.
        """
        told = [row for document in documents for row in rows(document, document.text, self._patterns)]
        claims = [(number, claim) for number, document in enumerate(documents) for claim in document.claims]
        known = [(row, number, str(c.rhetoric)) for row, (number, c) in zip(told, claims, strict=True) if c.rhetoric]
        if (types := len({label for _, _, label in known})) < 2:
            raise CommuniqueError(f"linear needs claims of two types or more, there are {types}; give more documents")
        features = _features(self.settings)
        examples = _Examples(
            table=features.fit_transform(_table([row for row, _, _ in known])),
            decisions=np.array([row[_DECISION] for row, _, _ in known]),
            labels=np.array([label for _, _, label in known]),
        )
        self.models = {"features": features, "type": self._classifier(examples)}
        temperature = self._temperature(examples, [number for _, number, _ in known])
        self.fitted = Fitted(temperature=temperature, shares=self._shares(examples))
        return self

    def _classifier(self, examples: _Examples) -> Any:
        from sklearn.svm import LinearSVC

        made = LinearSVC(random_state=self.settings.seed, **msgspec.structs.asdict(self.settings.classifier))
        return made.fit(examples.table, examples.labels)

    def _shares(self, examples: _Examples) -> dict[str, dict[str, float]]:
        decisions, labels = examples.decisions.tolist(), examples.labels.tolist()
        return _shares(decisions, labels, self.settings.doubt, self.settings.balance)

    def _sums(self, model: Any, shares: dict[str, dict[str, float]], table: Any, decisions: Sequence[str]) -> Chances:
        """Return score + trust * log P(type | decision of the rules), for each claim and type."""
        classes = model.classes_.tolist()
        prior = np.log([[shares[decision][label] for label in classes] for decision in decisions])
        trust = [getattr(self.settings.trust, decision.partition(":")[0]) for decision in decisions]
        return np.asarray(_scores(model, table) + np.array(trust)[:, None] * prior)

    def _temperature(self, examples: _Examples, groups: Sequence[int]) -> float:
        """Return the temperature of least log loss on documents held out."""
        from sklearn.model_selection import GroupKFold

        if len(set(groups)) < _FOLDS:
            return Fitted().temperature
        held = []
        for train, test in GroupKFold(_FOLDS).split(examples.labels, groups=groups):
            known, asked = examples.of(train), examples.of(test)
            model = self._classifier(known)
            places = {label: number for number, label in enumerate(model.classes_.tolist())}
            sums = self._sums(model, self._shares(known), asked.table, asked.decisions.tolist())
            held.append((sums, [places.get(label, -1) for label in asked.labels.tolist()]))

        def loss(temperature: float) -> float:
            right = [
                np.append(row, 0.0)[place]
                for sums, wanted in held
                for row, place in zip(softmax(sums / temperature, axis=1), wanted, strict=True)
            ]
            return float(-np.mean(np.log(np.maximum(right, _LEAST))))

        return float(min(self.settings.temperatures, key=loss))

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
        told_by = ((source, typed(layer, dict(_by_claim(layer, labels, chances)))) for source, layer in found)
        return [labelled(source, layer) for source, layer in told_by]

    def _told(self, rows: Sequence[tuple[str, ...]]) -> Chances:
        table = self.models["features"].transform(_table(rows))
        sums = self._sums(self.models["type"], self.fitted.shares, table, [row[_DECISION] for row in rows])
        return np.asarray(softmax(sums / self.fitted.temperature, axis=1))

    def save(self, folder: Path) -> None:
        """Write ``model.json`` and the weights, as skops, without pickle."""
        parameters = msgspec.to_builtins(self.settings) | {"fitted": msgspec.to_builtins(self.fitted)}
        save_card(folder, self.name, parameters)
        estimators.save(self.models, folder / WEIGHTS)

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model; weights that hold anything but known scikit-learn and NumPy types are refused."""
        models = estimators.load(folder / WEIGHTS)
        if not {"features", "type"} <= set(models):
            raise CommuniqueError(f"{folder / WEIGHTS}: features or types are missing; train it again")
        parameters = dict(card.parameters)
        fitted = msgspec.convert(parameters.pop("fitted"), Fitted)
        return cls(parameters, models, fitted)


def _table(told: Sequence[tuple[str, ...]]) -> np.ndarray:
    return np.array(told, dtype=object).reshape(len(told), len(COLUMNS))


def _by_claim(
    layer: Prediction, labels: Sequence[Rhetoric], chances: Iterator[Chances]
) -> Iterator[tuple[str, dict[Rhetoric, float]]]:
    for claim in layer.claims:
        yield claim.id, dict(zip(labels, next(chances).tolist(), strict=True))


def _scores(model: Any, table: Any) -> Chances:
    """Return a score of each class; of two classes scikit-learn gives that of the second."""
    found = model.decision_function(table)
    return np.stack([-found, found], axis=1) if found.ndim == 1 else np.asarray(found)


def _shares(
    decisions: Sequence[str], labels: Sequence[str], doubt: float, balance: float
) -> dict[str, dict[str, float]]:
    """Return by decision of the rules the shares of the types.

    To the claims so decided ``doubt`` claims of the type that the rules say are added, and as many of all types. A
    claim weighs the less the more there are of its type: 1 / number ** ``balance``.
    """
    whole, told = Counter(labels), Counter(zip(decisions, labels, strict=True))
    weights = {label: number**-balance for label, number in sorted(whole.items())}
    found = {}
    for decision in (f"{by}:{label}" for by in BY for label in Rhetoric):
        said = decision.partition(":")[2]
        counts = {
            label: weight * (told[decision, label] + doubt * (whole[label] / len(labels) + (label == said)))
            for label, weight in weights.items()
        }
        found[decision] = {label: count / sum(counts.values()) for label, count in counts.items()}
    return found


def _features(settings: LinearSettings) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    patterns = {"word": _WORD, "sign": _SIGN}
    blocks = [
        (
            name,
            TfidfVectorizer(
                analyzer="word" if block.analyzer == "sign" else block.analyzer,
                ngram_range=block.ngrams,
                min_df=block.min_df,
                sublinear_tf=True,
                token_pattern=patterns.get(block.analyzer),
            ),
            COLUMNS.index(block.column),
        )
        for name, block in sorted(settings.blocks.items())
    ]
    weights = {name: block.weight for name, block in settings.blocks.items()}
    return ColumnTransformer(blocks, transformer_weights=weights)
