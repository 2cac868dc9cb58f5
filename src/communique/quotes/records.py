"""The records of an annotation in quotes instead of offsets, as annotators and language models write it."""

from typing import Annotated

import msgspec

from communique.labels import EntityKind, Form, Rhetoric
from communique.records import Id, Record

Ordinal = Annotated[int, msgspec.Meta(ge=1)]
QuotedWords = Annotated[str, msgspec.Meta(min_length=1)]


class Quote(Record, frozen=True, kw_only=True):
    """A quotation that is to be found in a text.

    Attributes
    ----------
    quote : str or tuple of str
        The words, verbatim; several strings for a discontinuous stretch, in order.
    at : int or None
        Line of the text it starts on, counted from 1.
    nth : int or None
        Which of several equal occurrences (on that line, where ``at`` is given), counted from 1.
    """

    quote: QuotedWords | Annotated[tuple[QuotedWords, ...], msgspec.Meta(min_length=1)]
    at: Ordinal | None = None
    nth: Ordinal | None = None


Quotable = QuotedWords | Annotated[tuple[QuotedWords, ...], msgspec.Meta(min_length=1)] | Quote


class QuotedEntity(Record, frozen=True, kw_only=True):
    """An entity whose mentions are quotes; a bare string stands for every occurrence. Its name is its default id."""

    id: Id | None = None
    name: Annotated[str, msgspec.Meta(min_length=1)]
    kind: EntityKind
    mentions: tuple[Quotable, ...] = ()


class QuotedClaim(Record, frozen=True, kw_only=True):
    """A claim whose words are quoted instead of located; it needs an id where an attribution is nested in it."""

    id: Id | None = None
    quote: Quotable
    rhetoric: Rhetoric | None = None
    also: Rhetoric | None = None
    targets: tuple[Id, ...] = ()
    conditional: bool = False
    negated: bool = False


class QuotedAttribution(Record, frozen=True, kw_only=True):
    """An attribution in quotes.

    Attributes
    ----------
    at : int or None
        Line of its cue, or of its first claim where it has none, counted from 1.
    form : Form or None
        By default what the quotation marks in the words of its claims say.
    """

    id: Id | None = None
    at: Ordinal | None = None
    speaker: Quotable | None = None
    cue: Quotable | None = None
    entities: tuple[Id, ...] = ()
    form: Form | None = None
    parent: str | None = None
    claims: Annotated[tuple[QuotedClaim, ...], msgspec.Meta(min_length=1)]


class QuotedDocument(Record, frozen=True, kw_only=True):
    """What an annotator or a language model says about one text, in quotes instead of offsets."""

    id: Id
    entities: tuple[QuotedEntity, ...] = ()
    attributions: tuple[QuotedAttribution, ...] = ()
    notes: tuple[str, ...] = ()
