"""Write a release: the same seeds give the same bytes on any machine."""

import filecmp
import hashlib
import shutil
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from communique import __version__, jsonl
from communique.build import croissant, ingest
from communique.build.card import card
from communique.build.plan import PAGE, PLAN, ReleasePlan, by_split, plan
from communique.build.told import Published, Told, told
from communique.catalog import CATALOG
from communique.digests import publish, published
from communique.files import digest
from communique.paths import below
from communique.problems import CommuniqueError, DataError
from communique.releases import MANIFEST, FileEntry, Manifest, dated
from communique.releases import manifest as read_manifest
from communique.validation import validate_documents
from communique.views import claim_rows, token_rows
from communique.writing import refuse_unwritten, replacing, scratch

CARD = "README.md"
_SIGN = "(?s)---\n.*pretty_name: ['\"]?{name}['\"]?\n"
_SHOWN = 5


def build(seeds: Path, corpus: Path, *, replace: bool = False) -> tuple[Path, bool]:
    """Build the planned release, and at the root of the corpus its card, its Croissant file and the releases' digests.

    Parameters
    ----------
    seeds : Path
        Sources, annotations, catalog and plan.
    corpus : Path
        Folder of releases.
    replace : bool, optional
        Overwrite a release of the same version whose bytes differ; for versions not yet published.

    Returns
    -------
    Path, bool
        The release's folder, and whether anything was written.

    Raises
    ------
    DataError
        The seeds have problems; nothing is written.
    CommuniqueError
        The release exists with other bytes, or a folder or card stands in its place that is not communique's.
    """
    planned = plan(seeds)
    target = below(corpus, planned.version)
    refuse_unwritten(corpus / CARD, _SIGN.format(name=planned.about.name).encode())
    refuse_unwritten(corpus / croissant.NAME, croissant.SIGN)
    published(corpus)
    corpus.mkdir(parents=True, exist_ok=True)
    aside, gone = scratch(corpus), scratch(corpus)
    try:
        made = _write(seeds, aside, planned, __version__ if replace else _builder(target))
        changed = _changed(aside, target)
        if changed and target.exists():
            _refuse(target, seeds, changed, replace)
            target.rename(gone)
        if changed:
            aside.rename(target)
    finally:
        if gone.exists() and not target.exists():
            gone.rename(target)
        for folder in (aside, gone):
            shutil.rmtree(folder, ignore_errors=True)
    said = Published(publish(corpus, planned.version), dated(corpus, planned.version))
    prefix = f"{planned.version}/"
    with replacing(corpus / CARD) as file:
        file.write(card(made, prefix, said).encode("utf-8"))
    with replacing(corpus / croissant.NAME) as file:
        file.write(croissant.croissant(made, read_manifest(target).files, prefix, said))
    return target, bool(changed)


def _refuse(target: Path, seeds: Path, changed: Sequence[str], replace: bool) -> None:
    """Refuse to replace a release that was not asked to go, or a folder with more in it than a release."""
    if not replace:
        told = f"{target} exists and differs in {', '.join(changed[:_SHOWN])}"
        raise CommuniqueError(f"{told}; releases never change: raise the version in {seeds / PLAN}")
    listed = {MANIFEST, *(entry.path for entry in read_manifest(target).files)}
    if foreign := [name for name in _names(target) if name not in listed]:
        told = f"{target} holds {', '.join(foreign[:_SHOWN])}, which is no part of its release"
        raise CommuniqueError(f"{told}; move it away before the release is replaced")


def _builder(target: Path) -> str:
    """Return the version that built a release that stands: a later one, too, makes the same bytes of the same seeds."""
    try:
        return read_manifest(target).builder
    except DataError:
        return __version__


def _write(seeds: Path, folder: Path, planned: ReleasePlan, builder: str) -> Told:
    gold = ingest.documents(seeds, ingest.GOLD)
    if missing := {entry.id for entry in ingest.catalog(seeds)} - {document.id for document in gold}:
        raise CommuniqueError(
            f"no gold annotation of {', '.join(sorted(missing))}; add it under {seeds / 'annotations'}"
        )
    parts = by_split(seeds, gold)
    layers = {name: ingest.documents(seeds, name) for name in ingest.annotators(seeds)}
    if problems := validate_documents({str(seeds / "annotations" / ingest.GOLD): gold}, parts):
        raise DataError(problems)
    for split, members in parts.items():
        jsonl.write(folder / f"{split}.jsonl", members)
        jsonl.write(folder / "claims" / f"{split}.jsonl", chain.from_iterable(map(claim_rows, members)))
        jsonl.write(folder / "tokens" / f"{split}.jsonl", chain.from_iterable(map(token_rows, members)))
    for name, members in layers.items():
        jsonl.write(folder / "annotators" / f"{name}.jsonl", members)
    made = told(planned, parts, layers)
    with replacing(folder / croissant.NAME) as file:
        file.write(croissant.croissant(made, tuple(_entries(folder))))
    with replacing(folder / CARD) as file:
        file.write(card(made).encode("utf-8"))
    manifest = Manifest(
        name=planned.about.name,
        version=planned.version,
        schema="v1",
        builder=builder,
        files=tuple(_entries(folder)),
        inputs_sha256=_inputs(seeds),
        counts=made.counts,
        about=planned.about,
    )
    with replacing(folder / MANIFEST) as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return made


def _entries(folder: Path) -> Iterable[FileEntry]:
    for path in sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.parts):
        yield FileEntry(path=path.relative_to(folder).as_posix(), bytes=path.stat().st_size, sha256=digest(path))


def _inputs(seeds: Path) -> str:
    """Return one sha256 over the names and digests of all that the build reads."""
    read = [seeds / CATALOG, seeds / PLAN, seeds / PAGE, *(seeds / "annotations").rglob("*.ann")]
    read += [seeds / f"{entry.id}.txt" for entry in ingest.catalog(seeds)]
    lines = sorted(f"{path.relative_to(seeds).as_posix()} {digest(path)}\n" for path in read)
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def _changed(new: Path, old: Path) -> list[str]:
    names = sorted({*_names(new), *_names(old)})
    return [n for n in names if not (_stands(old / n) and _stands(new / n) and filecmp.cmp(new / n, old / n, False))]


def _names(folder: Path) -> list[str]:
    kept = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in kept)


def _stands(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
