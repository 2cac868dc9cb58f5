"""Holders of given attributions: learnt from composed texts, from people's coreference (GUM), from both."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from across.parts import Answers, Composed, Part, by_digest, cell, noted, told_apart
from against.rows import Row, told
from communique import resources
from communique.baselines import without_entities
from communique.baselines.given import held
from communique.baselines.holders.ranking import Ranker, fit
from communique.formats import gum
from communique.labels import Genre
from communique.records import Document, Prediction
from communique.report.real import joined
from communique.report.tables import headline
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, evaluate
from communique.score.tasks.holders import KINDS

FOLDS = 5
DIVISIONS = 5
GENRES = {"news": (Genre.WIRE,), "news, interviews": (Genre.WIRE, Genre.INTERVIEW), "all genres": tuple(Genre)}
FIGURES = {
    "holder": ("holders", "attribution", "holder", "all"),
    "B-cubed": ("holders", "attribution", "b-cubed", "all"),
    **{kind: ("holders", "attribution", "holder", f"speaker:{kind}") for kind in KINDS},
}


def learnt(documents: Sequence[Document]) -> Ranker:
    return fit(documents, resources.settings("crf")["holders"]["C"])


def resolved(documents: Sequence[Document], ranker: Ranker) -> list[Prediction]:
    return [held(without_entities(document), document.text, ranker.resolve) for document in documents]


def copies(documents: Sequence[Document]) -> list[list[Document]]:
    """Return the documents once for each division; copies share a storyline, and so are one text to the intervals."""
    numbers = range(DIVISIONS)
    return [[replace(d, id=f"{d.id}@{number}", storyline=d.id) for d in documents] for number in numbers]


def crossed(divisions: Sequence[Sequence[Document]], more: Sequence[Document] = ()) -> Iterator[Prediction]:
    """Yield the holders of every copy of texts: of each fifth, learnt from the other texts and `more`."""
    for division, documents in enumerate(divisions):
        ordered = by_digest(documents, f"{division} ")
        for number in range(FOLDS):
            rest = [document for at, document in enumerate(ordered) if at % FOLDS != number]
            yield from resolved(ordered[number::FOLDS], learnt([*more, *rest]))


def scored(part: Part, system: str, given: Sequence[Prediction]) -> Evaluation:
    config = ScoreConfig(tasks=("holders",))
    return evaluate(
        part.documents, given, config, system=system, version=part.version, split=part.split, breakdown=True
    )


def rows(part: Part, results: Sequence[Evaluation]) -> Iterator[Row]:
    """Yield a row for each figure, with a column a system; attributions are counted in texts, not in their copies."""
    times = len(part.documents) // part.texts
    for name, figure in FIGURES.items():
        scores = [headline(result, *figure) for result in results]
        if scores[0] and scores[0].gold:
            yield [part.name, name, str(scores[0].gold // times), *map(cell, scores)]


def on_gum(clone: Path, release: Composed, layers: Path) -> None:
    joined(f"{layers / 'gum'}={clone}")  # another version of GUM is refused
    real = [document for document in gum.read(clone).documents if document.attributions]
    rankers = {"rules": Ranker(), "composed": learnt(release.train)}
    answered: list[tuple[Part, Answers]] = []
    for name, genres in GENRES.items():
        divisions = copies([document for document in real if document.genre in genres])
        part = Part([*chain.from_iterable(divisions)], "gum", name)
        answers = {system: resolved(part.documents, ranker) for system, ranker in rankers.items()}
        folded = {"real": [*crossed(divisions)], "both": [*crossed(divisions, release.train)]}
        answered.append((part, answers | folded))
    apart = [row for part, answers in answered for row in told_apart(part, answers, ("holders",))]
    rankers |= {"real": learnt(real), "both": learnt([*release.train, *real])}
    back = {system: resolved(release.test.documents, ranker) for system, ranker in rankers.items()}
    answered.append((release.test, back))
    results = [(part, [scored(part, *one) for one in answers.items()]) for part, answers in answered]
    lines = [row for one in results for row in rows(*one)]
    told("Holders, attributions given", ("texts", "of", "attributions", *rankers), lines, 2)
    noted([result for _, some in results for result in some], FIGURES, apart)
