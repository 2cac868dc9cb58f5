"""Documents, predictions and evaluations as pandas has them: a row a claim, a row a score."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from communique import admission
from communique.problems import CommuniqueError
from communique.records import Document, Prediction, Words
from communique.views import claim_rows, joined, stretches

Row = dict[str, Any]


def to_pandas(records: Any) -> Any:
    """Return records as a table.

    Parameters
    ----------
    records : Document, Prediction, Evaluation, or iterable of them
        Documents and predictions give a row a claim, evaluations a row a score.

    Returns
    -------
    pandas.DataFrame
        Documents as the rows of ``claims``; labels are names, dates `datetime.date`, spans lists of ``start`` and
        ``end``: code points, half-open, in the document's text.

    Raises
    ------
    CommuniqueError
        Something else is among them.
    DataError
        A document is faulty.
    """
    import pandas

    one = isinstance(records, msgspec.Struct | str) or not isinstance(records, Iterable)
    return pandas.DataFrame([row for record in ([records] if one else records) for row in _rows(record)])


def _rows(record: Any) -> Iterator[Row]:
    if isinstance(record, Document):
        return _of_document(record)
    if isinstance(record, Prediction):
        return _of_prediction(record)
    if isinstance(record, msgspec.Struct) and hasattr(record, "scores"):
        return _of_evaluation(record)
    told = f"{record!r:.60} is no document, prediction or evaluation"
    raise CommuniqueError(f"{told}; rows are made of what communique.load, predict and evaluate return")


def plain(record: object) -> Any:
    """Return a record's plain values; dates stay dates."""
    found = msgspec.to_builtins(record, builtin_types=(datetime.date,))
    if isinstance(found, dict):
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
    return list(found) if isinstance(found, tuple) else found


def _of_document(document: Document) -> Iterator[Row]:
    admission.sound([document], "the document")
    yield from map(plain, claim_rows(document))


def _of_prediction(prediction: Prediction) -> Iterator[Row]:
    names = {entity.id: entity.name for entity in prediction.entities}
    attributions = {item.id: item for item in prediction.attributions}
    words = {unit.id: unit for unit in (*prediction.speakers, *prediction.cues)}
    for claim in prediction.claims:
        item = attributions.get(claim.attribution)
        yield {
            "id": f"{prediction.id}#{claim.id}",
            "document": prediction.id,
            "text": joined(claim.spans),
            "spans": plain(stretches(claim.spans)),
            **_spoken("speaker", words.get(item.speaker or "") if item else None),
            **_spoken("cue", words.get(item.cue or "") if item else None),
            "entities": [names.get(name, name) for name in item.entities] if item else [],
            "targets": [names.get(name, name) for name in claim.targets],
            "form": str(item.form) if item else None,
            "nested": bool(item and item.parent),
            "conditional": claim.conditional,
            "negated": claim.negated,
            "rhetoric": plain(claim.rhetoric),
            "also": plain(claim.also),
            "probabilities": plain(claim.probabilities),
        }


def _spoken(name: str, unit: Words | None) -> Row:
    spans = unit.spans if unit else ()
    return {name: joined(spans) or None, f"{name}_spans": plain(stretches(spans))}


def _of_evaluation(evaluation: Any) -> Iterator[Row]:
    for score in evaluation.scores:
        yield {"data": evaluation.gold, "system": evaluation.system, **plain(score)}
