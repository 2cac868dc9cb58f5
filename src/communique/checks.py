"""What can be wrong within one annotated text: spans against the text, units against each other.

Each check yields ``(id, message)``; validation and scoring both stand on them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from communique.labels import Rhetoric
from communique.problems import plain
from communique.records import Claim, Cue, Document, PredictedClaim, Prediction, Span, Speaker

Layer = Document | Prediction
Fault = tuple[str, str]
Unit = Speaker | Cue | Claim | PredictedClaim
SHOWN = 60
SPANNED = 64_000_000
"""Code points that the spans of a document may have together."""


def length_faults(stretches: Iterable[tuple[int, int]]) -> Iterator[Fault]:
    """Yield the fault of spans that have more words together than memory should hold: `SPANNED`."""
    total = sum(max(0, end - start) for start, end in stretches)
    if total > SPANNED:
        told = f"its spans have {total:,} code points together, at most {SPANNED:,} can be"
        yield "spans-too-long", f"{told}; give each claim only its own words, or cut the text into several documents"


def span_faults(layer: Layer, text: str) -> Iterator[Fault]:
    """Yield faults of spans and mentions against the text they stand in."""
    for unit in spanned(layer):
        for span in unit.spans:
            if text[span.start : span.end] != span.text or span.text != span.text.strip() or not _inside(span, text):
                yield _span(f"{unit.id}: ", span, text)
        if len(unit.spans) > 1 and any(a.end > b.start for a, b in pairwise(unit.spans)):
            yield (
                "fragments-disordered",
                f"{unit.id}: fragments overlap or are out of order; sort them, join what touches",
            )
    for entity in layer.entities:
        for start, end in entity.mentions:
            if not 0 <= start < end <= len(text):
                yield "span-outside-text", f"{entity.id}: mention [{start}, {end}) is not within [0, {len(text)})"
        if any(one >= other for one, other in pairwise(entity.mentions)):
            yield "mentions-disordered", f"{entity.id}: mentions are out of order or repeated; sort them, each once"


def _inside(span: Span, text: str) -> bool:
    return 0 <= span.start < span.end <= len(text)


def _span(who: str, span: Span, text: str) -> Fault:
    found, place = text[span.start : span.end], f"{who}span [{span.start}, {span.end})"
    if not _inside(span, text):
        return "span-outside-text", f"{place} is not within [0, {len(text)}); mend the offsets"
    if found != span.text:
        told = f"{place} says {shown(span.text)}, the text has {shown(found)} there"
        return "span-text-mismatch", f"{told}; count code points, not bytes or UTF-16 units"
    return "span-edge-space", f"{place} begins or ends in white space; trim it"


def name_faults(layer: Layer) -> Iterator[Fault]:
    """Yield what is wrong with the letters of ids of units and of names of entities."""
    for unit in (*spanned(layer), *layer.entities, *layer.attributions):
        yield from word_faults("id", unit.id)
    for entity in layer.entities:
        yield from word_faults(f"{entity.id}: name", entity.name)


def word_faults(kind: str, words: str | None) -> Iterator[Fault]:
    """Yield what is wrong with the letters of an id or name, None for none; ``kind`` says what it is."""
    if words is None or (words.isprintable() and words == words.strip()):
        return
    if words != words.strip():
        yield "edge-space", f"{kind} {shown(words)} begins or ends in white space, or is nothing else; trim it"
    if "\n" in words or plain(words) != words:
        told = f"{kind} {shown(words)} holds a control character, a line break or a mark of direction"
        yield "control-character", f"{told}; leave it out"


def predicted_faults(prediction: Layer) -> Iterator[Fault]:
    """Yield the faults of units against each other in a prediction, which may leave out claims of speakers and cues."""
    pardoned = ("unit-unused", "attribution-without-claim")
    yield from (fault for fault in unit_faults(prediction) if fault[0] not in pardoned)


def unit_faults(layer: Layer) -> Iterator[Fault]:
    """Yield faults of units against each other: ids, references, nesting, duplicates."""
    yield from _repeated_ids(layer)
    yield from _unknown_references(layer)
    yield from _empty_or_unused(layer)
    yield from _cycles(layer)
    yield from _duplicates(layer)
    yield from _claims(layer)


def _repeated_ids(layer: Layer) -> Iterator[Fault]:
    names = [unit.id for unit in spanned(layer)]
    names += [entity.id for entity in layer.entities] + [item.id for item in layer.attributions]
    if len(set(names)) == len(names):
        return
    for name, times in sorted(Counter(names).items()):
        if times > 1:
            yield "unit-id-duplicate", f"id {name!r} is given to {times} units; give each its own"


def _unknown_references(layer: Layer) -> Iterator[Fault]:
    entities, attributions = {e.id for e in layer.entities}, {item.id for item in layer.attributions}
    speakers, cues, claims = ({unit.id for unit in group} for group in (layer.speakers, layer.cues, layer.claims))
    for claim in layer.claims:
        if claim.attribution not in attributions:
            told = f"{claim.id}: there is no attribution {claim.attribution!r}"
            yield "claim-without-attribution", f"{told}; every claim hangs on one, add it or drop the claim"
        yield from _missing(claim.id, "entity", claim.targets, entities)
    for item in layer.attributions:
        yield from _missing(item.id, "entity", item.entities, entities)
        for kind, name, known in (
            ("speaker", item.speaker, speakers),
            ("cue", item.cue, cues),
            ("claim", item.parent, claims),
        ):
            if name is not None and name not in known:
                yield from _missing(item.id, kind, [name], known)


def _missing(who: str, kind: str, names: Iterable[str], known: set[str]) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield (
                "reference-unknown",
                f"{who}: there is no {kind} {name!r} in this document; add it or drop the reference",
            )


def _empty_or_unused(layer: Layer) -> Iterator[Fault]:
    held = {claim.attribution for claim in layer.claims}
    used = {name for item in layer.attributions for name in (item.speaker, item.cue)}
    for item in layer.attributions:
        if item.id not in held:
            yield "attribution-without-claim", f"{item.id}: no claim hangs on it; add one or drop the attribution"
    for unit in (*layer.speakers, *layer.cues):
        if unit.id not in used:
            yield "unit-unused", f"{unit.id}: no attribution refers to it; refer to it or drop it"


def _cycles(layer: Layer) -> Iterator[Fault]:
    owner = {claim.id: claim.attribution for claim in layer.claims}
    above = {item.id: owner.get(item.parent or "") for item in layer.attributions}
    circling = _circling(above)
    for item in layer.attributions:
        if item.id in circling:
            yield "parent-cycle", f"{item.id}: following its parents leads back to it; the outermost has parent null"


def _circling(above: dict[str, str | None]) -> set[str]:
    """Return those from which the way up leads back to them; each is passed once."""
    passed: set[str] = set()
    found: set[str] = set()
    for name in above:
        way: dict[str, int] = {}
        at: str | None = name
        while at in above and at not in passed and at not in way:
            way[at] = len(way)
            at = above[at]
        found.update(one for one, step in way.items() if at in way and step >= way[at])
        passed.update(way)
    return found


def _duplicates(layer: Layer) -> Iterator[Fault]:
    where: dict[str, Callable[[Unit], object]] = {
        "speakers": places,
        "cues": places,
        "claims": lambda unit: (unit.attribution, places(unit)),  # type: ignore[union-attr]
    }
    for name, key in where.items():
        first: dict[object, str] = {}
        for unit in getattr(layer, name):
            if first.setdefault(key(unit), unit.id) != unit.id:
                told = f"{unit.id} has the same span as {first[key(unit)]}"
                yield "unit-duplicate", f"{told}; keep one of the {name} and refer to it"


def _claims(layer: Layer) -> Iterator[Fault]:
    by_attribution: dict[str, list[tuple[int, int, str]]] = {}
    for claim in layer.claims:
        yield from ((name, f"{claim.id}: {told}") for name, told in secondary_faults(claim.rhetoric, claim.also))
        stretches = by_attribution.setdefault(claim.attribution, [])
        stretches.extend((start, end, claim.id) for start, end in places(claim))
    for name, stretches in by_attribution.items():
        for (_, end, one), (start, _, other) in pairwise(sorted(stretches)):
            if start < end and one != other:
                yield (
                    "claims-overlap",
                    f"{name}: claims {one} and {other} overlap; the claims of an attribution tile it",
                )


def secondary_faults(primary: Rhetoric | None, secondary: Rhetoric | None) -> Iterator[Fault]:
    """Yield the fault of a secondary type that says nothing more than the primary."""
    if secondary is not None and secondary in (primary, Rhetoric.ASSERTION):
        told = f"secondary type {secondary.value!r} repeats the primary or is assertion"
        yield "secondary-redundant", f"{told}; set it to null"


def spanned(layer: Layer) -> Iterator[Unit]:
    """Yield the units that have spans: speakers, cues, claims."""
    yield from layer.speakers
    yield from layer.cues
    yield from layer.claims


def places(unit: Unit) -> tuple[tuple[int, int], ...]:
    """Return the offsets of a unit's fragments, code points, half-open."""
    return tuple([(span.start, span.end) for span in unit.spans])


def shown(words: str) -> str:
    """Return a quoted value short enough for a message."""
    return repr(words if len(words) <= SHOWN else words[: SHOWN - 1] + "…")
