"""Predictions against gold: items, matching, counts, metrics, evaluation.

Each task is a function of gold and predictions that returns an `communique.score.evaluate.Evaluation`:

>>> from communique import score
>>> score.full(documents, predictions)  # doctest: +SKIP
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from communique.records import Document, Prediction

if TYPE_CHECKING:
    from communique.score.config import ScoreConfig
    from communique.score.evaluate import Evaluation

__all__ = ["ScoreConfig", "attribution", "full", "holders", "rhetoric", "spans"]
Gold = Document | Sequence[Document]
Predicted = Document | Prediction | Sequence[Document | Prediction]


def __getattr__(name: str) -> Any:
    if name != "ScoreConfig":
        raise AttributeError(f"module 'communique.score' has no attribute {name!r}")
    from communique.score.config import ScoreConfig

    return ScoreConfig


def spans(gold: Gold, pred: Predicted, config: "ScoreConfig | None" = None, **names: Any) -> "Evaluation":
    """Score speaker, cue and claim spans.

    Parameters
    ----------
    gold : Document or sequence of Document
        What is right.
    pred : Prediction, Document, or sequence of them
        At most one per gold document, in any order; a missing one counts as all missed.
    config : ScoreConfig, optional
        Threshold; its tasks are passed over.
    **names
        ``system``, ``source``, ``version``, ``split`` and ``breakdown`` of `communique.score.evaluate.evaluate`.

    Returns
    -------
    Evaluation
        The scores of this one task, each with support, interval and signature.

    Raises
    ------
    CommuniqueError, DataError
        As `communique.score.evaluate.evaluate`.
    """
    return _one("spans", gold, pred, config, names)


def attribution(gold: Gold, pred: Predicted, config: "ScoreConfig | None" = None, **names: Any) -> "Evaluation":
    """Score (speaker, cue, content) triples and the entities that hold the content; parameters as for `spans`."""
    return _one("attribution", gold, pred, config, names)


def holders(gold: Gold, pred: Predicted, config: "ScoreConfig | None" = None, **names: Any) -> "Evaluation":
    """Score who holds gold attributions, which predictions repeat; parameters as for `spans`."""
    return _one("holders", gold, pred, config, names)


def rhetoric(gold: Gold, pred: Predicted, config: "ScoreConfig | None" = None, **names: Any) -> "Evaluation":
    """Score types on gold claims, and their probabilities where there are any; parameters as for `spans`."""
    return _one("rhetoric", gold, pred, config, names)


def full(gold: Gold, pred: Predicted, config: "ScoreConfig | None" = None, **names: Any) -> "Evaluation":
    """Score claims with their holder and their type; parameters as for `spans`."""
    return _one("full", gold, pred, config, names)


def _one(task: str, gold: Gold, pred: Predicted, config: "ScoreConfig | None", names: dict[str, Any]) -> "Evaluation":
    from msgspec.structs import replace

    from communique import handed
    from communique.score.config import ScoreConfig
    from communique.score.evaluate import as_prediction, evaluate

    golds, given = handed.gold(gold), handed.predictions(pred)
    predictions = [as_prediction(one) if isinstance(one, Document) else one for one in given]
    return evaluate(golds, predictions, replace(config or ScoreConfig(), tasks=(task,)), **names)
