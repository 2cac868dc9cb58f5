"""Tables of counts and scores, for the terminal and for Markdown."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from communique.score.evaluate import Evaluation, Score

HEADLINES = {
    "spans": (("speaker", "exact"), ("cue", "exact"), ("claim", "exact"), ("claim", "overlap")),
    "attribution": (("triple", "strict"), ("triple", "overlap"), ("holder", "entity")),
    "rhetoric": (("claim", "macro-f1"), ("claim", "accuracy"), ("claim", "family-macro-f1")),
    "full": (("claim", "content"), ("claim", "content+entity"), ("claim", "content+entity+type")),
}
"""Columns of the leaderboard of each task."""
NOTHING = "–"


def stats_table(counted: Mapping[str, Mapping[str, int]]) -> Table:
    """Return counts with one column per collection."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in counted:
        table.add_column(name, justify="right")
    for key in sorted({key for counts in counted.values() for key in counts}):
        table.add_row(key, *(str(counts.get(key, 0)) for counts in counted.values()))
    return table


def percent(value: float | None) -> str:
    """Return a figure as a percentage with one decimal."""
    return NOTHING if value is None else f"{100 * value:.1f}"


def score_table(evaluation: Evaluation) -> Table:
    """Return the scores over all documents, with support and 95 % interval."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("task", "unit", "measure", "part"):
        table.add_column(title)
    for title in ("P", "R", "value", "95 %", "gold", "predicted"):
        table.add_column(title, justify="right")
    for score in evaluation.scores:
        if score.group == "all" or score.group.startswith("type:"):
            table.add_row(*_cells(score))
    return table


def _cells(score: Score) -> list[str]:
    interval = f"{percent(score.low)}–{percent(score.high)}" if score.low is not None else NOTHING
    if not score.gold and not score.predicted:
        interval = "n=0"
    figures = [percent(score.precision), percent(score.recall), percent(score.value), interval]
    part = score.group.removeprefix("type:")
    return [score.task, score.unit, score.measure, part, *figures, str(score.gold), str(score.predicted)]


def signatures(evaluation: Evaluation) -> list[str]:
    """Return the signatures of the scores over all documents, each once, in order."""
    return list(dict.fromkeys(score.signature for score in evaluation.scores if score.group == "all"))


def headline(evaluation: Evaluation, task: str, unit: str, measure: str) -> Score | None:
    """Return one score over all documents, None where the system did not do the task."""
    wanted = (task, unit, measure, "all")
    found = (score for score in evaluation.scores if (score.task, score.unit, score.measure, score.group) == wanted)
    return next(found, None)


def board(evaluations: Sequence[Evaluation], task: str) -> tuple[list[str], list[list[str]]]:
    """Return the leaderboard of a task, header and rows: one row per system that does it and part of the data.

    Figures are percentages with half the width of their 95 % interval.
    """
    header = ["data", "system", *(f"{unit} {measure}" for unit, measure in HEADLINES[task])]
    rows = []
    for evaluation in evaluations:
        scores = [headline(evaluation, task, unit, measure) for unit, measure in HEADLINES[task]]
        if any(scores):
            rows.append([evaluation.gold, evaluation.system, *(_headline(score) for score in scores)])
    return header, rows


def board_table(evaluations: Sequence[Evaluation], task: str) -> Table:
    """Return the leaderboard of a task for the terminal."""
    header, rows = board(evaluations, task)
    table = Table(title=task, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for number, title in enumerate(header):
        table.add_column(title, justify="left" if number < 2 else "right")
    for row in rows:
        table.add_row(*row)
    return table


def _headline(score: Score | None) -> str:
    if score is None or score.value is None:
        return NOTHING
    if score.low is None or score.high is None:
        return percent(score.value)
    return f"{percent(score.value)} ±{50 * (score.high - score.low):.1f}"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; cells are escaped."""
    lines = [header, ["---"] * 2 + ["---:"] * (len(header) - 2), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
