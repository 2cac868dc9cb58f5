"""Where releases, schemas and baseline configurations live: beside the installed package, or in the checkout."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from communique.problems import CommuniqueError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def folder(name: str) -> Path:
    """Return the folder ``corpus``, ``schema``, ``baselines``, ``models``, ``docs`` or ``layers``.

    Parameters
    ----------
    name : str
        Name of the folder.

    Raises
    ------
    CommuniqueError
        It is neither packaged nor in a checkout.
    """
    for place in (_PACKAGE / "data" / name, _CHECKOUT / name, _CHECKOUT / "seeds" / name):
        if place.is_dir():
            return place
    raise CommuniqueError(f"there is no {name} folder in {_PACKAGE / 'data'} or {_CHECKOUT}; reinstall communique")


def settings(baseline: str, file: str = "config.toml") -> dict[str, Any]:
    """Return a TOML file of a packaged baseline.

    Parameters
    ----------
    baseline : str
        Name of the baseline.
    file : str, optional
        Name of the file in its folder.
    """
    return tomllib.loads((folder("baselines") / baseline / file).read_text(encoding="utf-8"))


def packaged_settings(baseline: str) -> dict[str, Any]:
    """Return the packaged settings of a baseline; none where it has none, as one of another package."""
    return settings(baseline) if (folder("baselines") / baseline / "config.toml").is_file() else {}


def digest(name: str) -> str:
    """Return the sha256 of what a TOML file of a packaged baseline says, whatever its comments and its layout.

    Parameters
    ----------
    name : str
        As ``BASELINE/FILE``.
    """
    baseline, _, file = name.partition("/")
    said = json.dumps(settings(baseline, file), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8")).hexdigest()
