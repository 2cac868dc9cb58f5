"""Tables of counts and scores: for the terminal, for Markdown and LaTeX, and as comma-separated values."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import asdict

from communique import escapes
from communique.problems import one_line
from communique.records import QuoteCounts
from communique.report.grids import SPREAD, Grid
from communique.score.evaluate import Evaluation, Score
from communique.score.groups import FACETS
from communique.score.tasks import TASKS

NOTHING = "–"
_PROPERTIES = {
    "attribution": [("holder", "entity", "far-speaker:yes"), ("holder", "entity", "implicit-speaker:yes")],
    "holders": [
        ("attribution", "holder", f"speaker:{kind}") for kind in ("name", "description", "pronoun", "implicit", "joint")
    ],
}
"""Per task, figures of the leaderboard that are recall of a part of gold."""


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 2) -> str:
    """Return a Markdown table; cells are escaped."""
    lines = [header, ["---"] * texts + ["---:"] * (len(header) - texts), *rows]
    return "".join(f"| {' | '.join(map(escapes.markdown_cell, line))} |\n" for line in lines)


def latex(header: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 2) -> str:
    """Return a LaTeX ``tabular`` with the rules of the package booktabs; cells are escaped."""
    first, *others = (" & ".join(map(escapes.latex, line)) + r" \\" for line in (header, *rows))
    columns = "l" * texts + "r" * (len(header) - texts)
    begin, end = rf"\begin{{tabular}}{{{columns}}}", r"\end{tabular}"
    return "\n".join((begin, r"\toprule", first, r"\midrule", *others, r"\bottomrule", end, ""))


def page(form: str, grids: Mapping[str, Grid], notes: Iterable[str]) -> str:
    """Return tables by title, and notes under them, as ``markdown`` or ``latex`` source."""
    draw, title, note, escaped = {
        "markdown": (markdown, "## {}\n\n", "- {}\n", escapes.markdown),
        "latex": (latex, "% {}\n", "% {}\n", one_line),
    }[form]
    tables = [(title.format(escaped(name)) if name else "") + draw(*grid[:3]) for name, grid in grids.items()]
    return "\n".join([*tables, "".join(note.format(escaped(one)) for one in notes)])


def comma_separated(records: Sequence[Mapping[str, Any]]) -> str:
    """Return records, at full precision and with their names as header, as comma-separated values without formulas."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(records[0]) if records else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: escapes.spreadsheet(value) for name, value in record.items()} for record in records)
    return file.getvalue()


def stats_grid(counted: Mapping[str, Mapping[str, int]]) -> Grid:
    """Return counts with one column per collection."""
    keys = sorted({key for counts in counted.values() for key in counts})
    rows = [[key, *(str(counts.get(key, 0)) for counts in counted.values())] for key in keys]
    return Grid(["", *counted], rows, 1)


def percent(value: float | None) -> str:
    """Return a figure as a percentage with one decimal."""
    return NOTHING if value is None else f"{100 * value:.1f}"


def score_grid(evaluation: Evaluation) -> Grid:
    """Return the scores over all documents, types and properties of gold, with support and 95 % interval."""
    header = ["task", "unit", "measure", "part", "P", "R", "value", SPREAD, "gold", "predicted"]
    return Grid(header, [_cells(score) for score in listed(evaluation)], 4, 1)


def listed(evaluation: Evaluation) -> list[Score]:
    """Return the scores over all documents, types and properties of gold."""
    return [score for score in evaluation.scores if score.group.partition(":")[0] in ("all", *FACETS)]


def _cells(score: Score) -> list[str]:
    spread = interval(score.low, score.high) if score.gold or score.predicted else "n=0"
    figures = [percent(score.precision), percent(score.recall), percent(score.value), spread]
    predicted = NOTHING if score.predicted is None else str(score.predicted)
    part = score.group.removeprefix("type:")
    return [score.task, score.unit, score.measure, part, *figures, str(score.gold), predicted]


def interval(low: float | None, high: float | None) -> str:
    """Return an interval as percentages."""
    return NOTHING if low is None else f"{percent(low)}–{percent(high)}"


def signatures(scores: Iterable[Score | None]) -> list[str]:
    """Return the signatures of scores, each once, in order."""
    return list(dict.fromkeys(score.signature for score in scores if score))


def headline(evaluation: Evaluation, task: str, unit: str, measure: str, group: str = "all") -> Score | None:
    """Return one score, None where the system did not do the task."""
    wanted = (task, unit, measure, group)
    found = (score for score in evaluation.scores if (score.task, score.unit, score.measure, score.group) == wanted)
    return next(found, None)


def board(evaluations: Sequence[Evaluation], task: str) -> Grid:
    """Return the leaderboard of a task: one row per system that does it and part of the data.

    Figures are percentages with their 95 % interval, `NOTHING` where there is none.
    """
    figures = [*TASKS[task].headlines, *_PROPERTIES.get(task, ())]
    header = ["data", "system", *(" ".join(figure).removesuffix(":yes").replace("speaker:", "") for figure in figures)]
    rows = []
    for evaluation in evaluations:
        scores = [headline(evaluation, task, *figure) for figure in figures]
        if any(scores):
            rows.append([evaluation.gold, evaluation.system, *(_headline(score) for score in scores)])
    return Grid(header, rows, 2, 1)


def records(evaluation: Evaluation, scores: Iterable[Score | None]) -> list[dict[str, Any]]:
    """Return scores of an evaluation as flat records that name the data and the system."""
    return [{"data": evaluation.gold, "system": evaluation.system, **asdict(score)} for score in scores if score]


def headlines(evaluation: Evaluation) -> list[Score | None]:
    """Return the scores that the leaderboard shows of an evaluation, in its order."""
    return [
        headline(evaluation, name, *figure)
        for name, task in TASKS.items()
        for figure in (*task.headlines, *_PROPERTIES.get(name, ()))
    ]


def _headline(score: Score | None) -> str:
    if score is None or score.value is None:
        return NOTHING
    return f"{percent(score.value)} ({interval(score.low, score.high)})"


def reasons(evaluations: Iterable[Evaluation]) -> list[str]:
    """Return why figures of the leaderboard have no interval, each reason once, with the data it holds for."""
    told = [(evaluation.gold, score) for evaluation in evaluations for score in headlines(evaluation) if score]
    partly = {gold for gold, score in told if score.value is not None and not score.reason}
    lacking = dict.fromkeys((gold, score.reason) for gold, score in told if score.reason and score.value is not None)
    return [f"{gold}: no interval{' of some figures' if gold in partly else ''} ({reason})" for gold, reason in lacking]


def told(counts: QuoteCounts) -> str:
    """Return in words how quotes were found."""
    quotes = asdict(counts)
    return f"{', '.join(f'{number} {name}' for name, number in quotes.items())} of {sum(quotes.values())} quotes"
