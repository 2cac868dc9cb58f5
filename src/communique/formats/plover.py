"""PLOVER's gold standard records, read: sentences with one event each, coded by experts.

``gold_standard_records/PLOVER_GSR_CAMEO.txt``, a JSON list. The record's markup says who acts (``SRC``), by what words
(``EVT``), on whom (``TAR``); source and event words become speaker and cue, what follows the cue becomes the claim.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from communique.files import content
from communique.formats.common import Imported, Known, document, trimmed
from communique.formats.declared import Format
from communique.labels import EntityKind, Genre, Rhetoric
from communique.layer import LayerBuilder
from communique.places import Place, Stretches
from communique.problems import CommuniqueError, DataError, Level, Problem, tidy
from communique.records import Entity, Prediction
from communique.texts import decoded

TYPES: dict[str, frozenset[Rhetoric]] = {
    "AGREE": frozenset({Rhetoric.OFFER, Rhetoric.COMMITMENT}),
    "CONCEDE": frozenset({Rhetoric.CONCESSION, Rhetoric.COMMITMENT}),
    "DEMAND": frozenset({Rhetoric.DEMAND}),
    "DISAPPROVE": frozenset({Rhetoric.ACCUSATION, Rhetoric.CONDEMNATION}),
    "REJECT": frozenset({Rhetoric.REJECTION}),
    "SUPPORT": frozenset({Rhetoric.ENDORSEMENT, Rhetoric.JUSTIFICATION}),
    "THREATEN": frozenset({Rhetoric.THREAT}),
}
"""Rhetoric types that an event may have; the other events are deeds, or consultations, and have none."""
_FILE = Path("gold_standard_records", "PLOVER_GSR_CAMEO.txt")
_PIECE = re.compile(r"\((?P<role>[A-Z]{3}(?:/[A-Z]{3})*): ?|[()]|[^()]+")
_FINAL = " .,;:!?"


class _Record(msgspec.Struct):
    id: str
    event: str
    text: str = ""
    publication: str | None = None
    textInfo: dict[str, Any] = {}  # noqa: N815 - the file's own name


@dataclass
class _Marked:
    """A sentence without its markup, and the stretches of each role."""

    text: str = ""
    roles: dict[str, list[Place]] = field(default_factory=dict)


def read(source: Path) -> Imported:
    """Read the records.

    Parameters
    ----------
    source : Path
        The folder of the repository, or the file.

    Returns
    -------
    Imported
        A document per sentence, in the order of the file. Sentences that stand there twice, and those whose markup is
        broken, are counted and left out.

    Raises
    ------
    CommuniqueError
        There is no such file.
    """
    path = _path(source)
    found = Imported()
    try:
        records = _records(path)
    except DataError as error:
        found.problems += error.problems
        return found
    met: set[str] = set()
    for number, record in enumerate(records, 1):
        if record.event != "DOCUMENT":
            _sentence(found, record, str(path), number, met)
    found.noticed = +found.noticed
    return found


def events(source: Path) -> dict[str, str]:
    """Return the experts' event code of each record, by id.

    Parameters
    ----------
    source : Path
        The folder of the repository, or the file.

    Raises
    ------
    DataError
        It is no JSON list of records.
    CommuniqueError
        There is no such file.
    """
    return {record.id: record.event for record in _records(_path(source)) if record.event != "DOCUMENT"}


def _path(source: Path) -> Path:
    path = source / _FILE if source.is_dir() else source
    if not path.is_file():
        raise CommuniqueError(f"{source}: no {_FILE.as_posix()} here; name a folder of PLOVER, or the file")
    return path


def _records(path: Path) -> list[_Record]:
    try:
        return msgspec.json.decode(decoded(content(path), str(path)).removeprefix("\ufeff"), type=list[_Record])
    except (msgspec.DecodeError, RecursionError) as error:
        told = f"{error}; fetch the file again"
        raise DataError([Problem(str(path), 0, "plover-malformed", Level.SCHEMA, told)]) from error


def _sentence(found: Imported, record: _Record, file: str, number: int, met: set[str]) -> None:
    said = tidy(record.text)
    if said.casefold() in met:
        found.noticed["records left out: the sentence stands there already"] += 1
        return
    met.add(said.casefold())
    marked = _parsed(str(record.textInfo.get("markup", "")))
    if marked is None:
        found.noticed["records left out: broken markup"] += 1
        return
    layer = _layer(record.id, marked)
    if layer is None:
        found.noticed["records left out: no event words or nothing beside them"] += 1
        return
    found.noticed["sentences taken from the markup, which differs from the text"] += said != tidy(marked.text)
    known = Known(collection="plover", genre=Genre.WIRE, publisher=record.publication, license="CC-BY-SA-4.0")
    try:
        found.admit(document(layer, marked.text, known), file, number)
    except ValueError as error:
        found.problems.append(Problem(file, number, "plover-malformed", Level.SCHEMA, f"{record.id}: {error}"))


def _parsed(markup: str) -> _Marked | None:
    """Return a marked-up sentence, None if a bracket opens or closes nothing; roles may stand in each other."""
    marked, opened = _Marked(), list[tuple[str, int]]()
    for match in _PIECE.finditer(tidy(markup)):
        role, piece = match["role"], match[0]
        if role or piece == "(":
            opened.append((role or "", len(marked.text)))
        elif piece == ")" and not opened:
            return None
        elif piece == ")":
            role, start = opened.pop()
            for name in role.split("/") if role else ():
                marked.roles.setdefault(name, []).append((start, len(marked.text)))
            piece = "" if role else piece
        marked.text += "" if role else piece
    return None if opened or not marked.text else marked


def _layer(name: str, marked: _Marked) -> Prediction | None:
    """Return the attribution of an event: by its sources, cued by its first event words, of what follows them."""
    text, sources = marked.text, sorted(marked.roles.get("SRC", []))
    cue = min(marked.roles.get("EVT", []), default=None)
    said = _content(text, cue, sources) if cue else ()
    if not cue or not said:
        return None
    builder = LayerBuilder(name, text)
    actors = builder.entities(_actors(text, sources, "h"))
    targets = builder.entities(_actors(text, [p for p in marked.roles.get("TAR", []) if p not in sources], "t"))
    speaker, cued = builder.speaker(trimmed(sources, text)), builder.cue(trimmed([cue], text))
    attribution = builder.attribution(speaker, cued, entities=actors)
    builder.claim(attribution, trimmed(said, text), targets=targets)
    return builder.canonical()


def _actors(text: str, places: Sequence[Place], letter: str) -> Iterator[Entity]:
    by_name: dict[str, list[Place]] = {}
    for start, end in places:
        by_name.setdefault(tidy(text[start:end]), []).append((start, end))
    for number, (name, mentions) in enumerate(sorted(by_name.items())):
        if name:
            yield Entity(id=f"{letter}{number}", name=name, kind=EntityKind.UNKNOWN, mentions=tuple(sorted(mentions)))


def _content(text: str, cue: Place, sources: Sequence[Place]) -> tuple[Place, ...]:
    """Return what follows the cue, without the sources; what stands before it where nothing follows."""
    last = len(text.rstrip(_FINAL))
    return _without((cue[1], last), sources, text) or _without((0, cue[0]), sources, text)


def _without(stretch: Place, sources: Sequence[Place], text: str) -> tuple[Place, ...]:
    inside = [sources[number] for number in Stretches(sources).met(*stretch)]
    edges = [stretch[0], *(edge for place in inside for edge in place), stretch[1]]
    places = zip(edges[::2], edges[1::2], strict=True)
    return tuple((start, end) for start, end in places if any(letter.isalnum() for letter in text[start:end]))


FORMAT = Format(
    name="plover",
    place="the PLOVER repository, or its `PLOVER_GSR_CAMEO.txt`",
    loses=(
        "event codes: `communique.formats.plover.events` returns them",
        "modes, contexts, sectors, numbers of dead and injured, places",
        "dates, which are placeholders",
    ),
    read=read,
)
