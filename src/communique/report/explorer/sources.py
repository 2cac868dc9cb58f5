"""What a name on the command line shows: a release or a part of it, one document, a file, an archive's labels."""

from pathlib import Path

from msgspec.structs import replace

from communique import annotated, hydrated, jsonl, labelled, releases
from communique.labels import Split
from communique.problems import CommuniqueError
from communique.records import Prediction
from communique.report.explorer.shown import Shown, of_release


def named(name: str, release: str | None = None, texts: str | None = None, predictions: Path | None = None) -> Shown:
    """Return what is to be shown.

    Parameters
    ----------
    name : str
        A release, ``RELEASE:split``, the id of a document, the output of `communique label`, or what
        `communique.annotated.documents` reads.
    release : str, optional
        Where a document is looked for by its id; the newest by default.
    texts : str, optional
        Where the texts of predictions and quotes are.
    predictions : Path, optional
        To be held against the documents.

    Raises
    ------
    CommuniqueError
        There is nothing of this name, or texts are missing.
    DataError
        Something in it is faulty.
    """
    shown = _shown(name, release, texts)
    if predictions is None:
        return shown
    given = jsonl.read(predictions, Prediction)
    wanted = [one for one in given if one.id == name] if _is_one(shown, name) else list(given)
    return replace(shown, predictions=wanted, system=predictions.name.split(".")[0], source=str(predictions))


def _is_one(shown: Shown, name: str) -> bool:
    return [document.id for document in shown.documents] == [name]


def _shown(name: str, release: str | None, texts: str | None) -> Shown:
    if labelled.holds_labels(Path(name)):
        return Shown(documents=labelled.documents(Path(name)))
    if Path(name).exists() and not _is_release(Path(name)):
        return Shown(documents=annotated.documents(Path(name), texts, versions=False))
    version, separator, split = name.rpartition(":")
    if separator and split in [*Split, "all"]:
        return of_release(_version(version), None if split == "all" else split)
    if name in ("newest", *releases.listed()) or Path(name).is_dir():
        return of_release(_version(name))
    return _document(name, release)


def _is_release(path: Path) -> bool:
    return (path / releases.MANIFEST).is_file() or hydrated.holds(path)


def _version(name: str) -> str | None:
    return None if name in ("", "newest") else name


def _document(name: str, release: str | None) -> Shown:
    shown = of_release(release)
    found = [document for document in shown.documents if document.id == name]
    if not found:
        known = ", ".join(document.id for document in shown.documents[:3])
        raise CommuniqueError(f"there is no document, file or release {name!r}; ids look like {known}")
    return replace(shown, documents=found)
