"""Spans and links against each of several people who annotated the same articles (PolNeAR)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from against.rows import ANNOTATORS, HALF, PEOPLE, Row, standoff, told
from communique.formats import polnear
from communique.records import Document, Prediction
from communique.report import bench
from communique.report.tables import interval as percents
from communique.report.tables import percent
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, Score, as_prediction, evaluate
from communique.score.items import Item, Said, iou
from communique.score.match import match
from communique.score.pairing import Pairing
from communique.score.sweep import near

FIGURES = {
    "source": ("cofenet", "source", "exact"),
    "cue": ("cofenet", "cue", "exact"),
    "content": ("cofenet", "content", "exact"),
    "strict triple": ("attribution", "triple", "strict"),
    "overlap triple": ("attribution", "triple", "overlap"),
}
PARTS = ("speaker", "cue", "content")


class Compared(NamedTuple):
    """Two versions of a text; only what is nested in nothing is scored of `other`."""

    text: str
    by: str
    one: Document
    other: Document


def outer(document: Document) -> Document:
    """Return a document without its nested attributions."""
    said = [unit for unit in document.attributions if unit.parent is None]
    return trimmed(document, {unit.id for unit in said})


def trimmed(document: Document, kept: set[str]) -> Document:
    """Return a document with the attributions of these ids alone, nested in nothing."""
    said = tuple(replace(unit, parent=None) for unit in document.attributions if unit.id in kept)
    words = {name for unit in said for name in (unit.speaker, unit.cue)}
    return replace(
        document,
        attributions=said,
        claims=tuple(claim for claim in document.claims if claim.attribution in kept),
        speakers=tuple(unit for unit in document.speakers if unit.id in words),
        cues=tuple(unit for unit in document.cues if unit.id in words),
    )


def versions(clone: Path) -> dict[str, dict[str, Document]]:
    """Return the articles that several people annotated, in each person's version."""
    found: dict[str, dict[str, Document]] = {}
    for document in polnear.read(clone, annotator="all").documents:
        name, _, person = document.id.rpartition("@")
        found.setdefault(name, {})[person] = replace(document, id=name)
    return {name: by for name, by in sorted(found.items()) if len(by) > 1}


def scored(pairs: Sequence[Compared], system: str, tasks: tuple[str, ...] = ("attribution", "cofenet")) -> Evaluation:
    gold = [replace(pair.one, id=f"{pair.text}@{pair.by}", storyline=pair.text) for pair in pairs]
    given = [as_prediction(replace(outer(pair.other), id=f"{pair.text}@{pair.by}")) for pair in pairs]
    return evaluate(gold, given, ScoreConfig(tasks=tasks), system=system, version=PEOPLE, split="polnear")


def span_row(name: str, pairs: Sequence[Compared]) -> Row:
    scores = {(s.task, s.unit, s.measure): s for s in scored(pairs, name).scores if s.group == "all"}
    return [name, *(cell(scores[key]) for key in FIGURES.values()), str(len(pairs)), str(len({p.text for p in pairs}))]


def cell(score: Score) -> str:
    return f"{percent(score.value)} ({percents(score.low, score.high)})"


def comparisons(people: Mapping[str, Mapping[str, Document]], folder: Path) -> dict[str, list[Compared]]:
    """Return annotators against each person, people against each other, annotators against each other."""
    texts = {name: next(iter(by.values())).text for name, by in people.items()}
    ours = {name: standoff(folder / "annotators" / name / "people.jsonl", texts) for name in ANNOTATORS}
    found = {
        name: [Compared(t, f"{p}+{name}", by[p], mine[t]) for t, by in people.items() if t in mine for p in sorted(by)]
        for name, mine in ours.items()
    }
    one, other = ours.values()
    return found | {
        PEOPLE: [
            Compared(t, f"{p}+{q}", by[p], by[q]) for t, by in people.items() for p, q in combinations(sorted(by), 2)
        ],
        "annotators": [Compared(t, "annotators", outer(one[t]), other[t]) for t in sorted(one.keys() & other.keys())],
    }


def closeness(one: Said, other: Said) -> float:
    """Return the sum of the overlaps of content, speaker and cue; nothing without a shared word of content."""
    shared = iou(one.content, other.content)
    return shared + alike(one.speaker, other.speaker) + alike(one.cue, other.cue) if shared else 0.0


def alike(one: Item | None, other: Item | None) -> float:
    return iou(one, other) if one and other else float(one is other)


