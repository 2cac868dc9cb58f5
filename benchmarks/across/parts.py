"""Documents that are scored, and figures and differences of several systems on them as rows of tables."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from against.rows import Row, told
from communique import escapes, releases
from communique.layers import digest
from communique.records import Document, Prediction
from communique.report.compare import difference_grid
from communique.report.tables import NOTHING, headline, percent, signatures
from communique.report.tables import interval as percents
from communique.score.compare import Difference, compare
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, Score

Figures = Mapping[str, tuple[str, str, str, str]]
"""Task, unit, measure and group by the name in the table."""
Answers = Mapping[str, list[Prediction]]
"""By system."""
APART = ("texts", "figure", "first", "second", "difference", "95 %", "z", "p corrected")


class Part(NamedTuple):
    """Documents that are scored, with version and split for the signatures."""

    documents: Sequence[Document]
    version: str
    split: str

    @property
    def texts(self) -> int:
        return len({document.text for document in self.documents})

    @property
    def name(self) -> str:
        return f"{self.version.partition('@')[0]}:{self.split} ({self.texts})"


class Composed(NamedTuple):
    """Train and test of a release."""

    train: list[Document]
    test: Part


def composed(release: str) -> Composed:
    return Composed(releases.part(f"{release}:train")[0], Part(*releases.part(f"{release}:test")))


def by_digest(documents: Sequence[Document], salt: str = "") -> list[Document]:
    return sorted(documents, key=lambda document: digest(salt + document.text))


def line(part: Part, result: Evaluation, figures: Figures) -> Row:
    return [part.name, result.system, *(cell(headline(result, *figure)) for figure in figures.values())]


def cell(score: Score | None) -> str:
    return f"{percent(score.value)} ({percents(score.low, score.high)})" if score else NOTHING


def told_apart(part: Part, answers: Answers, tasks: tuple[str, ...]) -> list[Row]:
    """Return how the second and third system differ from the first, and how the fourth differs from the third.

    In order: by rules, learnt from composed, from real text, from both.
    """
    rules, alone, real, both = answers.items()
    found = [*compared(part, [rules, alone, real], tasks), *compared(part, [real, both], tasks)]
    rows = difference_grid([one for one in found if one.difference is not None]).rows
    return [[part.name, *row[1:4], *row[6:9], row[-1]] for row in rows]


def compared(part: Part, systems: list[tuple[str, list[Prediction]]], tasks: tuple[str, ...]) -> tuple[Difference, ...]:
    config = ScoreConfig(tasks=tasks)
    return compare(part.documents, systems, config, version=part.version, split=part.split).differences


def noted(results: Sequence[Evaluation], figures: Figures, apart: Sequence[Row] = ()) -> None:
    """Print differences in points, and the signatures of the figures."""
    if apart:
        told("… and whether they differ", APART, apart, 4)
    signs = signatures(headline(result, *figure) for result in results for figure in figures.values())
    print(f"\n{escapes.fenced(signs)}", flush=True)
