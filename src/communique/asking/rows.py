"""The rows of a form against what was asked: every number once, and no other."""

import re
from collections.abc import Collection, Sequence

from communique.asking.sheets import Row
from communique.problems import Level

Told = tuple[str, Level, str]
"""What is wrong with an answer: id of the check, level, message."""
Placed = tuple[int, str, Level, str]
"""The same with the line of the form before it."""
_NUMBER = re.compile(r"([0-9]{1,9})(?:\.0*)?")


class Refused(Exception):  # noqa: N818
    """An answer that cannot be taken; ``told`` says all that is wrong with it."""

    def __init__(self, told: Sequence[Told]):
        self.told = tuple(told)
        super().__init__("; ".join(message for *_, message in self.told))


def by_number(key: str, rows: Sequence[Row], asked: Collection[int]) -> tuple[dict[int, Row], list[Placed]]:
    """Return the rows by number, and what is wrong with the numbers.

    Parameters
    ----------
    key : str
        The column of the numbers.
    rows : sequence of Row
        Of a form.
    asked : collection of int
        The numbers that were asked about.
    """
    found: dict[int, Row] = {}
    faults: list[Placed] = []
    for row in rows:
        given = row.cells.get(key, "")
        read = _NUMBER.fullmatch(given)
        number = int(read[1]) if read else 0
        if number not in asked:
            told = f"{key} {given!r} was not asked about; keep the numbers of the form"
            faults.append((row.line, "answer-unknown", Level.DOCUMENT, told))
        elif number in found:
            told = f"{key} {number} is answered already{_on(found[number].line)}; keep one"
            faults.append((row.line, "answer-repeated", Level.DOCUMENT, told))
        else:
            found[number] = row
    for number in sorted(set(asked) - set(found)):
        faults.append((0, "answer-missing", Level.DOCUMENT, f"{key} {number} has no row; add it with its answer"))
    return found, faults


def _on(line: int) -> str:
    return f" on line {line}" if line else ""
