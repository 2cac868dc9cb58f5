"""Annotators beside people beside systems: who reaches what on the same measure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from communique import admission
from communique.report.grids import Grid
from communique.report.site.charts import Dot, dots
from communique.report.site.results import PEOPLE, REFERENCES, Part, figures, kind, scores
from communique.report.site.sections import Page, Section, Table, cell, dot, heading, missing, signed
from communique.report.tables import NOTHING
from communique.score.agreement import Agreement, agree
from communique.score.evaluate import Score
from communique.score.tasks import TASKS

PLACE = "people.html"

_WITH = {"annotators": "annotators, each other", "people": "people, each other"}
_AGAINST = {"annotators": "annotators, people", "people": "people, each other"}


class Row(NamedTuple):
    """What somebody reaches in a task on some data; ``kind`` is how it is drawn."""

    name: str
    data: str
    kind: str
    scores: Sequence[Score | None]


def page(parts: Sequence[Part], release: Path) -> Page:
    """Return the page of annotators, people and systems."""
    compared = [one for part in _compared(parts) for one in _sections(part, parts)]
    return Page(PLACE, "people", [*compared, *_agreement(release)], "people.html")


def _compared(parts: Sequence[Part]) -> list[Part]:
    """Return the parts that people annotated, and the first of the release."""
    chosen = [*(part for part in parts if part.gold.startswith(PEOPLE)), *parts[:1]]
    return [part for part in chosen if any(result.system in REFERENCES for result in part.results)]


def _sections(part: Part, parts: Sequence[Part]) -> Iterator[Section]:
    for task in TASKS:
        if any(result.system in REFERENCES for result in part.doing(task)):
            yield _section(part, task, [*_rows(part, task, parts)])


def _rows(part: Part, task: str, parts: Sequence[Part]) -> Iterator[Row]:
    """Yield those scored on a part; where that is people's texts, also systems on other texts people annotated so."""
    against = part.gold.startswith(PEOPLE)
    names = _AGAINST if against else _WITH
    for result in reversed(part.doing(task)):
        yield Row(names.get(result.system, result.system), part.gold, kind(result.system), scores(result, task))
    collection = f"{part.gold.removeprefix(PEOPLE)}@"
    for other in (one for one in parts if against and one.gold.startswith(collection)):
        for result in (one for one in other.doing(task) if one.system not in REFERENCES):
            yield Row(result.system, other.gold, kind(result.system), scores(result, task))


def _section(part: Part, task: str, rows: Sequence[Row]) -> Section:
    found = [score for row in rows for score in row.scores]
    said = missing(found)
    others = sorted({row.data for row in rows} - {part.gold})
    if others:
        said.insert(0, f"Annotators and people are scored on {part.gold}, systems on other texts: {', '.join(others)}.")
    drawn = [
        dots(f"{part.id}-{task}-{n}", heading(name), [dot(r.name, r.scores[n])._replace(kind=r.kind) for r in rows])
        for n, name in enumerate(figures(task).values())
        if any(score and score.value is not None for score in (r.scores[n] for r in rows))
    ]
    header = ["who", "data", *figures(task).values()]
    table = Table(
        f"{task}, {part.title}: percent (95 %)", Grid(header, [[r.name, r.data, *map(cell, r.scores)] for r in rows])
    )
    return Section(f"{part.id}-{task}", f"{part.title}: {task}", said, drawn, [table], signed(found))


def _agreement(release: Path) -> Iterator[Section]:
    """Yield the kappa of types between the annotators of a release, where it has two or more."""
    paths = sorted((release / "annotators").glob("*.jsonl"))
    if len(paths) < 2:
        return
    found = agree({path.stem: admission.documents(path) for path in paths})
    rows = [
        [one.type, *map(str, (one.first, one.second, one.both)), NOTHING if one.kappa is None else f"{one.kappa:.3f}"]
        for one in found.types
    ]
    table = Table("Kappa of each type against all others", Grid(["type", "first", "second", "both", "kappa"], rows, 1))
    chart = dots(
        "kappa-types", "Kappa by type", [Dot(one.type, one.kappa) for one in found.types], unit="kappa", most=1
    )
    yield Section("kappa", "Annotators with each other: kappa of types", [_told(found)], [chart], [table])


def _told(found: Agreement) -> str:
    kappa, alpha, families = (
        NOTHING if one is None else f"{one:.3f}" for one in (found.kappa, found.alpha, found.family_kappa)
    )
    return (
        f"Over {found.matched:,} claims that two of {found.annotators} annotators both have, in {found.texts} texts: "
        f"kappa {kappa}, of families {families}; alpha {alpha}."
    )
