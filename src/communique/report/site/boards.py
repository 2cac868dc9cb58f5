"""The board: for each task and part of the data, what systems reach."""

from collections.abc import Iterator, Sequence

from communique.report.grids import Grid
from communique.report.site.charts import dots
from communique.report.site.results import FLOOR, Part, figures, scores
from communique.report.site.sections import Page, Section, Table, cell, dot, heading, missing, signed
from communique.report.site.svg import Chart
from communique.report.tables import headline
from communique.score.tasks import TASKS

PLACE = "board.html"
SHORT = (
    ("spans", "claim", "overlap"),
    ("attribution", "triple", "overlap"),
    ("holders", "attribution", "holder"),
    ("rhetoric", "claim", "macro-f1"),
    ("full", "claim", "content+entity+type"),
)
"""The figure of each task that stands for it where there is room for one."""


def pages(parts: Sequence[Part]) -> Iterator[Page]:
    """Yield a page for each task that some system does."""
    for task in TASKS:
        if sections := [section(part, task) for part in parts if part.doing(task)]:
            yield Page(f"board-{task}.html", task, sections, "task.html")


def short(parts: Sequence[Part]) -> Page:
    """Return the page that has one figure of each task."""
    return Page(PLACE, "board", [in_short(part, drawn=not number) for number, part in enumerate(parts)], "board.html")


def in_short(part: Part, *, drawn: bool = True) -> Section:
    """Return what systems reach on a part of the data, by one figure of each task, drawn or as a table alone."""
    told = {figure: figures(figure[0])[figure[1:]] for figure in SHORT if part.doing(figure[0])}
    found = {result.system: [headline(result, *figure) for figure in told] for result in part.results}
    shown = [
        dots(
            f"{part.id}-short-{number}",
            f"{figure[0]}: {name}",
            [dot(system, row[number]) for system, row in found.items() if row[number]],
        )
        for number, (figure, name) in enumerate(told.items())
        if drawn
    ]
    rows = [[system, *map(cell, row)] for system, row in found.items() if any(row)]
    table = Table(f"{part.title}: percent (95 %)", Grid(["system", *told.values()], rows, 1))
    every = [score for row in found.values() for score in row]
    return Section(part.id, part.title, missing(every), shown, [table], signed(every))


def section(part: Part, task: str) -> Section:
    """Return what systems reach in a task on a part of the data."""
    results = part.doing(task)
    found = [score for result in results for score in scores(result, task)]
    said = [f"{results[0].documents:,} documents.", *missing(found)]
    if not any(result.system == FLOOR for result in results):
        said.append("No floor was measured here.")
    return Section(part.id, part.title, said, charts(part, task), [_table(part, task)], signed(found))


def charts(part: Part, task: str) -> list[Chart]:
    """Return a chart for each headline figure of a task: a dot for each system, with its interval."""
    results, drawn = part.doing(task), []
    for number, (figure, name) in enumerate(figures(task).items()):
        rows = [dot(result.system, scores(result, task)[number]) for result in results]
        if any(row.value is not None for row in rows):
            drawn.append(dots(f"{part.id}-{'-'.join(figure).replace('+', '-')}", heading(name), rows))
    return drawn


def _table(part: Part, task: str) -> Table:
    rows = [[result.system, *map(cell, scores(result, task))] for result in part.doing(task)]
    return Table(f"{task}, {part.title}: percent (95 %)", Grid(["system", *figures(task).values()], rows, 1))
