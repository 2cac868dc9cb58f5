"""The command line: parsing and exit codes only (0 good, 1 problems found, 2 misuse)."""

import sys

import typer

from communique.problems import CommuniqueError, DataError

app = typer.Typer(
    name="communique",
    help="Who claimed what, and how: a labelled dataset and benchmark of diplomatic and political news.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _register() -> None:
    from communique.cli import corpus, exchange, models, scores

    for module in (corpus, exchange, models, scores):
        module.register(app)


def main() -> None:
    """Run the command line; trouble ends in one clear message, never in a traceback."""
    _register()
    try:
        app()
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except CommuniqueError as error:
        sys.stderr.write(f"communique: {error}\n")
        sys.exit(2)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
