"""Score files of predictions, whatever made them, as rows of the leaderboard."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from communique import baselines, jsonl, releases
from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.report.bench import BOARD
from communique.report.scoring import HUMAN, merged, scored
from communique.score.evaluate import Evaluation

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def parsed(option: str) -> tuple[str, Path]:
    """Return name and file of ``NAME=FILE``.

    Raises
    ------
    CommuniqueError
        It is not of that form, the name cannot be a folder's, or it is taken.
    """
    name, _, file = option.partition("=")
    if not _NAME.fullmatch(name) or not file:
        raise CommuniqueError(f"{option!r} is not NAME=FILE; the name has letters, digits, dots, dashes or underscores")
    if name.casefold() in {taken.casefold() for taken in (*baselines.known(), HUMAN, BOARD)}:
        raise CommuniqueError(f"{name!r} is taken on the board; give the system that made {file} another name")
    return name, Path(file)


def submitted(name: str, files: Sequence[Path], release: str = "newest") -> list[Evaluation]:
    """Score the predictions of one system, on the held-out splits of a release, as its files cover them.

    Parameters
    ----------
    name : str
        The system.
    files : sequence of Path
        Where all claims of a file are gold's, its types are scored as ``rhetoric`` or, if its entities are its own or
        it has no types, these as ``holders``; any other file is scored as found from text alone. A system may bring
        one of each.
    release : str, optional
        Version, or the folder of a release or of a hydrated collection.

    Raises
    ------
    CommuniqueError
        No document of a file is held out, or two files answer the same task.
    DataError
        Predictions are faulty.
    """
    found: dict[str, list[Evaluation]] = {}
    for file in files:
        for result in _scored(name, file, release):
            found.setdefault(result.gold, []).append(result)
    for gold, results in found.items():
        tasks = [score.task for result in results for score in {score.task: score for score in result.scores}.values()]
        if len(tasks) > len(set(tasks)):
            raise CommuniqueError(f"{name}: two files answer the same task on {gold}; give one file for each task")
    return [merged(*results) for _, results in sorted(found.items())]


def _scored(name: str, file: Path, release: str) -> Iterator[Evaluation]:
    predictions = list(jsonl.read(file, Prediction))
    parts = [releases.part(f"{release}:{split}") for split in releases.held_out(release)]
    places = {document.id: number for number, (documents, _, _) in enumerate(parts) for document in documents}
    stray = sorted({prediction.id for prediction in predictions} - set(places))
    if stray or not predictions:
        names = " and ".join(split for _, _, split in parts)
        told = f"{stray[0]!r} is not there" if stray else "it is empty"
        raise CommuniqueError(f"{file}: predicts no part of {release}'s {names}: {told}; predict that")
    for number, (documents, version, split) in enumerate(parts):
        given = [prediction for prediction in predictions if places[prediction.id] == number]
        if given:
            yield scored(documents, given, _given(documents, given), name, version, split, str(file))


def _given(documents: Sequence[Document], predictions: Sequence[Prediction]) -> str | None:
    """Return the task of which gold was given, where all claims predicted are gold's; None where they are found."""
    gold = {document.id: _claims(document) for document in documents}
    if not all(_claims(prediction) == gold[prediction.id] for prediction in predictions):
        return None
    typed = any(claim.rhetoric for prediction in predictions for claim in prediction.claims)
    known = {document.id: document.entities for document in documents}
    named = [prediction for prediction in predictions if prediction.entities]
    own = any(prediction.entities != known[prediction.id] for prediction in named)
    return "holders" if own or (named and not typed) else "rhetoric"


def _claims(layer: Document | Prediction) -> list[tuple[tuple[int, int], ...]]:
    return sorted(tuple((span.start, span.end) for span in claim.spans) for claim in layer.claims)
