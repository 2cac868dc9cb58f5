"""What lies between two releases, or files of documents: what came, went and changed, and their labels counted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from communique import releases
from communique.labels import Split
from communique.problems import CommuniqueError
from communique.records import Document, Id, Record
from communique.stats import by_collection

ALL = "all"
"""Stands for a split where one of the two has none."""
UNTYPED = "untyped"
_SPLITS = [*Split, ALL]
_Key = tuple[object, ...]


class Placed(Record, frozen=True, kw_only=True):
    """A document that only one of the two has, and the split that it is in."""

    id: Id
    split: str


class Retyped(Record, frozen=True, kw_only=True):
    """A claim whose stretch both have, with another type; ``untyped`` where it has none."""

    before: str
    after: str


class Changed(Record, frozen=True, kw_only=True):
    """A document that both have, not as it was.

    Attributes
    ----------
    id : str
        Of the document.
    before, after : str
        Its splits.
    fields : tuple of str
        Fields of the document that differ, in the order of the schema; ids of units count.
    gone, added : int
        Claims whose stretches the other has not: compared by offsets, or by their words where the texts differ.
    retyped : tuple of Retyped
        Claims of the same stretch and another type.
    """

    id: Id
    before: str
    after: str
    fields: tuple[str, ...]
    gone: int
    added: int
    retyped: tuple[Retyped, ...]


class Differences(Record, frozen=True, kw_only=True):
    """How a second set of documents differs from a first.

    Attributes
    ----------
    before, after : str
        What the two are: a version, a version and a split, or a file.
    added, gone : tuple of Placed
        Documents that only the second, only the first has.
    changed : tuple of Changed
        Documents that differ, or are in another split.
    unchanged : int
        Documents that are the same.
    counts : dict
        By split, collection and name of `communique.stats.counts`: how many before, how many after.
    """

    before: str
    after: str
    added: tuple[Placed, ...]
    gone: tuple[Placed, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    counts: dict[str, dict[str, dict[str, tuple[int, int]]]]


class _Side(NamedTuple):
    name: str
    parts: Mapping[str, list[Document]]


def between(first: str, second: str) -> Differences:
    """Compare two sets of documents by their ids.

    Parameters
    ----------
    first, second : str
        A version or folder of a release or of a hydrated collection, ``RELEASE:split``, or a file of documents.
        ``newest`` stands for the newest release. Splits are compared where both have some.

    Returns
    -------
    Differences
        Documents in the order train, dev, test, then of their ids.

    Raises
    ------
    CommuniqueError
        There is no such file, release or split, or a document is in two splits.
    DataError
        Documents are faulty, or share an id; names file and line.
    """
    sides = [_read(first), _read(second)]
    if any(ALL in side.parts for side in sides):
        sides = [_Side(side.name, {ALL: list(chain(*side.parts.values()))}) for side in sides]
    before, after = sides
    ours, theirs = _by_id(before), _by_id(after)
    both = [name for name in theirs if name in ours]
    changed = [_changed(*ours[name], *theirs[name]) for name in both if ours[name] != theirs[name]]
    return Differences(
        before=before.name,
        after=after.name,
        added=_only(theirs, ours),
        gone=_only(ours, theirs),
        changed=tuple(sorted(changed, key=lambda one: (_SPLITS.index(one.after), one.id))),
        unchanged=len(both) - len(changed),
        counts=_counts(before, after),
    )


def _read(name: str) -> _Side:
    if Path(name).is_file():
        return _Side(name, {ALL: releases.part(name)[0]})
    release, separator, split = name.rpartition(":")
    if separator and split != ALL and not Path(name).is_dir():
        documents, version, _ = releases.part(name)
        return _Side(f"{version}:{split}", {split: documents})
    whole = release if separator and split == ALL else name
    told = {split: releases.part(f"{whole}:{split}") for split in releases.splits(whole)}
    return _Side(next(version for _, version, _ in told.values()), {split: one[0] for split, one in told.items()})


def _by_id(side: _Side) -> dict[str, tuple[str, Document]]:
    """Return split and document by id."""
    found: dict[str, tuple[str, Document]] = {}
    for split, documents in side.parts.items():
        for document in documents:
            if document.id in found:
                told = f"{side.name}: {document.id!r} is in {found[document.id][0]} and in {split}"
                raise CommuniqueError(f"{told}; see communique validate")
            found[document.id] = (split, document)
    return found


def _only(some: Mapping[str, tuple[str, Document]], others: Mapping[str, tuple[str, Document]]) -> tuple[Placed, ...]:
    found = [Placed(id=name, split=some[name][0]) for name in some if name not in others]
    return tuple(sorted(found, key=lambda one: (_SPLITS.index(one.split), one.id)))


def _changed(split: str, before: Document, other: str, after: Document) -> Changed:
    fields = (name for name in Document.__struct_fields__ if getattr(before, name) != getattr(after, name))
    ours, theirs = (_claims(document, before.text == after.text) for document in (before, after))
    gone, added = _by_stretch(ours - theirs), _by_stretch(theirs - ours)
    pairs = [pair for key in gone if key in added for pair in zip(gone[key], added[key], strict=False)]
    return Changed(
        id=after.id,
        before=split,
        after=other,
        fields=tuple(fields),
        gone=sum(map(len, gone.values())) - len(pairs),
        added=sum(map(len, added.values())) - len(pairs),
        retyped=tuple(Retyped(before=one, after=another) for one, another in pairs),
    )


def _claims(document: Document, by_offsets: bool) -> Counter[tuple[_Key, str]]:
    """Count stretches with their types."""
    return Counter(
        (tuple((s.start, s.end) if by_offsets else s.text for s in claim.spans), claim.rhetoric or UNTYPED)
        for claim in document.claims
    )


def _by_stretch(claims: Counter[tuple[_Key, str]]) -> dict[_Key, list[str]]:
    found: dict[_Key, list[str]] = {}
    for key, rhetoric in sorted(claims.elements()):
        found.setdefault(key, []).append(rhetoric)
    return found


def _counts(before: _Side, after: _Side) -> dict[str, dict[str, dict[str, tuple[int, int]]]]:
    found: dict[str, dict[str, dict[str, tuple[int, int]]]] = {}
    for split in (name for name in _SPLITS if name in {*before.parts, *after.parts}):
        ours, theirs = (by_collection(side.parts.get(split, [])) for side in (before, after))
        found[split] = {name: _paired(ours.get(name, {}), theirs.get(name, {})) for name in _names(ours, theirs)}
    return found


def _paired(ours: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    return {name: (ours.get(name, 0), theirs.get(name, 0)) for name in _names(ours, theirs)}


def _names(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    return sorted({*ours, *theirs})
