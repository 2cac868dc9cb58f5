"""The command line: parsing and exit codes only (0 good, 1 problems found, 2 misuse)."""

import gc
import sys
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


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback where something goes wrong.")] = False,
) -> None:
    Debugging.wanted = debug


def _register() -> None:
    from communique.cli import (
        answers_scored,
        archive,
        corpus,
        exchange,
        labelling,
        models,
        scores,
        submission,
        without_texts,
    )

    for module in (corpus, exchange, without_texts, labelling, models, archive, scores, answers_scored, submission):
        module.register(app)


def main() -> None:
    """Run the command line; trouble ends in one clear message, never in a traceback."""
    sys.exit(exit_code(_run))


def _run() -> object:
    gc.set_threshold(100_000, 50, 50)  # records hold no cycles: to look for some among millions costs a third of a run
    _register()
    return app(standalone_mode=False)
