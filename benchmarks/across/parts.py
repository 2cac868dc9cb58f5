"""Documents that are scored, and figures and differences of several systems on them as rows of tables."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from against.rows import Row, told
from communique import escapes, releases
from communique.labels import Stratum
from communique.layers import digest
from communique.records import Document, Prediction
from communique.report.compare import difference_grid
from communique.report.tables import NOTHING, headline, percent, signatures
from communique.report.tables import interval as percents
from communique.score.compare import Difference, compare
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, Score, evaluate

Figures = Mapping[str, tuple[str, str, str, str]]
"""Task, unit, measure and group by the name in the table."""
Answers = Mapping[str, list[Prediction]]
"""By system."""
STRATA = {"natural, enriched": (Stratum.NATURAL, Stratum.ENRICHED), "literary": (Stratum.LITERARY,)}
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


def by_stratum(documents: Sequence[Document]) -> dict[str, list[Document]]:
    """Return the composed documents by how they were asked for; nothing where a release does not say."""
    found = {name: [document for document in documents if document.stratum in some] for name, some in STRATA.items()}
    return {name: some for name, some in found.items() if some}


def added(release: Composed, real: Sequence[Document]) -> dict[str, list[Document]]:
    """Return real documents, these with all of train, and with each stratum of it alone."""
    strata = {f"real + {name}": [*some, *real] for name, some in by_stratum(release.train).items()}
    return {"real": [*real], "both": [*release.train, *real], **strata}


def by_digest(documents: Sequence[Document], salt: str = "") -> list[Document]:
    return sorted(documents, key=lambda document: digest(salt + document.text))


def scored(part: Part, answers: Answers, tasks: tuple[str, ...]) -> list[Evaluation]:
    """Score what each system answered."""
    config, how = ScoreConfig(tasks=tasks), {"version": part.version, "split": part.split}
    return [evaluate(part.documents, given, config, system=name, **how) for name, given in answers.items()]


def line(part: Part, result: Evaluation, figures: Figures) -> Row:
    return [part.name, result.system, *(cell(headline(result, *figure)) for figure in figures.values())]


def cell(score: Score | None) -> str:
    return f"{percent(score.value)} ({percents(score.low, score.high)})" if score else NOTHING


def told_apart(part: Part, answers: Answers, tasks: tuple[str, ...]) -> list[Row]:
    """Return how the second and third system differ from the first, and how later ones differ from the third.

    In order: by rules, learnt from composed, from real text, from real text and more.
    """
    rules, alone, real, *more = answers.items()
    return differing(part, [[rules, alone, real], [real, *more]], tasks)


def differing(part: Part, groups: Sequence[list[tuple[str, list[Prediction]]]], tasks: tuple[str, ...]) -> list[Row]:
    """Return how the systems of each group differ from its first."""
    found = [difference for group in groups for difference in compared(part, group, tasks)]
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
