"""The ladder of ``full``: how much is left of what is found when its holder and its type must be right as well."""

from collections.abc import Sequence

from communique.report.grids import Grid
from communique.report.site.charts import Line, lines, stack
from communique.report.site.results import Part, by_group, kind
from communique.report.site.sections import Page, Section, Table, cell, missing, signed
from communique.report.site.svg import Chart
from communique.report.tables import headline, percent
from communique.score.evaluate import Evaluation, Score
from communique.score.tasks.full import RUNGS

PLACE = "ladder.html"

NAMES = ("claim found", "+ its holder", "+ its type")
ENDS = ("all right", "type wrong", "holder wrong", "not found")
"""What becomes of a gold claim, by the rung that it does not reach."""


def page(parts: Sequence[Part]) -> Page:
    """Return the page of the ladder."""
    sections = [_climbed(part) for part in parts if part.doing("full")]
    by_type = [_of_types(part) for part in parts[:1] if part.doing("full")]
    return Page(PLACE, "ladder", [*sections[:1], *by_type, *sections[1:]], "ladder.html")


def _rungs(result: Evaluation) -> list[Score | None]:
    return [headline(result, "full", "claim", rung) for rung in RUNGS]


def _climbed(part: Part) -> Section:
    results = [result for result in part.doing("full") if any(_rungs(result))]
    found = [score for result in results for score in _rungs(result)]
    series = [Line(result.system, *_ends(_rungs(result))) for result in results]
    rows = [[result.system, *map(cell, _rungs(result)), *map(percent, lost(result))] for result in results]
    drawn = [
        lines(f"{part.id}-ladder", "F1 by rung", NAMES, series),
        stack(f"{part.id}-lost", "What becomes of gold's claims", ENDS, _shares(results)),
    ]
    header = ["system", *(f"{name}, F1" for name in NAMES), *ENDS]
    table = Table(
        f"full, {part.title}: F1 in percent (95 %), and what becomes of gold's claims in percent", Grid(header, rows, 1)
    )
    return Section(part.id, part.title, missing(found), drawn, [table], signed(found))


def _ends(rungs: Sequence[Score | None]) -> list[list[float | None]]:
    told = [[getattr(score, field) if score else None for score in rungs] for field in ("value", "low", "high")]
    return [[None if one is None else 100 * one for one in values] for values in told]


def lost(result: Evaluation, group: str = "all") -> list[float]:
    """Return which shares of gold's claims end where, in the order of `ENDS`; none without gold claims."""
    rungs = [headline(result, "full", "claim", rung, group) for rung in RUNGS]
    known = [score for score in rungs if score and score.gold]
    if len(known) < len(RUNGS):
        return []
    found, held, typed = (score.matched / score.gold for score in known)
    return [typed, held - typed, found - held, 1 - found]


def _shares(results: Sequence[Evaluation]) -> dict[str, list[float]]:
    return {result.system: [100 * share for share in lost(result)] for result in results if lost(result)}


def _of_types(part: Part) -> Section:
    """Return what becomes of claims by their type, of each system that has more than one."""
    chosen = [result for result in part.doing("full") if kind(result.system) == "system" and _several(result)]
    tables = [Table(f"{result.system}: shares of gold's claims in percent", _grid(result), True) for result in chosen]
    drawn = [_by_type(f"{part.id}-types-{n}", result) for n, result in enumerate(chosen)]
    signs = signed(score for result in chosen for _, score in by_group(result, "full", RUNGS[-1], "type:"))
    said = ["A claim of a rare type that is found is not yet typed: the bars tell where each type is lost."]
    return Section(f"{part.id}-types", f"{part.title}, by type", said, drawn, tables, signs)


def _several(result: Evaluation) -> bool:
    return sum(score.matched > 0 for _, score in by_group(result, "full", RUNGS[-1], "type:")) > 1


def _types(result: Evaluation) -> dict[str, list[float]]:
    told = {name: (lost(result, f"type:{name}"), score.gold) for name, score in _ordered(result)}
    return {f"{name} ({gold})": shares for name, (shares, gold) in told.items() if shares}


def _ordered(result: Evaluation) -> list[tuple[str, Score]]:
    return sorted(by_group(result, "full", RUNGS[-1], "type:"), key=lambda item: (-item[1].gold, item[0]))


def _by_type(name: str, result: Evaluation) -> Chart:
    rows = {label: [100 * share for share in shares] for label, shares in _types(result).items()}
    return stack(name, result.system, ENDS, rows)


def _grid(result: Evaluation) -> Grid:
    return Grid(["type (claims)", *ENDS], [[name, *map(percent, shares)] for name, shares in _types(result).items()], 1)
