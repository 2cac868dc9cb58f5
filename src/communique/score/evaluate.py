"""Score predictions against gold documents."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

import msgspec

from communique.quotes import invention_rate, total
from communique.records import Document, PredictedClaim, Prediction, QuoteCounts
from communique.score import groups
from communique.score.config import TASKS, ScoreConfig, signature
from communique.score.counts import Counts
from communique.score.metrics import Figure, Figures, Totals, scalar
from communique.score.pairing import paired
from communique.score.resampling import interval, resampled
from communique.score.tasks import FIGURES, check, counted


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One number, with all it takes to cite it; undefined figures are None, never 1.

    Attributes
    ----------
    task, unit, measure, group : str
        What is measured, over which part of the documents or types.
    value : float or None
        The figure, in [0, 1] (``brier``: in [0, 2]); F1 where there are precision and recall, recall where there is
        recall alone.
    low, high : float or None
        95 % interval of ``value`` by document bootstrap (percentiles).
    gold, predicted : int
        Support: units in gold and in the predictions; ``predicted`` is None where the group is one of gold alone.
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
    predicted: int | None
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
    quotes: QuoteCounts | None = None
    """How the quotes of all answers were found, where the system answers in quotes."""
    invention_rate: float | None = None
    """Share of quotes that are nowhere in the text."""


def as_prediction(document: Document) -> Prediction:
    """Return the annotation of a document as if a system had predicted it."""
    claims = tuple(PredictedClaim(**msgspec.structs.asdict(claim)) for claim in document.claims)
    fields = ("id", "entities", "speakers", "cues", "attributions")
    return Prediction(**{name: getattr(document, name) for name in fields}, claims=claims)


def evaluate(
    gold: Sequence[Document],
    predictions: Iterable[Prediction],
    config: ScoreConfig = ScoreConfig(),  # noqa: B008 - frozen
    *,
    system: str = "predictions",
    source: str = "predictions",
    version: str = "none",
    split: str = "all",
    breakdown: bool = False,
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
    breakdown : bool, optional
        Whether to tell recall by properties of gold as well, see `communique.score.groups`.

    Returns
    -------
    Evaluation
        Every score with support, interval and signature.

    Raises
    ------
    CommuniqueError
        There are no gold documents, or the configuration names an unknown task.
    DataError
        Gold is faulty; predictions are duplicated, out of the text, or of unknown documents.
    """
    check(gold, config)
    given = list(predictions)
    known = paired(gold, given, source)
    counts = counted(gold, known, config)
    collections = "+".join(sorted({document.collection for document in gold}))
    scores: list[Score] = []
    for task in config.tasks:
        for group, members in _parts(gold):
            collection = group.removeprefix("collection:") if group.startswith("collection:") else collections
            sign = signature(config, version=version, collection=collection, split=split, task=task)
            scores += _scores(task, group, [counts[task][i] for i in members], config, sign)
        if breakdown and task in TASKS:
            sign = signature(config, version=version, collection=collections, split=split, task=task)
            found = [groups.counts(task, *pair, config.iou) for pair in zip(gold, known, strict=True)]
            scores += _scores(task, "all", found, config, sign, groups.figures)
    named = {prediction.id for prediction in given}
    return Evaluation(
        gold=f"{version}:{split}",
        system=system,
        documents=len(gold),
        missing=tuple(document.id for document in gold if document.id not in named),
        scores=tuple(scores),
        confusion=_confusion(counts.get("rhetoric", [])),
        quotes=(quotes := total([prediction.quotes for prediction in given])),
        invention_rate=invention_rate(quotes) if quotes else None,
    )


def _parts(gold: Sequence[Document]) -> Iterator[tuple[str, list[int]]]:
    yield "all", list(range(len(gold)))
    for field in ("collection", "genre"):
        for name in sorted({str(getattr(document, field)) for document in gold}):
            yield f"{field}:{name}", [i for i, document in enumerate(gold) if getattr(document, field) == name]


def _scores(
    task: str, part: str, counts: Sequence[Counts], config: ScoreConfig, sign: str, figures: Figures | None = None
) -> Iterator[Score]:
    told, totals = figures or FIGURES[task], Totals(counts)
    sampled: Iterable[Figure | None] = repeat(None)
    if config.resamples:
        sampled = told(totals.weighted(resampled(len(counts), config.resamples, config.seed)))
    for figure, chance in zip(told(totals), sampled, strict=False):
        if part != "all" and figure.group != "all":
            continue
        low, high = interval(chance.value) if chance else (None, None)
        yield Score(
            task=task,
            unit=figure.unit,
            measure=figure.measure,
            group=part if figure.group == "all" else figure.group,
            value=scalar(figure.value),
            precision=scalar(figure.precision),
            recall=scalar(figure.recall),
            low=low,
            high=high,
            gold=int(figure.gold[0]),
            predicted=None if figure.predicted is None else int(figure.predicted[0]),
            matched=round(float(figure.matched[0]), 6),
            signature=sign,
        )


def _confusion(counts: Sequence[Counts]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for key, times in sorted(sum(counts, Counts()).items()) if counts else []:
        if key[0] == "type":
            table.setdefault(key[1], {})[key[2]] = int(times)
    return table
