"""How to cite a release, so that what was used can be told from anything else."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from communique import bibtex
from communique.about import FIRST, OWN, About, terms
from communique.digests import published
from communique.files import digest
from communique.labels import Split
from communique.problems import DataError
from communique.releases import MANIFEST, Manifest, dated, label, manifest
from communique.score.config import ScoreConfig, signature
from communique.verification import forgeries, publications

_MESSAGE = (
    "If you use this dataset or its scorer, please cite the release you used, and give the signature of every score."
)
_ABSTRACT = (
    "An open dataset and benchmark of diplomatic and political news: speaker, cue and claim spans, attribution to "
    "entities, nesting, and one of 16 rhetoric types per claim."
)
_KEYWORDS = ["quotation attribution", "claim detection", "rhetoric", "diplomacy", "news"]


_OWN = {"abstract": _ABSTRACT, "keywords": _KEYWORDS}
"""What is said of the project's own corpus beyond its manifest."""


class Cited(NamedTuple):
    """What is said of a release; ``date`` is None where no changelog beside it dates it."""

    about: About
    version: str
    date: str | None
    digest: str
    digests: dict[str, str]
    example: str

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
    DataError
        It has no manifest, or one that is not the published one.
    """
    told = manifest(folder)
    if problems := list(forgeries(folder, publications(folder, told))):
        raise DataError(problems)
    own = digest(folder / MANIFEST)
    corpus = folder.resolve().parent
    digests = published(corpus) | {told.version: own}
    date = dated(corpus, told.version)
    return Cited(told.about or FIRST, told.version, date, own, digests, _example(told))


def _example(told: Manifest) -> str:
    collection = next(iter(told.counts.get(Split.TEST, {})), "all")
    return signature(ScoreConfig(), version=label(told), collection=collection, split=Split.TEST, task="full")


def as_text(told: Cited) -> str:
    """Return a paragraph for people, with the signature of a number as an example."""
    release = f"Release {told.version}" + (f" of {told.date}" if told.date else "")
    return (
        f"{', '.join(told.about.authors)}. {told.title}. {release}. Data: {told.terms}{_but(told)}.\n"
        f"sha256 of {MANIFEST}: {told.digest}\n"
        f"Beside every number its signature, for example: {told.example}\n"
    )


def _but(told: Cited) -> str:
    return ", the supplied article excluded" if told.about.name == OWN else ""


def as_bibtex(told: Cited) -> str:
    """Return a BibTeX entry."""
    return bibtex.entry(told.about, told.version, date=told.date, digest=told.digest)


def as_cff(told: Cited) -> str:
    """Return the text of a ``CITATION.cff``, with the digests of all releases that are published beside this one.

    It names a licence where one holds for all, and has an SPDX identifier.
    """
    own = _OWN if told.about.name == OWN else {"abstract": f"Data: {told.terms}.", "keywords": list(told.about.tags)}
    named = " " not in told.terms and not told.terms.startswith("LicenseRef-")
    page: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "title": told.title,
        "abstract": own["abstract"],
        "type": "dataset",
        "version": told.version,
        "date-released": told.date,
        "authors": [{"name": name} for name in told.about.authors],
        "license": told.terms if named else None,
        "keywords": own["keywords"],
        "identifiers": [_identifier(version, value) for version, value in told.digests.items()],
    }
    said = {name: value for name, value in page.items() if value}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=120)


def _identifier(version: str, value: str) -> dict[str, str]:
    told = f"sha256 of {MANIFEST} of release {version}, which names every file of it"
    return {"type": "other", "value": f"sha256:{value}", "description": told}


FORMS = {"text": as_text, "bibtex": as_bibtex, "cff": as_cff}
