"""What is to be built: ``release.json`` and ``about.md`` of a seeds folder."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from communique import jsonl
from communique.about import About
from communique.catalog import CatalogEntry
from communique.files import content
from communique.labels import Split
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, Record, Version
from communique.texts import normal

PLAN, PAGE = "release.json", "about.md"
UNWRITTEN = (
    "<!-- Say here what the texts are, who chose them and how, and who labelled them; then drop this line. -->\n"
)
"""What `communique start` writes as ``about.md``."""
WANTED: Mapping[str, str] = {
    "name": "the name of the corpus, in small letters, digits and hyphens: signatures begin with it",
    "title": "what it is, in a few words",
    "version": "three numbers, 0.1.0 for the first release",
    "language": "the ISO 639 code of its language, such as en",
    "authors": "a list of those to be cited",
    **{
        f"{part}.{field}": told.format(part=part, made=made)
        for part, made in (("texts", "wrote"), ("labels", "made"))
        for field, told in (
            ("by", "who {made} the {part}: person, machine or both"),
            ("who", "who {made} the {part}, in words"),
            ("license", "the terms of the {part}: an SPDX identifier, or LicenseRef- and a name of yours"),
        )
    },
}
"""What a plan must say, and how an empty field is told."""


class _Written(About, frozen=True, kw_only=True):
    """``release.json``."""

    version: Version
    splits: dict[str, Split]


class ReleasePlan(Record, frozen=True, kw_only=True):
    """The version to build, and which text goes where.

    Attributes
    ----------
    version : str
        Three numbers.
    splits : dict of str to Split
        By id of a text, or by storyline; texts that are in neither way named, and in no storyline, are train.
    about : About
        What is said of the corpus.
    page : str
        ``about.md``.
    """

    version: Version
    splits: dict[str, Split]
    about: About
    page: str


def plan(seeds: Path) -> ReleasePlan:
    """Return the release plan of a seeds folder.

    Raises
    ------
    DataError
        It is no plan, or a field of it or ``about.md`` is not filled in; all are named.
    """
    path = seeds / PLAN
    found = content(path)
    told = jsonl.decode(msgspec.json.Decoder(dict[str, Any]), found, str(path), 1)
    if problems := [*_unfilled(path, told), *_unwritten(seeds)]:
        raise DataError(problems)
    written = jsonl.decode(msgspec.json.Decoder(_Written), found, str(path), 1)
    about = About(**{name: getattr(written, name) for name in About.__struct_fields__})
    return ReleasePlan(version=written.version, splits=written.splits, about=about, page=_page(seeds))


def _unfilled(path: Path, told: Mapping[str, Any]) -> Iterator[Problem]:
    for name, wanted in WANTED.items():
        part, _, field = name.rpartition(".")
        within = told.get(part) if part else told
        if isinstance(within, dict) and _said(within.get(field)):
            continue
        yield Problem(str(path), 0, "release-unfilled", Level.SCHEMA, f"{name} is not filled in; say {wanted}")


def _said(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and (not isinstance(value, list) or (bool(value) and all(map(_said, value))))


def _unwritten(seeds: Path) -> Iterator[Problem]:
    path = seeds / PAGE
    if not path.is_file() or not _page(seeds).strip() or UNWRITTEN.strip() in _page(seeds):
        told = "is not written; say what the texts are, who chose them and how, and who labelled them"
        yield Problem(str(path), 0, "release-unfilled", Level.SCHEMA, told)


def _page(seeds: Path) -> str:
    return normal(content(seeds / PAGE), str(seeds / PAGE))


def completed(seeds: Path, entries: Sequence[CatalogEntry]) -> list[CatalogEntry]:
    """Return catalogued texts, each with the language and licence of the plan where it has none of its own."""
    if all(entry.language and entry.license for entry in entries):
        return list(entries)
    about = plan(seeds).about
    return [
        msgspec.structs.replace(
            entry, language=entry.language or about.language, license=entry.license or about.texts.license
        )
        for entry in entries
    ]


def by_split(seeds: Path, items: Sequence[Document]) -> dict[Split, list[Document]]:
    """Divide documents by the plan; every storyline must be planned for, unless each of its texts is.

    Raises
    ------
    CommuniqueError
        A storyline has no split.
    DataError
        The plan names what is no text and no storyline, or leaves a split without a text.
    """
    splits = plan(seeds).splits
    if problems := list(_strange(seeds / PLAN, splits, items)):
        raise DataError(problems)
    parts: dict[Split, list[Document]] = {split: [] for split in Split}
    for document in items:
        key = document.id if document.id in splits else document.storyline
        if key is not None and key not in splits:
            raise CommuniqueError(f"storyline {key!r} has no split; add it to {seeds / PLAN}")
        parts[splits[key] if key is not None else Split.TRAIN].append(document)
    if problems := list(_empty(seeds / PLAN, parts)):
        raise DataError(problems)
    return parts


def _strange(path: Path, splits: Iterable[str], items: Sequence[Document]) -> Iterator[Problem]:
    known = {name: None for item in items for name in (item.id, item.storyline) if name}
    for key in splits:
        if key not in known:
            nearest = get_close_matches(key, known, 1, 0) or [""]
            told = f"splits: {key!r} is no id and no storyline of the catalog; the nearest is {nearest[0]!r}"
            yield Problem(str(path), 0, "split-unknown", Level.RELEASE, told)


def _empty(path: Path, parts: Mapping[Split, Sequence[Document]]) -> Iterator[Problem]:
    for split in (split for split, members in parts.items() if not members):
        rule = (
            "texts that are not planned are train" if split is not Split.TRAIN else "all texts are planned for others"
        )
        told = f"no text is in {split}: {rule}; name some in splits, by id or by storyline, as {str(split)!r}"
        yield Problem(str(path), 0, "split-empty", Level.RELEASE, told)
