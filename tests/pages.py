"""Blocks of the Markdown pages: found, run, and held against what stands there.

``python tests/pages.py README.md docs/tutorial.md`` runs pages and writes what the commands print into
them, and the newest rows of the board.
A block that is not run has a comment above it that says why: ``<!-- not run: needs a clone of PolNeAR -->``.
"""

import contextlib
import io
import os
import re
import runpy
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from communique import releases

ROOT = Path(__file__).resolve().parent.parent
RUN = ("console", "python", "sh")
"""Kinds of blocks that are run; others are data."""
LEFT_OUT = "…"
BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<mark>[^\n]+?) -->\n\n?)?^(?P<fence>`{3,4})(?P<kind>\w*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_NAMED = re.compile(r"# (\S+\.py)\n")
_COMMAND = re.compile(r"^\$ ", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its kind, its words with the last line feed, and why it is not run, if it is not."""

    kind: str
    text: str
    mark: str | None
    line: int


class Told(NamedTuple):
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page, in their order."""
    words = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(words):
        yield Block(found["kind"], found["text"], found["mark"], words.count("\n", 0, found.start("fence")) + 1)


def commands(block: Block) -> list[str]:
    """Return the commands of a block, without what they print."""
    if block.kind == "console":
        return [part.split("\n", 1)[0] for part in _COMMAND.split(block.text)[1:]]
    lines = block.text.replace("\\\n", " ").splitlines()
    return [line for line in lines if shlex.split(line, comments=True)]


def run(line: str) -> Told:
    """Run ``communique …`` or ``python FILE …`` in this process, in the folder that is current."""
    name, *arguments = shlex.split(line, comments=True)
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    argv, sys.argv = sys.argv, [name, *arguments] if name == "communique" else arguments
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = _ended(_callable(name, arguments))
    finally:
        sys.argv = argv
    return Told(code, *(stream.buffer.getvalue().decode("utf-8") for stream in (out, err)))


def _callable(name: str, arguments: list[str]) -> Callable[[], object]:
    if name == "python":
        return lambda: runpy.run_path(arguments[0], run_name="__main__")
    if name != "communique":
        raise ValueError(f"{name} is neither communique nor python: write the block so, or mark it as not run")
    from communique.cli import main

    return main


def _ended(call: Callable[[], object]) -> int:
    try:
        call()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    return 0


def holds(shown: list[str], told: str) -> bool:
    """Say whether lines are what was told, where an ellipsis alone on a line stands for any lines."""
    wanted = "".join(re.escape(f"{row}\n") if row != LEFT_OUT else r"(?:.*\n)*?" for row in shown)
    return bool(re.fullmatch(wanted, "".join(f"{row.rstrip()}\n" for row in told.splitlines())))


def check(page: Path, folder: Path, needed: str | None = None, **given: object) -> None:
    """Run the blocks of a page in a folder; the first command that prints something else, or fails, is an error.

    Blocks with the mark ``needed`` are run as well; ``given`` are names that Python finds there.
    """
    names = dict(given)
    with contextlib.chdir(folder):
        for block in blocks(page):
            if block.kind in RUN and block.mark in (None, needed):
                _check(block, names, f"{page.name}:{block.line}")


def _check(block: Block, names: dict[str, object], place: str) -> None:
    if block.kind == "python":
        return _python(block.text, names, place)
    if block.kind == "console":
        for part in _COMMAND.split(block.text)[1:]:
            line, *shown = part.splitlines()
            told = run(line)
            assert holds(shown, told.out) or holds(shown, told.out + told.err), f"{place}: {line}: {told}"
            assert told.code == 0 or shown, f"{place}: {line}: {told}"
        return None
    for line in commands(block):
        told = run(line)
        assert told.code == 0, f"{place}: {line}: {told}"
    return None


def _python(code: str, names: dict[str, object], place: str) -> None:
    if named := _NAMED.match(code):
        Path(named[1]).write_text(code, encoding="utf-8")
    else:
        exec(compile(code, place, "exec"), names)


def renewed(page: Path, folder: Path) -> str:
    """Run a page as `check` does, and return it with what its commands print now.

    Blocks with ellipses are kept, and what they print is told.
    """
    names: dict[str, object] = {}

    def block(found: re.Match[str]) -> str:
        if found["mark"] or found["kind"] not in RUN:
            return found[0]
        if found["kind"] == "python":
            _python(found["text"], names, page.name)
            return found[0]
        told = [(line, run(line)) for line in commands(Block(found["kind"], found["text"], None, 0))]
        if found["kind"] != "console":
            return found[0]
        if f"\n{LEFT_OUT}\n" in found["text"]:
            print(f"{page.name}: has lines left out, mend by hand:", *(_shown(*one) for one in told), sep="\n")
            return found[0]
        fence = found["fence"]
        return f"{fence}console\n{''.join(_shown(line, one) for line, one in told)}{fence}"

    with contextlib.chdir(folder):
        return BLOCK.sub(block, page.read_text(encoding="utf-8"))


def _shown(line: str, told: Told) -> str:
    printed = told.out or (told.err if told.code else "")
    return "".join(f"{row.rstrip()}\n" for row in (f"$ {line}", *printed.splitlines()))


BOARD = re.compile(r"^(?P<head>\| data \| system \|.+\n\|[ :|-]+\n)(?P<rows>(?:\|.+\n)*)", re.MULTILINE)


def board_rows(head: str) -> str:
    """Return what the board has in the table of a head on test of the newest release."""
    newest = releases.listed(ROOT / "corpus")[-1]
    board = (ROOT / "baselines/README.md").read_text(encoding="utf-8")
    rows = board[board.index(head) + len(head) :].split("\n\n", 1)[0].splitlines(keepends=True)
    return "".join(row for row in rows if row.startswith(f"| {newest}:test | "))


def main(pages: list[str]) -> None:
    """Write pages anew, each run in an empty folder."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for page in pages:
        with tempfile.TemporaryDirectory() as folder:
            new = renewed(Path(page).resolve(), Path(folder))
        new = BOARD.sub(lambda found: found["head"] + board_rows(found["head"]), new)
        Path(page).write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
