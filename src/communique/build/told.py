"""What the pages about a release tell: its card and its Croissant file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

import msgspec

from communique.build.plan import ReleasePlan
from communique.features import ANNOTATORS, CONFIGS
from communique.labels import Split
from communique.problems import CommuniqueError
from communique.records import Document
from communique.stats import by_collection
from communique.views import ClaimRow, claim_rows

_OPTIONAL = [field.name for field in msgspec.structs.fields(Document) if not field.required]
"""Left out of a line where they are None."""
Counts = dict[str, dict[str, dict[str, int]]]


class Told(NamedTuple):
    """What is told of a release.

    Attributes
    ----------
    plan : ReleasePlan
        What is said of the corpus.
    counts : mapping
        Split to collection to counts, as in the manifest.
    used : set of str
        Genres and origins that the documents have.
    licenses : mapping of str to int
        Licences of the texts, each with the number of documents.
    annotators : tuple of str
        Names of those who annotated, without the adjudicated gold.
    example : ClaimRow or None
        A claim to be shown, of a text that has the licence of the corpus.
    missing : set of str
        Optional fields of documents that the file of some split does not have.
    """

    plan: ReleasePlan
    counts: Counts
    used: Set[str]
    licenses: Mapping[str, int] = {}
    annotators: tuple[str, ...] = ()
    example: ClaimRow | None = None
    missing: Set[str] = frozenset()


class Published(NamedTuple):
    """What is told at the root of a corpus alone: what a release's own files cannot hold of themselves.

    Attributes
    ----------
    digests : mapping of str to str
        Version to the sha256 of its manifest.
    date : str or None
        Day of the release, ``YYYY-MM-DD``, if the changelog of the data says it.
    """

    digests: Mapping[str, str] = {}
    date: str | None = None


UNPUBLISHED = Published()


def told(planned: ReleasePlan, parts: Mapping[Split, Sequence[Document]], annotators: Iterable[str]) -> Told:
    """Return what is told of a release with these documents by split.

    Raises
    ------
    CommuniqueError
        Two annotators have the same name for `datasets`.
    """
    gold = [document for members in parts.values() for document in members]
    licenses = Counter(document.provenance.license for document in gold)
    names = tuple(sorted(annotators))
    _refuse_twins(names)
    return Told(
        plan=planned,
        counts={str(split): by_collection(members) for split, members in parts.items()},
        used={label for item in gold for label in (item.genre, item.provenance.origin)},
        licenses={name: licenses[name] for name in sorted(licenses, key=lambda name: (-licenses[name], name))},
        annotators=names,
        missing={name for name in _OPTIONAL if any(not _have(members, name) for members in parts.values())},
        example=_example(d for d in parts[Split.TRAIN] if d.provenance.license == planned.about.texts.license),
    )


def _have(documents: Iterable[Document], name: str) -> bool:
    return any(getattr(document, name) is not None for document in documents)


def _example(documents: Iterable[Document]) -> ClaimRow | None:
    """Return the row of a claim in a short context, if possible of several words and with speaker, cue and target."""
    rows = (row for document in documents for row in claim_rows(document))
    return min(rows, key=_plainness, default=None)


def _plainness(row: ClaimRow) -> tuple[bool, bool, int, str]:
    whole = bool(row.speaker and row.cue and row.targets)
    return not whole, row.text.count(" ") < 4, len(row.context), row.id


def paths(annotators: Iterable[str], prefix: str = "") -> dict[str, dict[str, str]]:
    """Return the data files of a release: configuration to split to path.

    Parameters
    ----------
    annotators : iterable of str
        Their names.
    prefix : str, optional
        Path to the release's folder from where the paths begin.
    """
    found = {
        name: {str(split): f"{prefix}{'' if name == 'documents' else f'{name}/'}{split}.jsonl" for split in Split}
        for name in CONFIGS
    }
    layers = {split_name(name): f"{prefix}{ANNOTATORS}/{name}.jsonl" for name in annotators}
    return found | ({ANNOTATORS: layers} if layers else {})


def split_name(annotator: str) -> str:
    """Return what `datasets` can call an annotator: letters, digits and underscores."""
    return "".join(letter if letter.isalnum() else "_" for letter in annotator)


def _refuse_twins(names: Sequence[str]) -> None:
    first: dict[str, str] = {}
    for name in names:
        if (other := first.setdefault(split_name(name), name)) != name:
            told = f"annotators {other!r} and {name!r} are both {split_name(name)!r} to datasets.load_dataset"
            raise CommuniqueError(f"{told}; rename the folder of one under annotations")
