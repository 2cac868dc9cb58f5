"""Fitted scikit-learn estimators as a skops file: no pickle, and the same bytes from equal estimators."""

import io
import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from communique.problems import CommuniqueError
from communique.writing import replacing

_SCHEMA = "schema.json"
_ADDRESS = "_stop_words_id"
"""Of scikit-learn's vectorizers: an address in memory, by which they know words that they have checked already."""


def save(estimators: dict[str, Any], path: Path) -> None:
    """Write estimators.

    Parameters
    ----------
    estimators : dict of str to estimator
        Of scikit-learn.
    path : Path
        Where the file shall stand.
    """
    import skops.io

    with ZipFile(io.BytesIO(skops.io.dumps(estimators))) as dumped, replacing(path) as file:
        _rewrite(dumped, ZipFile(file, "w", ZIP_DEFLATED))


def _rewrite(dumped: ZipFile, target: ZipFile) -> None:
    """Copy a dump; addresses in memory, by which skops names objects and files, become numbers in order of mention."""
    schema = dumped.read(_SCHEMA).decode("utf-8")
    files = {Path(name).stem for name in dumped.namelist()} - {Path(_SCHEMA).stem}
    addresses = list(dict.fromkeys([*re.findall(r'"__id__": (\d+)', schema), *sorted(files)]))
    numbers = {address: str(number) for number, address in enumerate(addresses, 1)}
    numbered = json.loads(schema, object_hook=lambda node: _numbered(node, numbers))
    with target:
        for name in sorted(dumped.namelist(), key=lambda name: int(numbers.get(Path(name).stem, 0))):
            content = json.dumps(numbered).encode() if name == _SCHEMA else dumped.read(name)
            target.writestr(ZipInfo(_renamed(name, numbers)), content, ZIP_DEFLATED)


def _numbered(node: dict[str, Any], numbers: dict[str, str]) -> dict[str, Any]:
    node.pop(_ADDRESS, None)
    if "__id__" in node:
        node["__id__"] = int(numbers[str(node["__id__"])])
    if isinstance(node.get("file"), str):
        node["file"] = _renamed(node["file"], numbers)
    return node


def _renamed(name: str, numbers: dict[str, str]) -> str:
    return f"{numbers.get(Path(name).stem, Path(name).stem)}{Path(name).suffix}"


def load(path: Path) -> dict[str, Any]:
    """Return what `save` wrote.

    Raises
    ------
    CommuniqueError
        The file is missing or damaged, or holds anything but known types of scikit-learn and NumPy.
    """
    import skops.io

    try:
        found = skops.io.load(path, trusted=[])
        if not isinstance(found, dict):
            raise TypeError(f"it holds a {type(found).__name__}")
        return found
    except Exception as error:  # whatever a damaged file raises
        raise CommuniqueError(f"{path}: cannot be loaded safely: {error}; train it again") from error
