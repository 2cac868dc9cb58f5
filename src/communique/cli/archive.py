"""The command that labels an archive: label."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.options import Force, Json, console, draw, say, say_json

if TYPE_CHECKING:
    from communique.archive.run import Ended, Watch

_NAMED = 5
"""Failures that are named on the terminal."""


class Shards(StrEnum):
    """Formats of shards."""

    JSONL = "jsonl"
    PARQUET = "parquet"


class Engines(StrEnum):
    """Who does the work."""

    LOCAL = "local"
    RAY = "ray"


def label(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT", help="Files (.txt, .jsonl, .jsonl.gz, .jsonl.zst, .parquet), folders, patterns."
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the labels; the same again goes on.")],
    model: Annotated[
        str, typer.Option(metavar="NAME|FOLDER", help="news, which is packaged; rules, llm, or a saved model.")
    ] = "news",
    table: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also a row a claim for people: .csv, .xlsx or .parquet.")
    ] = None,
    form: Annotated[Shards, typer.Option("--format", help="Of the labels.")] = Shards.JSONL,
    text: Annotated[str, typer.Option("--text-column", help="Where records have their text.")] = "text",
    name: Annotated[str, typer.Option("--id-column", help="Where records have their id.")] = "id",
    shard: Annotated[int, typer.Option(min=1, metavar="N", help="Texts that are written at a time.")] = 200,
    jobs: Annotated[int | None, typer.Option(min=1, metavar="N", help="Processes; with Ray, tasks at a time.")] = None,
    engine: Annotated[Engines, typer.Option(help="This machine, or Ray.")] = Engines.LOCAL,
    address: Annotated[str | None, typer.Option(help="Of a cluster of Ray; without it Ray is started here.")] = None,
    as_json: Json = False,
    force: Force = False,
) -> None:
    """Label texts by the thousand: who said what, and how; what was done before is not done again."""
    from communique.archive.reading import Columns
    from communique.archive.run import Engine
    from communique.archive.run import label as run
    from communique.problems import CommuniqueError

    if address and engine is Engines.LOCAL:
        raise CommuniqueError("--address is of a cluster of Ray; add --engine ray")
    with _watched() as watch:
        ended = run(
            sources,
            output,
            model=model,
            form=form,
            shard=shard,
            columns=Columns(text, name),
            engine=Engine(engine, jobs, address),
            to=table,
            watch=watch,
            force=force,
        )
    if as_json:
        say_json(ended)
    else:
        _tell(ended, output, table)
    if not ended.found.texts:
        raise typer.Exit(1)


@contextmanager
def _watched() -> "Iterator[Watch]":
    """Show a bar with rate and time left on a terminal, and nothing in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    terminal = console(error=True)
    done, rate = (MofNCompleteColumn(), TextColumn("texts")), TextColumn("{task.fields[rate]}")
    columns = (BarColumn(24), *done, rate, TimeRemainingColumn(), TextColumn("left"))
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bars:

        def watch(kept: int, total: int) -> Callable[[int], None]:
            bar = bars.add_task("", total=max(total - kept, 0), rate="")

            def more(texts: int) -> None:
                bars.update(bar, advance=texts)
                speed = bars.tasks[0].speed
                bars.update(bar, rate=f"{speed:,.0f}/s" if speed else "")

            return more

        yield watch


def _tell(ended: "Ended", output: Path, table: Path | None) -> None:
    """Print what was found, and on standard error what was not labelled."""
    from communique.archive.found import holder_rows, type_rows
    from communique.archive.run import FAILURES
    from communique.report.grids import Grid

    for one in ended.failures[:_NAMED]:
        place = f"{one.file}:{one.line}" if one.line else one.file
        say(f"not labelled: {place}: {f'{one.id}: ' if one.id else ''}{one.told}", error=True)
    if ended.failures:
        say(f"{len(ended.failures):,} not labelled, all named in {output / FAILURES}", error=True)
    kept = f", {ended.kept:,} of them before" if ended.kept else ""
    say(f"{output} holds the labels of {ended.found.texts:,} texts{kept}: {ended.found.claims:,} claims")
    if table:
        say(f"{table} holds a row for each")
    for header, rows in (
        (("who", "how, most often", "claims"), holder_rows(ended.found)),
        (("how", "who most often", "claims", "%"), type_rows(ended.found)),
    ):
        if rows:
            say("")
            draw(Grid(header, rows))
