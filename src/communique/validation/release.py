"""Level *release*: documents against each other, and splits against each other."""

import re
from collections.abc import Iterator, Mapping, Sequence

from communique.labels import EntityKind, Origin, Split
from communique.problems import Level, Problem
from communique.records import Document

NGRAM = 8
"""Words in a row that no two composed texts may share, unless half of them are capitalised (names, set titles)."""
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
    *("bank", "office", "state", "radio", "of", "the"),
}
"""A name of nothing but these is nobody's own: any state has a President or a Foreign Ministry."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
Place = tuple[str, int]


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
    released = [item for item in placed if any(item[1] in members for members in parts.values())]
    checks = (
        _repeated(placed),
        _shared_words(placed),
        _unfinished(released),
        _split_storylines(placed, parts),
        _leaks(placed, parts),
    )
    return [Problem(*place, name, Level.RELEASE, told) for check in checks for place, name, told in check]


def _repeated(placed: Sequence[tuple[Place, Document]]) -> Iterator[tuple[Place, str, str]]:
    ids: dict[str, Place] = {}
    texts: dict[str, Place] = {}
    for place, document in placed:
        for seen, key, name, told in (
            (ids, document.id, "document-id-duplicate", f"id {document.id!r}"),
            (texts, document.text, "text-duplicate", f"the text of {document.id!r}"),
        ):
            first = seen.setdefault(key, place)
            if first != place:
                yield place, name, f"{told} stands on {first[0]}:{first[1]} already; keep one"


def _shared_words(placed: Sequence[tuple[Place, Document]]) -> Iterator[tuple[Place, str, str]]:
    first: dict[tuple[str, ...], str] = {}
    for place, document in placed:
        if document.provenance.origin is not Origin.COMPOSED:
            continue
        for run in _runs(document.text):
            owner = first.setdefault(tuple(word.casefold() for word in run), document.id)
            if owner != document.id:
                told = f"{document.id}: shares {' '.join(run)!r} with {owner}"
                yield place, "words-shared", f"{told}; composed texts share no {NGRAM} words in a row"
                break


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORD.findall(text)
    for run in zip(*(words[i:] for i in range(NGRAM)), strict=False):
        if sum(word[0].isupper() for word in run) < NGRAM / 2:
            yield run


def _unfinished(placed: Sequence[tuple[Place, Document]]) -> Iterator[tuple[Place, str, str]]:
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
    placed: Sequence[tuple[Place, Document]], parts: Mapping[Split, Sequence[Document]]
) -> Iterator[tuple[Place, str, str]]:
    home: dict[str, Split] = {}
    split_of = {document.id: split for split, members in parts.items() for document in members}
    for place, document in placed:
        if document.storyline is not None and document.id in split_of:
            split = split_of[document.id]
            if home.setdefault(document.storyline, split) is not split:
                told = f"storyline {document.storyline!r} is in {home[document.storyline]} and in {split}"
                yield place, "storyline-split", f"{told}; a storyline belongs to one split"


def _leaks(
    placed: Sequence[tuple[Place, Document]], parts: Mapping[Split, Sequence[Document]]
) -> Iterator[tuple[Place, str, str]]:
    trained = {name: d.id for d in parts.get(Split.TRAIN, ()) for name in _names(d)}
    held_out = {d.id for split in (Split.DEV, Split.TEST) for d in parts.get(split, ())}
    for place, document in placed:
        for name in sorted(_names(document) & set(trained)) if document.id in held_out else []:
            told = f"{document.id}: entity {name!r} occurs in {trained[name]} of train as well"
            yield place, "entity-leak", f"{told}; held-out storylines share no entity with train"


def _names(document: Document) -> set[str]:
    named = {entity.name for entity in document.entities if entity.kind in _NAMED}
    return {name for name in named if not set(name.casefold().split()) <= _TITLES}
