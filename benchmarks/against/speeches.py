"""Acts in speeches against the conflict spans that people marked (UMUC)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from against.rows import ANNOTATORS, HALF, ROW, Pair, Row, kappa, share, standoff, told
from communique.formats import unsc
from communique.labels import FAMILY_OF, Family, Rhetoric
from communique.records import Document
from communique.score.items import Item, item, merged, overlap, size
from communique.tokens import paragraphs, sentences

NEGATIVE, DISPUTED = ("Direct_NegEval", "Indirect_NegEval"), ("Challenge", "Correction")
"""Kinds of conflict: those that should be acts of disapproval, and of refusal."""
DISAPPROVAL, REFUSAL = (
    frozenset(label for label in Rhetoric if FAMILY_OF[label] is family)
    for family in (Family.DISAPPROVAL, Family.REFUSAL)
)
EITHER = DISAPPROVAL | REFUSAL
CHARGES = DISAPPROVAL - {Rhetoric.CONCERN}
Types = frozenset[Rhetoric]
Speech = tuple[Document, list[unsc.Conflict]]


def covered(one: Item, other: Item) -> float:
    """Say, as a number, whether half of an item lies in another."""
    return float(overlap(one, other) >= HALF * size(one))


def claims_of(document: Document, types: Types = frozenset(Rhetoric)) -> list[tuple[str, Item]]:
    """Return type and place of the claims of these types."""
    return [(str(c.rhetoric), item(c.spans, document.text)) for c in document.claims if c.rhetoric in types]


def area(document: Document, types: Types = frozenset(Rhetoric)) -> Item:
    return merged(stretch for _, one in claims_of(document, types) for stretch in one)


def marked_area(conflicts: Iterable[unsc.Conflict]) -> Item:
    return merged((one.start, one.end) for one in conflicts)


def conflict_rows(name: str, speeches: Sequence[Speech]) -> Iterator[Row]:
    for what, kinds, types in (
        ("NegEval spans in disapproval", NEGATIVE, DISAPPROVAL),
        ("Challenge and Correction spans in refusal", DISPUTED, REFUSAL),
        ("all conflict spans in either", NEGATIVE + DISPUTED, EITHER),
        ("all conflict spans in any claim", NEGATIVE + DISPUTED, frozenset(Rhetoric)),
    ):
        yield share(f"{name}: {what}", {d.id: recalled(d, found, kinds, types) for d, found in speeches})
    for what, types in (
        ("accusation, condemnation", CHARGES),
        ("concern", DISAPPROVAL - CHARGES),
        ("rejection, denial", REFUSAL),
    ):
        yield share(f"{name}: claims of {what} in a conflict span", {d.id: shared(d, c, types) for d, c in speeches})
    for what, types in (("conflict or none", EITHER), ("… concern left out", EITHER - (DISAPPROVAL - CHARGES))):
        pairs = {d.id: sentence_pairs(d, found, types) for d, found in speeches}
        yield kappa(f"{name}: kappa by sentence, {what}", pairs)


def recalled(document: Document, conflicts: Iterable[unsc.Conflict], kinds: Iterable[str], types: Types) -> list[float]:
    """Return of each conflict of these kinds whether half of it lies in claims of these types."""
    ours = area(document, types)
    return [covered(marked_area([one]), ours) for one in conflicts if one.kind in kinds]


def shared(document: Document, conflicts: Iterable[unsc.Conflict], types: Types) -> list[float]:
    """Return of each claim of these types whether half of it lies in conflict spans."""
    theirs = marked_area(conflicts)
    return [covered(one, theirs) for _, one in claims_of(document, types)]


def sentence_pairs(document: Document, conflicts: Iterable[unsc.Conflict], types: Types) -> list[Pair]:
    """Return of each sentence whether people, and whether we, see a conflict in a part of it."""
    theirs, ours = marked_area(conflicts), area(document, types)
    places = [at for part in paragraphs(document.text) for at in sentences(document.text, *part)]
    return [(str(overlap((at,), theirs) > 0), str(overlap((at,), ours) > 0)) for at in places]


def missed(speeches: Sequence[Speech]) -> Counter[Pair]:
    """Count, of the conflict spans that no claim of either family covers, kind and our type at most of the span."""
    counted: Counter[Pair] = Counter()
    for document, conflicts in speeches:
        for one in conflicts:
            where = marked_area([one])
            if not covered(where, area(document, EITHER)):
                near_by = [(overlap(where, at), label) for label, at in claims_of(document)]
                most, label = max(near_by, default=(0, ""))
                counted[one.kind, label if most else "no claim"] += 1
    return counted


def unmarked(speeches: Sequence[Speech]) -> Counter[Pair]:
    """Count our types of disapproval and refusal whose claims lie in no conflict span, and in one."""
    counted: Counter[Pair] = Counter()
    for document, conflicts in speeches:
        theirs = marked_area(conflicts)
        for label, at in claims_of(document, EITHER):
            counted[label, "in a conflict span" if covered(at, theirs) else "in none"] += 1
    return counted


def spoken_by(clone: Path, folder: Path) -> dict[str, dict[str, Document]]:
    """Return the speeches in each annotator's version, and adjudicated."""
    texts = {document.id: document.text for document in unsc.read(clone).documents}
    return {
        name: {key: value for path in sorted(where.glob("*.jsonl")) for key, value in standoff(path, texts).items()}
        for name, where in {"adjudicated": folder, **{n: folder / "annotators" / n for n in ANNOTATORS}}.items()
    }


def against_conflicts(clone: Path, spoken: Mapping[str, Mapping[str, Document]]) -> None:
    conflicts = unsc.conflicts(clone)
    read = {
        name: [(d, conflicts[d.id]) for d in sorted(by.values(), key=lambda d: d.id) if d.id in conflicts]
        for name, by in spoken.items()
    }
    told(
        "Acts in speeches against conflict spans (UMUC)", ROW, (r for one in read.items() for r in conflict_rows(*one))
    )
    for title, head, count in (
        ("Conflict spans that neither family covers", ("conflict", "ours"), missed),
        ("Our claims of either family", ("ours", "people"), unmarked),
    ):
        counts = [count(speeches) for speeches in read.values()]
        keys = sorted(set().union(*counts))
        told(title, (*head, *read), ([*key, *(str(c[key]) for c in counts)] for key in keys), 2)
