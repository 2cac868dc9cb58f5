"""PolNeAR, read: the corpus as its public repository lays it out, or any folder of its form.

``[data/]{train,dev,test,annotator-training}/{text,attributions}``, ``metadata.tsv``; one ``.ann`` per article and
annotator. Every attribution becomes one with one claim, without rhetoric type and without entity; what the corpus has
and a document has not, and what is irregular in it, is counted by name.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from communique.files import content
from communique.formats.common import Imported, Known, document, headline
from communique.formats.declared import Format, Option
from communique.formats.polnear.layer import layer
from communique.formats.polnear.standoff import annotated, parse
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.texts import Normalised, decoded

PARTS = ("train", "dev", "test", "annotator-training")
_DEFAULT = PARTS[:3]
_NAME = re.compile(r"(?P<stem>.+)_(?P<annotator>[0-9a-z]+)\.ann")


def read(folder: Path, *, annotator: str = "first", parts: Sequence[str] = ()) -> Imported:
    """Read a PolNeAR folder.

    Parameters
    ----------
    folder : Path
        With ``train``, ``dev`` or ``test`` in it, or ``data`` that has them.
    annotator : str, optional
        ``first`` in sorted order for each article, ``all`` (ids then end in ``@annotator``), or one annotator's id.
    parts : sequence of str, optional
        Which of `PARTS`; by default train, dev and test, as far as they are there.

    Returns
    -------
    Imported
        Documents in sorted order, and the count of each irregularity. A claim has the id of its event in the ``.ann``
        file.

    Raises
    ------
    CommuniqueError
        The folder is not of this form, or there is no such part or annotator.
    """
    root = folder / "data" if (folder / "data").is_dir() else folder
    found = Imported()
    known = _metadata(folder, root)
    chosen = [
        item
        for part in _present(folder, root, parts, found.noticed)
        for item in _chosen(part, annotator, found.noticed)
    ]
    if not chosen:
        raise CommuniqueError(f"{folder}: no annotations by {annotator!r}; say first, all, or an id in the file names")
    for part, stem, ann in chosen:
        _article(found, part, stem, ann, annotator, known.get(stem, {}))
    found.noticed = +found.noticed
    return found


def _present(folder: Path, root: Path, asked: Sequence[str], noticed: Counter[str]) -> list[Path]:
    """Return the folders of the parts to read; each has texts."""
    there = {part: root / part for part in PARTS if (root / part / "attributions").is_dir()}
    for part in asked:
        if part not in PARTS:
            raise CommuniqueError(f"there is no part {part!r} of PolNeAR; one of {', '.join(PARTS)}")
        if part not in there:
            raise CommuniqueError(
                f"{folder}: no {part} with text and attributions here; there are {', '.join(there) or 'no parts'}"
            )
    taken = [part for part in PARTS if part in (asked or _DEFAULT) and part in there]
    if not taken:
        raise CommuniqueError(f"{folder}: no {'/'.join(_DEFAULT)} with text and attributions; name a folder of PolNeAR")
    for part in taken:
        if not any((there[part] / "text").glob("*.txt")):
            raise CommuniqueError(f"{there[part]}: no texts here; clone the repository whole, with {part}/text")
    for part in there.keys() - set(taken) if not asked else ():
        noticed[f"articles of {part}, read only if you ask for --part {part}"] += len(
            list(there[part].glob("text/*.txt"))
        )
    return [there[part] for part in taken]


def _metadata(*folders: Path) -> dict[str, dict[str, str]]:
    for folder in folders:
        path = folder / "metadata.tsv"
        if path.is_file():
            lines = decoded(content(path), str(path)).splitlines()
            try:
                return {row.get("filename") or "": row for row in csv.DictReader(lines, delimiter="\t")}
            except csv.Error as error:
                raise CommuniqueError(f"{path}: {error}; mend the table or leave it out") from error
    return {}


def _chosen(part: Path, annotator: str, noticed: Counter[str]) -> Iterator[tuple[Path, str, Path]]:
    versions: dict[str, list[tuple[str, Path]]] = {}
    for path in sorted((part / "attributions").glob("*.ann")):
        match = _NAME.fullmatch(path.name)
        if match:
            versions.setdefault(match["stem"], []).append((match["annotator"], path))
        else:
            noticed["file name without annotator"] += 1
    for stem, several in sorted(versions.items()):
        noticed["articles with several annotators"] += len(several) > 1
        for name, path in several[:1] if annotator == "first" else several:
            if annotator in ("first", "all", name):
                yield part, stem, path


def _article(found: Imported, part: Path, stem: str, ann: Path, annotator: str, row: dict[str, str]) -> None:
    source = part / "text" / f"{stem}.txt"
    if not source.is_file():
        found.noticed["annotations whose text is missing"] += 1
        return
    try:
        raw, lines = decoded(content(source), str(source)), decoded(content(ann), str(ann))
    except DataError as error:
        found.problems += error.problems
        return
    text = Normalised(raw)
    found.noticed["texts normalised to NFC, LF"] += text.text != raw
    try:
        bounds, events = parse(lines, raw, text, found.noticed)
    except ValueError as error:
        found.problems.append(Problem(str(ann), 0, "spans-too-long", Level.SPANS, str(error)))
        return
    if not text.text.strip() or not annotated(bounds, events, text.text):
        found.noticed["articles not annotated"] += 1
        return
    name = f"{stem}@{ann.stem.rsplit('_', 1)[1]}" if annotator == "all" else stem
    known = _known(row)
    found.noticed["titles that are not the first line"] += (
        known.title is not None and headline(known.title, text.text) is None
    )
    made = document(layer(name, text.text, bounds, events, found.noticed), text.text, known)
    found.admit(made, str(ann))


def _known(row: dict[str, str]) -> Known:
    try:
        day = date.fromisoformat(row.get("publication_date") or "")
    except ValueError:
        day = None
    title, publisher = row.get("title") or None, row.get("publisher") or None
    return Known(collection="polnear", date=day, title=title, publisher=publisher)


FORMAT = Format(
    name="polnear",
    place="the PolNeAR repository's `data/` or a folder of its form",
    loses=(
        "several annotators of one article in one file: choose one, or import each as a layer of its own",
        "flags (Discuss, Discard) and annotators' notes",
        "attributions without content",
    ),
    read=read,
    options=(
        Option(name="annotator", help="first (the default), all, or an annotator's id"),
        Option(name="part", help=", ".join(PARTS), keyword="parts"),
    ),
)
