"""What a set of documents contains, counted."""

from collections import Counter
from collections.abc import Iterable

from communique.records import Attribution, Document
from communique.tokens import sentences, tokens


def counts(documents: Iterable[Document]) -> dict[str, int]:
    """Count documents, their units, labels and difficulties.

    Parameters
    ----------
    documents : iterable of Document
        Any.

    Returns
    -------
    dict of str to int
        Sorted by name: sizes (``documents``, ``tokens``, ``claims`` …), labels (``claims.threat``, ``genre.wire``,
        ``form.direct`` …) and difficulties (``nested``, ``discontinuous``, ``implicit-speaker``, ``far-speaker`` …).
    """
    total: Counter[str] = Counter()
    for document in documents:
        total.update(_sizes(document))
        total.update(_labels(document))
        total.update(_difficulties(document))
    return {name: total[name] for name in sorted(total)}


def by_collection(documents: Iterable[Document]) -> dict[str, dict[str, int]]:
    """Count as `counts` does, each collection on its own, sorted by name."""
    collections: dict[str, list[Document]] = {}
    for document in documents:
        collections.setdefault(document.collection, []).append(document)
    return {name: counts(collections[name]) for name in sorted(collections)}


def _sizes(document: Document) -> dict[str, int]:
    groups = ("entities", "speakers", "cues", "attributions", "claims")
    sizes = {name: len(getattr(document, name)) for name in groups}
    mentions = sum(len(entity.mentions) for entity in document.entities)
    return {"documents": 1, "tokens": len(tokens(document.text)), "mentions": mentions, **sizes}


def _labels(document: Document) -> Counter[str]:
    return Counter(
        [
            f"genre.{document.genre}",
            *(f"kind.{entity.kind}" for entity in document.entities),
            *(f"form.{item.form}" for item in document.attributions),
            *(f"claims.{claim.rhetoric or 'untyped'}" for claim in document.claims),
        ]
    )


def _difficulties(document: Document) -> dict[str, int]:
    return {
        "nested": sum(item.parent is not None for item in document.attributions),
        "implicit-speaker": sum(item.speaker is None for item in document.attributions),
        "joint": sum(len(item.entities) > 1 for item in document.attributions),
        "far-speaker": len(far(document)),
        "discontinuous": sum(len(claim.spans) > 1 for claim in document.claims),
        "negated": sum(claim.negated for claim in document.claims),
        "conditional": sum(claim.conditional for claim in document.claims),
        "secondary": sum(claim.also is not None for claim in document.claims),
    }


def far(document: Document) -> list[Attribution]:
    """Return attributions whose named holder is two or more sentences away from all their claims.

    The distance is from a claim's nearest end to the nearest mention of a holder, in sentence boundaries.
    """
    starts = [start for start, _ in sentences(document.text)]
    mentions = {entity.id: entity.mentions for entity in document.entities}

    def sentence(offset: int) -> int:
        return sum(start <= offset for start in starts)

    found = []
    for item in document.attributions:
        claims = [span for claim in document.claims if claim.attribution == item.id for span in claim.spans]
        named = [sentence(start) for name in item.entities for start, _ in mentions[name]]
        said = [at for span in claims for at in (sentence(span.start), sentence(span.end - 1))]
        if named and min(abs(a - b) for a in named for b in said) >= 2:
            found.append(item)
    return found
