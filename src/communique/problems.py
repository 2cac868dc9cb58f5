"""How trouble is told: data problems are collected and returned, misuse is raised once."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Level(StrEnum):
    """The levels of validation; a level that fails stops the next. The last is asked for."""

    BYTES = "bytes"
    SCHEMA = "schema"
    SPANS = "spans"
    DOCUMENT = "document"
    RELEASE = "release"
    GUIDELINES = "guidelines"


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with a user's data.

    Attributes
    ----------
    file : str
        Path as the user gave it.
    line : int
        Line of the file, counted from 1; 0 where the problem is the file's as a whole.
    id : str
        Stable kebab-case id of the check.
    level : Level
        Level of the check.
    message : str
        What is wrong, quoting the value, and how to mend it.
    """

    file: str
    line: int
    id: str
    level: Level
    message: str


class CommuniqueError(Exception):
    """Misuse: an argument, path or state that stops the command; the message says the mend."""


class DataError(CommuniqueError):
    """Data that cannot be used; ``problems`` names every place.

    Parameters
    ----------
    problems : iterable of Problem
        At least one.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(describe(problem) for problem in self.problems))


def describe(problem: Problem) -> str:
    """Return the one-line form of a problem: ``file:line: message [level/id]``; nothing in it commands a terminal."""
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return one_line(f"{place}: {problem.message} [{problem.level}/{problem.id}]")


COMMANDS = {code: 0x2400 + code for code in range(32) if code != ord("\n")} | dict.fromkeys(
    (
        *range(127, 160),
        0x61C,
        *range(0x200E, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
    ),
    0xFFFD,
)
"""Controls, marks of direction, line separators and halves of characters, one for one, as what a terminal shows."""


def plain(words: str) -> str:
    """Return words as a terminal may show them: what would command it is visible instead, letter for letter."""
    return words.translate(COMMANDS)


def one_line(words: str) -> str:
    """Return words as `plain` does, line breaks visible as well: a name cannot speak in a line of its own."""
    return plain(words).replace("\n", "␊")


def tidy(name: str) -> str:
    """Return a name from a foreign source on one line, with single spaces and without anything that commands."""
    return plain(" ".join(name.split()))
