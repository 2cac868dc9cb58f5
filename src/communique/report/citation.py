"""How to cite a release, so that what was used can be told from anything else."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from communique import hydrated, jsonl
from communique.about import FIRST, About, terms
from communique.digests import published
from communique.files import digest
from communique.labels import Origin, Split
from communique.problems import CommuniqueError, DataError
from communique.records import Provenance
from communique.releases import MANIFEST, Manifest, dated, label, manifest
from communique.score.config import ScoreConfig, signature
from communique.verification import forgeries, publications


class Sourced(msgspec.Struct, frozen=True, kw_only=True):
    """A collection of a release, and where its texts come from; the publishers of composed texts are invented."""

    name: str
    documents: int
    origins: tuple[Origin, ...]
    licenses: tuple[str, ...]
    publishers: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Return it in words."""
        whose = f" from {', '.join(self.publishers)}" if self.publishers else ""
        texts = f"{self.documents} text{'s' * (self.documents != 1)}"
        return f"{self.name} ({texts} {' or '.join(self.origins)}{whose}, {', '.join(self.licenses)})"


class _Line(msgspec.Struct, frozen=True):
    """What is read of a document."""

    collection: str
    provenance: Provenance


class Cited(NamedTuple):
    """What is said of a release; ``date`` is None where no changelog beside it dates it."""

    about: About
    version: str
    date: str | None
    digest: str
    digests: dict[str, str]
    example: str
    collections: tuple[Sourced, ...]

    @property
    def title(self) -> str:
        """Return the name of the corpus and what it is."""
        return f"{self.about.name}: {self.about.title}"

    @property
    def terms(self) -> str:
        """Return the licence, or those of texts and labels where they differ."""
        return terms(self.about)


def cited(folder: Path) -> Cited:
    """Return what is to be said of a release.

    Parameters
    ----------
    folder : Path
        Folder of the release.

    Raises
    ------
    CommuniqueError
        It is a hydrated collection, which is cited as its makers say.
    DataError
        It has no manifest, or one that is not the published one; or a document cannot be read.
    """
    if hydrated.holds(folder):
        raise CommuniqueError(f"{folder} is other people's texts, labelled; communique collections says what to cite")
    told = manifest(folder)
    if problems := list(forgeries(folder, publications(folder, told))):
        raise DataError(problems)
    own = digest(folder / MANIFEST)
    corpus = folder.resolve().parent
    digests = published(corpus) | {told.version: own}
    date = dated(corpus, told.version)
    return Cited(told.about or FIRST, told.version, date, own, digests, _example(told), tuple(_sources(folder)))


def _sources(folder: Path) -> Iterator[Sourced]:
    files = (folder / f"{split}.jsonl" for split in Split)
    lines = [line for file in files if file.is_file() for line in jsonl.read(file, _Line)]
    for name in sorted({line.collection for line in lines}):
        found = [line.provenance for line in lines if line.collection == name]
        yield Sourced(
            name=name,
            documents=len(found),
            origins=tuple(sorted({one.origin for one in found})),
            licenses=tuple(sorted({one.license for one in found})),
            publishers=tuple(sorted({one.publisher for one in found if one.publisher and one.origin != "composed"})),
        )


def _example(told: Manifest) -> str:
    collection = next(iter(told.counts.get(Split.TEST, {})), "all")
    return signature(ScoreConfig(), version=label(told), collection=collection, split=Split.TEST, task="full")


def as_record(told: Cited) -> dict[str, object]:
    """Return what is said of a release as fields."""
    return {
        "name": told.about.name,
        "title": told.title,
        "authors": told.about.authors,
        "version": told.version,
        "date": told.date,
        "license": told.terms,
        "manifest_sha256": told.digest,
        "collections": told.collections,
        "signature": told.example,
    }
