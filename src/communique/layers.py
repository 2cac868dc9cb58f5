"""Standoff layers: offsets, labels and the sha256 of each text, without a word of it.

A layer lets labels of texts that may not be redistributed be published; whoever has the texts joins them again.
"""

import datetime
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from communique.admission import Admission, sound
from communique.checks import length_faults
from communique.files import content
from communique.labels import EntityKind, Genre, Rhetoric, Stratum
from communique.problems import CommuniqueError, DataError, Level, Problem, tidy
from communique.records import (
    Attribution,
    Claim,
    Cue,
    Document,
    Entity,
    Id,
    Language,
    Offset,
    Provenance,
    Record,
    Sha256,
    Span,
    Speaker,
)
from communique.spelled import Spelled
from communique.texts import normal

Place = tuple[Offset, Offset]
Places = Annotated[tuple[Place, ...], msgspec.Meta(min_length=1)]
NAMELESS = "unnamed"


class PlacedEntity(Record, frozen=True, kw_only=True):
    """An entity; ``name`` is where the text names it, a label where it does not, None where neither can be said."""

    id: Id
    kind: EntityKind
    name: Place | str | None  # no Id: msgspec 0.22 reads a tuple or a string of least length out of bounds
    mentions: tuple[Place, ...]


class PlacedWords(Record, frozen=True, kw_only=True):
    """A speaker or cue."""

    id: Id
    spans: Places


class PlacedClaim(Record, frozen=True, kw_only=True):
    """A claim."""

    id: Id
    attribution: Id
    spans: Places
    rhetoric: Rhetoric | None
    also: Rhetoric | None
    targets: tuple[Id, ...]
    conditional: bool
    negated: bool


class Layer(Record, frozen=True, kw_only=True, omit_defaults=True):
    """The annotation of one text, without the text; ``sha256`` is of the stored text in UTF-8."""

    id: Id
    sha256: Sha256
    language: Language
    collection: Id
    genre: Genre
    storyline: str | None
    stratum: Stratum | None = None
    titled: bool
    date: datetime.date | None
    provenance: Provenance
    entities: tuple[PlacedEntity, ...]
    speakers: tuple[PlacedWords, ...]
    cues: tuple[PlacedWords, ...]
    attributions: tuple[Attribution, ...]
    claims: tuple[PlacedClaim, ...]


_SAME = ("id", "language", "collection", "genre", "storyline", "stratum", "date", "provenance", "attributions")
_CLAIM = ("id", "attribution", "rhetoric", "also", "targets", "conditional", "negated")


def dehydrate(document: Document) -> Layer:
    """Return a document's annotation without its text.

    An entity's name becomes the place where a mention or, failing that, the text spells it. One that the text does not
    spell stays, unless it shares `RUN` words in a row with the text: it is then the place of the longest mention.
    """
    spelled = Spelled(document.text, (entity.name for entity in document.entities))
    return Layer(
        sha256=digest(document.text),
        titled=document.title is not None,
        entities=tuple(
            PlacedEntity(id=e.id, kind=e.kind, name=_name(e, document.text, spelled), mentions=e.mentions)
            for e in document.entities
        ),
        speakers=tuple(PlacedWords(id=unit.id, spans=_places(unit.spans)) for unit in document.speakers),
        cues=tuple(PlacedWords(id=unit.id, spans=_places(unit.spans)) for unit in document.cues),
        claims=tuple(
            PlacedClaim(spans=_places(claim.spans), **{name: getattr(claim, name) for name in _CLAIM})
            for claim in document.claims
        ),
        **{name: getattr(document, name) for name in _SAME},
    )


