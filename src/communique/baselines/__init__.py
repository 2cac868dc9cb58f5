"""Baselines by name; each has a folder of the same name with its model card, configuration and results."""

from importlib import import_module
from pathlib import Path

from communique.baselines.base import Baseline, Source, load_card, without_types
from communique.problems import CommuniqueError

__all__ = ["NAMES", "Baseline", "Source", "create", "load", "without_types"]

_CLASSES = {
    "majority": "communique.baselines.majority:Majority",
    "rules": "communique.baselines.rules:Rules",
    "linear": "communique.baselines.linear:Linear",
    "crf": "communique.baselines.crf:Crf",
}
NAMES = tuple(_CLASSES)


def _class(name: str) -> type[Baseline]:
    if name not in _CLASSES:
        raise CommuniqueError(f"there is no baseline {name!r}; one of {', '.join(NAMES)}")
    module, _, member = _CLASSES[name].partition(":")
    return getattr(import_module(module), member)  # type: ignore[no-any-return]


def create(name: str) -> Baseline:
    """Return a baseline that is not yet fitted, with its packaged configuration."""
    return _class(name)()


def load(folder: Path) -> Baseline:
    """Return a baseline saved with `Baseline.save`.

    Raises
    ------
    CommuniqueError
        The folder holds no model of a known baseline.
    """
    card = load_card(folder)
    return _class(card.name).load(folder, card)
