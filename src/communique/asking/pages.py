"""What is read and what is filled in: the page of a text, and its form. Neither shows a label that it asks for."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from communique.asking.assignment import Wanted
from communique.asking.units import Unit
from communique.labels import Rhetoric
from communique.problems import one_line
from communique.quotes.records import QuotedDocument
from communique.records import Document
from communique.typed import NONE, Reason, TypedClaim

KEY = {Wanted.TYPES: "claim", Wanted.HOLDERS: "attribution"}
"""The column of the numbers."""
COLUMNS = {
    Wanted.TYPES: ("rhetoric", "also", "conditional", "negated", "note"),
    Wanted.HOLDERS: ("holders", "note"),
}
ANSWERS = ("first", "second")
"""Columns of what two annotators said, where an adjudicator decides."""
AUTHOR = "author"
UNANSWERED = "unanswered"
"""Among the notes of a form that nobody has filled in."""
_TOLD = {
    Wanted.TYPES: (
        f"rhetoric: {', '.join(Rhetoric)}; {NONE} where no act is performed, {Reason.UNREADABLE} where the claim is "
        f"broken. also: a second type, or nothing. conditional, negated: x, or nothing."
    ),
    Wanted.HOLDERS: (
        "holders: names as the text spells them, in their fullest form, several joined by |. Without a holder write "
        f"{NONE} under note, or {AUTHOR} where it is the author whom the text does not name."
    ),
    Wanted.ALL: (
        "Write the annotation in quotes into the .json file beside this one, as section 4 of docs/guidelines.md has "
        f"it, and drop the note {UNANSWERED!r}."
    ),
}
_ABSENT = "–"


def page(document: Document, wanted: Wanted, units: Mapping[int, Unit]) -> str:
    """Return what is read: the text with its lines numbered, then what is asked about."""
    lines = document.text.split("\n")
    wide = len(str(len(lines)))
    text = [f"{number:>{wide}}  {line}".rstrip() for number, line in enumerate(lines, 1)]
    parts = [f"# {one_line(document.id)}", _TOLD[wanted], "## Text", "\n".join(text).rstrip()]
    if wanted is not Wanted.ALL:
        parts += [f"## {KEY[wanted].capitalize()}s", "\n\n".join(_told(n, unit) for n, unit in units.items())]
    return "\n\n".join(parts) + "\n"


def _told(number: int, unit: Unit) -> str:
    words = {"speaker": unit.speaker or _ABSENT, "cue": unit.cue or _ABSENT, "claim": unit.claim}
    return "\n".join([f"{number}. line {unit.line}", *(f"   {name}: {told}" for name, told in words.items())])


def form(document: Document, wanted: Wanted, numbers: Iterable[int]) -> str:
    """Return the form that is filled in: numbers and empty cells, or an annotation in quotes without units."""
    if wanted is Wanted.ALL:
        skeleton = msgspec.json.encode(QuotedDocument(id=document.id, notes=(UNANSWERED,)))
        return msgspec.json.format(skeleton, indent=1).decode() + "\n"
    columns = COLUMNS[wanted]
    return _table((KEY[wanted], *columns), ([str(number), *[""] * len(columns)] for number in numbers))


def decision(numbers: Mapping[int, Unit], first: Iterable[TypedClaim], second: Iterable[TypedClaim]) -> str:
    """Return the form of an adjudicator, with what each annotator said."""
    said = [{claim.id: claim for claim in claims} for claims in (first, second)]
    columns = COLUMNS[Wanted.TYPES]
    rows = (
        [str(number), *(_answer(claims[unit.id]) for claims in said), *[""] * len(columns)]
        for number, unit in numbers.items()
    )
    return _table((KEY[Wanted.TYPES], *ANSWERS, *columns), rows)


def _answer(claim: TypedClaim) -> str:
    also = f" also {claim.also}" if claim.also else ""
    label = claim.rhetoric or (NONE if claim.reason is Reason.NO_ACT else str(claim.reason))
    return f"{label}{also}{' conditional' * claim.conditional}{' negated' * claim.negated}"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()


def batches(sizes: Iterable[int], most: int) -> Iterator[int]:
    """Yield for each document its batch, from 1: as many as fit, in order; a larger one is alone.

    Parameters
    ----------
    sizes : iterable of int
        Units of each document.
    most : int
        Units of a batch.
    """
    batch, filled = 1, 0
    for size in sizes:
        if filled and filled + size > most:
            batch, filled = batch + 1, 0
        filled += size
        yield batch
