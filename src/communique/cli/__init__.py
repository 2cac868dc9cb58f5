"""The command line: parsing and exit codes only (0 good, 1 problems found, 2 misuse)."""

import gc
import sys
from collections.abc import Callable
from functools import cache
from typing import Annotated

import typer

from communique.cli.ending import Debugging, exit_code

app = typer.Typer(
    name="communique",
    help="Who claimed what, and how: a labelled dataset and benchmark of diplomatic and political news.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from communique import __version__

        print(f"communique {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback where something goes wrong.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version of the package.")
    ] = False,
) -> None:
    Debugging.wanted = debug


@cache
def _register() -> None:
    """Add the commands by what they are for, each group in the order in which one goes, once."""
    from communique.cli import (
        answers_scored,
        archive,
        corpus,
        exchange,
        health,
        labelling,
        models,
        released,
        scores,
        site,
        submission,
        without_texts,
    )

    groups: dict[str, tuple[Callable[..., None], ...]] = {
        "Corpus": (corpus.start, corpus.build, corpus.validate, corpus.stats, corpus.show),
        "Annotate": (labelling.ask, labelling.answers, corpus.align, exchange.import_, scores.agreement),
        "Label": (models.train, models.predict, archive.label),
        "Score": (scores.evaluate, answers_scored.score, scores.compare, scores.bench, scores.leaderboard),
        "Share": (
            *(released.verify, released.diff, released.cite, submission.submission),
            *(exchange.export, without_texts.collections, without_texts.hydrate, without_texts.dehydrate, site.site),
        ),
        "This installation": (health.doctor,),
    }
    for group, commands in groups.items():
        for command in commands:
            cls = exchange.Declared if command in (exchange.import_, exchange.export) else None
            app.command(command.__name__.strip("_"), cls=cls, rich_help_panel=group)(command)


def main() -> None:
    """Run the command line; trouble ends in one clear message, never in a traceback."""
    sys.exit(exit_code(_run))


def _run() -> object:
    gc.set_threshold(100_000, 50, 50)  # records hold no cycles: to look for some among millions costs a third of a run
    _register()
    return app(standalone_mode=False, prog_name="communique")
