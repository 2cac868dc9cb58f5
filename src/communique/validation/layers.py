"""Levels *spans* and *document*: every annotated text on its own."""

from collections.abc import Iterator, Sequence

from communique import typed
from communique.admission import faults
from communique.checks import name_faults, predicted_faults
from communique.duplicates import Met
from communique.problems import Level, Problem
from communique.quotes.records import QuotedDocument
from communique.records import Document, Prediction
from communique.typed import TypesLayer
from communique.validation.files import Layered


def layer_problems(file: str, records: Sequence[tuple[int, Layered]]) -> list[Problem]:
    """Return what is wrong within the documents, predictions or types layers of a file.

    Parameters
    ----------
    file : str
        Its name, for the problems.
    records : sequence of (int, record)
        With their line numbers. Quoted predictions have nothing to check before they are aligned, nor
        standoff layers before they are joined with their texts.

    Returns
    -------
    list of Problem
        Of level *spans*, or of level *document* where the spans are right.
    """
    types = [(number, record) for number, record in records if isinstance(record, TypesLayer)]
    return [
        Problem(file, number, name, level, f"{record.id}: {told}")
        for number, record in records
        for level, name, told in _faults(record)
    ] + list(typed.problems(file, types))


def twice(file: str, records: Sequence[tuple[int, Layered]]) -> Iterator[Problem]:
    """Yield the predictions of a file, in offsets or in quotes, whose document it has predicted before."""
    met = Met()
    for number, record in records:
        if isinstance(record, Prediction | QuotedDocument):
            for name, told in met.ids((file, number), record):
                yield Problem(file, number, name, Level.RELEASE, told)


def _faults(record: Layered) -> Iterator[tuple[Level, str, str]]:
    if isinstance(record, Document):
        yield from faults(record)
    elif isinstance(record, Prediction):
        for check in (name_faults, predicted_faults):
            yield from ((Level.DOCUMENT, *fault) for fault in check(record))
