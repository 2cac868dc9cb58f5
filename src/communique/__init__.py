"""communique: who claimed what, and how. A labelled dataset and benchmark of diplomatic and political news.

>>> import communique
>>> documents = communique.load("dev")
>>> predictions = communique.predict("rules", documents)
>>> communique.evaluate(documents, predictions)  # doctest: +SKIP

Read: `load` gives typed `Document`, each with a `Claim` or more; `load_dataset` the same through `datasets`;
`releases_listed` names the releases that are here. Label: `predict` gives a `Prediction` a text. Score: `evaluate` in
all tasks, `score.full` and its like in one; both give an `Evaluation`. Look: records and evaluations have ``to_pandas``
and ``to_dict``, `to_pandas` takes many, notebooks show them. Write: `write`. Check files: `validate`. Misuse raises
`CommuniqueError`, faulty data `DataError`, whose ``problems`` are `Problem`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from communique import score
    from communique.evaluation import evaluate
    from communique.frames import to_pandas
    from communique.joining import load
    from communique.predicting import predict, write
    from communique.problems import CommuniqueError, DataError, Problem
    from communique.records import Claim, Document, Prediction
    from communique.releases import listed as releases_listed
    from communique.releases import load_dataset
    from communique.score.evaluate import Evaluation
    from communique.validation import validate_paths as validate

__version__ = "0.1.0"
__all__ = [
    "Claim",
    "CommuniqueError",
    "DataError",
    "Document",
    "Evaluation",
    "Prediction",
    "Problem",
    "evaluate",
    "load",
    "load_dataset",
    "predict",
    "releases_listed",
    "score",
    "to_pandas",
    "validate",
    "write",
]

_HOME = {
    "Claim": ("communique.records", "Claim"),
    "CommuniqueError": ("communique.problems", "CommuniqueError"),
    "DataError": ("communique.problems", "DataError"),
    "Document": ("communique.records", "Document"),
    "Evaluation": ("communique.score.evaluate", "Evaluation"),
    "Prediction": ("communique.records", "Prediction"),
    "Problem": ("communique.problems", "Problem"),
    "evaluate": ("communique.evaluation", "evaluate"),
    "load": ("communique.joining", "load"),
    "load_dataset": ("communique.releases", "load_dataset"),
    "predict": ("communique.predicting", "predict"),
    "releases_listed": ("communique.releases", "listed"),
    "score": ("communique.score", None),
    "to_pandas": ("communique.frames", "to_pandas"),
    "validate": ("communique.validation", "validate_paths"),
    "write": ("communique.predicting", "write"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'communique' has no attribute {name!r}")
    from importlib import import_module

    module, member = _HOME[name]
    return getattr(import_module(module), member) if member else import_module(module)


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__") and name.endswith("__"))])
