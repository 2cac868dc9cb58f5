"""Offsets to quotes: an annotated document as a language model would have to answer it."""

from collections.abc import Sequence

from msgspec.structs import replace

from communique.quotes.find import Stretch, Text, candidates
from communique.quotes.records import Quote, QuotedAttribution, QuotedClaim, QuotedDocument, QuotedEntity
from communique.records import Attribution, Claim, Document, Span


def quoted(document: Document) -> QuotedDocument:
    """Return a document's annotation in quotes, each with its line, and its number where the line has several.

    Parameters
    ----------
    document : Document
        Annotated text.

    Returns
    -------
    QuotedDocument
        What `communique.quotes.align.align` turns into the same annotation again, up to the order of units, unless a
        mention lies in a longer one of its entity, a unit ends inside a word, or a later fragment repeats words from
        before it.
    """
    text = Text(document.text)
    held = {claim.attribution for claim in document.claims}
    spoken = {unit.id: _quote(text, _places(unit.spans)) for unit in (*document.speakers, *document.cues)}
    return QuotedDocument(
        id=document.id,
        entities=tuple(
            QuotedEntity(id=e.id, name=e.name, kind=e.kind, mentions=tuple(_quote(text, (m,)) for m in e.mentions))
            for e in document.entities
        ),
        attributions=tuple(
            _attribution(document, text, spoken, item) for item in document.attributions if item.id in held
        ),
    )


def _attribution(document: Document, text: Text, spoken: dict[str, Quote], item: Attribution) -> QuotedAttribution:
    speaker, cue = (spoken.get(name or "") for name in (item.speaker, item.cue))
    said = [claim for claim in document.claims if claim.attribution == item.id]
    at = cue.at if cue else text.line_of(min(claim.spans[0].start for claim in said))
    return QuotedAttribution(
        id=item.id,
        at=at,
        speaker=speaker,
        cue=cue,
        entities=item.entities,
        form=item.form,
        parent=item.parent,
        claims=tuple(_claim(text, claim) for claim in said),
    )


def _claim(text: Text, claim: Claim) -> QuotedClaim:
    return QuotedClaim(
        id=claim.id,
        quote=_quote(text, _places(claim.spans)),
        rhetoric=claim.rhetoric,
        also=claim.also,
        targets=claim.targets,
        conditional=claim.conditional,
        negated=claim.negated,
    )


def _places(spans: Sequence[Span]) -> Stretch:
    return tuple((span.start, span.end) for span in spans)


def _quote(text: Text, places: Stretch) -> Quote:
    words = tuple(text.text[start:end] for start, end in places)
    quote = Quote(quote=words[0] if len(words) == 1 else words, at=text.line_of(places[0][0]))
    starts = [option[0] for option in candidates(text, quote)]
    told = len(starts) > 1 and places[0] in starts
    return replace(quote, nth=starts.index(places[0]) + 1) if told else quote
