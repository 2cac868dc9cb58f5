"""The four tasks: how a document is counted for each, and which figures are told of the counts."""

from collections.abc import Iterator, Sequence

from communique.admission import sound
from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.score import calibration, protocols
from communique.score import counts as counting
from communique.score.config import ScoreConfig
from communique.score.counts import Counts
from communique.score.metrics import Figure, Figures, Totals, rhetoric, units
from communique.score.pairs import UNITS


def _types_and_calibration(totals: Totals) -> Iterator[Figure]:
    yield from rhetoric(totals)
    yield from calibration.figures(totals)


FIGURES: dict[str, Figures] = {
    "spans": units(dict.fromkeys(UNITS, ("exact", "overlap"))),
    "attribution": units({"triple": ("strict", "overlap"), "holder": ("entity",)}),
    "rhetoric": _types_and_calibration,
    "full": units({"claim": ("content", "content+entity", "content+entity+type")}),
    **{name: protocol.figures for name, protocol in protocols.PROTOCOLS.items()},
}
"""Per task, the figures in the order they are told; the last of ``full`` is its headline."""
HEADLINES: dict[str, dict[tuple[str, str], str]] = {
    "spans": {
        ("speaker", "exact"): "exact F1 of speakers",
        ("cue", "exact"): "exact F1 of cues",
        ("claim", "exact"): "exact F1 of claims",
        ("claim", "overlap"): "overlap F1 of claims",
    },
    "attribution": {
        ("triple", "strict"): "strict triple F1",
        ("triple", "overlap"): "overlap triple F1",
        ("holder", "entity"): "holder F1",
    },
    "rhetoric": {
        ("claim", "macro-f1"): "macro-F1 of types",
        ("claim", "accuracy"): "accuracy of types",
        ("claim", "family-macro-f1"): "macro-F1 of families",
    },
    "full": {
        ("claim", "content"): "content F1",
        ("claim", "content+entity"): "content and holder F1",
        ("claim", "content+entity+type"): "full F1",
    },
}
"""Per task, the unit and measure of the figures that the leaderboard shows, and their names in plain English."""


def counted(
    gold: Sequence[Document], predictions: Sequence[Prediction], config: ScoreConfig
) -> dict[str, list[Counts]]:
    """Return the counts of each document for each task; predictions stand in the order of gold."""
    return {task: _counted(task, gold, predictions, config.iou) for task in config.tasks}


def _counted(task: str, gold: Sequence[Document], predictions: Sequence[Prediction], threshold: float) -> list[Counts]:
    pairs = zip(gold, predictions, strict=True)
    match task:
        case "spans":
            return counting.span_counts(gold, predictions)
        case "attribution":
            return [counting.attribution(*pair, threshold) for pair in pairs]
        case "rhetoric":
            return [_types_and_probabilities(*pair) for pair in pairs]
        case "full":
            return [counting.full(*pair, threshold) for pair in pairs]
        case _:
            return [protocols.PROTOCOLS[task].counts(*pair) for pair in pairs]


def _types_and_probabilities(gold: Document, predicted: Prediction) -> Counts:
    found = counting.rhetoric(gold, predicted)
    found.update(calibration.counts(gold, predicted))
    return found


def check(gold: Sequence[Document], config: ScoreConfig) -> None:
    """Refuse what cannot be scored.

    Raises
    ------
    CommuniqueError
        There are no gold documents, or the configuration names an unknown task.
    DataError
        A gold document is faulty, or an id stands twice.
    """
    if not gold:
        raise CommuniqueError("there are no gold documents to score against; name a split that has some")
    if unknown := set(config.tasks) - set(FIGURES):
        raise CommuniqueError(f"unknown task {sorted(unknown)[0]!r}; one of {', '.join(FIGURES)}")
    sound(gold, "gold")
