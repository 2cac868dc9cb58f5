"""What pages are made of: sections of words, charts, tables and signatures."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from communique.report.grids import Grid
from communique.report.site.charts import Dot
from communique.report.site.results import kind
from communique.report.site.svg import Chart
from communique.report.tables import NOTHING, interval, percent, signatures
from communique.score.evaluate import Score


class Table(NamedTuple):
    """A table under its caption; a ``folded`` one is opened on demand."""

    caption: str
    grid: Grid
    folded: bool = False


class Section(NamedTuple):
    """A part of a page.

    Attributes
    ----------
    id : str
        For links, unique on the page.
    title : str
        Heading.
    said : sequence of str
        Paragraphs.
    charts : sequence of Chart
        Drawn beside each other as far as there is room.
    tables : sequence of Table
        The numbers of the charts.
    signs : sequence of str
        Signatures of the numbers.
    """

    id: str
    title: str
    said: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    signs: Sequence[str] = ()


class Page(NamedTuple):
    """A page of sections: where it stands, its name in the menu, its template, and what it holds."""

    place: str
    name: str
    sections: Sequence[Section]
    template: str = "sections.html"


def heading(name: str) -> str:
    """Return the name of a figure as a chart is headed by it."""
    return name[:1].upper() + name[1:]


def dot(name: str, score: Score | None) -> Dot:
    """Return a score as a dot, in percent, drawn as its system is."""
    if score is None:
        return Dot(name, None, kind=kind(name))
    value, low, high = (None if one is None else 100 * one for one in (score.value, score.low, score.high))
    return Dot(name, value, low, high, kind(name))


def cell(score: Score | None) -> str:
    """Return a score with its interval, as a table has it."""
    if score is None or score.value is None:
        return NOTHING
    return f"{percent(score.value)} ({interval(score.low, score.high)})"


def signed(scores: Iterable[Score | None]) -> list[str]:
    """Return the signatures of scores, each once."""
    return signatures(scores)


def missing(scores: Iterable[Score | None]) -> list[str]:
    """Return a sentence on why figures have no interval, none where all have one."""
    reasons = sorted({score.reason for score in scores if score and score.value is not None and score.reason})
    return [f"Where there is no interval: {'; '.join(reasons)}."] if reasons else []
