"""communique: who claimed what, and how. A labelled dataset and benchmark of diplomatic and political news.

>>> import communique
>>> documents = communique.load("train")
>>> communique.load_dataset("claims", split="test")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from communique.evaluation import evaluate
    from communique.joining import load
    from communique.problems import CommuniqueError, DataError, Problem
    from communique.records import Document, Prediction
    from communique.releases import listed as releases_listed
    from communique.releases import load_dataset
    from communique.validation import validate_paths as validate

__version__ = "0.1.0"
__all__ = [
    "CommuniqueError",
    "DataError",
    "Document",
    "Prediction",
    "Problem",
    "evaluate",
    "load",
    "load_dataset",
    "releases_listed",
    "validate",
]

_HOME = {
    "CommuniqueError": ("communique.problems", "CommuniqueError"),
    "DataError": ("communique.problems", "DataError"),
    "Problem": ("communique.problems", "Problem"),
    "Document": ("communique.records", "Document"),
    "Prediction": ("communique.records", "Prediction"),
    "load": ("communique.joining", "load"),
    "load_dataset": ("communique.releases", "load_dataset"),
    "releases_listed": ("communique.releases", "listed"),
    "evaluate": ("communique.evaluation", "evaluate"),
    "validate": ("communique.validation", "validate_paths"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'communique' has no attribute {name!r}")
    from importlib import import_module

    module, member = _HOME[name]
    return getattr(import_module(module), member)
