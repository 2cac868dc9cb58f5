"""Documents that several people annotated: from files of documents, or of predictions and the texts they are of."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from communique import admission, jsonl, releases
from communique.formats.common import as_claim, document
from communique.problems import CommuniqueError, DataError
from communique.quotes.files import text_reader
from communique.records import Document, Prediction

_LAYERS = ("entities", "speakers", "cues", "attributions")


def documents(path: Path, texts: str | None = None) -> list[Document]:
    """Read annotated texts.

    Parameters
    ----------
    path : Path
        A ``.jsonl`` of documents, or of predictions as ``communique align`` writes them.
    texts : str, optional
        Where the texts of predictions are: ``RELEASE:split``, a ``.jsonl`` of documents, or a folder with ``ID.txt``.

    Raises
    ------
    DataError
        A line is no such record, is faulty, or an id stands twice; names file and line.
    CommuniqueError
        A file cannot be read, or predictions come without their texts.
    """
    if not holds_predictions(path):
        return admission.documents(path)
    if texts is None:
        told = "holds predictions, which are without their texts; name these with --texts"
        raise CommuniqueError(f"{path}: {told}, as for communique align")
    annotated, admitted = with_texts(texts), admission.Admission()
    for line, layer in jsonl.numbered(path, Prediction):
        admitted.admit(annotated(layer), str(path), line)
    if admitted.problems:
        raise DataError(admitted.problems)
    return admitted.documents


def holds_predictions(path: Path) -> bool:
    """Say whether a path is a file of predictions, by its first line; a pipe is not looked into."""
    if not path.is_file():
        return False
    line = next((line for _, line in jsonl.lines(path) if line.strip()), b"")
    try:
        msgspec.json.decode(line, type=Prediction)
    except (ValueError, RecursionError):
        return False
    return True


def with_texts(texts: str) -> Callable[[Prediction], Document]:
    """Return a function from a prediction to a document, with what is known of its text.

    Parameters
    ----------
    texts : str
        Folder with ``ID.txt``, a ``.jsonl`` of documents, or ``RELEASE:split``. The function raises CommuniqueError
        where the text is not there.
    """
    if Path(texts).is_dir():
        text_of = text_reader(Path(texts))
        return lambda layer: document(layer, text_of(layer.id))
    known = {one.id: one for one in releases.part(texts)[0]}

    def annotated(layer: Prediction) -> Document:
        if layer.id not in known:
            raise CommuniqueError(f"{texts}: there is no document {layer.id!r}; name the texts that were annotated")
        layers = {name: getattr(layer, name) for name in _LAYERS}
        return replace(known[layer.id], **layers, claims=tuple(map(as_claim, layer.claims)))

    return annotated
