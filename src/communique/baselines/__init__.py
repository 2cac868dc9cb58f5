"""Baselines by name: the project's own, and those that installed packages register as `ENTRY_POINTS`.

Each of the project's has a folder of the same name under ``baselines/``: model card, configuration, results.
"""

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

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
    return (*_CLASSES, *sorted({point.name for point in entry_points(group=ENTRY_POINTS)} - set(_CLASSES)))


def _class(name: str) -> type[Baseline]:
    points = list(entry_points(group=ENTRY_POINTS, name=name))
    if name in _CLASSES and not points:
        return _member(_CLASSES[name])
    if not points:
        raise CommuniqueError(f"there is no baseline {name!r}; one of {', '.join(known())}")
    if name in _CLASSES or len(points) > 1:
        raise CommuniqueError(f"several baselines are named {name!r}; uninstall or rename that of {_makers(points)}")
    try:
        found = _member(points[0].value)
        if found.name != name:
            raise ValueError(f"its name is {found.name!r}")
        return found
    except Exception as error:  # whatever another package's code raises
        raise CommuniqueError(
            f"{_makers(points)}: its baseline {name!r} cannot be loaded from {points[0].value}: {error}; "
            "mend or uninstall that package"
        ) from error


def _member(path: str) -> type[Baseline]:
    module, _, member = path.partition(":")
    return getattr(import_module(module), member)  # type: ignore[no-any-return]


def _makers(points: list[EntryPoint]) -> str:
    return " or ".join(sorted(f"the package {point.dist.name}" if point.dist else point.value for point in points))


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
