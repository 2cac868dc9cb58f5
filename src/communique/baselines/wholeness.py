"""Whether a saved model is whole: the version that wrote it, its files, and what it reads of the package."""

import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from communique import __version__, resources
from communique.baselines.base import CARD, Baseline, ModelCard, load_card, write_card
from communique.files import digest
from communique.problems import CommuniqueError, one_line

_NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_SHOWN = 3
_log = logging.getLogger(__name__)


def seal(folder: Path, kind: type[Baseline]) -> None:
    """Write into the card of a model that was just saved what `check` holds it to.

    Parameters
    ----------
    folder : Path
        Of the model, with its card.
    kind : type of Baseline
        Its class.
    """
    read = {name: resources.digest(name) for name in sorted(kind.resources)}
    card = msgspec.structs.replace(load_card(folder), revision=kind.revision, resources=read, files=_files(folder))
    write_card(folder, card)


def check(folder: Path, card: ModelCard, kind: type[Baseline]) -> None:
    """Refuse a model that this version cannot read as it was, or that is not whole; tell files that are not its own.

    Parameters
    ----------
    folder : Path
        Of the model.
    card : ModelCard
        Its card.
    kind : type of Baseline
        The class that would read it.

    Raises
    ------
    CommuniqueError
        Another version or revision wrote it, a file is missing or another, or what it reads of the package is.
    """
    written, own = _number(card.version), _number(__version__)
    if written is None or written > own or card.revision != kind.revision:  # type: ignore[operator]
        raise CommuniqueError(
            f"{folder}: its {card.name} model was written by communique {card.version} (revision {card.revision}), "
            f"this is {__version__} (revision {kind.revision}): {_mend(card)}"
        )
    if card.files is not None:
        _files_are_whole(folder, card.name, card.files)
    for name, sha256 in card.resources.items():
        if name not in kind.resources or resources.digest(name) != sha256:
            raise CommuniqueError(
                f"{folder}: its {card.name} model was trained with another baselines/{name} than that of this "
                f"communique, {__version__}: {_mend(card)}"
            )


def _mend(card: ModelCard) -> str:
    other = _number(card.version) and card.version != __version__
    return f"train it again, or install communique {card.version}" if other else "train it again"


def _number(version: str) -> tuple[int, ...] | None:
    found = _NUMBER.match(version)
    return tuple(map(int, found.groups())) if found else None


def _files_are_whole(folder: Path, name: str, files: Mapping[str, str]) -> None:
    found = _files(folder)
    missing, foreign = sorted(files.keys() - found), sorted(found.keys() - files)
    if missing:
        raise CommuniqueError(f"{folder}: {_named(missing)} missing from its {name} model; copy all of the folder")
    if changed := [file for file, sha256 in sorted(files.items()) if found[file] != sha256]:
        told = f"{_named(changed)} not what {name} wrote; copy the folder again, or train the model again"
        raise CommuniqueError(f"{folder}: {told}")
    if foreign:
        _log.warning("%s: %s no part of its %s model, and not read", one_line(str(folder)), _named(foreign), name)


def _files(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file of a model, hidden ones and its card left out."""
    paths = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    shown = {path.as_posix(): place for path, place in paths.items() if not any(p.startswith(".") for p in path.parts)}
    return {name: digest(place) for name, place in sorted(shown.items()) if name != CARD}


def _named(names: Iterable[str]) -> str:
    several = [one_line(name) for name in names]
    more = f" and {len(several) - _SHOWN} more" if len(several) > _SHOWN else ""
    return f"{', '.join(several[:_SHOWN])}{more} {'are' if len(several) > 1 else 'is'}"
