"""The two flat views of a release: one row a claim, one row a paragraph with BIO tags."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from communique.labels import FAMILY_OF, Family, Form, Genre, Rhetoric
from communique.places import Place, Stretches
from communique.records import Claim, Document, Offset, Record, Span
from communique.tokens import paragraphs, tokens

CONTEXT = 4000
"""Characters of its paragraphs that a claim's row has on each side of it."""
GAP = " … "
"""Stands between the fragments of a discontinuous claim."""


class Stretch(Record, frozen=True, kw_only=True):
    """One contiguous stretch of a document's text.

    Attributes
    ----------
    start, end : int
        Code points in the document's text, half-open.
    """

    start: Offset
    end: Offset


class ClaimRow(Record, frozen=True, kw_only=True):
    """One claim with its context, ready for text classification.

    Attributes
    ----------
    id : str
        ``document#claim``.
    document : str
        Id of the document whose text the offsets count over; ``id`` in ``documents``.
    collection, genre, date
        As the document's.
    text : str
        Words of the claim; fragments of a discontinuous one are joined by ``…`` between blanks.
    spans : tuple of Stretch
        Where they stand, a stretch a fragment.
    context : str
        The paragraph or paragraphs that the claim stands in.
    speaker : str or None
        Words that name the holder; None where implicit.
    speaker_spans : tuple of Stretch
        Where they stand; empty where implicit.
    cue : str or None
        Words that signal the attribution; None where implicit.
    cue_spans : tuple of Stretch
        Where they stand; empty where implicit.
    entities : tuple of str
        Names of the entities that hold the claim.
    targets : tuple of str
        Names of the entities the act is aimed at.
    form : Form
        Direct, indirect or mixed.
    nested : bool
        Whether it is a claim within a claim.
    conditional : bool
        Whether the act is conditional.
    negated : bool
        Whether the act is reported as not performed.
    rhetoric : str or None
        Name of the type.
    label : Rhetoric or None
        The same; `datasets` makes a code of it, to train on.
    also : Rhetoric or None
        Secondary type; a code in `datasets`.
    family : Family or None
        Family of the type; a code in `datasets`.
    """

    id: str
    document: str
    collection: str
    genre: Genre
    date: date | None
    text: str
    spans: tuple[Stretch, ...]
    context: str
    speaker: str | None
    speaker_spans: tuple[Stretch, ...]
    cue: str | None
    cue_spans: tuple[Stretch, ...]
    entities: tuple[str, ...]
    targets: tuple[str, ...]
    form: Form
    nested: bool
    conditional: bool
    negated: bool
    rhetoric: Rhetoric | None
    label: Rhetoric | None
    also: Rhetoric | None
    family: Family | None


class TokenRow(Record, frozen=True, kw_only=True):
    """One paragraph with a BIO tag per token and unit, ready for token classification.

    Attributes
    ----------
    id : str
        ``document#pN``, the paragraph's number counted from 1.
    document : str
        Id of the document.
    collection, genre
        As the document's.
    tokens : tuple of str
        Words and marks of the paragraph.
    starts : tuple of int
        Where each token begins, code points in the document's text.
    speaker, cue : tuple of str
        A BIO tag a token.
    claim : tuple of str
        A BIO tag a token, for the claims of outermost attributions.
    nested_claim : tuple of str
        The same for claims within claims.
    """

    id: str
    document: str
    collection: str
    genre: Genre
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    speaker: tuple[str, ...]
    cue: tuple[str, ...]
    claim: tuple[str, ...]
    nested_claim: tuple[str, ...]


