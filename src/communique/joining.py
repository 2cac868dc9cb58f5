"""Labels joined with the user's own clone of the texts they are of: ``communique.load(collection=…)``."""

import os
from collections.abc import Mapping
from pathlib import Path

from communique import jsonl, layers, releases, typed
from communique.collection import ABOUT, Kind, Shelved, chosen, find
from communique.formats import named
from communique.formats.common import Imported
from communique.labels import Split
from communique.layers import Layer
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document
from communique.typed import TypesLayer

Labels = Mapping[str, Layer | TypesLayer]


def load(
    split: str | None = None,
    release: str | None = None,
    *,
    collection: str | None = None,
    texts: str | os.PathLike[str] | None = None,
) -> list[Document]:
    """Load typed documents of a release, or of a collection whose texts you have.

    Parameters
    ----------
    split : {"train", "dev", "test"}, optional
        All that there are by default, in this order.
    release : str, optional
        A version, or a folder of a release or of a hydrated collection; the newest release by default.
    collection : str, optional
        One that ``communique collections`` lists; without it a release is loaded.
    texts : path-like, optional
        Your clone of the collection's repository.

    Returns
    -------
    list of Document
        In the order of the release, or of the layer. Claims of a collection that perform no act have no type.

    Raises
    ------
    CommuniqueError
        There is no such release, collection or split, or one of ``collection`` and ``texts`` is missing.
    DataError
        Documents are faulty, or the clone is not the one that was labelled.
    """
    if collection is None and texts is None:
        return releases.load(split, release)
    if collection is None or texts is None or release is not None:
        raise CommuniqueError("a collection is loaded by collection= and texts=, your clone of it, without a release")
    found = find(collection)
    return [document for name in chosen(found, split) for document in join(found, name, Path(texts))]


def join(found: Shelved, split: Split, texts: Path, layer: Path | None = None) -> list[Document]:
    """Return the documents that a layer of a collection and a clone make.

    Parameters
    ----------
    found : Shelved
        The collection.
    split : Split
        One that it has.
    texts : Path
        A clone of its repository.
    layer : Path, optional
        Another layer of the split, such as an annotator's own; then its counts are not held against the description.

    Returns
    -------
    list of Document
        In the order of the layer.

    Raises
    ------
    CommuniqueError
        There is no such folder, or it is not what the importer reads.
    DataError
        The layer is faulty; or a text, or the places of its claims, are not those that were labelled. One sentence
        names the first such text.
    """
    if not texts.is_dir():
        raise CommuniqueError(f"{texts}: there is no such folder; {_clone(found)}")
    labels = _labels(found, layer or found.layer(split))
    if layer is None:
        _counted(found, split, labels)
    return _joined(labels, _imported(found, split, texts), texts, _clone(found))


def _imported(found: Shelved, split: Split, texts: Path) -> Imported:
    parts = found.about.splits[split].parts
    reader = named(found.about.format, "read")
    try:
        imported: Imported = reader.read(texts, **({"parts": parts} if parts else {}))
    except DataError:
        raise
    except CommuniqueError as error:
        raise CommuniqueError(f"{error}; {_clone(found)}") from error
    return imported


def _clone(found: Shelved) -> str:
    about = found.about
    at = f"check out commit {about.commit}" if about.commit else "take the texts as they are there"
    return f"clone {about.repository} from GitHub and {at}"


def _labels(found: Shelved, path: Path) -> Labels:
    if found.about.layer is Kind.TYPES:
        return typed.read(path)
    read: dict[str, Layer] = {}
    for line, one in jsonl.numbered(path, Layer):
        if read.setdefault(one.id, one) is not one:
            told = f"{one.id}: stands on an earlier line already; keep one line"
            raise DataError([Problem(str(path), line, "document-id-duplicate", Level.RELEASE, told)])
    return read


def _counted(found: Shelved, split: Split, labels: Labels) -> None:
    said = found.about.splits[split]
    there, claims = len(labels), sum(len(one.claims) for one in labels.values())
    if (there, claims) != (said.documents, said.claims):
        told = f"holds {there} texts with {claims} claims, {ABOUT} says {said.documents} with {said.claims}"
        mend = f"{told}; install communique again, or mend {ABOUT}"
        raise DataError([Problem(str(found.layer(split)), 0, "counts-differ", Level.RELEASE, mend)])


def _joined(labels: Labels, imported: Imported, texts: Path, mend: str) -> list[Document]:
    there = {document.id: document for document in imported.documents}
    made: list[Document] = []
    faults: list[tuple[str, str]] = []
    for name, one in labels.items():
        if name not in there:
            faults.append(("text-missing", f"{name}: {_lost(name, imported)}"))
            continue
        try:
            made.append(_applied(one, there[name]))
        except ValueError as error:
            faults.append(("text-differs", f"{name}: {str(error).split(';', maxsplit=1)[0]}"))
    if faults:
        check, told = faults[0]
        more = f", and {len(faults) - 1} more of {len(labels)} texts differ or are missing" if faults[1:] else ""
        raise DataError([Problem(str(texts), 0, check, Level.BYTES, f"{told}{more}; {mend}")])
    return made


def _applied(one: Layer | TypesLayer, document: Document) -> Document:
    return typed.apply(one, document) if isinstance(one, TypesLayer) else layers.hydrate(one, document.text)


def _lost(name: str, imported: Imported) -> str:
    """Return why a text was not imported."""
    about = (problem for problem in imported.problems if Path(problem.file).stem.startswith(name))
    return next((f"cannot be read: {problem.message.split(';')[0]}" for problem in about), "is not in this folder")
