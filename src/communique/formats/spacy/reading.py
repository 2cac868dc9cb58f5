"""From a DocBin to documents."""

import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from communique.files import LARGEST, LEAST_REFUSED, MOST_PACKED, content
from communique.formats.common import Imported
from communique.formats.declared import meant
from communique.formats.spacy.docbin import Bin, Kept
from communique.formats.spacy.groups import FACTS, LABELS, spacy
from communique.formats.spanned import UNREADABLE, Spanned, document_from, plainly
from communique.problems import DataError, Level, Problem
from communique.records import Document


def read(path: Path, *, mapping: Sequence[str] = ()) -> Imported:
    """Read a DocBin.

    Parameters
    ----------
    path : Path
        As ``DocBin.to_disk`` writes it.
    mapping : sequence of str, optional
        ``SEEN=MEANT``: what other labels stand for.

    Returns
    -------
    Imported
        Documents; one that cannot be read is a problem, and so is a file of another form.

    Raises
    ------
    CommuniqueError
        spaCy is not installed, or the file cannot be read.
    """
    spacy()
    found, names = Imported(), meant(mapping)
    try:
        held = Bin(_unpacked(content(path)))
        for number in range(1, len(held) + 1):
            _admit(found, held, number, names, path)
    except DataError as error:
        found.problems += error.problems
    except UNREADABLE as error:
        told = f"no DocBin of spaCy 3: {plainly(error)}; write it again with DocBin.to_disk"
        found.problems.append(Problem(str(path), 0, "spacy-malformed", Level.SCHEMA, told))
    found.noticed = +found.noticed
    return found


def _unpacked(packed: bytes) -> bytes:
    most = max(LEAST_REFUSED, min(LARGEST, MOST_PACKED * len(packed)))
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(packed, most + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(found) > most or not unpacking.eof:
        raise ValueError("it is cut off" if len(found) <= most else "it unpacks to far more than it is")
    return found


def _admit(found: Imported, held: Bin, number: int, names: dict[str, str], path: Path) -> None:
    try:
        found.admit(_document(held.doc(number - 1), f"{path.stem}-{number}", names, found.noticed), str(path), number)
    except UNREADABLE as error:
        told = f"document {number}: {plainly(error)}; see docs/formats.md"
        found.problems.append(Problem(str(path), number, "spacy-malformed", Level.SCHEMA, told))


def _document(doc: Kept, name: str, names: dict[str, str], noticed: Counter[str]) -> Document:
    noticed["named entities outside span groups"] += doc.entities
    noticed["categories of documents"] += len(doc.categories)
    noticed["custom data of other names"] += len(doc.custom.keys() - {FACTS})
    spans = [
        Spanned(None, one.start, one.end, one.label or LABELS.get(group, ""), one.unit)
        for group, several in doc.groups.items()
        for one in several
    ]
    facts = doc.custom.get(FACTS)
    told = msgspec.json.decode(facts) if isinstance(facts, str) else facts
    return document_from(name, doc.text, spans, None, told, names, noticed)
