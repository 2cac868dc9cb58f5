"""A folder of a collection joined with its texts: as `datasets.load_dataset` and as a release's splits are read."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal

import msgspec

from communique import __version__, admission, jsonl
from communique.collection import SCHEMA, Collection, Part, Shelved, version
from communique.escapes import markdown, markdown_cell
from communique.features import CONFIGS, front
from communique.files import content, digest
from communique.folders import replacing_folder
from communique.labels import Split
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, Id, Record, Sha256
from communique.stats import counts
from communique.views import claim_rows, token_rows
from communique.writing import replacing

MANIFEST = "HYDRATED.json"
_CARD = "README.md"
_VIEWS: dict[str, Callable[[Document], Iterable[Record]]] = {
    "documents": lambda document: (document,),
    "claims": claim_rows,
    "tokens": token_rows,
}


class Hydrated(Record, frozen=True, kw_only=True):
    """``HYDRATED.json``: what a hydrated folder was made of, and holds.

    Attributes
    ----------
    collection : str
        Its name.
    builder : str
        Version of communique.
    layers : dict of Split to str
        The sha256 of each split's layer file.
    files : dict of str to str
        The sha256 of every data file by its path.
    """

    schema: Literal["v1"]
    collection: Id
    builder: str
    layers: dict[Split, Sha256]
    files: dict[str, Sha256]


def write(found: Shelved, parts: Mapping[Split, Sequence[Document]], target: Path, *, force: bool = False) -> None:
    """Write a folder of documents, claims and tokens by split, with a card that declares their columns.

    Parameters
    ----------
    found : Shelved
        The collection.
    parts : mapping of Split to sequence of Document
        As `communique.joining.join` makes them.
    target : Path
        Where it shall stand.
    force : bool, optional
        Replace also what communique did not write.

    Raises
    ------
    CommuniqueError
        The folder holds other files.
    """
    paths = {name: {str(split): _path(name, split) for split in parts} for name in CONFIGS}
    with replacing_folder(target, force=force, commit=MANIFEST) as stage:
        for name, view in _VIEWS.items():
            for split, documents in parts.items():
                jsonl.write(stage / paths[name][split], chain.from_iterable(map(view, documents)))
        told = msgspec.json.format(msgspec.json.encode(_manifest(found, parts, stage)), indent=2)
        for file, words in ((MANIFEST, told + b"\n"), (_CARD, _card(found.about, parts, paths, told))):
            with replacing(stage / file) as opened:
                opened.write(words)


def _manifest(found: Shelved, parts: Iterable[Split], stage: Path) -> Hydrated:
    files = sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*.jsonl"))
    return Hydrated(
        schema=SCHEMA,
        collection=found.about.name,
        builder=__version__,
        layers={split: digest(found.layer(split)) for split in parts},
        files={name: digest(stage / name) for name in files},
    )


def _path(view: str, split: Split) -> str:
    return f"{'' if view == 'documents' else f'{view}/'}{split}.jsonl"


def holds(folder: Path) -> bool:
    """Say whether a folder is one that `write` wrote."""
    return (folder / MANIFEST).is_file()


def load(folder: Path, split: str | None = None) -> tuple[list[Document], str]:
    """Return the documents of a hydrated folder, and what signatures call the layers they have their labels from.

    Raises
    ------
    CommuniqueError
        There is no such split.
    DataError
        The folder's manifest is faulty, or a file is not the one that was written.
    """
    told = manifest(folder)
    there = splits(told)
    if split not in (None, *there):
        raise CommuniqueError(f"{folder} has no split {split!r}; it has {', '.join(there)}")
    names = [Split(split)] if split else there
    for name in names:
        _unchanged(folder, _path("documents", name), told)
    documents = admission.documents(*(folder / _path("documents", name) for name in names))
    return documents, "+".join(version(told.collection, told.layers[name]) for name in names)


def splits(told: Hydrated) -> list[Split]:
    """Return the splits of a hydrated folder, in the order train, dev, test."""
    return [split for split in Split if split in told.layers]


def manifest(folder: Path) -> Hydrated:
    """Return what a hydrated folder says of itself.

    Raises
    ------
    DataError
        It does not say so in the form of ``schema/v1/hydrated.schema.json``.
    """
    path = folder / MANIFEST
    return jsonl.decode(msgspec.json.Decoder(Hydrated), content(path), str(path), 1)


def _unchanged(folder: Path, name: str, told: Hydrated) -> None:
    path = folder / name
    if not path.is_file():
        fault = "file-missing", f"is in {MANIFEST} but not in the folder; hydrate it again"
    elif (found := digest(path)) != told.files.get(name):
        fault = "file-changed", f"sha256 is {found}, {MANIFEST} says {told.files.get(name)}; hydrate it again"
    else:
        return
    raise DataError([Problem(str(path), 0, fault[0], Level.RELEASE, fault[1])])


def _card(
    about: Collection, parts: Mapping[Split, Sequence[Document]], paths: Mapping[str, Mapping[str, str]], told: bytes
) -> bytes:
    rows = "".join(f"| {' | '.join(_row(about.splits[split], split, parts[split]))} |\n" for split in parts)
    text = {name: markdown(getattr(about, name)) for name in ("title", "theirs", "ours", "repository")}
    terms = {name: markdown_cell(getattr(about.licenses, name)) for name in ("texts", "annotation", "layer")}
    cite = "".join(f"- {markdown(one)}\n" for one in about.cite)
    limits = f"\n{markdown(about.limits)}\n" if about.limits else ""
    page = _PAGE.format(name=about.name, rows=rows, limits=limits, cite=cite, **text, **terms)
    yaml = front(_number(told), paths, {"pretty_name": about.title, "language": ["en"], "license": "other"})
    return f"---\n{yaml}---\n\n{page}".encode()


def _row(part: Part, split: Split, documents: Sequence[Document]) -> tuple[str, ...]:
    of = counts(documents)
    sizes = (str(of.get(name, 0)) for name in ("documents", "attributions", "claims", "claims.untyped"))
    return (split, *sizes, f"{part.annotators}{', adjudicated' * part.adjudicated}")


def _number(told: bytes) -> str:
    """Return a version for the cache of `datasets`: other data, other version."""
    found = hashlib.sha256(told).hexdigest()
    return ".".join(str(int(found[at : at + 7], 16)) for at in (0, 7, 14))


_PAGE = """# {title}

Made by `communique hydrate {name}` of a clone of {repository} and of labels without texts. People's labels: {theirs}.
Labels of communique: {ours}. The texts are not communique's: pass on the labels, not this folder.
{limits}
| split | documents | attributions | claims | of these no act | annotators |
|---|---:|---:|---:|---:|---:|
{rows}
Claims that perform no act have no type.

| terms of | |
|---|---|
| texts | {texts} |
| people's annotation | {annotation} |
| labels of communique | {layer} |

Cite beside communique:

{cite}"""
