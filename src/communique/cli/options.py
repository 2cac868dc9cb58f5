"""What several commands share: reading arguments, printing, progress."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from communique import files, jsonl
from communique.problems import Problem, describe

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")
Force = Annotated[bool, typer.Option("--force", help="Replace files there that communique did not write.")]
JSON_LINES = rb'\{"id":'
"""How files of documents, predictions and layers begin."""
_UNCUT = 1000
"""Columns of the terminal that a pipe stands for."""


def console(*, error: bool = False) -> "Console":
    """Return the terminal; in a pipe, plain text whose lines are never cut."""
    from rich.console import Console

    terminal = (sys.stderr if error else sys.stdout).isatty()
    return Console(stderr=error, highlight=False, width=None if terminal else _UNCUT)


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield items with a progress bar on a terminal, and silently in a pipe."""
    from rich.progress import track as rich_track

    terminal = console(error=True)
    return iter(
        rich_track(items, what, total=total, console=terminal, disable=not terminal.is_terminal, transient=True)
    )


def writable(output: Path, sign: bytes, *inputs: str | Path, force: bool = False) -> None:
    """Refuse an output file that may not be written, before the work is done; ``-`` is standard output.

    Parameters
    ----------
    output : Path
        As the user named it.
    sign : bytes
        Pattern of how such a file begins.
    *inputs : str or path-like
        What is read; names that are no paths are passed over.
    force : bool, optional
        Whether a file of another kind may be replaced.

    Raises
    ------
    CommuniqueError
        It is an input, a folder, or another kind of file.
    """
    files.refuse_unwritten(output, sign, map(Path, inputs), force=force)


def wrote(output: Path, told: str) -> None:
    """Say what an output holds, aside where the output is standard output itself."""
    aside = str(output) == files.STANDARD
    print(f"{'standard output' if aside else output} {told}", file=sys.stderr if aside else sys.stdout)


def tell(problems: Iterable[Problem], as_json: bool) -> int:
    """Print problems and return the exit code."""
    told = list(problems)
    if as_json:
        print(jsonl.encode(told))
    else:
        for problem in told:
            print(describe(problem))
    return 1 if told else 0
