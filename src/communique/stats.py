"""What a set of documents contains, counted."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from communique.records import Attribution, Document, QuoteCounts
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
    mentioned = {e.id: {bisect_right(starts, start) for start, _ in e.mentions} for e in document.entities}
    said: dict[str, set[int]] = {}
    for claim in document.claims:
        ends = (at for span in claim.spans for at in (span.start, span.end - 1))
        said.setdefault(claim.attribution, set()).update(bisect_right(starts, at) for at in ends)
    return [
        item
        for item in document.attributions
        if _far([mentioned[name] for name in item.entities], said.get(item.id, set()))
    ]


def _far(mentioned: Sequence[set[int]], said: set[int]) -> bool:
    """Say whether holders are mentioned, but in none of the sentences in which claims end, nor next to one."""
    near = said.union(at + step for at in said for step in (-1, 1))
    return any(mentioned) and all(sentences.isdisjoint(near) for sentences in mentioned)


def quote_totals(counted: Iterable[QuoteCounts | None]) -> QuoteCounts | None:
    """Return the sum of quote counts, None where there are none."""
    known = [counts for counts in counted if counts]
    fields = QuoteCounts.__struct_fields__
    return QuoteCounts(**{name: sum(getattr(counts, name) for counts in known) for name in fields}) if known else None


def invention_rate(counts: QuoteCounts) -> float | None:
    """Return the share of quotes that are nowhere in the text, None without quotes."""
    quotes = counts.exact + counts.repaired + counts.ambiguous + counts.invented
    return round(counts.invented / quotes, 6) if quotes else None