def digest(text: str) -> str:
    """Return the sha256 of a stored text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _places(spans: Iterable[Span]) -> tuple[Place, ...]:
    return tuple((span.start, span.end) for span in spans)


def _name(entity: Entity, text: str, spelled: Spelled) -> Place | str | None:
    for mention in entity.mentions:
        at = text.find(entity.name, *mention)
        if at >= 0:
            return at, at + len(entity.name)
    if place := spelled.place(entity.name):
        return place
    if not spelled.shared(entity.name):
        return entity.name
    return max(entity.mentions, key=lambda place: (place[1] - place[0], -place[0]), default=None)


def hydrate(layer: Layer, text: str) -> Document:
    """Return the document that a layer and its text make.

    Raises
    ------
    ValueError
        The text is not the one the layer was made of.
    DataError
        What they make is no sound document, as where offsets lie outside the text.
    """
    document = _made(layer, text, f"layer {layer.id}")
    sound([document], f"layer {layer.id}")
    return document


def _made(layer: Layer, text: str, source: str, line: int = 0) -> Document:
    units: list[PlacedWords | PlacedClaim] = [*layer.speakers, *layer.cues, *layer.claims]
    for name, told in length_faults(place for unit in units for place in unit.spans):
        raise DataError([Problem(source, line, name, Level.SPANS, f"{layer.id}: {told}")])
    if (found := digest(text)) != layer.sha256:
        raise ValueError(f"sha256 is {found}, the layer was made of {layer.sha256}")

    def spans(places: Iterable[Place]) -> tuple[Span, ...]:
        return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in places)

    return Document(
        text=text,
        title=text.split("\n", 1)[0] if layer.titled else None,
        entities=tuple(
            Entity(id=e.id, kind=e.kind, name=_told(e, text) or NAMELESS, mentions=e.mentions) for e in layer.entities
        ),
        speakers=tuple(Speaker(id=unit.id, spans=spans(unit.spans)) for unit in layer.speakers),
        cues=tuple(Cue(id=unit.id, spans=spans(unit.spans)) for unit in layer.cues),
        claims=tuple(
            Claim(spans=spans(claim.spans), **{name: getattr(claim, name) for name in _CLAIM}) for claim in layer.claims
        ),
        **{name: getattr(layer, name) for name in _SAME},
    )


def _told(entity: PlacedEntity, text: str) -> str | None:
    """Return the name of an entity, None where neither its layer nor the text has it."""
    return entity.name if isinstance(entity.name, str) else tidy(text[slice(*entity.name or (0, 0))])


def join(layers: Iterable[tuple[int, Layer]], source: str, texts: Path) -> tuple[list[Document], list[Problem]]:
    """Join layers with the user's own copy of their texts.

    Parameters
    ----------
    layers : iterable of (int, Layer)
        With their line numbers.
    source : str
        File they come from, for problems.
    texts : Path
        Folder that holds each text as ``ID.txt``, at any depth.

    Returns
    -------
    list of Document
        Of the texts that were there and the same.
    list of Problem
        Of those that were missing, unreadable or another text, and of layers that make no sound document of theirs.
    """
    files = {path.relative_to(texts).as_posix(): path for path in sorted(texts.rglob("*.txt"))}
    by_name = {Path(name).name: path for name, path in files.items()}
    found = Admission()
    for line, layer in layers:
        path = files.get(f"{layer.id}.txt") or by_name.get(f"{layer.id.rpartition('/')[2]}.txt")
        if path is None:
            told = f"{layer.id}: there is no {layer.id}.txt below {texts}; name the folder with your copy"
            found.problems.append(Problem(source, line, "text-missing", Level.BYTES, told))
        else:
            _join(layer, path, found, source, line)
    return found.documents, found.problems


def _join(layer: Layer, path: Path, found: Admission, source: str, line: int) -> None:
    try:
        found.admit(_made(layer, normal(content(path), str(path)), source, line), source, line)
    except DataError as error:
        found.problems += error.problems
    except CommuniqueError as error:
        found.problems.append(Problem(source, line, "text-missing", Level.BYTES, f"{layer.id}: {error}"))
    except ValueError as error:
        told = f"{layer.id}: {error}; get the same version of the text"
        found.problems.append(Problem(str(path), 0, "text-differs", Level.BYTES, told))
