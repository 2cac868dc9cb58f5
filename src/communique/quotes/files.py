"""Files of quoted annotations: read, align, write."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from communique import admission, jsonl
from communique.files import content
from communique.paths import below
from communique.problems import CommuniqueError, Level, Problem
from communique.quotes.align import align, repaired
from communique.quotes.find import AlignmentError
from communique.quotes.records import QuotedDocument
from communique.records import Prediction
from communique.texts import normal

Placed = tuple[str, int, QuotedDocument]


def read_quoted(path: Path) -> list[Placed]:
    """Return quoted annotations with the file and line each stands in.

    Parameters
    ----------
    path : Path
        JSON lines, one JSON file, or a folder of JSON files.

    Raises
    ------
    CommuniqueError
        There is nothing to read.
    DataError
        A file is not of the form ``prediction-quotes``.
    """
    if path.is_dir():
        placed = [item for file in sorted(path.rglob("*.json")) for item in _one(file)]
    elif path.suffix == ".json":
        placed = list(_one(path))
    else:
        placed = [(str(path), number, item) for number, item in enumerate(jsonl.read(path, QuotedDocument), 1)]
    if not placed:
        raise CommuniqueError(f"{path}: no quoted annotations here; give a .jsonl, a .json or a folder of .json files")
    return placed


def _one(path: Path) -> Iterator[Placed]:
    yield str(path), 1, jsonl.decode(msgspec.json.Decoder(QuotedDocument), content(path), str(path), 1)


def text_of(texts: Path, doc_id: str) -> str:
    """Return the stored text of ``texts/ID.txt``.

    Raises
    ------
    CommuniqueError
        The id leads out of the folder, or there is no such text.
    """
    path = below(texts, doc_id, ".txt")
    return normal(content(path), str(path))


def align_all(
    placed: Sequence[Placed], texts: Path | Mapping[str, str], *, drop: bool = False
) -> tuple[list[Prediction], list[Problem]]:
    """Align quoted annotations with their texts.

    Parameters
    ----------
    placed : sequence of (str, int, QuotedDocument)
        As from `read_quoted`.
    texts : Path or mapping of str to str
        Folder with the text of each id, or a JSON lines file of documents; or the texts by id.
    drop : bool, optional
        Leave out what is not in the text instead of refusing the annotation, and count how quotes were found.

    Returns
    -------
    list of Prediction
        One per annotation whose quotes were all found; with `drop` one per annotation.
    list of Problem
        The quotes that were not, and references that lead nowhere.
    """
    aligned, problems = [], []
    known = _texts(texts)
    for file, line, quoted in placed:
        try:
            aligned.append(_aligned(known(quoted.id), quoted, drop))
        except AlignmentError as error:
            told = (f"{quoted.id}: {message}" for message in str(error).split("\n"))
            problems += [Problem(file, line, "quote-not-found", Level.SPANS, message) for message in told]
    return aligned, problems


def _texts(texts: Path | Mapping[str, str]) -> Callable[[str], str]:
    if not isinstance(texts, Path):
        return texts.__getitem__
    if texts.is_dir():
        return lambda doc_id: text_of(texts, doc_id)
    known = {document.id: document.text for document in admission.documents(texts)}

    def text(doc_id: str) -> str:
        if doc_id not in known:
            raise CommuniqueError(f"{texts}: there is no document {doc_id!r}; give the documents that were asked about")
        return known[doc_id]

    return text


def _aligned(text: str, quoted: QuotedDocument, drop: bool) -> Prediction:
    if not drop:
        return align(text, quoted)
    kept, counts = repaired(text, quoted)
    return replace(align(text, kept), quotes=counts)
