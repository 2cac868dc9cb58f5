"""Score by names, paths or records: ``communique.evaluate``."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from communique import files, handed, jsonl, releases
from communique.labels import Rhetoric
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, PredictedClaim, Prediction
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, as_prediction
from communique.score.evaluate import evaluate as scored
from communique.texts import decoded

Gold = str | Path | Document | Iterable[Document]
Predicted = str | Path | Prediction | Document | Mapping[str, str] | Iterable[Prediction | Document]
_UNITS = {"id", "attributions", "claims"}
"""A mapping with these is a prediction, not types by id."""
SEPARATOR = "#"
"""Between a document's id and a claim's."""


class Label(msgspec.Struct, frozen=True):
    """A line of a file of labels; other fields are passed over."""

    id: str
    label: Rhetoric


class Line(msgspec.Struct, frozen=True):
    """A line of which it is to be told whether it is a label."""

    label: Any = msgspec.UNSET


def evaluate(gold: Gold, predictions: Predicted, config: ScoreConfig | None = None, **names: Any) -> Evaluation:
    """Score predictions against gold.

    Parameters
    ----------
    gold : str, path-like, Document, or iterable of Document
        ``RELEASE:split`` (``newest:dev``), a file of documents, or documents; dicts like them will do.
    predictions : str, path-like, Prediction, Document, mapping, or iterable of them
        A file or records of predictions, dicts like them will do; or types of gold claims alone: a mapping of
        ``document#claim`` to type, or a file of them, ``.csv`` with the columns ``id`` and ``label`` or ``.jsonl`` with
        these fields.
    config : ScoreConfig, optional
        Tasks and threshold; of types alone ``rhetoric`` is scored.
    **names
        ``system``, ``source``, ``version``, ``split`` and ``breakdown`` of `communique.score.evaluate.evaluate`; where
        gold is a name, release and split are taken from it.

    Returns
    -------
    Evaluation
        Every score with support, interval and signature.

    Raises
    ------
    CommuniqueError, DataError
        As `communique.score.evaluate.evaluate`; or a file cannot be read, or a label is of no gold claim.
    """
    documents, place = _gold(gold)
    source = str(predictions) if isinstance(predictions, str | Path) else "predictions"
    place |= {"source": source, **({"system": Path(source).name} if source != "predictions" else {})}
    labels = _labels(predictions)
    given = _predictions(predictions) if labels is None else typed(documents, labels, source)
    chosen = config or ScoreConfig()
    if labels is not None and len(chosen.tasks) > 1:
        chosen = msgspec.structs.replace(chosen, tasks=("rhetoric",))
    return scored(documents, given, chosen, **{**place, **names})


def _gold(gold: Gold) -> tuple[list[Document], dict[str, Any]]:
    if isinstance(gold, str | Path):
        documents, version, split = releases.part(str(gold))
        return documents, {"version": version, "split": split, "admitted": True}
    return handed.gold(gold), {}


def _predictions(given: Predicted) -> Iterator[Prediction]:
    if isinstance(given, str | Path):
        yield from jsonl.read(given, Prediction)
        return
    yield from (as_prediction(one) if isinstance(one, Document) else one for one in handed.predictions(given))


Placed = tuple[int, str, str]
"""Line of a file, id of a claim, type."""


def _labels(given: Predicted) -> list[Placed] | None:
    """Return labels with their lines, None where predictions are given."""
    if isinstance(given, Mapping) and not _UNITS & given.keys():
        return [(0, name, label) for name, label in given.items()]
    if not isinstance(given, str | Path):
        return None
    path = Path(given)
    return _table(path) if path.suffix == ".csv" else _lines(path)


def _table(path: Path) -> list[Placed]:
    rows = csv.DictReader(decoded(files.content(path), str(path)).splitlines())
    if missing := {"id", "label"} - set(rows.fieldnames or ()):
        raise CommuniqueError(f"{path}: has no column {sorted(missing)[0]!r}; name the columns id and label")
    return [(rows.line_num, row["id"], row["label"]) for row in rows]


def _lines(path: Path) -> list[Placed] | None:
    numbered = ((number, line) for number, line in jsonl.lines(path) if line.strip())
    first = next(numbered, None)
    if first is None or not _labelled(first[1]):
        return None
    decoder = msgspec.json.Decoder(Label)
    rows = [(number, jsonl.decode(decoder, line, str(path), number)) for number, line in (first, *numbered)]
    return [(number, row.id, str(row.label)) for number, row in rows]


def _labelled(line: bytes) -> bool:
    try:
        return msgspec.json.decode(line, type=Line).label is not msgspec.UNSET
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def typed(gold: Sequence[Document], labels: Iterable[Placed], source: str = "predictions") -> list[Prediction]:
    """Return gold's claims with other types, and without all else that is labelled of them.

    Raises
    ------
    DataError
        A label is no type, is of no gold claim, or a claim has two; all are named.
    """
    claims = {f"{document.id}{SEPARATOR}{claim.id}" for document in gold for claim in document.claims}
    types: dict[str, Rhetoric] = {}
    problems = []
    for line, name, label in labels:
        if fault := _fault(name, label, claims, types):
            problems.append(Problem(source, line, *fault))
        else:
            types[name] = Rhetoric(label)
    if problems:
        raise DataError(problems)
    return [one for document in gold if (one := _typed(document, types)).claims]


def _fault(name: str, label: str, claims: set[str], types: Mapping[str, Rhetoric]) -> tuple[str, Level, str] | None:
    if name not in claims:
        told = f"{name!r} is no gold claim; ids are document{SEPARATOR}claim, as in the claims table"
        return "claim-unknown", Level.DOCUMENT, told
    if label not in list(Rhetoric):
        return "label-unknown", Level.SCHEMA, f"{name}: unknown type {label!r}; one of {', '.join(Rhetoric)}"
    return ("claim-repeated", Level.DOCUMENT, f"{name!r} has a type already; keep one") if name in types else None


def _typed(document: Document, types: Mapping[str, Rhetoric]) -> Prediction:
    claims = tuple(
        PredictedClaim(id=claim.id, attribution=claim.attribution, spans=claim.spans, rhetoric=types[name])
        for claim in document.claims
        if (name := f"{document.id}{SEPARATOR}{claim.id}") in types
    )
    kept = {claim.id for claim in claims}
    items = (msgspec.structs.replace(a, parent=a.parent if a.parent in kept else None) for a in document.attributions)
    return msgspec.structs.replace(as_prediction(document), claims=claims, attributions=tuple(items))