def difference(one: Said, other: Said, text: str) -> str:
    """Return in what two attributions differ."""
    parts = [name for name in PARTS if getattr(one, name) != getattr(other, name)]
    lettered = [name for name in parts if letters(getattr(one, name), text) != letters(getattr(other, name), text)]
    if len(lettered) > 1:
        return "several of these"
    return f"{lettered[0]} alone" if lettered else "marks or blanks alone" if parts else "nothing"


def letters(words: Item | None, text: str) -> set[int]:
    return {at for start, end in words or () for at in range(start, end) if text[at].isalnum()}


def reasons(pairs: Sequence[Compared], people: Mapping[str, Mapping[str, Document]]) -> Counter[str]:
    """Count in what the attributions of second versions differ from the first ones', or why they have no partner."""
    counted: Counter[str] = Counter()
    for pair in pairs:
        pairing = Pairing(pair.one, as_prediction(outer(pair.other)))
        met = match(pairing.wanted, pairing.given, closeness, near(contents(pairing.wanted), contents(pairing.given)))
        counted.update(difference(pairing.wanted[i], pairing.given[j], pair.one.text) for i, j, _ in met)
        ones, others = ({edge[side] for edge in met} for side in (0, 1))
        lost = [said for number, said in enumerate(pairing.wanted) if number not in ones]
        extra = [said for number, said in enumerate(pairing.given) if number not in others]
        rest = [said_in(by) for by in people.get(pair.text, {}).values() if by is not pair.one and by is not pair.other]
        counted.update(reason for one in lost for reason in lost_by(one, said_in(pair.other), rest))
        counted["second alone has it"] += len(extra)
        counted["… and no other person"] += sum(not any(marked(one, by) for by in rest) for one in extra)
        counted.update({"first": len(pairing.wanted), "second": len(pairing.given)})
    return counted


def lost_by(one: Said, whole: Sequence[Said], rest: Sequence[Sequence[Said]]) -> Iterator[str]:
    """Yield why an attribution has no partner; `rest` are the versions of the other people."""
    if marked(one, whole):
        yield "second has it nested"
        return
    yield "first alone has it"
    if 2 * sum(marked(one, by) for by in rest) > len(rest):
        yield "… and most other people, too"


def said_in(document: Document) -> list[Said]:
    return Pairing(document, Prediction(id=document.id)).wanted


def contents(some: Sequence[Said]) -> list[Item]:
    return [said.content for said in some]


def marked(one: Said, others: Iterable[Said]) -> bool:
    return any(iou(one.content, other.content) >= HALF for other in others)


REASONS = (
    "nothing",
    "marks or blanks alone",
    *(f"{name} alone" for name in PARTS),
    "several of these",
    "second has it nested",
    "first alone has it",
    "… and most other people, too",
)
EXTRA = ("second alone has it", "… and no other person")


def reason_rows(counts: Sequence[Counter[str]]) -> Iterator[Row]:
    for names, whole in ((REASONS, "first"), (EXTRA, "second")):
        for name in names:
            yield [name, *(f"{percent(c[name] / c[whole] if c[whole] else None)} ({c[name]})" for c in counts)]
        yield [f"attributions of the {whole}", *(str(count[whole]) for count in counts)]


def against_people(clone: Path, folder: Path, verbose: bool = False) -> list[Evaluation]:
    people = versions(clone)
    compared = comparisons(people, folder)
    header = ("second against first", *FIGURES, "pairs", "articles")
    told("Spans and links against people (PolNeAR), F1", header, (span_row(*one) for one in compared.items() if one[1]))
    if verbose:
        told("… by article", header, by_key(compared, lambda pair: pair.text))
        told("… by person", header, by_key({n: compared[n] for n in ANNOTATORS}, lambda pair: pair.by.split("+")[0]))
    some = {name: pairs for name, pairs in compared.items() if name != "annotators"}
    counts = [reasons(pairs, people) for pairs in some.values()]
    told("In what they differ, percent of the first's (or second's) attributions", ("", *some), reason_rows(counts))
    tasks = ("spans", "attribution")
    both = [pair for name in ANNOTATORS for pair in compared[name]]
    return [scored(both, bench.HUMAN, tasks), scored(compared[PEOPLE], PEOPLE, tasks)]


def by_key(compared: Mapping[str, Sequence[Compared]], key: Callable[[Compared], str]) -> Iterator[Row]:
    for value in sorted({key(pair) for pairs in compared.values() for pair in pairs}):
        for name, pairs in compared.items():
            if some := [pair for pair in pairs if key(pair) == value]:
                yield span_row(f"{value}: {name}", some)
