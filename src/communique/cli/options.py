"""What several commands share: reading arguments, printing, progress."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from communique import jsonl
from communique.problems import Problem, describe

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")
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


def tell(problems: Iterable[Problem], as_json: bool) -> int:
    """Print problems and return the exit code."""
    told = list(problems)
    if as_json:
        print(jsonl.encode(told))
    else:
        for problem in told:
            print(describe(problem))
    return 1 if told else 0
