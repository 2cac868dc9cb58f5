"""Types of claims: F1 of each with its support, and what is taken for what."""

from collections.abc import Sequence

from communique.labels import Rhetoric
from communique.report.grids import Grid
from communique.report.site.charts import dots
from communique.report.site.matrices import matrix
from communique.report.site.results import Part, by_group
from communique.report.site.sections import Page, Section, Table, cell, dot, missing, signed
from communique.report.site.svg import Chart
from communique.report.tables import NOTHING
from communique.score.evaluate import Evaluation, Score
from communique.score.tasks.rhetoric import MISSED

PLACE = "types.html"


def page(parts: Sequence[Part]) -> Page:
    """Return the page of types."""
    typed = [part for part in parts if part.doing("rhetoric")]
    return Page(PLACE, "types", [_section(part) for part in typed], "types.html")


def _scores(result: Evaluation) -> dict[str, Score]:
    found = dict(by_group(result, "rhetoric", "f1", "type:"))
    return {str(label): found[label] for label in Rhetoric if label in found and found[label].gold}


def _telling(part: Part) -> list[Evaluation]:
    """Return the systems that know more than one type."""
    return [result for result in part.doing("rhetoric") if sum(one.matched > 0 for one in _scores(result).values()) > 1]


def _section(part: Part) -> Section:
    results, telling = part.doing("rhetoric"), _telling(part)
    found = [score for result in results for score in _scores(result).values()]
    drawn = [_dots(f"{part.id}-f1-{n}", result) for n, result in enumerate(telling)]
    drawn += [_matrix(f"{part.id}-confusion-{n}", one) for n, one in enumerate(telling) if one.confusion]
    header = ["type", "claims", *(result.system for result in results)]
    tables = [Table(f"F1 of types, {part.title}: percent (95 %)", Grid(header, _rows(results), 1))]
    tables += [
        Table(f"{one.system}, claims by gold type and answer", _grid(one), True) for one in telling if one.confusion
    ]
    return Section(part.id, part.title, missing(found), drawn, tables, signed(found))


def _dots(name: str, result: Evaluation) -> Chart:
    rows = [dot(f"{label} ({one.gold})", one) for label, one in _scores(result).items()]
    return dots(name, result.system, rows)


def _rows(results: Sequence[Evaluation]) -> list[list[str]]:
    by_system = [_scores(result) for result in results]
    support = {name: score.gold for scores in by_system for name, score in scores.items()}
    return [
        [name, str(support[name]), *(cell(scores.get(name)) for scores in by_system)]
        for name in map(str, Rhetoric)
        if name in support
    ]


def _said(result: Evaluation) -> list[str]:
    labels = [*map(str, Rhetoric), MISSED]
    return [one for one in labels if one != MISSED or any(row.get(one) for row in result.confusion.values())]


def _matrix(name: str, result: Evaluation) -> Chart:
    said, rows = _said(result), {}
    for wanted in map(str, Rhetoric):
        row = result.confusion.get(wanted, {})
        whole = sum(row.values())
        rows[wanted] = [(row.get(one, 0) / whole if whole else 0, str(row.get(one) or "")) for one in said]
    about = "Rows are gold types, columns answers; a cell is darker the greater its share of the row. " + _most(result)
    title = f"{result.system}: gold type by answer"
    return matrix(name, title, said, rows, diagonal=True, about=about)


def _most(result: Evaluation) -> str:
    errors = [
        (number, wanted, said)
        for wanted, row in result.confusion.items()
        for said, number in row.items()
        if wanted != said
    ]
    worst = sorted(errors, key=lambda one: (-one[0], one[1:]))[:5]
    return "Most often: " + ", ".join(f"{wanted} as {said} {number}" for number, wanted, said in worst) + "."


def _grid(result: Evaluation) -> Grid:
    said = _said(result)
    rows = [
        [name, *(str(row.get(one) or NOTHING) for one in said), str(sum(row.values()))]
        for name in map(str, Rhetoric)
        if (row := result.confusion.get(name))
    ]
    return Grid(["gold", *said, "all"], rows, 1)
