"""Begin a corpus of one's own: a seeds folder of texts, with all that is to be annotated and filled in."""

import glob
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from communique import jsonl
from communique.build.ingest import GOLD
from communique.build.plan import PAGE, PLAN, UNWRITTEN, WANTED
from communique.catalog import CATALOG, CatalogEntry
from communique.files import content
from communique.folders import replacing_folder
from communique.formats import label_studio
from communique.formats.brat.folder import write_configuration, write_layers
from communique.formats.common import Known, document
from communique.labels import Genre, Origin
from communique.paths import spread
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Prediction
from communique.texts import decoded, normal
from communique.writing import replacing

ANNOTATIONS, TASKS = "annotations", "label-studio"
Texts = dict[str, str]
"""By id, in stored form."""


def start(sources: Sequence[str], target: Path, *, collection: str | None = None, genre: Genre = Genre.OTHER) -> Texts:
    """Write a seeds folder of plain texts: nothing is annotated in it yet, and nothing assumed about whose they are.

    Parameters
    ----------
    sources : sequence of str
        ``.txt`` files, folders of them, or patterns such as ``news/2024-*.txt``.
    target : Path
        The seeds folder; nothing may stand there.
    collection : str, optional
        What the texts are together: the folder they stand in, and the beginning of their ids. By default the name of
        the folder they come from.
    genre : Genre, optional
        Of all; the catalog may be edited.

    Returns
    -------
    dict of str to str
        What was written, in stored form, by id.

    Raises
    ------
    CommuniqueError
        There are no texts, one cannot be named, or something stands at the target.
    DataError
        Texts that are empty or not UTF-8; all are named.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise CommuniqueError(f"{target} is there, and start writes over nothing; name a new folder")
    files = _files(sources)
    name = collection or _home(sources[0])
    if name.split("/")[0] in (ANNOTATIONS, TASKS):
        raise CommuniqueError(
            f"the texts cannot be called {name!r}, as a folder of seeds is; name them by --collection"
        )
    paths = [(f"{name}/{doc_id}", path) for doc_id, path in files]
    spread(target, (doc_id for doc_id, _ in paths), (".txt",))
    texts = _read(paths)
    with replacing_folder(target) as stage:
        _write(stage, texts, name, genre)
    return texts


def _files(sources: Iterable[str]) -> list[tuple[str, Path]]:
    """Return files with their names below what was given, sorted by these."""
    found = [file for source in sources for file in _matched(source)]
    if strange := [path for _, path in found if path.suffix != ".txt"]:
        raise CommuniqueError(f"{strange[0]} is no .txt file; save the texts as plain text in UTF-8")
    return sorted(found)


def _matched(source: str) -> list[tuple[str, Path]]:
    path = Path(source)
    if path.is_dir():
        files = [(file.relative_to(path), file) for file in path.rglob("*.txt") if file.is_file()]
    else:
        matched = [path] if path.is_file() else sorted(map(Path, glob.glob(source, recursive=True)))  # noqa: PTH207 - absolute, too
        files = [(Path(file.name), file) for file in matched if file.is_file()]
    if not files:
        raise CommuniqueError(f"{source}: no .txt file here; name a folder, files, or a pattern")
    return [(short.with_suffix("").as_posix(), file) for short, file in files]


def _home(source: str) -> str:
    path = Path(source)
    return (path if path.is_dir() else path.parent).resolve().name or "texts"


def _read(paths: Iterable[tuple[str, Path]]) -> Texts:
    texts: Texts = {}
    problems: list[Problem] = []
    for doc_id, path in paths:
        try:
            texts[doc_id] = normal(content(path), str(path))
            if not texts[doc_id].strip():
                told = "there is no text in it; write it, or leave the file out"
                problems.append(Problem(str(path), 0, "text-missing", Level.BYTES, told))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return texts


def altered(sources: Sequence[str]) -> int:
    """Return how many files differ from their stored form, as the copies in the seeds folder have it."""
    read = [(content(path), str(path)) for _, path in _files(sources)]
    return sum(decoded(*one) != normal(*one) for one in read)


def _write(stage: Path, texts: Texts, collection: str, genre: Genre) -> None:
    for doc_id, text in texts.items():
        _put(stage / f"{doc_id}.txt", text)
    entries = (_entry(doc_id, text, collection, genre) for doc_id, text in texts.items())
    jsonl.write(stage / CATALOG, entries)
    _put(stage / PLAN, json.dumps(_unfilled(), indent=2) + "\n")
    _put(stage / PAGE, UNWRITTEN)
    write_layers([Prediction(id=doc_id) for doc_id in texts], texts.__getitem__, stage / ANNOTATIONS / GOLD)
    write_configuration(stage / ANNOTATIONS)
    known = Known(collection=collection, genre=genre)
    empty = [document(Prediction(id=doc_id), text, known) for doc_id, text in texts.items()]
    label_studio.write_unlabelled(empty, stage / TASKS / "tasks.json")


def _put(path: Path, words: str) -> None:
    with replacing(path) as file:
        file.write(words.encode("utf-8"))


def _entry(doc_id: str, text: str, collection: str, genre: Genre) -> CatalogEntry:
    return CatalogEntry(
        id=doc_id,
        collection=collection,
        genre=genre,
        storyline=None,
        title=None,
        date=None,
        language=None,
        origin=Origin.COLLECTED,
        publisher=None,
        license=None,
        url=None,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )


def _unfilled() -> Mapping[str, Any]:
    """Return a plan all of whose fields are empty."""
    plan: dict[str, Any] = {}
    for name in WANTED:
        part, _, field = name.rpartition(".")
        (plan.setdefault(part, {}) if part else plan)[field] = [] if field == "authors" else ""
    return {**plan, "version": "0.1.0", "tags": [], "splits": {}}
