"""What every row of the leaderboard is made by: a system is handed what a task gives, and its answers are scored."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from communique import baselines, hydrated, releases
from communique.baselines import Baseline, Source, without_entities, without_types
from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, as_prediction, evaluate
from communique.score.tasks import TASKS

HUMAN = "annotators"
FROM_TEXT = tuple(name for name, task in TASKS.items() if task.given == "text")
"""Tasks that are scored on what is found from text alone."""
_GIVEN: dict[tuple[str, ...], Callable[[Document], Prediction] | None] = {
    ("rhetoric",): without_types,
    ("holders",): without_entities,
    FROM_TEXT: None,
}
"""What is given besides the text, by the tasks that are scored on the answers."""
_ORDER = list(TASKS)


def fitted(name: str, release: str = "newest") -> Baseline:
    """Return a baseline trained on the train of a release.

    Raises
    ------
    CommuniqueError
        It is no release: what is trained on a collection is another system, see `communique.report.real`.
    """
    if hydrated.holds(Path(release)):
        raise CommuniqueError(f"{release} is no release; score on a real collection with --with COLLECTION=CLONE")
    return baselines.create(name).fit(releases.part(f"{release}:train")[0])


def modelled(
    model: Baseline, system: str, wanted: Sequence[str], documents: Sequence[Document], version: str, split: str
) -> Evaluation | None:
    """Score a fitted model on those of its tasks that are wanted, each with what it is given; None if there are none.

    Parameters
    ----------
    model : Baseline
        Fitted.
    system : str
        Its name on the board.
    wanted : sequence of str
        Tasks.
    documents, version, split
        As of `communique.releases.part`.
    """
    results = []
    for tasks, given in _GIVEN.items():
        if done := tuple(task for task in tasks if task in model.tasks and task in wanted):
            sources = (Source(id=d.id, text=d.text, layer=given(d) if given else None) for d in documents)
            results.append(_evaluated(documents, model.predict(sources), done, system, version, split))
    return merged(*results) if results else None


def _evaluated(
    documents: Sequence[Document],
    given: Sequence[Prediction],
    tasks: tuple[str, ...],
    system: str,
    version: str,
    split: str,
    source: str = "predictions",
) -> Evaluation:
    config = ScoreConfig(tasks=tasks)
    return evaluate(
        documents, given, config, system=system, source=source, version=version, split=split, breakdown=True
    )


def scored(
    documents: Sequence[Document],
    given: Sequence[Prediction],
    task: str | None,
    system: str,
    version: str,
    split: str,
    source: str,
) -> Evaluation:
    """Score predictions on the task of which gold is given, or on all that is found from text alone."""
    return _evaluated(documents, given, (task,) if task else FROM_TEXT, system, version, split, source)


def merged(*results: Evaluation) -> Evaluation:
    """Return evaluations of one system on one part, of different tasks, as one, with the notes of all.

    Confusion is that of ``rhetoric``.
    """
    ordered = sorted(results, key=lambda result: min(_ORDER.index(score.task) for score in result.scores))
    typed = [result for result in ordered if any(score.task == "rhetoric" for score in result.scores)]
    scores = sorted(
        (score for result in ordered for score in result.scores), key=lambda score: _ORDER.index(score.task)
    )
    notes = tuple(dict.fromkeys(note for result in ordered for note in result.notes))
    confusion = (typed or ordered)[0].confusion
    return msgspec.structs.replace(ordered[0], scores=tuple(scores), confusion=confusion, notes=notes)


def against(
    first: Sequence[Document], second: Sequence[Document], tasks: tuple[str, ...], version: str, split: str
) -> Evaluation:
    """Score one annotator's version of documents against another's, as the row `HUMAN`."""
    return _evaluated(first, [as_prediction(document) for document in second], tasks, HUMAN, version, split)
