"""Commands on scores: evaluate, bench, leaderboard, agreement."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from communique.cli.options import console, track
from communique.score.config import TASKS

Task = StrEnum("Task", {task: task for task in (*TASKS, "all")})  # type: ignore[misc]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def evaluate(
    gold: Annotated[str, typer.Argument(help="RELEASE:split, for example newest:test, or a file of documents.")],
    predictions: Annotated[Path, typer.Argument(metavar="PRED", help="A .jsonl file of predictions.")],
    task: Annotated[Task, typer.Option(help="Which task to score.")] = Task.all,  # type: ignore[attr-defined]
    as_json: Json = False,
    resamples: Annotated[int, typer.Option(min=0, help="Bootstrap resamples; 0 for no intervals.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 13,
) -> None:
    """Score predictions against gold; every number has its support and its signature."""
    from communique import jsonl, releases
    from communique.records import Prediction
    from communique.report.tables import score_table, signatures
    from communique.score.config import ScoreConfig
    from communique.score.evaluate import evaluate as score

    documents, version, split = releases.part(gold)
    tasks = TASKS if task == "all" else (str(task),)
    config = ScoreConfig(tasks=tasks, resamples=resamples, seed=seed)
    given = list(jsonl.read(predictions, Prediction))
    names = {"system": predictions.name, "source": str(predictions)}
    result = score(documents, given, config, version=version, split=split, **names)
    if as_json:
        print(jsonl.encode(result))
        return
    terminal = console()
    terminal.print(score_table(result))
    if result.missing:
        terminal.print(f"{len(result.missing)} of {result.documents} documents have no prediction and count as missed")
    for sign in signatures(result):
        terminal.print(sign, markup=False)


def bench(
    release: Annotated[str, typer.Option(help="Version or folder; the newest by default.")] = "newest",
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder of baselines, for results and leaderboard.")
    ] = Path("baselines"),
) -> None:
    """Train and score every baseline on a release, write the results, print the leaderboard."""
    from communique.report.bench import run, systems, write

    results = [result for name in track(list(systems()), "scoring") for result in run(name, release)]
    write(results, output)
    leaderboard(output)


def leaderboard(
    folder: Annotated[Path | None, typer.Argument(help="Folder of baselines; the packaged results by default.")] = None,
) -> None:
    """Print the results that are written down, one table of systems for each task."""
    from communique import resources
    from communique.report.bench import written
    from communique.report.tables import board_table, signatures

    results = written(folder or resources.folder("baselines"))
    terminal = console()
    for task in TASKS:
        terminal.print(board_table(results, task))
        terminal.print()
    for sign in dict.fromkeys(sign for result in results for sign in signatures(result)):
        terminal.print(sign, markup=False)


def agreement(
    one: Annotated[Path, typer.Argument(help="A .jsonl file of documents: one annotator's.")],
    other: Annotated[Path, typer.Argument(help="The other annotator's, of the same texts.")],
    as_json: Json = False,
) -> None:
    """Measure how far two annotators agree on spans, attributions and rhetoric types."""
    from communique import jsonl
    from communique.agreement import agree
    from communique.records import Document
    from communique.report.agreement import agreement_tables

    result = agree(list(jsonl.read(one, Document)), list(jsonl.read(other, Document)))
    if as_json:
        print(jsonl.encode(result))
        return
    for table in agreement_tables(result):
        console().print(table)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (evaluate, bench, leaderboard, agreement):
        app.command()(command)
