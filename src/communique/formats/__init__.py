"""Foreign formats, one module each: what can be read, what can be written, and what each cannot hold.

A format is a module (or package) with ``LOSES``, noun phrases, and any of ``read(source, …) -> Imported`` and
``write(documents, target, *, force)``. One that writes a file has ``SIGN``, a pattern of how that begins; others write
folders.
"""

from collections.abc import Iterable
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import ModuleType

from communique import folders, writing
from communique.problems import CommuniqueError

FORMATS = {
    "brat": "communique.formats.brat.folder",
    "cas": "communique.formats.cas",
    "conll": "communique.formats.conll",
    "events": "communique.formats.events",
    "gum": "communique.formats.gum",
    "huggingface": "communique.formats.huggingface",
    "label-studio": "communique.formats.label_studio",
    "plover": "communique.formats.plover",
    "polnear": "communique.formats.polnear",
    "unsc": "communique.formats.unsc",
}


def named(name: str, action: str) -> ModuleType:
    """Return the module of a format.

    Parameters
    ----------
    name : str
        One of `FORMATS`.
    action : {"read", "write"}
        What it must be able to do.

    Raises
    ------
    CommuniqueError
        There is no such format, or it cannot do that.
    """
    if name not in FORMATS:
        raise CommuniqueError(f"there is no format {name!r}; one of {', '.join(FORMATS)}")
    module = import_module(FORMATS[name])
    if not hasattr(module, action):
        able = ", ".join(key for key in FORMATS if hasattr(import_module(FORMATS[key]), action))
        raise CommuniqueError(f"{name} cannot be {'read' if action == 'read' else 'written'}; these can: {able}")
    return module


def refuse_options(name: str, module: ModuleType, options: Iterable[str]) -> None:
    """Refuse options that the ``read`` of a format does not know.

    Raises
    ------
    CommuniqueError
        It has no such option.
    """
    known = signature(module.read).parameters
    for option in options:
        if option not in known:
            told = f"--{'part' if option == 'parts' else option}"
            raise CommuniqueError(f"{name} has no {told}; leave it out, see docs/formats.md")


def refuse_unwritten(module: ModuleType, target: Path, source: Path, *, force: bool) -> None:
    """Refuse, before documents are read, a target that a format's ``write`` would refuse.

    Raises
    ------
    CommuniqueError
        It is what is read, or not the kind of file or folder that the format writes.
    """
    if hasattr(module, "SIGN"):
        writing.refuse_unwritten(target, module.SIGN, [source], force=force)
    else:
        writing.refuse_input(target, [source])
        folders.refuse_unwritten(target, force=force, whole=False)
