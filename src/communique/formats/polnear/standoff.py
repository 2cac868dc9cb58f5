"""The lines of a PolNeAR ``.ann`` file; what is irregular is counted and survived."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from communique.checks import length_faults
from communique.formats.common import spoken, trimmed
from communique.places import Place
from communique.texts import Normalised

FLAGS = ("Discuss", "Discard")
_BOUND = re.compile(r"(T\d+)\t(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)\t(.*)")
_EVENT = re.compile(r"(E\d+)\t(\S+?):(T\d+)((?: \S+?:T\d+)*)\s*")


@dataclass(frozen=True)
class Bound:
    """A text-bound annotation: its label, and its fragments in the stored text."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Event:
    """An attribution: its id in the file, its type, and the text-bound annotation in each role."""

    key: str
    kind: str
    roles: dict[str, str]


def parse(lines: str, raw: str, text: Normalised, noticed: Counter[str]) -> tuple[dict[str, Bound], list[Event]]:
    """Parse an ``.ann`` file.

    Parameters
    ----------
    lines, raw : str
        Content of the file, and the text its offsets count over.
    text : Normalised
        The same text in stored form.
    noticed : Counter
        Irregularities are added to it by name.

    Returns
    -------
    dict of str to Bound
        Text-bound annotations by key, those outside the text left out.
    list of Event
        In the order of the file.

    Raises
    ------
    ValueError
        The spans have too many words together.
    """
    bounds: dict[str, Bound] = {}
    events: list[Event] = []
    length = 0
    for line in lines.split("\n"):
        if match := _BOUND.fullmatch(line):
            if bound := _bound(match, raw, text, noticed):
                bounds[match[1]] = bound
                length += sum(end - start for start, end in bound.places)
                for _, told in length_faults([(0, length)]):
                    raise ValueError(told)
        elif match := _EVENT.fullmatch(line):
            events.append(_event(match, bounds, noticed))
        elif line.startswith("#"):
            noticed["annotators' notes"] += 1
        elif line:
            noticed["lines that continue an annotation's text"] += 1
    return bounds, events


def _event(match: re.Match[str], bounds: dict[str, Bound], noticed: Counter[str]) -> Event:
    pairs = [argument.split(":", 1) for argument in match[4].split()]
    roles = {role: target for role, target in reversed(pairs)}
    trigger, cue = bounds.get(match[3]), bounds.get(roles.get("Cue", ""))
    noticed["triggers that are not the cue"] += bool(trigger and cue and trigger.places != cue.places)
    return Event(match[1], match[2], roles)


def _bound(match: re.Match[str], raw: str, text: Normalised, noticed: Counter[str]) -> Bound | None:
    places = [(int(start), int(end)) for start, end in (piece.split() for piece in match[3].split(";"))]
    if any(not 0 <= start < end <= len(raw) for start, end in places):
        noticed["offsets outside the text"] += 1
        return None
    noticed["fragments out of order or overlapping"] += any(one[1] > two[0] for one, two in pairwise(places))
    noticed["offsets that do not match their text"] += spoken(places, raw, len(match[4])) != match[4]
    if match[2] in FLAGS:
        noticed[f"flags {match[2]}"] += 1
    found = trimmed([(text.at(start), text.at(end)) for start, end in places], text.text)
    noticed["spans of several fragments"] += len(found) > 1
    return Bound(match[2], found) if found else None


def annotated(bounds: dict[str, Bound], events: Sequence[Event], text: str) -> bool:
    """Say whether an article was annotated; an empty file or a flag over the whole article means that it was not."""
    flags = (bound.places for bound in bounds.values() if bound.label in FLAGS)
    lengths = [places[-1][1] - places[0][0] for places in flags]
    return bool(events) or (bool(bounds) and all(length < 0.9 * len(text.strip()) for length in lengths))
