"""Documents that several people annotated: from documents, predictions, quotes, or the folders and files of tools."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from communique import admission, jsonl, releases
from communique.files import content
from communique.formats import able, brat, label_studio
from communique.formats.common import Imported, as_claim, document
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.quotes.files import align_all, holds_quotes, read_quoted, text_reader
from communique.records import Document, Prediction

_LAYERS = ("entities", "speakers", "cues", "attributions")
_KINDS = "a .jsonl of documents, predictions or quotes, a folder of brat, a .json of Label Studio"


def documents(path: Path, texts: str | None = None, *, versions: bool = True) -> list[Document]:
    """Read annotated texts.

    Parameters
    ----------
    path : Path
        A ``.jsonl`` of documents, of predictions as ``communique align`` writes them, or of quotes as it reads them; a
        folder of ``.json`` files of quotes; a folder that brat opens; a ``.json`` that Label Studio exports.
    texts : str, optional
        Where the texts of predictions and quotes are: ``RELEASE:split``, a ``.jsonl`` of documents, or a folder with
        ``ID.txt``.
    versions : bool, optional
        Take of a task of Label Studio all annotations, whose ids then end in ``@annotator``, or else the first.

    Raises
    ------
    DataError
        Something in it is faulty, or an id stands twice; names file and line.
    CommuniqueError
        It cannot be read, or predictions or quotes come without their texts.
    """
    if path.is_dir():
        return _folder(path, texts)
    if path.suffix == ".json":
        if not _tasks(path):
            return _quotes(path, texts)
        return _imported(label_studio.read(path, annotator="all" if versions else "first"))
    if path.is_file() and not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise CommuniqueError(f"{path} is none of these: {_KINDS}; {_import_first(path)}")
    if holds_predictions(path):
        return _predictions(path, texts)
    return _quotes(path, texts) if path.is_file() and holds_quotes(path) else admission.documents(path)


def _import_first(path: Path) -> str:
    names = ", ".join(form.name for form in able("read"))
    command = f"communique import FORMAT {path} -o {path.resolve().stem}.jsonl"
    return f"import it first, {command}, where FORMAT is one of {names}"


def _folder(path: Path, texts: str | None) -> list[Document]:
    if any(path.rglob("*.ann")):
        return _imported(brat.FORMAT.read(path))
    if any(path.rglob("*.json")):
        return _quotes(path, texts)
    raise CommuniqueError(f"{path} holds no .ann and no .json file; give {_KINDS}; {_import_first(path)}")


def _imported(found: Imported) -> list[Document]:
    if found.problems:
        raise DataError(found.problems)
    return found.documents


def _tasks(path: Path) -> bool:
    return content(path).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")


def _quotes(path: Path, texts: str | None) -> list[Document]:
    where = _named(path, texts, "quotes")
    annotated = with_texts(where)
    aligned, problems = align_all(read_quoted(path), lambda doc_id: annotated(Prediction(id=doc_id)).text)
    if problems:
        raise DataError(problems)
    return [annotated(layer) for layer in aligned]


def _predictions(path: Path, texts: str | None) -> list[Document]:
    annotated, admitted = with_texts(_named(path, texts, "predictions")), admission.Admission()
    for line, layer in jsonl.numbered(path, Prediction):
        try:
            admitted.admit(complete(annotated(layer)), str(path), line)
        except DataError as error:
            admitted.problems += error.problems
        except CommuniqueError as error:
            admitted.problems.append(Problem(str(path), line, "text-missing", Level.BYTES, str(error)))
    if admitted.problems:
        raise DataError(admitted.problems)
    return admitted.documents


def _named(path: Path, texts: str | None, what: str) -> str:
    if texts is None:
        told = f"holds {what}, which are without their texts; name these with --texts"
        raise CommuniqueError(f"{path}: {told}, as for communique align")
    return texts


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


def complete(document: Document, noticed: Counter[str] | None = None) -> Document:
    """Return a document without what a prediction may leave alone: attributions without claims, words of none.

    Parameters
    ----------
    document : Document
        Made of a prediction.
    noticed : Counter, optional
        What is left out is added to it by name.
    """
    held = {claim.attribution for claim in document.claims}
    kept = tuple(item for item in document.attributions if item.id in held)
    used = {name for item in kept for name in (item.speaker, item.cue)}
    speakers, cues = (tuple(u for u in units if u.id in used) for units in (document.speakers, document.cues))
    noticed = Counter() if noticed is None else noticed
    noticed["attributions without content, left out"] += len(document.attributions) - len(kept)
    left = len(document.speakers) + len(document.cues) - len(speakers) - len(cues)
    noticed["speakers and cues of no attribution, left out"] += left
    return replace(document, attributions=kept, speakers=speakers, cues=cues)
