"""Files of quoted annotations: read them, whatever a model put around them; align them with their texts."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from communique import admission, jsonl
from communique.checks import name_faults, predicted_faults
from communique.files import content
from communique.paths import below
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.quotes.align import align, repaired
from communique.quotes.find import AlignmentError
from communique.quotes.reading import chosen, document, pruned
from communique.quotes.records import QuotedDocument
from communique.records import Prediction
from communique.texts import normal

Placed = tuple[str, int, QuotedDocument]
Kept = tuple[str, int, str, bytes]
"""File and line where an answer stands, the id that it has if it says none, and the answer."""
TextOf = Callable[[str], str]
"""From the id of a document to its stored text."""
_DECODER = msgspec.json.Decoder(QuotedDocument)
_FENCE = re.compile(rb"```[ \t]*(?:json[lc5]?)?[ \t]*", re.IGNORECASE)
_MARK = b"\xef\xbb\xbf"


def read_quoted(path: Path) -> list[Placed]:
    """Return quoted annotations with the file and line each stands in.

    Parameters
    ----------
    path : Path
        JSON lines, one JSON file, or a folder of JSON files, which without an ``id`` have that of their name. What a
        model writes around its JSON is passed over, and what is clear without being of the form is understood
        (`communique.quotes.reading.document`). A line or file may be ``{"id": …, "answer": …}`` with what a model said.

    Raises
    ------
    CommuniqueError
        There is nothing to read.
    DataError
        A line or file is not of the form ``prediction-quotes``; all are named.
    """
    placed, problems = read_sound(path)
    if problems:
        raise DataError(problems)
    return placed


def read_sound(path: Path, *, drop: bool = False) -> tuple[list[Placed], list[Problem]]:
    """Return quoted annotations as `read_quoted` does, but with what is wrong with the others instead of raising that.

    Parameters
    ----------
    path : Path
        As for `read_quoted`.
    drop : bool, optional
        Take what is in order of a faulty annotation instead of refusing it; its faults are returned all the same.

    Raises
    ------
    CommuniqueError
        There is nothing to read.
    """
    placed, problems = sound(_records(path), drop=drop)
    if not placed and not problems:
        raise CommuniqueError(f"{path}: no quoted annotations here; give a .jsonl, a .json or a folder of .json files")
    return placed, problems


def sound(records: Iterable[Kept], *, drop: bool = False) -> tuple[list[Placed], list[Problem]]:
    """Return the quoted annotations among answers, and what is wrong with the others.

    Parameters
    ----------
    records : iterable of (str, int, str, bytes)
        File and line for messages, the id that an answer has if it says none, and the answer.
    drop : bool, optional
        As for `read_sound`.
    """
    placed: list[Placed] = []
    mended: set[int] = set()
    problems: list[Problem] = []
    for file, line, name, found in records:
        answer, faults = _read(file, line, name, found)
        problems += faults
        if answer and (drop or not faults):
            mended |= {len(placed)} if faults else set()
            placed.append((file, line, answer))
    whole = {quoted.id for at, (_, _, quoted) in enumerate(placed) if at not in mended}
    return [one for at, one in enumerate(placed) if at not in mended or one[2].id not in whole], problems


def holds_quotes(path: Path) -> bool:
    """Say whether what stands first in a file or folder is a quoted annotation."""
    for file, line, name, found in _records(path):
        answer, faults = _read(file, line, name, found)
        return answer is not None and not faults
    return False


def _records(path: Path) -> Iterator[Kept]:
    """Yield what stands in a file or folder; a file of a folder has its id by its name."""
    if path.is_dir() or path.suffix == ".json":
        for file in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
            name = file.relative_to(path).with_suffix("").as_posix() if path.is_dir() else ""
            yield str(file), 1, name, _unfenced(content(file))
        return
    for number, line in jsonl.lines(path):
        if found := _unfenced(line):
            yield str(path), number, "", found


def _unfenced(answer: bytes) -> bytes:
    """Return an answer without a byte order mark, and without the fence that models put around JSON."""
    bare = answer.removeprefix(_MARK).strip()
    if opening := _FENCE.match(bare):
        bare = bare[opening.end() :].removesuffix(b"```").strip()
    return bare


def _read(file: str, line: int, name: str, found: bytes) -> tuple[QuotedDocument | None, list[Problem]]:
    """Return what is in order of an answer, and what is not."""
    try:
        return jsonl.decode(_DECODER, found, file, line), []
    except DataError as error:
        kept, words = _kept(found)
        answer = chosen(words)
        if not answer and kept:
            told = "the answer holds no JSON object; ask again, or leave the line out"
            return None, [Problem(file, line, "json-malformed", Level.SCHEMA, told)]
        known = kept or ("" if answer and "id" in answer.value else name)
        if not answer or (len(answer.ids) > 1 and not known):
            return None, list(error.problems)
        made, faults = document(answer, **({"id": known} if known else {}))
        return (pruned(made) if made and faults else made), [
            replace(error.problems[0], message=told) for told in faults
        ]


def _kept(found: bytes) -> tuple[str, str]:
    """Return the id beside which an answer was kept as a model gave it, empty where it was not, and its words."""
    try:
        kept = msgspec.json.decode(found, type=dict[str, Any])
    except (ValueError, RecursionError):
        kept = {}
    if set(kept) != {"id", "answer"}:
        return "", found.decode("utf-8", "replace")
    words = kept["answer"]
    return str(kept["id"]), words if isinstance(words, str) else jsonl.encode(words)


def text_of(texts: Path, doc_id: str) -> str:
    """Return the stored text of ``texts/ID.txt``.

    Raises
    ------
    CommuniqueError
        The id leads out of the folder, or there is no such text.
    """
    path = below(texts, doc_id, ".txt")
    return normal(content(path), str(path))


def text_reader(texts: Path | Mapping[str, str]) -> TextOf:
    """Return a function from the id of a document to its stored text; it raises CommuniqueError where there is none.

    Parameters
    ----------
    texts : Path or mapping of str to str
        Folder with the text of each id, or a JSON lines file of documents; or the texts by id.
    """
    if isinstance(texts, Path) and texts.is_dir():
        return lambda doc_id: text_of(texts, doc_id)
    known = {d.id: d.text for d in admission.documents(texts)} if isinstance(texts, Path) else texts
    place = f"{texts}: " if isinstance(texts, Path) else ""

    def text(doc_id: str) -> str:
        if doc_id not in known:
            raise CommuniqueError(f"{place}there is no document {doc_id!r}; give the documents that were asked about")
        return known[doc_id]

    return text


def align_all(
    placed: Sequence[Placed], texts: Path | Mapping[str, str] | TextOf, *, drop: bool = False
) -> tuple[list[Prediction], list[Problem]]:
    """Align quoted annotations with their texts.

    Parameters
    ----------
    placed : sequence of (str, int, QuotedDocument)
        As from `read_quoted`.
    texts : Path, mapping of str to str, or callable
        As `text_reader` takes or returns them.
    drop : bool, optional
        Leave out what is not in the text instead of refusing the annotation, and count how quotes were found.

    Returns
    -------
    list of Prediction
        One per annotation that is in order: `communique validate` finds nothing in it.
    list of Problem
        Of the others: a text that is not there or annotated twice, quotes that were not found, references that lead
        nowhere, units that contradict each other.
    """
    aligned: dict[str, Prediction] = {}
    problems: list[Problem] = []
    known = texts if callable(texts) else text_reader(texts)
    for file, line, quoted in placed:
        found, faults = _aligned(known, quoted, drop)
        if not faults and quoted.id in aligned:
            faults = [("document-id-duplicate", Level.RELEASE, "is annotated twice; keep one")]
        problems += [Problem(file, line, name, level, f"{quoted.id}: {told}") for name, level, told in faults]
        if found and not faults:
            aligned[quoted.id] = found
    return list(aligned.values()), problems


def _aligned(
    known: TextOf, quoted: QuotedDocument, drop: bool
) -> tuple[Prediction | None, list[tuple[str, Level, str]]]:
    try:
        text = known(quoted.id)
    except DataError as error:
        return None, [(problem.id, problem.level, f"{problem.file}: {problem.message}") for problem in error.problems]
    except CommuniqueError as error:
        return None, [("text-missing", Level.BYTES, str(error))]
    try:
        found = _repaired(text, quoted) if drop else align(text, quoted)
    except AlignmentError as error:
        return None, [("quote-not-found", Level.SPANS, told) for told in str(error).split("\n")]
    faults = (*name_faults(found), *predicted_faults(found))
    return found, [(name, Level.DOCUMENT, f"{told} (ids in the order of the text)") for name, told in faults]


def _repaired(text: str, quoted: QuotedDocument) -> Prediction:
    kept, counts = repaired(text, quoted)
    return replace(align(text, kept), quotes=counts)
