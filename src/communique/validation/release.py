"""Level *release*: documents against each other, and splits against each other."""

from collections.abc import Iterator, Mapping, Sequence

from communique.duplicates import Met, Place
from communique.labels import EntityKind, Origin, Split
from communique.problems import Level, Problem
from communique.records import Document

_NAMED = {EntityKind.PERSON, EntityKind.OFFICE, EntityKind.STATE, EntityKind.INSTITUTION, EntityKind.OUTLET}
_TITLES = {
    *(
        "president",
        "premier",
        "chancellor",
        "minister",
        "first",
        "prime",
        "foreign",
        "deputy",
        "speaker",
        "chairman",
        "chair",
    ),
    *(
        "envoy",
        "ambassador",
        "general",
        "admiral",
        "government",
        "cabinet",
        "ministry",
        "parliament",
        "assembly",
        "court",
    ),
    *("bank", "central", "office", "state", "radio", "committee", "of", "the"),
    *("affairs", "defence", "interior", "justice", "finance", "economy", "energy", "transport", "health"),
}
"""A name of nothing but these is nobody's own: any state has a President or a Foreign Ministry."""
Placed = tuple[Place, Document]


def release_problems(
    documents: Mapping[str, Sequence[Document]],
    lines: Mapping[str, Sequence[int]],
    parts: Mapping[Split, Sequence[Document]],
) -> list[Problem]:
    """Return what is wrong between documents.

    Parameters
    ----------
    documents : mapping of str to sequence of Document
        By file.
    lines : mapping of str to sequence of int
        The line of each.
    parts : mapping of Split to sequence of Document
        By split, where they are a release.
    """
    placed = [((file, at), d) for file, ds in documents.items() for at, d in zip(lines[file], ds, strict=True)]
    members = {document.id for documents in parts.values() for document in documents}
    released = [item for item in placed if item[1].id in members]
    checks = (
        _common(placed, released),
        _unfinished(released),
        _split_storylines(placed, parts),
        _leaks(placed, parts),
    )
    return [Problem(*place, name, Level.RELEASE, told) for check in checks for place, name, told in check]


def _common(placed: Sequence[Placed], released: Sequence[Placed]) -> Iterator[tuple[Place, str, str]]:
    met, own = Met(), {document.id for _, document in released}
    for place, document in placed:
        yield from ((place, *fault) for fault in met.faults(place, document, once=document.id in own))


def _unfinished(placed: Sequence[Placed]) -> Iterator[tuple[Place, str, str]]:
    for place, document in placed:
        for item in document.attributions:
            if not item.entities:
                told = f"{document.id}: no entity holds {item.id}"
                yield place, "attribution-without-entity", f"{told}; name one, of kind unknown if need be"
        for claim in document.claims:
            if claim.rhetoric is None:
                told = f"{document.id}: {claim.id} has no rhetoric type"
                yield place, "claim-without-type", f"{told}; a release has them all, annotate it"


def _split_storylines(
    placed: Sequence[Placed], parts: Mapping[Split, Sequence[Document]]
) -> Iterator[tuple[Place, str, str]]:
    home: dict[str, Split] = {}
    split_of = {document.id: split for split, members in parts.items() for document in members}
    for place, document in placed:
        if document.storyline is not None and document.id in split_of:
            split = split_of[document.id]
            if home.setdefault(document.storyline, split) is not split:
                told = f"storyline {document.storyline!r} is in {home[document.storyline]} and in {split}"
                yield place, "storyline-split", f"{told}; a storyline belongs to one split"


def _leaks(placed: Sequence[Placed], parts: Mapping[Split, Sequence[Document]]) -> Iterator[tuple[Place, str, str]]:
    """Yield names that composed texts of train share with held-out ones; real news is all of the same states."""
    trained = {name: d.id for d in _composed(parts, Split.TRAIN) for name in _names(d)}
    held_out = {d.id for d in _composed(parts, Split.DEV, Split.TEST)}
    for place, document in placed:
        for name in sorted(_names(document) & set(trained)) if document.id in held_out else []:
            told = f"{document.id}: entity {name!r} occurs in {trained[name]} of train as well"
            yield place, "entity-leak", f"{told}; composed texts held out share no entity with train"


def _composed(parts: Mapping[Split, Sequence[Document]], *splits: Split) -> Iterator[Document]:
    for split in splits:
        yield from (d for d in parts.get(split, ()) if d.provenance.origin == Origin.COMPOSED)


def _names(document: Document) -> set[str]:
    named = {entity.name for entity in document.entities if entity.kind in _NAMED}
    return {name for name in named if not set(name.casefold().split()) <= _TITLES}
