"""Progress of training: a bar with the time left on a terminal, nothing in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass(frozen=True)
class Bar:
    """A bar that is shown."""

    shown: "Progress"
    task: "TaskID"

    def begin(self, told: str) -> None:
        """Say what is being done."""
        self.shown.update(self.task, description=told)

    def advance(self, done: float) -> None:
        """Count what has been done."""
        self.shown.advance(self.task, done)


@contextmanager
def progress(total: float) -> Iterator[Bar]:
    """Show a bar on standard error while the block runs, with the time passed and the time left.

    Parameters
    ----------
    total : float
        What there is to be done, in any unit.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("passed,"))
    left = (TimeRemainingColumn(), TextColumn("left"))
    console = Console(stderr=True)
    with Progress(*columns, *left, console=console, transient=True, disable=not sys.stderr.isatty()) as shown:
        yield Bar(shown, shown.add_task("", total=total))
