"""Words from outside as Markdown, LaTeX and spreadsheets show them, whatever they would command there."""

import re
from collections.abc import Iterable
from typing import TypeVar

from communique.problems import one_line, plain

T = TypeVar("T")
_MARKDOWN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", **{mark: f"\\{mark}" for mark in "\\`*[]~$"}})
_EMPHASIS = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""Underscores that do not stand inside a word."""
_ADDRESS = re.compile(r"://|www\.|(?<![^\W_])@|@[^\s@]*\.|mailto:|xmpp:", re.IGNORECASE)
"""What GitHub makes a link of, escaped or not; ``a@b`` without a dot is no address."""
_OPENING = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[#+=-]))")
"""What makes a line a heading, a list or a rule if it begins with it."""
_LATEX = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "&%$#_{}"},
        **{mark: f"{{{mark}}}" for mark in "[*"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "–": "--",
        "±": r"$\pm$",
        "<": r"$<$",
        ">": r"$>$",
    }
)
"""Among others what ``\\\\`` at the end of a row would take for its argument."""
_FORMULA = "=+-@＝＋－＠"


def markdown(words: str) -> str:
    """Return words as a line of Markdown shows them: no heading, list, link, image, HTML, formula or emphasis."""
    return _OPENING.sub(r"\1\\", _inline(words), count=1)


def markdown_cell(words: str) -> str:
    """Return words as a cell of a Markdown table shows them."""
    return _inline(words.replace("|", "¦") if _ADDRESS.search(words) else words).replace("|", r"\|")


def _inline(words: str) -> str:
    shown = one_line(words).strip()
    if _ADDRESS.search(shown):
        ticks = _ticks(shown, 1)
        return f"{ticks} {shown} {ticks}"
    return _EMPHASIS.sub(r"\\_", shown.translate(_MARKDOWN))


def fenced(lines: Iterable[str]) -> str:
    """Return lines as a block of code in Markdown, which none of them can end."""
    shown = "\n".join(map(one_line, lines))
    ticks = _ticks(shown, 3)
    return f"{ticks}\n{shown}\n{ticks}"


def _ticks(words: str, least: int) -> str:
    return "`" * max(least, *(len(run) + 1 for run in re.findall("`+", words)), 0)


def latex(words: str) -> str:
    """Return words as LaTeX prints them."""
    return one_line(words).translate(_LATEX)


def spreadsheet(value: T) -> T | str:
    """Return the value of a cell; words that a spreadsheet would take for a formula are preceded by an apostrophe.

    Parameters
    ----------
    value : object
        Words, or what is no text and stays as it is, such as a number.
    """
    if not isinstance(value, str):
        return value
    shown = plain(value)
    return f"'{shown}" if _first(value) in _FORMULA else shown


def _first(words: str) -> str:
    """Return the first character that shows, a blank where none does."""
    return next((letter for letter in words if letter.isprintable() and not letter.isspace()), " ")
