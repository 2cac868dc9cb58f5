"""The model that labels: named, saved in a folder, or the one that comes with the package."""

import hashlib
import os
from pathlib import Path

import msgspec

from communique import baselines, resources
from communique.baselines.base import Baseline
from communique.files import digest

_ASKED = {"llm": "COMMUNIQUE_LLM_MODEL"}
"""By baseline, the variable of the environment that decides what it labels with."""


class Model(msgspec.Struct, frozen=True):
    """A model, as a run names it.

    Attributes
    ----------
    name : str
        A baseline that needs no training, the packaged model, or the folder of a saved one.
    sha256 : str
        Of what it is made of.
    """

    name: str
    sha256: str


def named(name: str) -> Model:
    """Return the model of a name or folder.

    Raises
    ------
    CommuniqueError
        It is no baseline that needs no training, and no folder of a model.
    """
    folder = _folder(name)
    if not baselines.is_untrained(name):
        baselines.load(folder)
    lines = [f"{path.relative_to(folder).as_posix()} {digest(path)}\n" for path in _parts(folder)]
    told = os.environ.get(_ASKED.get(name, ""), "")
    return Model(name, hashlib.sha256("".join([*lines, told]).encode()).hexdigest())


def load(model: Model) -> Baseline:
    """Return the model, ready to label."""
    return baselines.ready(model.name)


def packed(model: Model) -> dict[str, bytes]:
    """Return the files of a saved model by name, for a machine that does not have them; none of a named one."""
    folder = _folder(model.name)
    named = baselines.is_untrained(model.name)
    return {} if named else {path.relative_to(folder).as_posix(): path.read_bytes() for path in _parts(folder)}


def unpack(files: dict[str, bytes], folder: Path) -> None:
    """Write what `packed` read into an empty folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _folder(name: str) -> Path:
    return resources.folder("baselines") / name if baselines.is_untrained(name) else baselines.saved(name)


def _parts(folder: Path) -> list[Path]:
    """Return the files of a folder that decide what is labelled: neither its card for people nor results."""
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [folder / name for name in names if name.parts[0] not in ("README.md", "results")]
