"""UMUC, read: speeches in the UN Security Council, and the conflict spans that people marked in some of them.

``Corpora/Raw/Preproc_Text/<meeting>/<speech>.txt`` and ``Corpora/Annotated/Conflicts/main_conflicts.csv``, as the
public repository lays them out. A text file is a document; its name says meeting and delegation.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from communique.files import content
from communique.formats.common import Imported, Known, document, trimmed
from communique.formats.declared import Format, Option
from communique.labels import EntityKind, Form, Genre
from communique.layer import LayerBuilder
from communique.problems import CommuniqueError, DataError
from communique.records import Entity, Prediction
from communique.texts import Normalised, decoded

LAYERS = ("conflicts",)
_TEXTS = Path("Corpora", "Raw", "Preproc_Text")
_TABLE = Path("Corpora", "Annotated", "Conflicts", "main_conflicts.csv")
_NAME = re.compile(r"UNSC_\d{4}_(?P<meeting>SPV\.\d+)_spch\d+_(?P<country>.+)")
_NOTHING = ("_", "", "Underdefined")
_COLUMNS = (
    "filename",
    "speech_edu_id",
    "text_edu",
    "Conflict_Type",
    "Conflict_Target",
    "Target_Country_Name",
    "Conflict_IDs",
    "char_start_offset_edu_original",
)


class Conflict(NamedTuple):
    """A stretch in which people saw a conflict: code points of the stored text, half-open.

    ``kind`` is Direct_NegEval, Indirect_NegEval, Challenge or Correction; ``target`` a country or another addressee,
    None where it is left open; ``unit`` the number of its first discourse unit.
    """

    start: int
    end: int
    kind: str
    target: str | None
    unit: str


Row = dict[str, str]


def read(folder: Path, *, layer: str | None = None) -> Imported:
    """Read a UMUC folder.

    Parameters
    ----------
    folder : Path
        With ``Corpora`` in it.
    layer : str, optional
        ``conflicts``: only speeches that people marked, each with one attribution, the delegation's, and one claim per
        conflict span; its id is ``edu-`` and the number of the span's first discourse unit. Without a layer, every
        speech, nothing annotated.

    Returns
    -------
    Imported
        Documents in order of their names.

    Raises
    ------
    CommuniqueError
        The folder is not of this form, or there is no such layer.
    """
    if layer is not None and layer not in LAYERS:
        raise CommuniqueError(f"there is no layer {layer!r} of unsc; one of {', '.join(LAYERS)}")
    found = Imported()
    texts = _texts(folder, found)
    marked = _conflicts(folder, texts, found.noticed) if layer else {}
    for name, (path, text) in texts.items():
        if layer and name not in marked:
            found.noticed["speeches that were not marked for conflicts"] += 1
            continue
        made = _marked(name, text.text, marked[name]) if layer else Prediction(id=name)
        storyline = match["meeting"] if (match := _NAME.fullmatch(name)) else None
        known = Known(collection="unsc", genre=Genre.SPEECH, publisher="United Nations Security Council")
        try:
            found.admit(replace(document(made, text.text, known), storyline=storyline), str(path))
        except ValueError:
            found.noticed["speeches without text"] += 1
    found.noticed = +found.noticed
    return found


def conflicts(folder: Path) -> dict[str, list[Conflict]]:
    """Return the conflict spans of each speech that people marked, in order; those without conflict have none.

    Parameters
    ----------
    folder : Path
        With ``Corpora`` in it.

    Raises
    ------
    DataError
        A text is not UTF-8.
    CommuniqueError
        The folder is not of this form, or the table cannot be read.
    """
    found = Imported()
    texts = _texts(folder, found)
    if found.problems:
        raise DataError(found.problems)
    return _conflicts(folder, texts, Counter())


def _texts(folder: Path, found: Imported) -> dict[str, tuple[Path, Normalised]]:
    paths = sorted((folder / _TEXTS).rglob("*.txt"), key=lambda path: path.stem)
    if not paths:
        raise CommuniqueError(f"{folder}: no {_TEXTS.as_posix()} with texts; name a folder of UMUC")
    texts: dict[str, tuple[Path, Normalised]] = {}
    for path in paths:
        try:
            raw = decoded(content(path), str(path))
        except DataError as error:
            found.problems += error.problems
            continue
        texts[path.stem] = path, Normalised(raw)
        found.noticed["texts normalised to NFC, LF"] += texts[path.stem][1].text != raw
    return texts


def _conflicts(
    folder: Path, texts: dict[str, tuple[Path, Normalised]], noticed: Counter[str]
) -> dict[str, list[Conflict]]:
    found: dict[str, list[Conflict]] = {}
    for name, rows in groupby(_rows(folder / _TABLE), key=lambda row: _document(row["filename"])):
        several = list(rows)
        if name not in texts:
            noticed["marked discourse units whose text is missing"] += len(several)
            continue
        found.setdefault(name, []).extend(_joined(several, texts[name][1], noticed))
    return {name: sorted(found[name]) for name in sorted(found)}


def _document(filename: str) -> str:
    return filename.replace("_edu_", "_", 1).removesuffix(".txt")


def _rows(path: Path) -> list[Row]:
    lines = decoded(content(path), str(path)).removeprefix("\ufeff").splitlines(keepends=True)
    try:
        rows = list(csv.DictReader(lines))
    except csv.Error as error:
        raise CommuniqueError(f"{path}: {error}; fetch the table again") from error
    if missing := [name for name in _COLUMNS if rows and rows[0].get(name) is None]:
        raise CommuniqueError(f"{path}: no column {missing[0]!r}; fetch the table again")
    return [{name: row.get(name) or "" for name in _COLUMNS} for row in rows]


def _joined(rows: Sequence[Row], text: Normalised, noticed: Counter[str]) -> list[Conflict]:
    """Return a conflict for each run of discourse units that people marked as one."""
    found: list[Conflict] = []
    at = 0
    placed: list[tuple[Row, tuple[int, int] | None]] = []
    for row in rows:
        place = _place(row, text.text, at, noticed)
        at = place[1] if place else at
        placed.append((row, place))
    for key, run in groupby(placed, key=lambda pair: _marking(pair[0])):
        units = [(row, place) for row, place in run if place]
        if key[0] not in _NOTHING and units:
            target = next((name for name in key[1:3] if name not in _NOTHING), None)
            starts, ends = zip(*(place for _, place in units), strict=True)
            found.append(Conflict(min(starts), max(ends), key[0], target, units[0][0]["speech_edu_id"]))
    return found


def _marking(row: Row) -> tuple[str, ...]:
    if row["Conflict_Type"] in _NOTHING:
        return ("_",)
    return tuple(row[name] for name in ("Conflict_Type", "Target_Country_Name", "Conflict_Target", "Conflict_IDs"))


def _place(row: Row, text: str, after: int, noticed: Counter[str]) -> tuple[int, int] | None:
    """Return where a unit stands: at the offset of the text as it was, or where its words stand next."""
    words, said = row["text_edu"], row["char_start_offset_edu_original"]
    start = int(said) if re.fullmatch(r"\d{1,9}", said) else -1
    marked = row["Conflict_Type"] not in _NOTHING
    if words and start >= 0 and text.startswith(words, start):
        return start, start + len(words)
    if words and (start := text.find(words, after)) >= 0:
        noticed["discourse units found by their words, their offsets being wrong"] += 1
        return start, start + len(words)
    noticed["conflict units that cannot be placed" if marked else "other units that cannot be placed"] += 1
    return None


def _marked(name: str, text: str, found: Sequence[Conflict]) -> Prediction:
    """Return a speech as its delegation's one attribution; the delegation has no mention."""
    builder = LayerBuilder(name, text)
    if found:
        author, kind = _author(name)
        holders = builder.entities([Entity(id="e1", name=author, kind=kind, mentions=())])
        said = builder.attribution(entities=holders, form=Form.DIRECT)
        for item in found:
            builder.claim(said, trimmed([(item.start, item.end)], text), f"edu-{item.unit}")
    return builder.canonical()


def _author(name: str) -> tuple[str, EntityKind]:
    country = match["country"].replace("_", " ") if (match := _NAME.fullmatch(name)) else name
    told = re.sub(r"\b(Of|And|The)\b", lambda word: word[0].lower(), country)
    return told, EntityKind.INSTITUTION if told == "UN" else EntityKind.STATE


FORMAT = Format(
    name="unsc",
    place="the UMUC repository: `Corpora/Raw/Preproc_Text`, `Corpora/Annotated/Conflicts/main_conflicts.csv`",
    loses=(
        "conflict types and targets: `communique.formats.unsc.conflicts` returns them",
        "discourse units without conflict, sentences and paragraphs as the corpus numbers them",
    ),
    read=read,
    options=(Option(name="layer", help="conflicts, the spans that people marked"),),
)
