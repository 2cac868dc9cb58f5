"""Quotes to offsets: find what an annotator or a language model quoted, or refuse it."""

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from communique.layer import LayerBuilder
from communique.places import Place, Stretches
from communique.problems import tidy
from communique.quotes.find import AlignmentError, Stretch, Text, candidates, quality
from communique.quotes.ids import key_of, named
from communique.quotes.mentions import mentions_of
from communique.quotes.nearest import Hull, nearest
from communique.quotes.records import Quotable, QuotedAttribution, QuotedDocument
from communique.records import Entity, Prediction, QuoteCounts

_LABELS = ("rhetoric", "also", "targets", "conditional", "negated")
Located = tuple[QuotedAttribution, Stretch | None, Stretch | None, list[Stretch]]
"""An attribution, and where its speaker, its cue and its claims stand."""


def locate(text: Text, item: QuotedAttribution) -> tuple[Stretch | None, Stretch | None, list[Stretch]]:
    """Find an attribution's speaker, cue and claims: of several occurrences those that lie closest together.

    Parameters
    ----------
    text : Text
        The text.
    item : QuotedAttribution
        The attribution in quotes.

    Returns
    -------
    speaker, cue : tuple of (int, int) or None
        Fragments, code points, half-open.
    claims : list of tuple of (int, int)
        Fragments of each claim, in the order of ``item.claims``.

    Raises
    ------
    AlignmentError
        A quote of it does not stand in the text.
    """
    named = [
        candidates(text, value, line)
        for value, line in ((item.speaker, None), (item.cue, item.at))
        if value is not None
    ]
    first = candidates(text, item.claims[0].quote, item.at)
    chosen = list(nearest((first, *named)))
    claims, others, hull = chosen[:1], chosen[1:], Hull(chosen)
    for claim in item.claims[1:]:
        claims.append(hull.take(candidates(text, claim.quote, item.at)))
    speaker = others.pop(0) if item.speaker is not None else None
    return speaker, others[0] if others else None, claims


def align(text: str, quoted: QuotedDocument) -> Prediction:
    """Turn an annotation in quotes into one in offsets.

    Parameters
    ----------
    text : str
        Stored text of the document.
    quoted : QuotedDocument
        Entities and attributions in quotes.

    Returns
    -------
    Prediction
        The same annotation in offsets, ids renumbered in order of the text. A speaker's words count as a
        mention of each entity that holds the attribution, unless a mention of it stands within them.

    Raises
    ------
    AlignmentError
        One or more quotes do not stand in the text, or ids lead nowhere; the message lists them all.
    """
    quoted = named(quoted)
    prepared, refused = Text(text), list(_dangling(quoted))
    mentions, told = mentions_of(prepared, quoted.entities)
    refused += told
    layers: list[Located] = []
    for item in quoted.attributions:
        try:
            layers.append((item, *locate(prepared, item)))
        except AlignmentError as error:
            refused.append(f"attribution {item.id}: {error}")
    if refused:
        raise AlignmentError("\n".join(refused))
    return _built(LayerBuilder(quoted.id, text), quoted, mentions, layers).canonical()


def _dangling(quoted: QuotedDocument) -> Iterator[str]:
    """Yield what is wrong with the ids of an annotation: given twice, or leading nowhere."""
    claims = [claim for item in quoted.attributions for claim in item.claims]
    for kind, units in (("entity", quoted.entities), ("attribution", quoted.attributions), ("claim", claims)):
        for name, times in Counter(unit.id for unit in units).items():
            if times > 1:
                yield f"{kind} {name!r} is given {times} times; give each its own id"
    entities, known = {entity.id for entity in quoted.entities}, {claim.id for claim in claims}
    for item in quoted.attributions:
        named = {*item.entities, *(name for claim in item.claims for name in claim.targets)}
        for name in sorted(named - entities):
            yield f"attribution {item.id}: there is no entity {name!r}; add it or drop the reference"
        if item.parent is not None and item.parent not in known:
            yield f"attribution {item.id}: there is no claim {item.parent!r}; name the outer claim's id"


def repaired(text: str, quoted: QuotedDocument) -> tuple[QuotedDocument, QuoteCounts]:
    """Drop what an answer quotes that the text does not say, and count how its quotes were found.

    Parameters
    ----------
    text : str
        Stored text of the document.
    quoted : QuotedDocument
        A language model's answer.

    Returns
    -------
    QuotedDocument
        Without invented mentions, speakers, cues and claims, and without attributions that are left without claim.
    QuoteCounts
        Of all quotes of the answer.
    """
    prepared = Text(text)
    counted: Counter[str] = Counter()

    def found(value: Quotable | None, line: int | None = None) -> bool:
        if value is None:
            return False
        kind = quality(prepared, value, line)
        counted[kind] += 1
        return kind != "invented"

    entities = [replace(e, mentions=tuple(value for value in e.mentions if found(value))) for e in quoted.entities]
    attributions = []
    for item in quoted.attributions:
        claims = tuple(claim for claim in item.claims if found(claim.quote, item.at))
        spoken = {"speaker": item.speaker if found(item.speaker) else None}
        spoken["cue"] = item.cue if found(item.cue, item.at) else None
        attributions += [replace(item, claims=claims, **spoken)] if claims else []
    kept = {claim.id for item in attributions for claim in item.claims}
    attributions = [item if item.parent in kept else replace(item, parent=None) for item in attributions]
    return replace(quoted, entities=tuple(entities), attributions=tuple(attributions)), QuoteCounts(**counted)


def _built(
    builder: LayerBuilder, quoted: QuotedDocument, mentions: dict[str, set[Place]], layers: list[Located]
) -> LayerBuilder:
    mentioned = {entity: Stretches(sorted(spans)) for entity, spans in mentions.items()}
    for item, speaker, cue, found in layers:
        if speaker:
            hold(mentioned, item.entities, speaker)
        said = builder.attribution(
            builder.speaker(speaker or ()),
            builder.cue(cue or ()),
            entities=item.entities,
            form=item.form,
            parent=item.parent,
            key=item.id,
        )
        for claim, stretch in zip(item.claims, found, strict=True):
            builder.claim(said, stretch, claim.id, **{name: getattr(claim, name) for name in _LABELS})
    builder.entities(
        Entity(id=key, name=tidy(e.name) or key, kind=e.kind, mentions=mentioned.get(key, Stretches()).places())
        for e in quoted.entities
        if (key := key_of(e))
    )
    return builder


def hold(named: dict[str, Stretches], holders: tuple[str, ...], speaker: Stretch) -> None:
    """Count the words of a speaker as a mention of each holder of whom no mention meets them.

    Parameters
    ----------
    named : dict of str to Stretches
        The mentions of each entity so far.
    holders : tuple of str
        Ids of those who hold the attribution.
    speaker : tuple of (int, int)
        Fragments, code points, half-open.
    """
    for holder in holders:
        named.setdefault(holder, Stretches()).add(speaker[0][0], speaker[-1][1])
