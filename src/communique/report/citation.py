"""How to cite a release, so that what was used can be told from anything else."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from communique.digests import published
from communique.files import content, digest
from communique.problems import DataError
from communique.releases import MANIFEST, manifest
from communique.score.config import ScoreConfig, signature
from communique.verification import forgeries, publications

TITLE = "communique: who claimed what, and how"
AUTHOR = "The communique maintainers"
LICENSE = "CC-BY-4.0"
_MESSAGE = (
    "If you use this dataset or its scorer, please cite the release you used, and give the signature of every score."
)
_ABSTRACT = (
    "An open dataset and benchmark of diplomatic and political news: speaker, cue and claim spans, attribution to "
    "entities, nesting, and one of 16 rhetoric types per claim."
)
_KEYWORDS = ["quotation attribution", "claim detection", "rhetoric", "diplomacy", "news"]


class Cited(NamedTuple):
    """What is said of a release; ``date`` is None where no changelog beside it dates it."""

    version: str
    date: str | None
    digest: str
    digests: dict[str, str]


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
    version = manifest(folder).version
    if problems := list(forgeries(folder, publications(folder, version))):
        raise DataError(problems)
    own = digest(folder / MANIFEST)
    corpus = folder.resolve().parent
    return Cited(version, _date(corpus / "CHANGELOG.md", version), own, published(corpus) | {version: own})


def _date(changelog: Path, version: str) -> str | None:
    pages = content(changelog).decode("utf-8", "replace") if changelog.is_file() else ""
    dated = re.search(rf"^## {re.escape(version)} \((\d{{4}}-\d\d-\d\d)\)$", pages, re.MULTILINE)
    return dated[1] if dated else None


def as_text(about: Cited) -> str:
    """Return a paragraph for people, with the signature of a number as an example."""
    sign = signature(ScoreConfig(), version=about.version, collection="dispatches", split="test", task="full")
    release = f"Release {about.version}" + (f" of {about.date}" if about.date else "")
    return (
        f"{AUTHOR}. {TITLE}. {release}. Data: {LICENSE}, the supplied article excluded.\n"
        f"sha256 of {MANIFEST}: {about.digest}\n"
        f"Beside every number its signature, for example: {sign}\n"
    )


def as_bibtex(about: Cited) -> str:
    """Return a BibTeX entry."""
    fields = {
        "title": TITLE,
        "author": f"{{{AUTHOR}}}",
        **({"year": about.date[:4], "date": about.date} if about.date else {}),
        "version": about.version,
        "note": f"Release {about.version}, {LICENSE}, sha256 of {MANIFEST}: {about.digest}",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{communique-{about.version},\n{lines}}}\n"


def as_cff(about: Cited) -> str:
    """Return the text of a ``CITATION.cff``, with the digests of all releases that are published beside this one."""
    told: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "title": TITLE,
        "abstract": _ABSTRACT,
        "type": "dataset",
        "version": about.version,
        **({"date-released": about.date} if about.date else {}),
        "authors": [{"name": AUTHOR}],
        "license": LICENSE,
        "keywords": _KEYWORDS,
        "identifiers": [_identifier(version, value) for version, value in about.digests.items()],
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120)


def _identifier(version: str, value: str) -> dict[str, str]:
    told = f"sha256 of {MANIFEST} of release {version}, which names every file of it"
    return {"type": "other", "value": f"sha256:{value}", "description": told}


FORMS = {"text": as_text, "bibtex": as_bibtex, "cff": as_cff}
