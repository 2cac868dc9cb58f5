"""Score predictions against gold documents."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np

from communique.checks import span_faults, unit_faults
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, PredictedClaim, Prediction
from communique.score import counts as counting
from communique.score.config import TASKS, ScoreConfig, signature
from communique.score.metrics import FIGURES, Array, Figure, Totals


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One number, with all it takes to cite it; undefined figures are None, never 1.

    Attributes
    ----------
    task, unit, measure, group : str
        What is measured, over which part of the documents or types.
    value : float or None
        The figure, in [0, 1]; F1 where there are precision and recall.
    low, high : float or None
        95 % interval of ``value`` by document bootstrap (percentiles).
    gold, predicted : int
        Support: units in gold and in the predictions.
    matched : float
        What was counted as right.
    signature : str
        See `communique.score.config.signature`.
    """

    task: str
    unit: str
    measure: str
    group: str
    value: float | None
    precision: float | None
    recall: float | None
    low: float | None
    high: float | None
    gold: int
    predicted: int
    matched: float
    signature: str


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """All scores of one system on one part of the data."""

    schema: str = "v1"
    gold: str
    system: str
    documents: int
    missing: tuple[str, ...]
    """Ids of gold documents without a prediction: all their units count as missed."""
    scores: tuple[Score, ...]
    confusion: dict[str, dict[str, int]]
    """Claims by gold type, then by predicted type (``none``: not predicted)."""


def as_prediction(document: Document) -> Prediction:
    """Return the annotation of a document as if a system had predicted it."""
    claims = tuple(PredictedClaim(**msgspec.structs.asdict(claim)) for claim in document.claims)
    fields = ("id", "entities", "speakers", "cues", "attributions")
    return Prediction(**{name: getattr(document, name) for name in fields}, claims=claims)


def paired(
    gold: Sequence[Document], predictions: Iterable[Prediction], source: str = "predictions"
) -> list[Prediction]:
    """Return the prediction of each gold document, an empty one where there is none.

    Raises
    ------
    DataError
        A prediction is of an unknown document, given twice, or faulty; all places are named.
    """
    known = {document.id: document.text for document in gold}
    found: dict[str, Prediction] = {}
    problems = []
    for number, prediction in enumerate(predictions, 1):
        faults = list(_faults(prediction, known, found))
        problems += [Problem(source, number, name, Level.DOCUMENT, f"{prediction.id}: {told}") for name, told in faults]
        found[prediction.id] = prediction
    if problems:
        raise DataError(problems)
    return [found.get(document.id, Prediction(id=document.id)) for document in gold]


def _faults(prediction: Prediction, known: dict[str, str], found: dict[str, Prediction]) -> Iterator[tuple[str, str]]:
    if prediction.id not in known:
        yield "document-unknown", "no gold document has this id; score against the split it was predicted from"
        return
    if prediction.id in found:
        yield "document-id-duplicate", "is predicted twice; keep one line per document"
    yield from span_faults(prediction, known[prediction.id])
    yield from (
        fault for fault in unit_faults(prediction) if fault[0] not in ("unit-unused", "attribution-without-claim")
    )


def evaluate(
    gold: Sequence[Document],
    predictions: Iterable[Prediction],
    config: ScoreConfig = ScoreConfig(),  # noqa: B008 - frozen
    *,
    system: str = "predictions",
    source: str = "predictions",
    version: str = "none",
    split: str = "all",
) -> Evaluation:
    """Score predictions against gold documents.

    Parameters
    ----------
    gold : sequence of Document
        Every document that is scored.
    predictions : iterable of Prediction
        At most one per gold document; a missing one counts as all missed.
    config : ScoreConfig, optional
        Tasks, threshold and bootstrap.
    system, version, split : str, optional
        Name of the system, release and part of the data, for the signatures.
    source : str, optional
        Where the predictions were read, for problems.

    Returns
    -------
    Evaluation
        Every score with support, interval and signature.

    Raises
    ------
    CommuniqueError
        There are no gold documents, or the configuration names an unknown task.
    DataError
        Predictions are duplicated, out of the text, or of unknown documents.
    """
    if not gold:
        raise CommuniqueError("there are no gold documents to score against; name a split that has some")
    if unknown := set(config.tasks) - set(TASKS):
        raise CommuniqueError(f"unknown task {sorted(unknown)[0]!r}; one of {', '.join(TASKS)}")
    given = list(predictions)
    pairs = list(zip(gold, paired(gold, given, source), strict=True))
    named = {prediction.id for prediction in given}
    counts = {task: [_count(task, one, other, config) for one, other in pairs] for task in config.tasks}
    collections = "+".join(sorted({document.collection for document in gold}))
    scores: list[Score] = []
    for task in config.tasks:
        for group, members in _groups(gold):
            sign = signature(
                config,
                version=version,
                collection=group.removeprefix("collection:") if group.startswith("collection:") else collections,
                split=split,
                task=task,
            )
            scores += _scores(task, group, [counts[task][i] for i in members], config, sign)
    return Evaluation(
        gold=f"{version}:{split}",
        system=system,
        documents=len(gold),
        missing=tuple(document.id for document in gold if document.id not in named),
        scores=tuple(scores),
        confusion=_confusion(counts.get("rhetoric", [])),
    )


def _count(task: str, gold: Document, predicted: Prediction, config: ScoreConfig) -> counting.Counts:
    match task:
        case "spans":
            return counting.spans(gold, predicted)
        case "attribution":
            return counting.attribution(gold, predicted, config.iou)
        case "rhetoric":
            return counting.rhetoric(gold, predicted)
        case _:
            return counting.full(gold, predicted, config.iou)


def _groups(gold: Sequence[Document]) -> Iterator[tuple[str, list[int]]]:
    yield "all", list(range(len(gold)))
    for field in ("collection", "genre"):
        for name in sorted({str(getattr(document, field)) for document in gold}):
            yield f"{field}:{name}", [i for i, document in enumerate(gold) if getattr(document, field) == name]


def _scores(
    task: str, group: str, counts: Sequence[counting.Counts], config: ScoreConfig, sign: str
) -> Iterator[Score]:
    sampled: list[Figure | None] = []
    figures = list(FIGURES[task](Totals(counts)))
    if config.resamples:
        draws = np.random.default_rng(config.seed).multinomial(
            len(counts), np.full(len(counts), 1 / len(counts)), size=config.resamples
        )
        sampled = list(FIGURES[task](Totals(counts, draws.astype(float))))
    for figure, resampled in zip(figures, sampled or [None] * len(figures), strict=True):
        if group != "all" and figure.group != "all":
            continue
        low, high = _interval(resampled.value) if resampled else (None, None)
        yield Score(
            task=task,
            unit=figure.unit,
            measure=figure.measure,
            group=group if figure.group == "all" else figure.group,
            value=_number(figure.value),
            precision=_number(figure.precision),
            recall=_number(figure.recall),
            low=low,
            high=high,
            gold=int(figure.gold[0]),
            predicted=int(figure.predicted[0]),
            matched=round(float(figure.matched[0]), 6),
            signature=sign,
        )


def _number(values: Array | None) -> float | None:
    return None if values is None or np.isnan(values[0]) else round(float(values[0]), 6)


def _interval(values: Array) -> tuple[float | None, float | None]:
    known = values[~np.isnan(values)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return round(float(low), 6), round(float(high), 6)


def _confusion(counts: Sequence[counting.Counts]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for key, times in sorted(sum(counts, counting.Counts()).items()) if counts else []:
        if key[0] == "type":
            table.setdefault(key[1], {})[key[2]] = int(times)
    return table
