"""Sources and annotations, read from ``seeds/`` into documents."""

import hashlib
from pathlib import Path

from communique import jsonl
from communique.admission import Admission
from communique.build.plan import completed
from communique.catalog import CATALOG, CatalogEntry
from communique.files import content
from communique.formats import brat
from communique.formats.common import as_claim
from communique.paths import spread
from communique.problems import DataError, Level, Problem
from communique.records import Document, Prediction, Provenance
from communique.texts import Normalised, decoded

GOLD = "gold"


def catalog(seeds: Path) -> list[CatalogEntry]:
    """Return the catalogued texts, in the order of the catalog."""
    entries = list(jsonl.read(seeds / CATALOG, CatalogEntry))
    spread(seeds, (entry.id for entry in entries), (".txt",))
    return completed(seeds, entries)


def annotators(seeds: Path) -> list[str]:
    """Return the names of those who annotated, without the adjudicated gold."""
    return sorted(p.name for p in (seeds / "annotations").iterdir() if p.is_dir() and p.name != GOLD)


def documents(seeds: Path, annotator: str) -> list[Document]:
    """Read every catalogued text that an annotator has annotated.

    Parameters
    ----------
    seeds : Path
        The seeds folder.
    annotator : str
        Folder under ``annotations``: ``gold`` or a name.

    Returns
    -------
    list of Document
        In the order of the catalog.

    Raises
    ------
    DataError
        Texts that changed since they were catalogued, annotations that are unreadable or faulty; all are named.
    """
    found = Admission()
    for entry in catalog(seeds):
        ann = seeds / "annotations" / annotator / f"{entry.id}.ann"
        try:
            if ann.is_file():
                found.admit(_document(seeds, entry, ann), str(ann))
        except DataError as error:
            found.problems += error.problems
    if found.problems:
        raise DataError(sorted(found.problems))
    return found.documents


def _document(seeds: Path, entry: CatalogEntry, ann: Path) -> Document:
    source = seeds / f"{entry.id}.txt"
    found = content(source)
    raw = decoded(found, str(source))
    if (digest := hashlib.sha256(found).hexdigest()) != entry.sha256:
        told = f"sha256 is {digest}, the catalog says {entry.sha256}; annotations hold for the catalogued bytes only"
        raise DataError([Problem(str(source), 0, "source-changed", Level.BYTES, told)])
    beside = ann.with_suffix(".txt")
    if beside.is_file() and content(beside) != found:
        told = f"is not the text of {source}, and the offsets of {ann.name} count over it; copy the source here"
        raise DataError([Problem(str(beside), 0, "annotated-text-differs", Level.BYTES, told)])
    try:
        layer = brat.read(decoded(content(ann), str(ann)), raw, entry.id)
    except brat.BratError as error:
        raise DataError([Problem(str(ann), error.line, "brat-malformed", Level.SCHEMA, str(error))]) from error
    return _compose(entry, Normalised(raw).text, layer)


def _compose(entry: CatalogEntry, text: str, layer: Prediction) -> Document:
    fields = ("id", "language", "collection", "genre", "storyline", "stratum", "title", "date")
    provenance = ("origin", "publisher", "license", "url", "sha256")
    return Document(
        text=text,
        provenance=Provenance(**{name: getattr(entry, name) for name in provenance}),
        entities=layer.entities,
        speakers=layer.speakers,
        cues=layer.cues,
        attributions=layer.attributions,
        claims=tuple(as_claim(claim) for claim in layer.claims),
        **{name: getattr(entry, name) for name in fields},
    )
