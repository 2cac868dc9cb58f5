"""Which prediction is of which gold document, and which predictions cannot be scored."""

from collections.abc import Iterable, Iterator, Sequence

from communique.admission import sound
from communique.checks import predicted_faults, span_faults
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, Prediction
from communique.score.pairing import Pairing

_ROUNDING = 0.01


def submitted(
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
    yield from _overconfident(prediction)
    yield from span_faults(prediction, known[prediction.id])
    yield from predicted_faults(prediction)


def _overconfident(prediction: Prediction) -> Iterator[tuple[str, str]]:
    for claim in prediction.claims:
        total = sum((claim.probabilities or {}).values())
        if total > 1 + _ROUNDING:
            told = f"{claim.id}: the probabilities of its types add up to {total:.3f}; they must not exceed 1"
            yield "probabilities-exceed-one", told


def in_order(gold: Iterable[Document], admitted: bool = False) -> list[Document]:
    """Return gold documents sorted by id, so that no figure depends on their order.

    Parameters
    ----------
    gold : iterable of Document
        Any.
    admitted : bool, optional
        Whether they were checked when they were read.

    Raises
    ------
    CommuniqueError
        There are none.
    DataError
        One is faulty, or an id stands twice.
    """
    found = list(gold)
    if not found:
        raise CommuniqueError("there are no gold documents to score against; name a split that has some")
    if not admitted:
        sound(found, "gold")
    return sorted(found, key=lambda document: document.id)


def grouped_by_storyline(gold: Iterable[Document]) -> list[tuple[str, str]]:
    """Return of each document what it shares with those of its storyline, or its own id where it has none."""
    return [("storyline", d.storyline) if d.storyline else ("document", d.id) for d in gold]


def paired(gold: Sequence[Document], predictions: Iterable[Prediction], source: str, iou: float) -> list[Pairing]:
    """Return gold documents with their predictions; a collection names entities if any document of it does.

    Raises
    ------
    DataError
        As `communique.score.submission.submitted`.
    """
    named = {document.collection for document in gold if document.entities}
    known = submitted(gold, predictions, source)
    return [Pairing(one, other, iou, one.collection in named) for one, other in zip(gold, known, strict=True)]
