"""The Croissant file of a release: what search engines and `mlcroissant` read of its files, records and fields."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from communique import bibtex
from communique.build.fields import RECORDS, Field, fields
from communique.build.told import UNPUBLISHED, Published, Told, paths
from communique.features import ANNOTATORS
from communique.labels import Split
from communique.releases import FileEntry

NAME = "croissant.json"
SIGN = rb'\{\n  "@context": \{\n    "@language": "en",\n    "@vocab": "https://schema\.org/"'
"""How such a file begins."""
_FORMAT = "application/jsonlines"
_TYPES = {"int64": "sc:Integer", "bool": "sc:Boolean", "date32": "sc:Date"}
_HOLDS = {
    "documents": "One text a record, with all its annotation.",
    "claims": "One claim a record.",
    "tokens": "One paragraph a record, a BIO tag a token.",
    ANNOTATORS: "As documents, each annotator's own version before adjudication.",
}
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"cr:{name}"
        for name in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet"),
            *("format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
            *("references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField"),
            "transform",
        )
    },
}


def croissant(told: Told, entries: Sequence[FileEntry], prefix: str = "", published: Published = UNPUBLISHED) -> bytes:
    """Return a Croissant file.

    Parameters
    ----------
    told : Told
        What is told of the release.
    entries : sequence of FileEntry
        The release's files; of these the data files are told.
    prefix : str, optional
        Path from the file's folder to the release's, for the file at the root of the corpus.
    published : Published, optional
        Digests and date, for the same file.
    """
    about, version = told.plan.about, told.plan.version
    where = paths(told.annotators, prefix)
    files = {f"{prefix}{entry.path}": entry for entry in entries if entry.path.endswith(".jsonl")}
    page = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": _description(told),
        "version": version,
        "license": [_terms(name) for name in dict.fromkeys([*told.licenses, about.labels.license])],
        "creator": [{"@type": "sc:Organization", "name": name} for name in about.authors],
        "inLanguage": about.language,
        "keywords": list(about.tags),
        "citeAs": bibtex.entry(about, version, date=published.date, digest=published.digests.get(version)),
        **({"datePublished": published.date} if published.date else {}),
        "distribution": [*map(_file, files, files.values()), *(_files(name, where[name]) for name in where)],
        "recordSet": [_splits(), *(_records(name, told) for name in where)],
    }
    return msgspec.json.format(msgspec.json.encode(page), indent=2) + b"\n"


def _description(told: Told) -> str:
    about = told.plan.about
    made = f"Texts made by {about.texts.by} ({about.texts.who}), labels by {about.labels.by} ({about.labels.who})"
    return f"{about.title[:1].upper()}{about.title[1:]}. {made}. Offsets are code points, half-open, over text."


def _terms(license_: str) -> str:
    return license_ if license_.startswith("LicenseRef-") else f"https://spdx.org/licenses/{license_}"


def _file(path: str, entry: FileEntry) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{entry.bytes} B",
        "encodingFormat": _FORMAT,
        "sha256": entry.sha256,
    }


def _files(name: str, members: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{name}-files",
        "name": f"{name}-files",
        "encodingFormat": _FORMAT,
        "includes": list(members.values()),
    }


def _splits() -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [{"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"}],
        "data": [{"splits/name": str(split)} for split in Split],
    }


def _records(name: str, told: Told) -> dict[str, Any]:
    record, columns = RECORDS["documents" if name == ANNOTATORS else name]
    found = fields(record, [column for column in columns if column["name"] not in told.missing])
    left = [path for one in found for path in _deep(one)]
    note = f" Lists in lists are left out here: {', '.join(left)}." if left else ""
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{_HOLDS[name]}{note}",
        "key": [{"@id": f"{name}/{part}"} for part in ([_home(name), "id"] if name == ANNOTATORS else ["id"])],
        "field": [_of_file(name), *(_field(one, name, one.name) for one in found if not _is_deep(one))],
    }


def _home(name: str) -> str:
    return "annotator" if name == ANNOTATORS else "split"


def _of_file(name: str) -> dict[str, Any]:
    """Return the field that tells the split, or the annotator, from the file's name."""
    source = {"fileSet": {"@id": f"{name}-files"}, "extract": {"fileProperty": "filename"}}
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{_home(name)}",
        "name": _home(name),
        "dataType": "sc:Text",
        "source": source | {"transform": {"regex": r"(.*)\.jsonl"}},
    }


def _is_deep(one: Field, within: int = 0) -> bool:
    """Say whether a field is a list in a list, or a record in a record: Croissant has none of these."""
    return one.depth > 1 or (bool(one.fields) and within > 0)


def _deep(one: Field, within: int = 0, path: str = "") -> Iterator[str]:
    name = f"{path}{one.name}"
    if _is_deep(one, within):
        yield name
        return
    for field in one.fields:
        yield from _deep(field, within + 1, f"{name}.")


def _field(one: Field, records: str, column: str, within: str = "") -> dict[str, Any]:
    identity = f"{records}/{within}{one.name}"
    told = {"description": one.told} if one.told else {}
    kind = {"@type": "cr:Field", "@id": identity, "name": identity.removeprefix(f"{records}/"), **told}
    repeated = {"repeated": True} if one.depth else {}
    source = {"fileSet": {"@id": f"{records}-files"}, "extract": {"column": column}}
    if one.fields:
        inner = [_field(field, records, column, f"{one.name}/") for field in one.fields if not _is_deep(field, 1)]
        return {**kind, **repeated, "source": source, "subField": inner}
    source |= {"transform": {"jsonPath": one.name}} if within else {}
    return {**kind, "dataType": _TYPES.get(one.dtype, "sc:Text"), **repeated, "source": source}
