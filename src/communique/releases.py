"""Releases, and hydrated collections in their place: list, find, read."""

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from communique import admission, hydrated, jsonl, resources
from communique.about import OWN, About, Name
from communique.files import content
from communique.labels import Split
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import VERSION, Document, Record, Sha256, Version

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

MANIFEST = "MANIFEST.json"


class FileEntry(Record, frozen=True, kw_only=True):
    """A file of a release."""

    path: str
    bytes: int
    sha256: Sha256


class Manifest(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What a release contains; ``schema/v1/manifest.schema.json``. Release 0.1.0 does not say what it is ``about``."""

    name: Name
    version: Version
    schema: Literal["v1"]
    builder: str
    files: tuple[FileEntry, ...]
    inputs_sha256: Sha256
    counts: dict[str, dict[str, dict[str, int]]]
    about: About | None = None


def listed(corpus: Path | None = None) -> list[str]:
    """Return the versions of a corpus folder, oldest first."""
    root = corpus or resources.folder("corpus")
    names = [path.name for path in root.iterdir() if re.search(VERSION, path.name) and path.is_dir()]
    return sorted(names, key=lambda name: tuple(map(int, name.split("."))))


def find(release: str | None = None) -> Path:
    """Return the folder of a release.

    Parameters
    ----------
    release : str, optional
        A version, or the folder of a release or of a hydrated collection; the newest packaged release by default.

    Raises
    ------
    CommuniqueError
        There is no such release.
    """
    if not isinstance(release, str | Path | None):
        raise CommuniqueError(f"release is {release!r:.60}; give a version such as '0.1.0', or the path of a folder")
    if release and ((Path(release) / MANIFEST).is_file() or hydrated.holds(Path(release))):
        return Path(release)
    corpus = resources.folder("corpus")
    versions = listed(corpus)
    name = release or (versions[-1] if versions else "")
    if name not in versions:
        raise CommuniqueError(
            f"there is no release {name!r}; releases here: {', '.join(versions) or 'none, run communique build'}"
        )
    return corpus / name


def manifest(folder: Path) -> Manifest:
    """Return the manifest of a release's folder.

    Raises
    ------
    DataError
        It is missing, not a manifest, or that of another version than the folder is named for.
    """
    path = folder / MANIFEST
    if not path.is_file():
        told = "there is no manifest; name a release's folder, or rebuild it with communique build"
        raise DataError([problem(path, "manifest-missing", told)])
    read = jsonl.decode(msgspec.json.Decoder(Manifest), content(path), str(path), 1)
    name = folder.resolve().name
    if re.search(VERSION, name) and name != read.version:
        told = f"is of version {read.version}, the folder is {name}; a release keeps its version, rename the folder"
        raise DataError([problem(path, "version-differs", told)])
    if read.name != (read.about.name if read.about else OWN):
        told = f"is of {read.name!r}, but says that it is about {read.about.name if read.about else OWN!r}"
        raise DataError([problem(path, "name-differs", f"{told}; fetch the release again")])
    return read


def label(told: Manifest) -> str:
    """Return what signatures, results and boards call a release: of another corpus ``NAME@VERSION``."""
    return told.version if told.name == OWN else f"{told.name}@{told.version}"


def dated(corpus: Path, version: str) -> str | None:
    """Return the day, ``YYYY-MM-DD``, that ``CHANGELOG.md`` of a corpus folder gives a release."""
    changelog = corpus / "CHANGELOG.md"
    page = content(changelog).decode("utf-8", "replace") if changelog.is_file() else ""
    found = re.search(rf"^## {re.escape(version)} \((\d{{4}}-\d\d-\d\d)\)$", page, re.MULTILINE)
    return found[1] if found else None


def problem(path: Path, name: str, told: str) -> Problem:
    """Return what is wrong with a file of a release."""
    return Problem(str(path), 0, name, Level.RELEASE, told)


def load(split: str | None = None, release: str | None = None) -> list[Document]:
    """Load typed documents of a release.

    Parameters
    ----------
    split : {"train", "dev", "test"}, optional
        All that there are by default, in this order.
    release : str, optional
        A version or a folder; the newest by default.

    Returns
    -------
    list of Document
        In the order of the release.

    Raises
    ------
    CommuniqueError
        There is no such release or split.
    DataError
        Documents are faulty or share an id, or there are not as many as the manifest says.
    """
    return _loaded(split, find(release))[0]


def _loaded(split: str | None, root: Path) -> tuple[list[Document], str]:
    """Return documents with the version for signatures."""
    if hydrated.holds(root):
        return hydrated.load(root, split)
    if split is not None and split not in list(Split):
        named = re.search(VERSION, str(split)) or ":" in str(split)
        hint = "; split and release are two arguments: load('dev', '0.1.0')" if named else ""
        raise CommuniqueError(f"there is no split {split!r}; one of {', '.join(Split)}{hint}")
    splits = [split] if split else list(Split)
    documents = admission.documents(*(root / f"{name}.jsonl" for name in splits))
    told = manifest(root)
    said: Counter[str] = Counter()
    for name in splits:
        said.update({collection: of["documents"] for collection, of in told.counts.get(name, {}).items()})
    if (found := Counter(document.collection for document in documents)) != said:
        differ = f"holds documents {dict(sorted(found.items()))}, the manifest says {dict(sorted(said.items()))}"
        raise DataError([problem(root, "counts-differ", f"{differ}; fetch the release again")])
    return documents, label(told)


def held_out(release: str | None = None) -> list[Split]:
    """Return the splits of a release, or of a hydrated folder, that systems are scored on."""
    return [split for split in splits(release) if split is not Split.TRAIN]


def splits(release: str | None = None) -> list[Split]:
    """Return the splits of a release, or of a hydrated folder, in the order train, dev, test."""
    root = find(None if release in ("", "newest") else release)
    return hydrated.splits(hydrated.manifest(root)) if hydrated.holds(root) else list(Split)


def part(name: str) -> tuple[list[Document], str, str]:
    """Return the documents that ``RELEASE:split`` or a file names, with version and split for the signatures.

    ``newest`` stands for the newest release, ``all`` for all its splits. The version of a hydrated collection is
    its name and the first digits of the sha256 of the layer.

    Raises
    ------
    CommuniqueError
        There is no such file, release or split.
    DataError
        Documents are faulty, or share an id; names file and line.
    """
    if Path(name).is_file():
        return admission.documents(name), "none", Path(name).name.split(".")[0]
    release, separator, split = name.rpartition(":")
    if not separator or split not in [*Split, "all"]:
        told = f"{name!r} is neither a file nor RELEASE:split"
        raise CommuniqueError(f"{told}; for example a .jsonl file, or newest:test; splits: {', '.join(Split)}, all")
    folder = find(None if release in ("", "newest") else release)
    return *_loaded(None if split == "all" else split, folder), split


def load_dataset(
    config: str = "documents", split: str | None = None, release: str | None = None, **options: Any
) -> "Dataset | DatasetDict":
    """Load a release with `datasets.load_dataset`, without network.

    Parameters
    ----------
    config : {"documents", "claims", "tokens", "annotators"}
        Nested documents, one row a claim, one row a paragraph with BIO tags, or (from release 0.3.0 on) documents as
        each annotator has them.
    split : str, optional
        One of train, dev, test, of ``annotators`` the name of one; all by default.
    release : str, optional
        A version, or the folder of a release or of a hydrated collection; the newest release by default.
    **options
        Handed on to `datasets.load_dataset`, ``streaming=True`` for one.

    Returns
    -------
    datasets.Dataset or datasets.DatasetDict
        As `datasets.load_dataset` returns it.

    Raises
    ------
    CommuniqueError
        There is no such release, configuration or split.
    """
    import datasets

    folder = find(release)
    try:
        return datasets.load_dataset(str(folder), config, split=split, **options)
    except ValueError as error:
        raise CommuniqueError(f"{folder}: {' '.join(str(error).split())}") from error