def claim_rows(document: Document) -> Iterator[ClaimRow]:
    """Yield one row per claim."""
    names = {entity.id: entity.name for entity in document.entities}
    spoken = {unit.id: unit.spans for unit in (*document.speakers, *document.cues)}
    attributions = {item.id: item for item in document.attributions}
    parts = paragraphs(document.text)
    lines = Stretches(parts)
    for claim in document.claims:
        item = attributions[claim.attribution]
        speaker, cue = spoken.get(item.speaker or "", ()), spoken.get(item.cue or "", ())
        yield ClaimRow(
            id=f"{document.id}#{claim.id}",
            document=document.id,
            collection=document.collection,
            genre=document.genre,
            date=document.date,
            text=joined(claim.spans),
            spans=stretches(claim.spans),
            context="\n".join(_near(document.text, parts[at], _hull(claim)) for at in lines.met(*_hull(claim))),
            speaker=joined(speaker) or None,
            speaker_spans=stretches(speaker),
            cue=joined(cue) or None,
            cue_spans=stretches(cue),
            entities=tuple(names[name] for name in item.entities),
            targets=tuple(names[name] for name in claim.targets),
            form=item.form,
            nested=item.parent is not None,
            conditional=claim.conditional,
            negated=claim.negated,
            rhetoric=claim.rhetoric,
            label=claim.rhetoric,
            also=claim.also,
            family=FAMILY_OF[claim.rhetoric] if claim.rhetoric else None,
        )


def joined(spans: Iterable[Span]) -> str:
    """Return the words of fragments, `GAP` between them."""
    return GAP.join(span.text for span in spans)


def stretches(spans: Iterable[Span]) -> tuple[Stretch, ...]:
    """Return the places of fragments without their words."""
    return tuple(Stretch(start=span.start, end=span.end) for span in spans)


def _near(text: str, stretch: Place, hull: Place) -> str:
    return text[max(stretch[0], hull[0] - CONTEXT) : min(stretch[1], hull[1] + CONTEXT)]


def _hull(claim: Claim) -> Place:
    return claim.spans[0].start, claim.spans[-1].end


def token_rows(document: Document) -> Iterator[TokenRow]:
    """Yield one row per paragraph."""
    outer = {item.id for item in document.attributions if item.parent is None}
    stretches = paragraphs(document.text)
    units = {
        "speaker": _by_paragraph(stretches, [unit.spans for unit in document.speakers]),
        "cue": _by_paragraph(stretches, [unit.spans for unit in document.cues]),
        "claim": _by_paragraph(stretches, [c.spans for c in document.claims if c.attribution in outer]),
        "nested_claim": _by_paragraph(stretches, [c.spans for c in document.claims if c.attribution not in outer]),
    }
    for number, (start, end) in enumerate(stretches, 1):
        words = tokens(document.text, start, end)
        yield TokenRow(
            id=f"{document.id}#p{number}",
            document=document.id,
            collection=document.collection,
            genre=document.genre,
            tokens=tuple(word for word, _, _ in words),
            starts=tuple(at for _, at, _ in words),
            **{name: bio(words, spans[number - 1], name.removeprefix("nested_")) for name, spans in units.items()},
        )


def _by_paragraph(stretches: Sequence[Place], units: Iterable[Sequence[Span]]) -> list[list[tuple[Span]]]:
    """Return for each paragraph the fragments that reach into it."""
    row = Stretches(stretches)
    found: list[list[tuple[Span]]] = [[] for _ in stretches]
    for span in (span for fragments in units for span in fragments):
        for number in row.met(span.start, span.end):
            found[number].append((span,))
    return found


def bio(words: list[tuple[str, int, int]], units: Iterable[Iterable[Span]], name: str) -> tuple[str, ...]:
    """Tag tokens by BIO; each fragment begins anew, of overlapping ones the longer is kept.

    Parameters
    ----------
    words : list of (str, int, int)
        Tokens with start and end.
    units : iterable of iterable of Span
        Fragments of each unit.
    name : str
        What stands behind ``B-`` and ``I-``.
    """
    tags = ["O"] * len(words)
    spans = {(span.start, span.end) for unit in units for span in unit}
    row, taken = Stretches((start, end) for _, start, end in words), Stretches()
    for start, end in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        inside = row.met(start, end)
        if inside and taken.add(inside.start, inside.stop):
            tags[inside.start : inside.stop] = [f"B-{name}", *[f"I-{name}"] * (len(inside) - 1)]
    return tuple(tags)
