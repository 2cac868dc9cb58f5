"""The lines of an ``.ann`` file, parsed and checked one by one."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from communique.checks import shown, word_faults
from communique.formats.common import broken, spoken
from communique.labels import EntityKind
from communique.problems import CommuniqueError

Offsets = tuple[tuple[int, int], ...]
CUED, UNCUED = "Attribution", "Uncued"
KINDS = {kind.value.capitalize(): kind for kind in EntityKind}
"""Types of mentions, with the kind of their entity."""
NOTES = "notes"
_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)(?:\t(.*))?")
_EVENT = re.compile(r"(E\d+)\t(\S+):(T\d+)((?: \S+:[TE]\d+)*) ?")
_ATTRIBUTE = re.compile(r"([AM]\d+)\t(\S+) (\S+)(?: (\S+))?")
_REFERENCE = re.compile(r"(N\d+)\t(\S+) (\S+) ([^:\s]+):([^\t]+)\t(.*)")
_RELATION = re.compile(r"(R\d+)\t\S+ .+")
_PATTERNS = {"T": _TEXT_BOUND, "E": _EVENT, "A": _ATTRIBUTE, "M": _ATTRIBUTE, "N": _REFERENCE, "R": _RELATION}
_NOTE = re.compile(r"#\S*\tAnnotatorNotes (\S+)\t(.*)")
_ATTRIBUTES = {"Rhetoric", "Also", "Conditional", "Negated", "Form"}
_OUR_ID = re.compile(r"e\d+")


class BratError(CommuniqueError):
    """A line of an ``.ann`` file that cannot be read; ``line`` counts from 1, 0 for the file as a whole.

    ``others`` are further lines of the file that cannot be read.
    """

    def __init__(self, line: int, message: str, others: "Sequence[BratError]" = ()):
        self.line, self.others = line, tuple(others)
        super().__init__(message)


@dataclass
class Standoff:
    """What an ``.ann`` file says, by the keys of its lines (T1, E1 …); ``passed`` is what it says beside, by line."""

    bounds: dict[str, tuple[str, Offsets]] = field(default_factory=dict)
    events: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    entities: dict[str, tuple[str, EntityKind]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    passed: list[tuple[int, str]] = field(default_factory=list)
    noticed: Counter[str] = field(default_factory=Counter)

    def placed(self, at: Callable[[int], int]) -> Self:
        """Return the same with each offset where ``at`` says that it went."""
        moved = {
            key: (kind, tuple((at(start), at(end)) for start, end in offsets))
            for key, (kind, offsets) in self.bounds.items()
        }
        return replace(self, bounds=moved)


def parse(ann: str, text: str) -> Standoff:
    """Parse an ``.ann`` file; what brat knows and a document has not is passed over.

    Raises
    ------
    BratError
        A line is malformed, defined twice, or its text does not stand at its offsets (all such lines are told); or
        something is named that is not defined.
    """
    standoff, faults = Standoff(), []
    for number, line in enumerate(ann.split("\n"), 1):
        try:
            _take(standoff, line, number, text)
        except BratError as error:
            faults.append(error)
    if faults:
        raise BratError(faults[0].line, str(faults[0]), faults[1:])
    _check_references(standoff)
    return standoff


def _take(standoff: Standoff, line: str, number: int, text: str) -> None:
    if line.startswith("#"):
        _note(standoff, line, number)
    elif line.startswith("*\t"):
        standoff.passed.append((number, "equivalences"))
    elif line:
        _parse_line(standoff, line, number, text)


def _note(standoff: Standoff, line: str, number: int) -> None:
    standoff.passed.append((number, NOTES))
    if match := _NOTE.fullmatch(line):
        standoff.notes[match[1]] = match[2]


def _parse_line(standoff: Standoff, line: str, number: int, text: str) -> None:
    pattern = _PATTERNS.get(line[0])
    match = pattern.fullmatch(line) if pattern else None
    if not match:
        raise BratError(number, f"not a line that brat writes: {shown(line)}; mend or drop it, see docs/formats.md")
    key = match[1]
    if key in standoff.lines:
        raise BratError(number, f"{key} is defined twice, first on line {standoff.lines[key]}; give one another number")
    standoff.lines[key] = number
    if foreign := _parsed(standoff, match, number, text):
        standoff.passed.append((number, foreign))


def _parsed(standoff: Standoff, match: re.Match[str], number: int, text: str) -> str | None:
    """Take in a line, or return what kind of thing it is that a document has not."""
    match match[1][0]:
        case "T":
            return _parse_bound(standoff, match, number, text)
        case "E" if match[2] not in (CUED, UNCUED):
            return f"events of type {shown(match[2])}"
        case "E":
            roles = [argument.split(":", 1) for argument in match[4].split()]
            standoff.events[match[1]] = (match[3], [(role, target) for role, target in roles])
        case "N":
            return _parse_reference(standoff, match, number)
        case "R":
            return "relations"
        case _ if match[2] not in _ATTRIBUTES:
            return f"attributes called {shown(match[2])}"
        case _:
            standoff.attributes.setdefault(match[3], {})[match[2]] = match[4] or ""
    return None


def _parse_bound(standoff: Standoff, match: re.Match[str], number: int, text: str) -> str | None:
    if match[2] not in (*KINDS, "Speaker", "Claim", CUED, UNCUED):
        return f"spans of type {shown(match[2])}"
    pieces = [(int(start), int(end)) for start, end in (piece.split() for piece in match[3].split(";"))]
    if all(start == end for start, end in pieces):
        return "spans without words"
    standoff.bounds[match[1]] = (match[2], _offsets(match, pieces, number, text))
    return None


def _parse_reference(standoff: Standoff, match: re.Match[str], number: int) -> str | None:
    _, verb, target, kind, entity, told = match.groups()
    if verb != "Reference" or (kind not in list(EntityKind) and not _OUR_ID.fullmatch(entity)):
        return "references to other databases"
    if kind not in list(EntityKind):
        raise BratError(number, f"unknown kind of entity {kind!r}; one of {', '.join(EntityKind)}")
    name = told.lstrip("\t")
    standoff.noticed["names that had tabs before them"] += name != told
    faults = [fault for _, fault in word_faults(f"{entity}: name", name)]
    if faults or not name:
        raise BratError(number, faults[0] if name else f"{entity} has no name; write it behind {kind}:{entity}")
    standoff.references.setdefault(target, []).append(entity)
    meant = (name, EntityKind(kind))
    known = standoff.entities.setdefault(entity, meant)
    if known != meant:
        words = f"{entity} is {known[1]} {known[0]!r} above and {meant[1]} {meant[0]!r} here"
        raise BratError(number, f"{words}; an entity has one name and one kind")
    return None


def _offsets(match: re.Match[str], pieces: list[tuple[int, int]], number: int, text: str) -> Offsets:
    for start, end in pieces:
        if not 0 <= start < end <= len(text):
            told = "has no words" if start == end else f"lies outside the text of {len(text)} code points"
            raise BratError(number, f"{match[1]} {start} {end} {told}")
    said = match[4] or ""
    found = spoken(pieces, text, len(said))
    if found != said:
        raise BratError(number, f"{match[1]} says {shown(said)}, the text has {shown(found)} there; mend the offsets")
    return _joined(pieces, text)


def _joined(pieces: Iterable[tuple[int, int]], text: str) -> Offsets:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if joined and broken(text, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _check_references(standoff: Standoff) -> None:
    for key in (*standoff.attributes, *standoff.references):
        if key not in standoff.lines:
            raise BratError(
                0, f"an attribute or reference names {key}, which is not defined; define it or drop the line"
            )
        if key not in standoff.bounds and key not in standoff.events:
            standoff.passed.append((standoff.lines[key], "attributes and references of what is passed over"))
    for key, (trigger, roles) in standoff.events.items():
        for target in (trigger, *(target for _, target in roles)):
            if target not in standoff.lines or (target == trigger and target not in standoff.bounds):
                told = f"{target} is not a text-bound annotation with words; define it or drop the line"
                raise BratError(standoff.lines[key], told)
        standoff.events[key] = (trigger, [(role, name) for role, name in roles if _fits(standoff, key, role, name)])


def _fits(standoff: Standoff, event: str, role: str, target: str) -> bool:
    """Say whether an argument is one an attribution has; others are passed over."""
    kind = standoff.bounds.get(target, ("",))[0]
    fits = kind == "Claim" if role == "Parent" or role.startswith("Content") else role == "Speaker"
    fits = fits and (role != "Speaker" or kind == "Speaker" or kind in KINDS)
    if not fits:
        standoff.passed.append((standoff.lines[event], "arguments of other roles or types"))
    return fits
