"""Whether a release is what its manifest says, and its manifest what was published."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from communique import jsonl, resources
from communique.about import OWN
from communique.checks import span_faults, unit_faults
from communique.digests import DIGESTS, published
from communique.files import digest
from communique.labels import Split
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document
from communique.releases import MANIFEST, FileEntry, Manifest, manifest, problem
from communique.stats import by_collection

_NEEDED = {"README.md", *(f"{view}{split}.jsonl" for view in ("", "claims/", "tokens/") for split in Split)}
_DIGEST = re.compile("[0-9a-f]{16,64}")
_SHOWN = 5
_AGAIN = "fetch the release again"
Counts = Mapping[str, int]


def verify(folder: Path, against: str | None = None) -> list[Problem]:
    """Compare a release with its manifest, and the manifest with its digest.

    Parameters
    ----------
    folder : Path
        Folder of the release.
    against : str, optional
        The sha256 of the manifest as it was published elsewhere, or at least its first 16 hexadecimal digits. What
        ``DIGESTS`` beside the release and in the package say of this version is compared in any case.

    Returns
    -------
    list of Problem
        Sorted; empty if all is well. Links are not followed, pipes and devices not opened.

    Raises
    ------
    CommuniqueError
        ``against`` is no digest, or a file cannot be read.
    """
    known = {} if against is None else {"you": _digits(against)}
    try:
        told = manifest(folder)
        known |= publications(folder, told)
    except DataError as error:
        return list(error.problems)
    problems = [*forgeries(folder, known), *_listing(folder, told), *_contents(folder, told.files)]
    return sorted([*problems, *_miscounted(folder, told, {found.file for found in problems})])


def _digits(against: str) -> str:
    digits = against.strip().lower()
    if not _DIGEST.fullmatch(digits):
        raise CommuniqueError(f"{against!r} is no digest; give the sha256 of {MANIFEST}, 16 to 64 hexadecimal digits")
    return digits


def publications(folder: Path, told: Manifest) -> dict[str, str]:
    """Return the digests of a release that are published, by the file they stand in.

    That is beside it and, of the project's own corpus, in the package.
    """
    beside = folder.resolve().parent
    places = {beside: folder.parent if folder.parent.resolve() == beside else beside}
    if told.name == OWN:
        with suppress(CommuniqueError):
            packaged = resources.folder("corpus")
            places.setdefault(packaged.resolve(), packaged)
    return {str(place / DIGESTS): said for place in places.values() if (said := published(place).get(told.version))}


def forgeries(folder: Path, known: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each known digest, or beginning of one, that is not the digest of a release's manifest."""
    path = folder / MANIFEST
    actual = digest(path)
    for source, said in known.items():
        if not actual.startswith(said):
            told = f"its sha256 is {actual}, {source} {'say' if source == 'you' else 'says'} {said}"
            yield problem(path, "manifest-differs", f"{told}; this is not the release that was published")


def _listing(folder: Path, told: Manifest) -> Iterator[Problem]:
    path = folder / MANIFEST
    times = Counter(entry.path for entry in told.files)
    for name in sorted(times):
        if not _inside(name):
            yield problem(path, "path-unsafe", f"lists {name!r}, which does not name a file of the release; {_AGAIN}")
        if times[name] > 1:
            yield problem(path, "path-repeated", f"lists {name!r} {times[name]} times; {_AGAIN}")
    if missing := sorted(_NEEDED - set(times)):
        yield problem(path, "manifest-incomplete", f"does not list {', '.join(missing)}; {_AGAIN}")


def _inside(name: str) -> bool:
    return not {"", ".", ".."} & set(name.split("/")) and name.isprintable() and not set("\\:") & set(name)


def _contents(folder: Path, entries: Iterable[FileEntry]) -> Iterator[Problem]:
    listed = {entry.path: entry for entry in entries if _inside(entry.path)}
    found = {path.relative_to(folder).as_posix(): path for path in _leaves(folder)}
    for name in sorted(set(listed) - set(found)):
        told = f"is in the manifest but not in the folder; {_AGAIN}"
        yield problem(folder / name, "file-missing", told)
    for name, path in sorted(found.items()):
        if fault := _fault(path, listed.get(name), name == MANIFEST):
            yield problem(path, *fault)


def _leaves(folder: Path) -> Iterator[Path]:
    """Yield all that stands under a folder and holds nothing: files, links, pipes, empty folders."""
    waiting = list(folder.iterdir())
    while waiting:
        path = waiting.pop()
        inside = list(path.iterdir()) if path.is_dir() and not path.is_symlink() else []
        waiting += inside
        if not inside:
            yield path


def _fault(path: Path, entry: FileEntry | None, own: bool) -> tuple[str, str] | None:
    if path.is_symlink():
        return "link-present", "is a link; a release holds its files themselves, put a copy in its place"
    if path.is_dir():
        return "folder-empty", "is an empty folder; a release holds none, remove it"
    if not path.is_file():
        return "file-special", "is a pipe, socket or device and was not opened; remove it"
    if own:
        return None
    if not entry:
        return "file-unlisted", "is not in the manifest; a release holds nothing else, remove it"
    return _difference(path, entry)


def _difference(path: Path, entry: FileEntry) -> tuple[str, str] | None:
    if (actual := digest(path)) != entry.sha256:
        told = f"sha256 is {actual}, the manifest says {entry.sha256}"
        return "file-changed", f"{told}; a release never changes, {_AGAIN}"
    if (size := path.stat().st_size) != entry.bytes:
        return "size-differs", f"has {size} bytes, the manifest says {entry.bytes}; {_AGAIN}"
    return None


def _miscounted(folder: Path, told: Manifest, troubled: set[str]) -> Iterator[Problem]:
    """Yield counts of the manifest that are not those of the documents, as far as their files are sound."""
    path = folder / MANIFEST
    if extra := sorted(set(told.counts) - set(Split)):
        yield problem(path, "counts-differ", f"counts splits that are none: {', '.join(map(repr, extra))}; {_AGAIN}")
    for split in Split:
        file = folder / f"{split}.jsonl"
        if not file.is_file() or str(file) in troubled:
            continue
        try:
            counted = by_collection(_countable(file))
        except DataError as error:
            yield from error.problems
            continue
        for difference in _differences(counted, told.counts.get(split, {})):
            yield problem(path, "counts-differ", f"{split}, {difference}; {_AGAIN}")


def _countable(file: Path) -> list[Document]:
    documents = list(jsonl.read(file, Document))
    for number, document in enumerate(documents, 1):
        for name, told in (*span_faults(document, document.text), *unit_faults(document)):
            raise DataError([Problem(str(file), number, name, Level.DOCUMENT, f"{document.id}: {told}")])
    return documents


def _differences(counted: Mapping[str, Counts], said: Mapping[str, Counts]) -> Iterator[str]:
    for collection in sorted({*counted, *said}):
        ours, theirs = counted.get(collection, {}), said.get(collection, {})
        names = [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]
        shown = [f"{name} {ours.get(name, 'none')}, not {theirs.get(name, 'none')}" for name in names[:_SHOWN]]
        if names:
            yield f"{collection!r}: {'; '.join(shown)}{f' and {len(names) - _SHOWN} more' * (len(names) > _SHOWN)}"
