"""What several commands share: reading arguments, printing, progress."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
import typer

from communique import jsonl, writing
from communique.problems import COMMANDS, Problem, describe, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from communique.quotes.files import TextOf
    from communique.report.grids import Grid

T = TypeVar("T")
Force = Annotated[bool, typer.Option("--force", help="Replace files there that communique did not write.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, as docs/command-line.md describes it.")]
JSON_LINES = writing.JSON_LINES
"""How files of documents, predictions and layers begin."""
_UNCUT = 1000
"""Columns of the terminal that a pipe stands for."""
_ESCAPED = {code: "\ufffd" if 0xD800 <= code < 0xE000 else f"\\u{code:04x}" for code in COMMANDS if code >= 32}
"""What JSON leaves as it is and a terminal would obey or cannot show; below 32 JSON escapes itself."""


def console(*, error: bool = False) -> "Console":
    """Return the terminal; in a pipe, plain text whose lines are never cut."""
    from rich.console import Console

    terminal = (sys.stderr if error else sys.stdout).isatty()
    return Console(stderr=error, highlight=False, markup=False, emoji=False, width=None if terminal else _UNCUT)


def say(text: str, *, error: bool = False) -> None:
    """Print a line, on standard error if it is no result; nothing in it commands a terminal or breaks the line."""
    print(one_line(text), file=sys.stderr if error else sys.stdout)


def draw(grid: "Grid", title: str = "") -> None:
    """Print a table: on a terminal as wide as that is, in a pipe with every row on a line of its own."""
    from communique.report.grids import drawn

    terminal = console()
    for line in drawn(grid, terminal.width if terminal.is_terminal else None, title):
        terminal.print(line, soft_wrap=True)


def say_json(record: object) -> None:
    """Print a record as JSON without a raw control character; half a letter, as in names not of UTF-8, is U+FFFD."""
    try:
        told = jsonl.encode(record)
    except UnicodeEncodeError:
        told = json.dumps(msgspec.to_builtins(record), ensure_ascii=False, separators=(",", ":"))
    print(told.translate(_ESCAPED))


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield items with a progress bar on a terminal, and silently in a pipe."""
    from rich.progress import track as rich_track

    terminal = console(error=True)
    return iter(
        rich_track(items, what, total=total, console=terminal, disable=not terminal.is_terminal, transient=True)
    )


def wrote(output: Path, told: str) -> None:
    """Say what an output holds, aside where the output is standard output itself."""
    aside = str(output) == writing.STANDARD
    say(f"{'standard output' if aside else output} {told}", error=aside)


def texts_named(name: str) -> "TextOf":
    """Return a function from ids to texts of a folder of texts, a file of documents, or ``RELEASE:split``."""
    from communique import releases
    from communique.quotes.files import text_reader

    if Path(name).is_dir():
        return text_reader(Path(name))
    return text_reader({document.id: document.text for document in releases.part(name)[0]})


def count(noticed: Mapping[str, int]) -> None:
    """Print what was noticed on the way, with its number, on standard error."""
    for told, times in sorted(noticed.items()):
        say(f"{times:>8}  {told}", error=True)


def tell(problems: Iterable[Problem], as_json: bool, *, error: bool = False) -> int:
    """Print problems, on standard error if they stop nothing, and return the exit code."""
    told = list(problems)
    if as_json:
        say_json(told)
    else:
        for problem in told:
            say(describe(problem), error=error)
    return 1 if told else 0
