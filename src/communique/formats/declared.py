"""What a format declares of itself; the registry, the command line and the documentation derive from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from communique import folders, writing
from communique.problems import CommuniqueError

if TYPE_CHECKING:
    from communique.formats.common import Imported
    from communique.records import Document

BREAKS = "breaks between fragments where only a line break stands between them"
"""What formats lose that join fragments by their own offsets."""


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
    outgoing : bool
        Whether ``write`` also takes ``outgoing``, an `Outgoing` or None.
    """

    name: str
    place: str
    loses: tuple[str, ...] = ()
    read: "Callable[..., Imported]" = None  # type: ignore[assignment]
    write: Callable[..., None] = None  # type: ignore[assignment]
    options: tuple[Option, ...] = ()
    sign: bytes | None = None
    outgoing: bool = False


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of documents that are written, beside themselves.

    Attributes
    ----------
    name : str
        As the user named them.
    version : str
        Of the release; ``none`` of a file.
    splits : mapping of str to str
        From the id of each document to its split; empty where there are none.
    card : str, optional
        The card of the release they are from.
    model : str, optional
        Who predicted their annotation, where it is a prediction.
    """

    name: str
    version: str = "none"
    splits: Mapping[str, str] = {}
    card: str | None = None
    model: str | None = None


def write(
    form: Format, documents: "Iterable[Document]", target: Path, outgoing: Outgoing, *, force: bool = False
) -> None:
    """Write documents in a format, which is told about them if it asks for that."""
    form.write(documents, target, force=force, **({"outgoing": outgoing} if form.outgoing else {}))


def meant(mapping: Sequence[str]) -> dict[str, str]:
    """Return what names in a file stand for, of ``--map SEEN=MEANT``.

    Raises
    ------
    CommuniqueError
        A pair is not of that form.
    """
    for pair in mapping:
        if not all(pair.rpartition("=")):
            raise CommuniqueError(f"--map {pair!r} is not SEEN=MEANT; say for example --map 'Quote verb=Cue'")
    return {seen: meant for seen, _, meant in (pair.rpartition("=") for pair in mapping)}


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


def refuse_unwritten(form: Format, target: Path, sources: Iterable[Path], *, force: bool) -> None:
    """Refuse, before documents are read, a target that a format's ``write`` would refuse.

    Raises
    ------
    CommuniqueError
        It is what is read, or not the kind of file or folder that the format writes.
    """
    if form.sign is not None:
        writing.refuse_unwritten(target, form.sign, sources, force=force)
    else:
        writing.refuse_input(target, sources)
        folders.refuse_unwritten(target, force=force, whole=False)
