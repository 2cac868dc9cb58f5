"""What a format declares of itself; the registry, the command line and the documentation derive from it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from communique import folders, writing
from communique.problems import CommuniqueError

if TYPE_CHECKING:
    from communique.formats.common import Imported


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """An option of a format's ``read``.

    Attributes
    ----------
    name : str
        As on the command line, without dashes: annotator, part, layer or map.
    help : str
        What may be given.
    keyword : str
        The parameter of ``read``; the name by default.
    """

    name: str
    help: str
    keyword: str = ""


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A foreign format.

    Attributes
    ----------
    name : str
        As on the command line.
    place : str
        What file or folder it is, and what reading it needs, as the documentation tells it.
    loses : tuple of str
        What it cannot hold, or what is not read of it: noun phrases.
    read : callable
        ``read(source, **options) -> Imported``; None where it cannot be read.
    write : callable
        ``write(documents, target, *, force)``; None where it cannot be written.
    options : tuple of Option
        Of ``read``.
    sign : bytes, optional
        Pattern of how the file begins that it writes; without one it writes a folder.
    """

    name: str
    place: str
    loses: tuple[str, ...] = ()
    read: "Callable[..., Imported]" = None  # type: ignore[assignment]
    write: Callable[..., None] = None  # type: ignore[assignment]
    options: tuple[Option, ...] = ()
    sign: bytes | None = None


def keywords(form: Format, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as a format's ``read`` takes them.

    Parameters
    ----------
    form : Format
        The format.
    given : mapping of str to object
        By name on the command line; those that are empty are not given.

    Raises
    ------
    CommuniqueError
        The format has no such option.
    """
    known = {option.name: option.keyword or option.name for option in form.options}
    options = {name: value for name, value in given.items() if value}
    for name in options.keys() - known.keys():
        raise CommuniqueError(f"{form.name} has no --{name}; leave it out, see docs/formats.md")
    return {known[name]: value for name, value in options.items()}


def refuse_unwritten(form: Format, target: Path, source: Path, *, force: bool) -> None:
    """Refuse, before documents are read, a target that a format's ``write`` would refuse.

    Raises
    ------
    CommuniqueError
        It is what is read, or not the kind of file or folder that the format writes.
    """
    if form.sign is not None:
        writing.refuse_unwritten(target, form.sign, [source], force=force)
    else:
        writing.refuse_input(target, [source])
        folders.refuse_unwritten(target, force=force, whole=False)
