"""What is exported: documents, or predictions with their texts; and what is known of them."""

from collections import Counter
from pathlib import Path

from communique import admission, hydrated, jsonl, releases
from communique.annotated import complete, holds_predictions, with_texts
from communique.files import content
from communique.formats.declared import Outgoing
from communique.labels import Split
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, Prediction
from communique.texts import decoded

Exported = tuple[list[Document], Outgoing]


def gold(name: str) -> Exported:
    """Return the documents of a file or of ``RELEASE:split``, these with their splits and the release's card.

    Raises
    ------
    DataError
        Documents are faulty.
    CommuniqueError
        There is no such file, release or split, or the file holds predictions.
    """
    if holds_predictions(Path(name)):
        raise CommuniqueError(f"{name}: holds predictions, which are without their texts; name these with --texts")
    documents, version, _ = releases.part(name)
    if Path(name).is_file():
        return documents, Outgoing(name=Path(name).name)
    card = _folder(name) / "README.md"
    return documents, Outgoing(
        name=name,
        version=version,
        splits=_splits(name),
        card=decoded(content(card), str(card)) if card.is_file() else None,
    )


def _folder(name: str) -> Path:
    release, _, _ = name.rpartition(":")
    return releases.find(None if release in ("", "newest") else release)


def _splits(name: str) -> dict[str, str]:
    folder, split = _folder(name), name.rpartition(":")[2]
    there = hydrated.splits(hydrated.manifest(folder)) if hydrated.holds(folder) else list(Split)
    chosen = [one for one in there if split in (one, "all")]
    return {item.id: str(one) for one in chosen for item in releases.load(one, str(folder))}


def predicted(path: Path, texts: str, model: str | None, noticed: Counter[str]) -> Exported:
    """Return predictions as documents, as far as documents can have them.

    Parameters
    ----------
    path : Path
        A ``.jsonl`` of predictions.
    texts : str
        Folder with ``ID.txt``, a ``.jsonl`` of documents, or ``RELEASE:split``.
    model : str, optional
        Who predicted; the file's name by default.
    noticed : Counter
        What is left out is added to it by name.

    Raises
    ------
    DataError
        Predictions or texts are faulty; all are told.
    CommuniqueError
        The file holds no predictions, or there are no such texts.
    """
    if path.is_file() and not holds_predictions(path):
        raise CommuniqueError(f"{path}: holds no predictions; documents have their texts, leave out --texts")
    known, found = with_texts(texts), admission.Admission()
    for line, layer in jsonl.numbered(path, Prediction):
        try:
            found.admit(complete(known(layer), noticed), str(path), line)
        except DataError as error:
            found.problems += error.problems
        except (CommuniqueError, ValueError) as error:
            found.problems.append(Problem(str(path), line, "text-missing", Level.BYTES, f"{layer.id}: {error}"))
    if found.problems:
        raise DataError(found.problems)
    place = Path(texts)
    splits = {} if place.is_dir() or place.is_file() else _splits(texts)
    return found.documents, Outgoing(name=path.name, splits=splits, model=model or path.name.split(".")[0])
