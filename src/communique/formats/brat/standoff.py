"""The lines of an ``.ann`` file, parsed and checked one by one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from communique.formats.common import broken, spoken
from communique.labels import EntityKind
from communique.problems import CommuniqueError

Offsets = tuple[tuple[int, int], ...]
_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)\t(.*)")
_EVENT = re.compile(r"(E\d+)\t(\S+):(T\d+)((?: \S+:[TE]\d+)*) ?")
_ATTRIBUTE = re.compile(r"([AM]\d+)\t(\S+) (\S+)(?: (\S+))?")
_REFERENCE = re.compile(r"(N\d+)\tReference (\S+) ([a-z]+):(\S+)\t(.+)")


class BratError(CommuniqueError):
    """A line of an ``.ann`` file that cannot be read; ``line`` counts from 1, 0 for the file as a whole."""

    def __init__(self, line: int, message: str):
        self.line = line
        super().__init__(message)


@dataclass
class Standoff:
    """What an ``.ann`` file says, by the keys of its lines (T1, E1 …)."""

    bounds: dict[str, tuple[str, Offsets]] = field(default_factory=dict)
    events: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    entities: dict[str, tuple[str, EntityKind]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def placed(self, at: Callable[[int], int]) -> Self:
        """Return the same with each offset where ``at`` says that it went."""
        moved = {
            key: (kind, tuple((at(start), at(end)) for start, end in offsets))
            for key, (kind, offsets) in self.bounds.items()
        }
        return replace(self, bounds=moved)


def parse(ann: str, text: str) -> Standoff:
    """Parse an ``.ann`` file; notes (``#``) are passed over.

    Raises
    ------
    BratError
        A line is malformed, defined twice, or its text does not stand at its offsets; or something is named that is
        not defined.
    """
    standoff = Standoff()
    for number, line in enumerate(ann.split("\n"), 1):
        if line and not line.startswith("#"):
            _parse_line(standoff, line, number, text)
    _check_references(standoff)
    return standoff


def _parse_line(standoff: Standoff, line: str, number: int, text: str) -> None:
    pattern = {"T": _TEXT_BOUND, "E": _EVENT, "A": _ATTRIBUTE, "M": _ATTRIBUTE, "N": _REFERENCE}.get(line[0])
    match = pattern.fullmatch(line) if pattern else None
    if not match:
        raise BratError(number, f"not a brat annotation this corpus knows: {line[:80]!r}; see docs/formats.md")
    key = match[1]
    if key in standoff.lines:
        raise BratError(number, f"{key} is defined twice, first on line {standoff.lines[key]}; give one another number")
    standoff.lines[key] = number
    match line[0]:
        case "T":
            standoff.bounds[key] = (match[2], _offsets(match, number, text))
        case "E":
            roles = [argument.split(":", 1) for argument in match[4].split()]
            standoff.events[key] = (match[3], [(role, target) for role, target in roles])
        case "N":
            _parse_reference(standoff, match, number)
        case _:
            standoff.attributes.setdefault(match[3], {})[match[2]] = match[4] or ""


def _parse_reference(standoff: Standoff, match: re.Match[str], number: int) -> None:
    if match[3] not in list(EntityKind):
        raise BratError(number, f"unknown kind of entity {match[3]!r}; one of {', '.join(EntityKind)}")
    standoff.references.setdefault(match[2], []).append(match[4])
    meant = (match[5], EntityKind(match[3]))
    known = standoff.entities.setdefault(match[4], meant)
    if known != meant:
        told = f"{match[4]} is {known[1]} {known[0]!r} above and {meant[1]} {meant[0]!r} here"
        raise BratError(number, f"{told}; an entity has one name and one kind")


def _offsets(match: re.Match[str], number: int, text: str) -> Offsets:
    pieces = [(int(start), int(end)) for start, end in (piece.split() for piece in match[3].split(";"))]
    for start, end in pieces:
        if not 0 <= start < end <= len(text):
            raise BratError(number, f"{match[1]} {start} {end} lies outside the text of {len(text)} code points")
    found = spoken(pieces, text, len(match[4]))
    if found != match[4]:
        raise BratError(
            number, f"{match[1]} says {match[4][:60]!r}, the text has {found[:60]!r} there; mend the offsets"
        )
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
    for key, (trigger, roles) in standoff.events.items():
        for target in (trigger, *(target for _, target in roles)):
            if target not in standoff.bounds:
                raise BratError(
                    standoff.lines[key], f"{target} is not a text-bound annotation; define it or drop the line"
                )
