"""The forms of a citation: a paragraph, BibTeX, APA, a CITATION.cff, and metadata of DataCite."""

import json
from collections.abc import Iterable
from typing import Any

import yaml

from communique import bibtex
from communique.about import OWN
from communique.problems import CommuniqueError
from communique.releases import MANIFEST
from communique.report.citation import Cited

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


def as_text(told: Cited) -> str:
    """Return a paragraph for people, with the signature of a number as an example."""
    release = f"Release {told.version}" + (f" of {told.date}" if told.date else "")
    return (
        f"{', '.join(told.about.authors)}. {told.title}. {release}. Data: {told.terms}{_but(told)}.\n"
        f"{_contents(told)}.\n"
        f"sha256 of {MANIFEST}: {told.digest}\n"
        f"Beside every number its signature, for example: {told.example}\n"
    )


def _contents(told: Cited) -> str:
    return f"Collections: {'; '.join(one.told for one in told.collections)}"


def _but(told: Cited) -> str:
    return ", the supplied article excluded" if told.about.name == OWN else ""


def as_bibtex(told: Cited) -> str:
    """Return a BibTeX entry."""
    return bibtex.entry(told.about, told.version, date=told.date, digest=told.digest)


def as_apa(told: Cited) -> str:
    """Return a reference in the style of the American Psychological Association, without a link: none is known."""
    names = list(told.about.authors)
    authors = names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"
    title = f"{told.title} (Version {told.version}) [Data set]"
    year = told.date[:4] if told.date else "n.d."
    return f"{authors}{'' if authors.endswith('.') else '.'} ({year}). {title}. sha256 of {MANIFEST}: {told.digest}\n"


def as_cff(told: Cited) -> str:
    """Return the text of a ``CITATION.cff``, with the digests of all releases that are published beside this one.

    It names a licence where one holds for all, and has an SPDX identifier.
    """
    own = _said(told)
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


def _said(told: Cited) -> dict[str, Any]:
    return _OWN if told.about.name == OWN else {"abstract": f"Data: {told.terms}.", "keywords": list(told.about.tags)}


def _identifier(version: str, value: str) -> dict[str, str]:
    told = f"sha256 of {MANIFEST} of release {version}, which names every file of it"
    return {"type": "other", "value": f"sha256:{value}", "description": told}


def as_datacite(told: Cited) -> str:
    """Return the metadata of a release as JSON of the DataCite schema 4.6; the DOI is for the repository to add.

    Raises
    ------
    CommuniqueError
        The release is not dated, and DataCite wants the year.
    """
    if not told.date:
        raise CommuniqueError(
            f"release {told.version} has no date; add `## {told.version} (YYYY-MM-DD)` to CHANGELOG.md beside it"
        )
    page = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "annotated text corpus"},
        "creators": [{"name": name} for name in told.about.authors],
        "titles": [{"title": told.title, "lang": "en"}],
        "publisher": {"name": told.about.authors[0]},
        "publicationYear": told.date[:4],
        "dates": [{"date": told.date, "dateType": "Issued"}],
        "language": told.about.language,
        "version": told.version,
        "subjects": [{"subject": tag} for tag in dict.fromkeys(told.about.tags)],
        "alternateIdentifiers": [
            {"alternateIdentifier": told.digest, "alternateIdentifierType": f"sha256 of {MANIFEST}"}
        ],
        "rightsList": [_rights(name) for name in _licenses(told)],
        "descriptions": [
            {"description": _said(told)["abstract"], "descriptionType": "Abstract"},
            {"description": f"{_contents(told)}.", "descriptionType": "Methods"},
        ],
        "formats": ["application/jsonl"],
    }
    return json.dumps(page, ensure_ascii=False, indent=2) + "\n"


def _licenses(told: Cited) -> Iterable[str]:
    """Return the licences of the corpus, then those that single texts have."""
    of_texts = (name for one in told.collections for name in one.licenses)
    return dict.fromkeys((told.about.texts.license, told.about.labels.license, *of_texts))


def _rights(name: str) -> dict[str, str]:
    known = {} if name.startswith("LicenseRef-") else {"rightsIdentifier": name, "rightsIdentifierScheme": "SPDX"}
    return {"rights": name, **known}


FORMS = {"text": as_text, "bibtex": as_bibtex, "apa": as_apa, "cff": as_cff, "datacite": as_datacite}
