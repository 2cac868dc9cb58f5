"""What an explorer shows: documents, and other annotations of the same texts."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from communique import hydrated, jsonl, releases
from communique.records import Document, Prediction
from communique.score.config import ScoreConfig
from communique.score.evaluate import as_prediction
from communique.score.pairing import Pairing
from communique.score.submission import paired

ANNOTATORS = "annotators"
"""In a release: its folder of annotators' own versions, a file each."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """Documents and what belongs to them.

    Attributes
    ----------
    documents : sequence of Document
        In the order in which they are listed.
    splits : mapping of str to str
        Ids to splits, as far as they have one.
    annotators : mapping of str to mapping of str to Document
        By annotator, then by id: their versions of the documents.
    predictions : sequence of Prediction or None
        Of the documents, to be held against them; a document without one counts as one in which nothing was found.
    system : str
        Who predicted.
    source : str
        Where the predictions stand, for what is wrong with them.
    release : Path or None
        The folder of the release that they are of.
    """

    documents: Sequence[Document]
    splits: Mapping[str, str] = {}
    annotators: Mapping[str, Mapping[str, Document]] = {}
    predictions: Sequence[Prediction] | None = None
    system: str = "prediction"
    source: str = "predictions"
    release: Path | None = None


def of_release(release: str | None = None, split: str | None = None) -> Shown:
    """Return what there is of a release, or of a hydrated collection.

    Parameters
    ----------
    release : str, optional
        A version or a folder; the newest by default.
    split : str, optional
        All by default.

    Raises
    ------
    CommuniqueError
        There is no such release or split.
    DataError
        Documents are faulty.
    """
    folder = releases.find(release)
    splits = [split] if split else releases.splits(str(folder))
    parts = {str(one): releases.load(one, str(folder)) for one in splits}
    documents = [document for part in parts.values() for document in part]
    found = Shown(documents=documents, splits={one.id: name for name, part in parts.items() for one in part})
    if hydrated.holds(folder):
        return found
    return replace(found, annotators=_annotators(folder, {one.id for one in documents}), release=folder)


def _annotators(folder: Path, wanted: set[str]) -> dict[str, dict[str, Document]]:
    files = sorted((folder / ANNOTATORS).glob("*.jsonl"))
    read = {path.stem: [one for one in jsonl.read(path, Document) if one.id in wanted] for path in files}
    return {name: {one.id: one for one in some} for name, some in read.items()}


def pairings(shown: Shown) -> Iterable[tuple[Document, dict[str, Pairing], Pairing | None]]:
    """Yield each document, paired with its annotators' versions by name, and with its prediction if there are any.

    Raises
    ------
    DataError
        Predictions are faulty or of other documents.
    """
    iou = ScoreConfig().iou
    predicted: Sequence[Pairing | None] = [None] * len(shown.documents)
    if shown.predictions is not None:
        predicted = paired(shown.documents, shown.predictions, shown.source, iou)
    for document, prediction in zip(shown.documents, predicted, strict=True):
        versions = {name: by[document.id] for name, by in shown.annotators.items() if document.id in by}
        annotated = {n: Pairing(document, as_prediction(one), iou) for n, one in versions.items()}
        yield document, annotated, prediction
