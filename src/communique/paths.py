"""Names that come from data as paths: below a folder, on every system, and each its own."""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from communique.problems import CommuniqueError

LONGEST = 200
"""Bytes of one part of a name in UTF-8; systems allow 255, endings included."""
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{number}" for name in ("COM", "LPT") for number in range(1, 10))}
_FORBIDDEN = set('<>:"\\|?*')


def below(folder: Path, name: str, ending: str = "") -> Path:
    """Return the path that a name from data has below a folder.

    Parameters
    ----------
    folder : Path
        Where it shall stand.
    name : str
        An id or the like; parts are divided by ``/``.
    ending : str, optional
        Added to the name, for example ``.txt``.

    Raises
    ------
    CommuniqueError
        The name is empty, leads out of the folder, or is none that every system can hold.
    """
    if fault := next((told for part in name.split("/") if (told := _fault(part))), None):
        raise CommuniqueError(f"{name!r} cannot name a file below {folder}: {fault}; rename it in the data")
    path = folder / f"{name}{ending}"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CommuniqueError(f"{name!r} leads out of {folder} by a link; remove the link, or name another folder")
    return path


def _fault(part: str) -> str | None:
    faults = {
        "a part of it is empty, or it is absolute": not part,
        "it leads out of it": part in (".", ".."),
        "a part of it begins with a dot": part.startswith("."),
        "a part of it ends in a dot or begins or ends with white space": part != part.strip() or part.endswith("."),
        'it has one of < > : " \\ | ? *': not _FORBIDDEN.isdisjoint(part),
        "it has a control character, or is no text": any(unicodedata.category(mark) in ("Cc", "Cs") for mark in part),
        "some systems reserve it": part.split(".", maxsplit=1)[0].rstrip().upper() in _DEVICES,
        f"a part of it is longer than {LONGEST} bytes": len(part.encode("utf-8", "surrogatepass")) > LONGEST,
    }
    return next((told for told, holds in faults.items() if holds), None)


def spread(folder: Path, names: Iterable[str], endings: Sequence[str] = ("",)) -> dict[str, list[Path]]:
    """Return for each name its paths below a folder, one an ending.

    Raises
    ------
    CommuniqueError
        A name is faulty, as for `below`, is given twice, or differs from another in case or Unicode form only; or one
        would be a file where another needs a folder.
    """
    found: dict[str, list[Path]] = {}
    owner: dict[str, str] = {}
    for name in names:
        found[name] = [below(folder, name, ending) for ending in endings]
        for ending in endings:
            _claim(owner, f"{name}{ending}", name, folder)
    files = set(owner)
    for file, name in owner.items():
        above = file.split("/")[:-1]
        if clash := next((c for i in range(len(above)) if (c := "/".join(above[: i + 1])) in files), None):
            raise CommuniqueError(f"{owner[clash]!r} and {name!r} cannot both stand below {folder}; rename one")
    return found


def _claim(owner: dict[str, str], file: str, name: str, folder: Path) -> None:
    key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", file).casefold())
    if key in owner:
        first = owner[key]
        told = "is given twice" if first == name else f"and {first!r} are one file on some systems"
        raise CommuniqueError(f"{name!r} {told}, below {folder}; rename one in the data")
    owner[key] = name
