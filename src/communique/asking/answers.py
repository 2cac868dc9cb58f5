"""Read what was answered: complete, of what was asked, and verbatim, or refused with its place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from communique import typed
from communique.asking.assignment import ENDING, LAYERS, Asked, Pair, Tasks, Wanted, compared, differing
from communique.asking.holder_answers import Held, held, holding
from communique.asking.pages import COLUMNS, KEY, UNANSWERED
from communique.asking.rows import Refused, Told, by_number
from communique.asking.sheets import Row, objects, rows
from communique.asking.type_answers import typed_claim
from communique.asking.units import Unit, numbered
from communique.paths import below
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.quotes.files import align_all, read_quoted
from communique.records import Document, Prediction
from communique.typed import TypedClaim, TypesLayer, fingerprint

T = TypeVar("T")
ALONE, ADJUDICATED = 1, 3
"""How many decided: one annotator; two and an adjudicator."""


@dataclass
class Answered:
    """What was answered.

    Attributes
    ----------
    records : list of TypesLayer or Prediction
        Of the documents whose answers are complete and right, in the order they were asked about.
    problems : list of Problem
        All that is wrong with the others.
    """

    records: list[TypesLayer | Prediction] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def answers(folder: Path, tasks: Tasks, documents: Sequence[Document], annotators: int | None = None) -> Answered:
    """Read the answers of a folder of tasks.

    Parameters
    ----------
    folder : Path
        As `communique.asking.ask.ask` wrote it, its forms filled in: of types and holders ``NAME.csv``, or
        ``NAME.json`` beside it, which then counts alone; of all ``NAME.json``.
    tasks : Tasks
        What was asked there.
    documents : sequence of Document
        Those that were asked about, as `communique.asking.assignment.same` returns them.
    annotators : int, optional
        How many decided on the types: 1 by default, 3 where two differed and a third decided.

    Raises
    ------
    CommuniqueError
        The documents' units are not those that were numbered, or the layers of the two are gone.
    """
    found = Answered()
    read = _reader(folder, tasks, documents, annotators)
    for asked, document in zip(tasks.documents, documents, strict=True):
        units = numbered(document, tasks.asked)
        if fingerprint((unit.id, unit.where) for unit in units.values()) != asked.spans:
            told = "its claims are not at the places they were when it was asked about"
            raise CommuniqueError(f"{document.id}: {told}; name the documents that were asked about with --texts")
        try:
            found.records += read(asked, document, units)
        except DataError as error:
            found.problems += error.problems
        except CommuniqueError as error:
            told = f"{document.id}: {error}"
            found.problems.append(Problem(str(folder), 0, "answer-missing", Level.DOCUMENT, told))
    return found


Reader = Callable[[Asked, Document, Mapping[int, Unit]], Sequence[TypesLayer | Prediction]]


def _reader(folder: Path, tasks: Tasks, documents: Sequence[Document], annotators: int | None) -> Reader:
    if tasks.asked is Wanted.ALL:
        return partial(_all, folder)
    if tasks.asked is Wanted.HOLDERS:
        return partial(_holders, folder)
    pair = _pair(folder, documents) if tasks.between else None
    return partial(_types, folder, annotators or (ADJUDICATED if pair else ALONE), pair)


def _pair(folder: Path, documents: Sequence[Document]) -> Pair:
    paths = [folder / name for name in LAYERS]
    first, second = map(typed.read, paths)
    if compared((first, second), (str(paths[0]), str(paths[1])), documents) != list(documents):
        raise CommuniqueError(f"{paths[0]}: is not of all that was asked about; ask again, or put back the file")
    return first, second


def _types(
    folder: Path, annotators: int, pair: Pair | None, asked: Asked, document: Document, units: Mapping[int, Unit]
) -> list[TypesLayer]:
    open_ = differing(pair, document.id) if pair else {unit.id for unit in units.values()}
    agreed = [claim for claim in pair[0][document.id].claims if claim.id not in open_] if pair else []
    wanted = {number: unit for number, unit in units.items() if unit.id in open_}
    said: dict[int, TypedClaim] = _answered(folder, Wanted.TYPES, asked, wanted, typed_claim)
    return [typed.layer(document, [*agreed, *said.values()], annotators)]


def _holders(folder: Path, asked: Asked, document: Document, units: Mapping[int, Unit]) -> list[Prediction]:
    said: dict[int, Held] = _answered(folder, Wanted.HOLDERS, asked, units, holding(document))
    return [held(document, {units[number].id: names for number, names in said.items()})]


def _answered(
    folder: Path, wanted: Wanted, asked: Asked, units: Mapping[int, Unit], read: Callable[[str, Row], T]
) -> dict[int, T]:
    """Return the answers of a form by number, each read; all that is wrong with them is raised."""
    if not units:
        return {}
    path, given = _rows(folder, wanted, asked)
    chosen, faults = by_number(KEY[wanted], given, units)
    found = {}
    for number, row in chosen.items():
        try:
            found[number] = read(units[number].id, row)
        except Refused as refused:
            faults += [(row.line, name, level, f"{KEY[wanted]} {number}: {told}") for name, level, told in refused.told]
    if faults:
        raise DataError(Problem(str(path), *placed) for placed in sorted(faults))
    return found


def _rows(folder: Path, wanted: Wanted, asked: Asked) -> tuple[Path, list[Row]]:
    as_json, sheet = (below(folder, asked.file or "", end) for end in (".json", ENDING[wanted]))
    if as_json.is_file():
        return as_json, objects(as_json, asked.id, (KEY[wanted], *COLUMNS[wanted]))
    return sheet, rows(sheet, (KEY[wanted], *COLUMNS[wanted]))


def _all(folder: Path, asked: Asked, document: Document, units: Mapping[int, Unit]) -> list[Prediction]:
    path = below(folder, asked.file or "", ENDING[Wanted.ALL])
    ((_, _, quoted),) = placed = read_quoted(path)
    if faults := list(_unfit(quoted.id, quoted.notes, asked)):
        raise DataError(Problem(str(path), 1, *fault) for fault in faults)
    found, problems = align_all(placed, {document.id: document.text})
    if problems:
        raise DataError(problems)
    return found


def _unfit(name: str, notes: Sequence[str], asked: Asked) -> Iterator[Told]:
    if name != asked.id:
        yield "form-malformed", Level.SCHEMA, f"is about {name!r}, the form is of {asked.id!r}; put it in its place"
    if UNANSWERED in notes:
        told = f"{name}: has the note {UNANSWERED!r}; annotate the text, then drop the note"
        yield "answer-missing", Level.DOCUMENT, told
