"""The records of schema v1, as frozen, behaviour-free structs.

Offsets everywhere are Unicode code points, half-open ``[start, end)``, over the document's stored text
(NFC, line feeds only, no byte order mark).
"""

from datetime import date
from typing import Annotated

import msgspec

from communique.labels import EntityKind, Form, Genre, Origin, Rhetoric, Stratum
from communique.showing import Act, AnnotatedText, Annotation

Id = Annotated[str, msgspec.Meta(min_length=1)]
Offset = Annotated[int, msgspec.Meta(ge=0)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
VERSION = r"^[0-9]{1,9}(\.[0-9]{1,9}){2}$(?!\n)"
"""Three numbers with dots between: the name of a release, of its folder, and a part of every signature."""
Version = Annotated[str, msgspec.Meta(pattern=VERSION)]
Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")]
Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Base of every record: immutable, keyword-only, closed to unknown fields; it takes values without a look."""


class Span(Record, frozen=True, kw_only=True):
    """One contiguous stretch of text.

    Attributes
    ----------
    start, end : int
        Code points, half-open ``[start, end)``.
    text : str
        The stretch itself, ``document.text[start:end]``.
    """

    start: Offset
    end: Offset
    text: str


Spans = Annotated[tuple[Span, ...], msgspec.Meta(min_length=1)]


class Entity(Record, frozen=True, kw_only=True):
    """One real-world holder of a position in a document.

    Attributes
    ----------
    id : str
        Unique within the document.
    name : str
        The fullest name the document or its metadata gives.
    kind : EntityKind
        Person, office, state, institution, group, outlet or unknown.
    mentions : tuple of (int, int)
        Every stretch that names the entity, code points, half-open, sorted.
    """

    id: Id
    name: Annotated[str, msgspec.Meta(min_length=1)]
    kind: EntityKind
    mentions: tuple[tuple[Offset, Offset], ...]


class Words(Record, frozen=True, kw_only=True):
    """A unit that is nothing but words.

    Attributes
    ----------
    id : str
        Unique within the document.
    spans : tuple of Span
        Sorted; several where the words are discontinuous.
    """

    id: Id
    spans: Spans


class Speaker(Words, frozen=True, kw_only=True):
    """The words that name the holder at one attribution."""


class Cue(Words, frozen=True, kw_only=True):
    """The words that signal an attribution."""


class Attribution(Record, frozen=True, kw_only=True):
    """One speaker and one cue, and the claims that hang on them.

    Attributes
    ----------
    id : str
        Unique within the document.
    speaker : str or None
        Id of a speaker of the same document; None where implicit.
    cue : str or None
        Id of a cue of the same document; None where implicit.
    entities : tuple of str
        Ids of the entities that hold the claims; several for a joint speaker.
    form : Form
        Direct, indirect or mixed, by quotation marks.
    parent : str or None
        Id of the claim that contains this attribution, for nested ones.
    """

    id: Id
    speaker: str | None
    cue: str | None
    entities: tuple[Id, ...]
    form: Form
    parent: str | None


class Claim(Act, Record, frozen=True, kw_only=True):
    """The longest stretch of an attribution's content that performs one act.

    Attributes
    ----------
    id : str
        Unique within the document.
    attribution : str
        Id of the attribution it hangs on.
    spans : tuple of Span
        Sorted; several for a discontinuous claim.
    rhetoric : Rhetoric or None
        Primary type; None where types are not annotated, as in imported corpora. A release has them all.
    also : Rhetoric or None
        Secondary type, where the span performs a second act that the primary does not entail.
    targets : tuple of str
        Ids of the entities the act is aimed at.
    conditional : bool
        Whether the act is conditional.
    negated : bool
        Whether the act is reported as not performed.
    """

    id: Id
    attribution: Id
    spans: Spans
    rhetoric: Rhetoric | None
    also: Rhetoric | None
    targets: tuple[Id, ...]
    conditional: bool
    negated: bool


class Provenance(Record, frozen=True, kw_only=True):
    """Where a text comes from and under what terms.

    Attributes
    ----------
    origin : Origin
        Composed for a corpus, supplied by a third party, or collected.
    license : str
        Terms of the text: an SPDX identifier, or ``LicenseRef-`` and a name.
    publisher, url : str or None
        Who published it, and where, if known.
    sha256 : str
        Of the source file's bytes.
    """

    origin: Origin
    publisher: str | None
    license: str
    url: str | None
    sha256: Sha256


class Document(AnnotatedText, Record, frozen=True, kw_only=True, omit_defaults=True):
    """One annotated text: a line of a release's JSONL.

    Attributes
    ----------
    id : str
        Unique within the release.
    text : str
        The stored text: NFC, line feeds only, no byte order mark.
    language : str
        ISO 639 code.
    collection : str
        The part of the corpus that scores are told for.
    genre : Genre
        Wire report, briefing, speech …
    storyline : str or None
        Texts of one event share it, and stand in one split.
    stratum : Stratum or None
        How a composed text was asked for.
    title : str or None
        The first line of the text, where that is its title.
    date : date or None
        Day that the text is of.
    provenance : Provenance
        Where the text comes from, and under what terms.
    entities, speakers : tuple of Entity, of Speaker
        Who holds claims or is their target; words that name holders.
    cues : tuple of Cue
        Words that signal attributions.
    attributions : tuple of Attribution
        Who is said to have said what.
    claims : tuple of Claim
        What is said, and how.
    """

    id: Id
    text: Annotated[str, msgspec.Meta(min_length=1)]
    language: Language
    collection: Id
    genre: Genre
    storyline: str | None
    stratum: Stratum | None = None
    title: str | None
    date: date | None
    provenance: Provenance
    entities: tuple[Entity, ...]
    speakers: tuple[Speaker, ...]
    cues: tuple[Cue, ...]
    attributions: tuple[Attribution, ...]
    claims: tuple[Claim, ...]


class PredictedClaim(Act, Record, frozen=True, kw_only=True):
    """A claim as a system predicts it: only the spans and the attribution are required."""

    id: Id
    attribution: Id
    spans: Spans
    rhetoric: Rhetoric | None = None
    also: Rhetoric | None = None
    targets: tuple[Id, ...] = ()
    conditional: bool = False
    negated: bool = False
    probabilities: dict[Rhetoric, Probability] | None = None


class QuoteCounts(Record, frozen=True, kw_only=True):
    """How the quotes of an answer were found in the text; each counts once, under the last that applies.

    Attributes
    ----------
    exact : int
        Letter by letter, in one place.
    repaired : int
        Up to dashes, quotation marks and white space.
    ambiguous : int
        In several places; the one nearest to the rest of its attribution was taken.
    invented : int
        Nowhere.
    """

    exact: Offset = 0
    repaired: Offset = 0
    ambiguous: Offset = 0
    invented: Offset = 0


class Prediction(Annotation, Record, frozen=True, kw_only=True):
    """What a system says about one text, in the shape of a document without its gold-only fields."""

    id: Id
    entities: tuple[Entity, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    cues: tuple[Cue, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    claims: tuple[PredictedClaim, ...] = ()
    quotes: QuoteCounts | None = None
