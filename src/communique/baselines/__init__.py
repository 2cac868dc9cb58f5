"""Baselines by name: the project's own, and those that installed packages register as `ENTRY_POINTS`.

Each of the project's has a folder of the same name under ``baselines/``: model card, configuration, results.
"""

from pathlib import Path

from communique import plugins
from communique.baselines.base import CARD, Baseline, Source, load_card
from communique.baselines.given import without_entities, without_types
from communique.folders import refuse_unwritten, replacing_folder
from communique.problems import CommuniqueError

__all__ = [
    "ENTRY_POINTS",
    "NAMES",
    "UNTRAINED",
    "Baseline",
    "Source",
    "create",
    "known",
    "load",
    "refuse_unwritten",
    "save",
    "without_entities",
    "without_types",
]

ENTRY_POINTS = "communique.baselines"
_CLASSES = {
    "floor": "communique.baselines.floor:Floor",
    "majority": "communique.baselines.majority:Majority",
    "rules": "communique.baselines.rules:Rules",
    "linear": "communique.baselines.linear:Linear",
    "crf": "communique.baselines.crf:Crf",
    "encoder": "communique.baselines.encoder:Encoder",
    "llm": "communique.baselines.llm:Llm",
}
NAMES = ("floor", "majority", "rules", "linear", "crf")
"""Those that need no extra, no checkpoint and no network: `communique bench` runs them."""
UNTRAINED = ("rules", "llm")
"""Those that label without having been trained."""


def known() -> tuple[str, ...]:
    """Return the names of all baselines: the project's own, then those of other packages, sorted."""
    return plugins.names(ENTRY_POINTS, _CLASSES)


def _class(name: str) -> type[Baseline]:
    found: type[Baseline] | None = plugins.brought(ENTRY_POINTS, "baseline", name, _CLASSES)
    return found or plugins.member(_CLASSES[name])


def create(name: str) -> Baseline:
    """Return a baseline that is not yet fitted, with its packaged configuration.

    Raises
    ------
    CommuniqueError
        No baseline has the name, several have, or another package's cannot be loaded.
    """
    return _class(name)()


def save(model: Baseline, folder: Path, *, force: bool = False) -> None:
    """Save a baseline; the folder takes its place, or its new content, only when all of it is written.

    Parameters
    ----------
    model : Baseline
        Fitted.
    folder : Path
        Where it shall stand. A model that was saved there goes as a whole.
    force : bool, optional
        Replace also files that communique did not write.

    Raises
    ------
    CommuniqueError
        The folder holds other files.
    """
    with replacing_folder(folder, force=force, commit=CARD) as stage:
        model.save(stage)


def load(folder: Path) -> Baseline:
    """Return a baseline saved with `Baseline.save`.

    Raises
    ------
    CommuniqueError
        The folder holds no model of a known baseline, or one that is damaged.
    """
    card = load_card(folder)
    made = _class(card.name)
    try:
        return made.load(folder, card)
    except CommuniqueError:
        raise
    except Exception as error:  # whatever settings and weights of another shape make a reader raise
        told = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise CommuniqueError(f"{folder}: its {card.name} model cannot be read: {told}; train it again") from error
