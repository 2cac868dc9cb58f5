"""Score predictions against gold documents."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial

import msgspec

from communique.records import Document, PredictedClaim, Prediction, QuoteCounts
from communique.score import groups
from communique.score.config import ScoreConfig, known, signature
from communique.score.intervals import FIGURE, Clusters, interval
from communique.score.metrics import Counts, Figures, Totals, scalar
from communique.score.pairing import Pairing
from communique.score.repeats import told_of_repeats
from communique.score.submission import grouped_by_storyline, in_order, paired
from communique.score.task import Earned, Groups, Judged, Task, counted, counts_of, grouped
from communique.score.tasks import rhetoric
from communique.showing import Tabled
from communique.stats import invention_rate, quote_totals

SENTENCES = ("sentencex",)
"""Packages that breakdowns depend on: far speakers are so many sentences away."""


BOUNDS = {"brier": (0.0, 2.0)}
"""Least and greatest value of figures that are no shares."""


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
        95 % interval of ``value``, see `communique.score.intervals`.
    reason : str or None
        Why there is no interval.
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
    reason: str | None = None
    gold: int
    predicted: int | None
    matched: float
    signature: str


class Evaluation(Tabled, msgspec.Struct, frozen=True, kw_only=True):
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
    notes: tuple[str, ...] = ()
    """What was left out, or could not be paired, and why."""

    def __repr__(self) -> str:
        tasks = ", ".join(dict.fromkeys(score.task for score in self.scores))
        return f"<Evaluation of {self.system!r} on {self.gold!r}, {self.documents} documents: {tasks}>"

    def _repr_html_(self) -> str:
        from communique.notebook import evaluation_html

        return evaluation_html(self)


def as_prediction(document: Document) -> Prediction:
    """Return the annotation of a document as if a system had predicted it."""
    claims = tuple(PredictedClaim(**msgspec.structs.asdict(claim)) for claim in document.claims)
    fields = ("id", "entities", "speakers", "cues", "attributions")
    return Prediction(**{name: getattr(document, name) for name in fields}, claims=claims)


def evaluate(
    gold: Iterable[Document],
    predictions: Iterable[Prediction],
    config: ScoreConfig = ScoreConfig(),  # noqa: B008 - frozen
    *,
    system: str = "predictions",
    source: str = "predictions",
    version: str = "none",
    split: str = "all",
    breakdown: bool = False,
    admitted: bool = False,
) -> Evaluation:
    """Score predictions against gold documents.

    Parameters
    ----------
    gold : iterable of Document
        Every document that is scored, in any order.
    predictions : iterable of Prediction
        At most one per gold document; a missing one counts as all missed.
    config : ScoreConfig, optional
        Tasks and threshold.
    system : str, optional
        Name of the system, for the signatures.
    source : str, optional
        Where the predictions were read, for problems.
    version, split : str, optional
        Release and part of the data, for the signatures.
    breakdown : bool, optional
        Whether to tell recall by properties of gold as well, see `communique.score.groups`.
    admitted : bool, optional
        Whether gold was checked when it was read, as it is by `communique.releases.part`.

    Returns
    -------
    Evaluation
        Every score with support, interval and signature. Of several tasks those are left out, with a note, that take
        gold's claims or attributions as given where the predictions bring their own.

    Raises
    ------
    CommuniqueError
        There are no gold documents, or the configuration names an unknown task.
    DataError
        Gold is faulty; predictions are duplicated, out of the text, or of unknown documents.
    """
    tasks, golds, given = known(config), in_order(gold, admitted), list(predictions)
    pairings = paired(golds, given, source, config.iou)
    tasks, notes = told_of_repeats(tasks, pairings)
    scorer = _Scorer(golds, config, version, split)
    scores: list[Score] = []
    confusion: dict[str, dict[str, int]] = {}
    for task in tasks:
        if breakdown and task.judge:
            counts, by_group = scorer.judged(task.judge, pairings)
            scores += [*scorer.parts(task, counts), *scorer.breakdown(task, by_group)]
        else:
            counts = counts_of(task, pairings)
            scores += scorer.parts(task, counts)
        confusion = confusion or rhetoric.confusion(counts)
    named = {prediction.id for prediction in given}
    quotes = quote_totals([prediction.quotes for prediction in given])
    return Evaluation(
        gold=f"{version}:{split}",
        system=system,
        documents=len(golds),
        missing=tuple(document.id for document in golds if document.id not in named),
        scores=tuple(scores),
        confusion=confusion,
        quotes=quotes,
        invention_rate=invention_rate(quotes) if quotes else None,
        notes=tuple(notes),
    )


class _Scorer:
    """What all scores of an evaluation share: documents, and how they are signed."""

    def __init__(self, gold: Sequence[Document], config: ScoreConfig, version: str, split: str):
        self._gold, self._config, self._version, self._split = gold, config, version, split
        self._collections = "+".join(sorted({document.collection for document in gold}))
        clustered = grouped_by_storyline(gold)
        self._parts = [(part, some, Clusters([clustered[i] for i in some])) for part, some in _parts(gold)]

    @cached_property
    def _groups(self) -> list[Callable[[Earned], tuple[Groups, ...]]]:
        return [groups.grouper(document) for document in self._gold]

    def judged(self, judge: Callable[[Pairing], Judged], pairings: Sequence[Pairing]) -> tuple[list[Counts], ...]:
        """Return the counts of each document, and those by group."""
        found: tuple[list[Counts], list[Counts]] = [], []
        for pairing, group in zip(pairings, self._groups, strict=True):
            one = judge(pairing)
            found[0].append(counted(one))
            found[1].append(grouped(one, group))
        return found

    def parts(self, task: Task, counts: Sequence[Counts]) -> Iterator[Score]:
        """Yield the scores of all documents, and of each collection and genre."""
        for part, members, clusters in self._parts:
            collection = part.removeprefix("collection:") if part.startswith("collection:") else self._collections
            some = [counts[i] for i in members]
            yield from _scores(task, task.figures, part, some, clusters, self._sign(task, collection))

    def breakdown(self, task: Task, counts: Sequence[Counts]) -> Iterator[Score]:
        """Yield recall by group."""
        part, _, clusters = self._parts[0]
        return _scores(task, groups.figures, part, counts, clusters, self._sign(task, self._collections, SENTENCES))

    def _sign(self, task: Task, collection: str, words: tuple[str, ...] = ()) -> str:
        sign = partial(signature, self._config, version=self._version, split=self._split, collection=collection)
        return sign(task=task.name, words=words)


def _scores(
    task: Task, told: Figures, part: str, counts: Sequence[Counts], clusters: Clusters, sign: str
) -> Iterator[Score]:
    for figure in told(Totals(counts, clusters.sums)):
        if part != "all" and figure.group != "all":
            continue
        spread = interval(figure.value, figure.gold, clusters, BOUNDS.get(figure.measure, FIGURE))
        yield Score(
            task=task.name,
            unit=figure.unit,
            measure=figure.measure,
            group=part if figure.group == "all" else figure.group,
            value=scalar(figure.value),
            precision=scalar(figure.precision),
            recall=scalar(figure.recall),
            low=spread.low,
            high=spread.high,
            reason=spread.reason,
            gold=int(figure.gold[0]),
            predicted=None if figure.predicted is None else int(figure.predicted[0]),
            matched=round(float(figure.matched[0]), 6),
            signature=sign,
        )


def _parts(gold: Sequence[Document]) -> Iterator[tuple[str, list[int]]]:
    yield "all", list(range(len(gold)))
    for field in ("collection", "genre"):
        for name in sorted({str(getattr(document, field)) for document in gold}):
            yield f"{field}:{name}", [i for i, document in enumerate(gold) if getattr(document, field) == name]
