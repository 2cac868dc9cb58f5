"""Validation in levels: bytes, schema, spans, document, release, guidelines. A level that fails stops the next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, starmap
from pathlib import Path

from communique import hydrated
from communique.labels import Split
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document
from communique.releases import MANIFEST
from communique.validation.files import read_file
from communique.validation.guidelines import guideline_problems
from communique.validation.layers import layer_problems, twice
from communique.validation.release import release_problems
from communique.verification import verify

_ANNOTATORS = "annotators"
"""Folder of a release whose documents are held against the guidelines by the adjudicator, not here."""

__all__ = ["validate_documents", "validate_paths"]


def validate_paths(paths: Iterable[str | Path], *, guidelines: bool = False) -> list[Problem]:
    """Validate JSON lines files, folders of them, and releases.

    Parameters
    ----------
    paths : iterable of path-like
        A file of documents, predictions or quoted predictions; the folder of a release or of a hydrated collection; a
        folder of any of these.
    guidelines : bool, optional
        Whether documents are held against the rules of the guidelines, too.

    Returns
    -------
    list of Problem
        Sorted by file and line; empty if all is well.

    Raises
    ------
    CommuniqueError
        A path does not exist or holds nothing to validate.
    """
    problems: list[Problem] = []
    for path in map(Path, paths):
        if not path.exists():
            raise CommuniqueError(f"{path}: no such file or folder; check the path")
        problems += _folder(path, guidelines) if path.is_dir() else _files([path], guidelines=guidelines)
    graver = [problem for problem in problems if problem.level is not Level.GUIDELINES]
    return sorted(set(graver or problems))


def _folder(path: Path, guidelines: bool) -> list[Problem]:
    joined = {manifest.parent for manifest in path.rglob(hydrated.MANIFEST)}
    releases = {manifest.parent for manifest in path.rglob(MANIFEST)} | set(_unlisted(path))
    if whole := sorted(releases | joined):
        return [
            problem
            for one in whole
            for problem in (_joined(one, guidelines) if one in joined else _release(one, guidelines))
        ]
    files = sorted(file for file in path.rglob("*") if file.name.endswith((".jsonl", ".jsonl.gz")))
    if not files:
        raise CommuniqueError(f"{path}: holds no .jsonl file and no release; name a folder that does")
    held = {file: guidelines and file.parent.name != _ANNOTATORS for file in files}
    return [problem for file in files for problem in _files([file], guidelines=held[file])]


def _unlisted(path: Path) -> Iterator[Path]:
    """Yield folders that are laid out as a release, manifest or not."""
    for view in path.rglob("claims"):
        if (view.parent / "tokens").is_dir():
            yield view.parent


def _release(folder: Path, guidelines: bool) -> list[Problem]:
    problems = verify(folder)
    splits = [folder / f"{split}.jsonl" for split in Split]
    problems += _files([path for path in splits if path.is_file()], parts=True, guidelines=guidelines)
    for layer in sorted((folder / _ANNOTATORS).glob("*.jsonl")):
        problems += _files([layer])
    return problems


def _joined(folder: Path, guidelines: bool) -> list[Problem]:
    try:
        hydrated.load(folder)
    except DataError as error:
        return list(error.problems)
    return _files([path for split in Split if (path := folder / f"{split}.jsonl").is_file()], guidelines=guidelines)


def _files(paths: Sequence[Path], *, parts: bool = False, guidelines: bool = False) -> list[Problem]:
    documents: dict[str, list[Document]] = {}
    lines: dict[str, list[int]] = {}
    problems: list[Problem] = []
    for path in paths:
        records, found = read_file(path)
        problems += found
        documents[str(path)] = [record for _, record in records if isinstance(record, Document)]
        lines[str(path)] = [number for number, record in records if isinstance(record, Document)]
        if not found:
            problems += layer_problems(str(path), records) or twice(str(path), records)
    if problems:
        return problems
    split_of = {Split(Path(name).stem): members for name, members in documents.items()} if parts else {}
    if (problems := release_problems(documents, lines, split_of)) or not guidelines:
        return problems
    placed = ((d, name, at) for name, ds in documents.items() for d, at in zip(ds, lines[name], strict=True))
    return list(chain.from_iterable(starmap(guideline_problems, placed)))


def validate_documents(
    documents: Mapping[str, Sequence[Document]], parts: Mapping[Split, Sequence[Document]]
) -> list[Problem]:
    """Validate documents that are in memory, from level *spans* on.

    Parameters
    ----------
    documents : mapping of str to sequence of Document
        By the name of the file they came from; problems name it and the number of the document.
    parts : mapping of Split to sequence of Document
        The same documents by split, for the checks across splits.

    Returns
    -------
    list of Problem
        Sorted; empty if all is well.
    """
    problems = [
        problem for name, members in documents.items() for problem in layer_problems(name, list(enumerate(members, 1)))
    ]
    lines = {name: list(range(1, len(members) + 1)) for name, members in documents.items()}
    return sorted(problems or release_problems(documents, lines, parts))
