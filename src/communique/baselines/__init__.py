"""Baselines by name: the project's own, and those that installed packages register as `ENTRY_POINTS`.

Each of the project's has a folder of the same name under ``baselines/``: model card, configuration, results.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from communique import plugins, resources
from communique.baselines import settings, wholeness
from communique.baselines.base import CARD, Baseline, ModelCard, Source, load_card
from communique.baselines.given import without_entities, without_types
from communique.folders import refuse_unwritten, replacing_folder
from communique.problems import CommuniqueError

__all__ = [
    "ENTRY_POINTS",
    "NAMES",
    "PACKAGED",
    "Baseline",
    "Source",
    "create",
    "is_untrained",
    "known",
    "load",
    "ready",
    "refuse_unwritten",
    "save",
    "saved",
    "set_up",
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
PACKAGED = "news"
"""The model that comes with the package."""
_MEMBERS = ("untrained", "revision", "resources", "settings_type", "summary")


def known() -> tuple[str, ...]:
    """Return the names of all baselines: the project's own, then those of other packages, sorted."""
    return plugins.names(ENTRY_POINTS, _CLASSES)


def _class(name: str) -> type[Baseline]:
    found: type[Baseline] | None = plugins.brought(ENTRY_POINTS, "baseline", name, _CLASSES)
    if found and (missing := [member for member in _MEMBERS if not hasattr(found, member)]):
        raise CommuniqueError(
            f"baseline {name!r} has no {', no '.join(missing)}; derive its class from communique.baselines.Baseline"
        )
    return found or plugins.member(_CLASSES[name])


def is_untrained(name: str) -> bool:
    """Say whether a baseline of that name is known that labels without having been trained."""
    return name in known() and _class(name).untrained


def create(name: str, parameters: Mapping[str, Any] | None = None) -> Baseline:
    """Return a baseline that is not yet fitted.

    Parameters
    ----------
    name : str
        One of `known`.
    parameters : mapping, optional
        Settings, all others are as packaged.

    Raises
    ------
    CommuniqueError
        No baseline has the name, several have, or another package's cannot be loaded; or a setting is wrong.
    """
    made: Callable[..., Baseline] = _class(name)
    return made() if parameters is None else made(parameters)


def set_up(name: str, file: Path | None, changed: Sequence[str]) -> Baseline:
    """Return a baseline that is not yet fitted, with settings of a file and changed ones.

    Parameters
    ----------
    name : str
        One of `known`.
    file : Path or None
        TOML; what it does not say is as packaged.
    changed : sequence of str
        Each ``KEY=VALUE``, see `communique.baselines.settings.changes`.

    Raises
    ------
    CommuniqueError
        As `create`, or nothing can be set.
    """
    if not file and not changed:
        return create(name)
    kind = _class(name).settings_type
    if kind is None:
        raise CommuniqueError(f"{name} has no settings; leave out --config and --set")
    return create(name, settings.changes(kind, name, file, changed))


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
        wholeness.seal(stage, type(model))


def saved(name: str) -> Path:
    """Return the folder of a saved model: the one so named, or that of `PACKAGED`.

    Parameters
    ----------
    name : str
        A folder, or `PACKAGED`; a folder of that name goes first.
    """
    folder = Path(name)
    return folder if name != PACKAGED or folder.exists() else resources.folder("models") / PACKAGED


def ready(name: str, changed: Sequence[str] = ()) -> Baseline:
    """Return a baseline that labels: one that needs no training, or a saved one.

    Parameters
    ----------
    name : str
        Of a baseline that is `is_untrained`, or as `saved` takes it.
    changed : sequence of str, optional
        Settings to label with, each ``KEY=VALUE``.

    Raises
    ------
    CommuniqueError
        As `set_up` and `load`.
    """
    return set_up(name, None, changed) if is_untrained(name) else load(saved(name), changed)


def load(folder: Path, changed: Sequence[str] = ()) -> Baseline:
    """Return a baseline saved with `Baseline.save`.

    Parameters
    ----------
    folder : Path
        Of the model.
    changed : sequence of str, optional
        Settings to label with, each ``KEY=VALUE``; those that its class names in ``settings_of_labelling``.

    Raises
    ------
    CommuniqueError
        The folder holds no model of a known baseline, or one that is damaged, not whole, or of another version; or a
        setting is wrong.
    """
    card = load_card(folder)
    made = _class(card.name)
    wholeness.check(folder, card, made)
    if changed:
        card = msgspec.structs.replace(card, parameters=_labelling(made, card, changed))
    try:
        return made.load(folder, card)
    except CommuniqueError:
        raise
    except Exception as error:  # whatever settings and weights of another shape make a reader raise
        told = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise CommuniqueError(f"{folder}: its {card.name} model cannot be read: {told}; train it again") from error


def _labelling(kind: type[Baseline], card: ModelCard, changed: Sequence[str]) -> dict[str, Any]:
    """Return the settings of a saved model with those changed that concern labelling."""
    found = settings.changed_by(card.parameters, changed)
    able = kind.settings_of_labelling
    for key in (key for key in found if key not in able and found[key] != card.parameters.get(key)):
        told = f"set {', '.join(able)} at most" if able else "leave out --set"
        raise CommuniqueError(f"{card.name}: `{key}` is not to be changed after training; {told}")
    return found
