"""brat standoff, read and write: the format in which annotations are kept under ``seeds/annotations/``.

==============  ==================================================================================
unit            in the ``.ann`` file
==============  ==================================================================================
mention         text-bound, type = kind of its entity (``Person``, ``State`` …)
speaker         text-bound ``Speaker``
claim           text-bound ``Claim`` with attributes ``Rhetoric``, ``Also``, ``Conditional``, ``Negated``
attribution     event; its trigger is the cue (``Attribution``) or, without one, its first claim (``Uncued``);
                arguments ``Speaker``, ``Content``, ``Content2`` …, ``Parent``; attribute ``Form``
entity          normalisation ``Reference <unit> <kind>:<entity> <name>`` of its mentions, of the events it
                holds and of the claims it is the target of
==============  ==================================================================================

brat cannot hold a span over a line break: it is written as fragments and joined again on reading.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from communique.build.canonical import canonical
from communique.labels import EntityKind, Form, Rhetoric
from communique.problems import CommuniqueError
from communique.records import Attribution, Cue, Document, Entity, PredictedClaim, Prediction, Span, Speaker

Label = TypeVar("Label", Form, Rhetoric)
Offsets = tuple[tuple[int, int], ...]
_KINDS = {kind.value.capitalize(): kind for kind in EntityKind}
_TEXT_BOUND = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_EVENT = re.compile(r"(E\d+)\t(\S+):(T\d+)((?: \S+:[TE]\d+)*) ?")
_ATTRIBUTE = re.compile(r"([AM]\d+)\t(\S+) (\S+)(?: (\S+))?")
_REFERENCE = re.compile(r"(N\d+)\tReference (\S+) ([a-z]+):(\S+)\t(.+)")


class BratError(CommuniqueError):
    """A line of an .ann file that cannot be read; ``line`` counts from 1."""

    def __init__(self, line: int, message: str):
        self.line = line
        super().__init__(message)


@dataclass
class _Standoff:
    bounds: dict[str, tuple[str, Offsets]] = field(default_factory=dict)
    events: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    entities: dict[str, tuple[str, EntityKind]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def read(ann: str, text: str, doc_id: str) -> Prediction:
    """Read one ``.ann`` file.

    Parameters
    ----------
    ann : str
        Content of the file.
    text : str
        Stored text of the document.
    doc_id : str
        Id the annotation shall have.

    Returns
    -------
    Prediction
        Canonical order and ids.

    Raises
    ------
    BratError
        A line is malformed, its text does not stand at its offsets, or it refers to nothing.
    """
    standoff = _Standoff()
    for number, line in enumerate(ann.split("\n"), 1):
        if line and not line.startswith("#"):
            _read_line(standoff, line, number, text)
    return canonical(_to_prediction(standoff, text, doc_id))


def _read_line(standoff: _Standoff, line: str, number: int, text: str) -> None:
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
            roles = [tuple(argument.split(":", 1)) for argument in match[4].split()]
            standoff.events[key] = (match[3], roles)  # type: ignore[assignment]
        case "N":
            kind = next((kind for kind in EntityKind if kind.value == match[3]), None)
            if kind is None:
                raise BratError(number, f"unknown kind of entity {match[3]!r}; one of {', '.join(EntityKind)}")
            standoff.references.setdefault(match[2], []).append(match[4])
            known = standoff.entities.setdefault(match[4], (match[5], kind))
            if known != (match[5], kind):
                raise BratError(number, f"{match[4]} is {known[1]} {known[0]!r} above and {kind} {match[5]!r} here; name it once")
        case _:
            standoff.attributes.setdefault(match[3], {})[match[2]] = match[4] or ""


def _offsets(match: re.Match[str], number: int, text: str) -> Offsets:
    pieces = [tuple(map(int, piece.split())) for piece in match[3].split(";")]
    for start, end in pieces:
        if not 0 <= start < end <= len(text):
            raise BratError(number, f"{match[1]} {start} {end} lies outside the text of {len(text)} code points")
    found = " ".join(text[start:end] for start, end in pieces)
    if found != match[4]:
        raise BratError(number, f"{match[1]} says {match[4][:60]!r}, the text has {found[:60]!r} there; mend the offsets")
    return _joined(pieces, text)  # type: ignore[arg-type]


def _joined(pieces: Iterable[tuple[int, int]], text: str) -> Offsets:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        gap = text[joined[-1][1] : start] if joined else "x"
        if "\n" in gap and not gap.strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _to_prediction(standoff: _Standoff, text: str, doc_id: str) -> Prediction:
    def bound(key: str, number: int) -> Offsets:
        if key not in standoff.bounds:
            raise BratError(number, f"{key} is not defined; add the text-bound annotation or drop the line")
        return standoff.bounds[key][1]

    def spans(offsets: Offsets) -> tuple[Span, ...]:
        return tuple(Span(start=s, end=e, text=text[s:e]) for s, e in offsets)

    for key in (*standoff.attributes, *standoff.references):
        if key not in standoff.lines:
            raise BratError(0, f"an attribute or reference names {key}, which is not defined; define or drop it")
    mentions: dict[str, list[tuple[int, int]]] = {entity: [] for entity in standoff.entities}
    for key, (kind, offsets) in standoff.bounds.items():
        if kind in _KINDS:
            for entity in standoff.references.get(key, []):
                mentions[entity].append((offsets[0][0], offsets[-1][1]))
    speakers = [Speaker(id=key, spans=spans(o)) for key, (kind, o) in standoff.bounds.items() if kind == "Speaker"]
    cues, attributions, owner = [], [], {}
    for key, (trigger, roles) in standoff.events.items():
        number = standoff.lines[key]
        cued = standoff.bounds.get(trigger, ("", ()))[0] == "Attribution"
        if cued:
            cues.append(Cue(id=trigger, spans=spans(bound(trigger, number))))
        for role, target in roles:
            bound(target, number)
            if role.startswith("Content"):
                owner[target] = key
        arguments = dict(roles)
        attributions.append(
            Attribution(
                id=key,
                speaker=arguments.get("Speaker"),
                cue=trigger if cued else None,
                entities=tuple(standoff.references.get(key, [])),
                form=_label(Form, standoff, key, "Form"),
                parent=arguments.get("Parent"),
            )
        )
    claims = [
        _claim(standoff, key, spans(offsets), owner) for key, (kind, offsets) in standoff.bounds.items() if kind == "Claim"
    ]
    entities = [
        Entity(id=key, name=name, kind=kind, mentions=tuple(sorted(set(mentions[key]))))
        for key, (name, kind) in standoff.entities.items()
    ]
    units = [tuple(group) for group in (entities, speakers, cues, attributions, claims)]
    return Prediction(id=doc_id, **dict(zip(("entities", "speakers", "cues", "attributions", "claims"), units, strict=True)))


def _claim(standoff: _Standoff, key: str, spans: tuple[Span, ...], owner: dict[str, str]) -> PredictedClaim:
    if key not in owner:
        raise BratError(standoff.lines[key], f"claim {key} is the Content of no attribution; add it to an event")
    attributes = standoff.attributes.get(key, {})
    return PredictedClaim(
        id=key,
        attribution=owner[key],
        spans=spans,
        rhetoric=_label(Rhetoric, standoff, key, "Rhetoric"),
        also=_label(Rhetoric, standoff, key, "Also") if "Also" in attributes else None,
        targets=tuple(standoff.references.get(key, [])),
        conditional="Conditional" in attributes,
        negated="Negated" in attributes,
    )


def _label(labels: type[Label], standoff: _Standoff, key: str, name: str) -> Label:
    value = standoff.attributes.get(key, {}).get(name)
    try:
        return labels(value)
    except ValueError:
        told = f"unknown {name} {value!r}" if value else f"no {name}"
        raise BratError(standoff.lines[key], f"{key} has {told}; one of {', '.join(labels)}") from None


def write(layer: Document | Prediction, text: str) -> str:
    """Return the ``.ann`` content of an annotated document.

    Parameters
    ----------
    layer : Document or Prediction
        Every claim must have a rhetoric type.
    text : str
        Stored text of the document.

    Returns
    -------
    str
        Ends in a line feed unless empty.
    """
    return "".join(f"{line}\n" for line in _lines(canonical(layer), text))


def _lines(layer: Document | Prediction, text: str) -> Iterator[str]:
    t, n, a = itertools.count(1), itertools.count(1), itertools.count(1)
    entities = {entity.id: entity for entity in layer.entities}
    keys: dict[str, str] = {}

    def bound(kind: str, offsets: Offsets) -> tuple[str, str]:
        key = f"T{next(t)}"
        pieces = [piece for start, end in offsets for piece in _unbroken(start, end, text)]
        places = ";".join(f"{start} {end}" for start, end in pieces)
        return key, f"{key}\t{kind} {places}\t{' '.join(text[s:e] for s, e in pieces)}"

    def refer(key: str, ids: Iterable[str]) -> Iterator[str]:
        for name in ids:
            yield f"N{next(n)}\tReference {key} {entities[name].kind}:{name}\t{entities[name].name}"

    for entity in layer.entities:
        for mention in entity.mentions:
            key, line = bound(entity.kind.value.capitalize(), (mention,))
            yield from (line, *refer(key, [entity.id]))
    for kind, units in (("Speaker", layer.speakers), ("Claim", layer.claims)):
        for unit in units:
            keys[unit.id], line = bound(kind, _places(unit.spans))
            yield line
    for claim in layer.claims:
        for name, value in _attributes(claim):
            yield f"A{next(a)}\t{name} {keys[claim.id]}{value}"
        yield from refer(keys[claim.id], claim.targets)
    cues = {cue.id: _places(cue.spans) for cue in layer.cues}
    for number, item in enumerate(layer.attributions, 1):
        contents = [claim for claim in layer.claims if claim.attribution == item.id]
        kind, offsets = ("Attribution", cues[item.cue]) if item.cue else ("Uncued", _places(contents[0].spans))
        trigger, line = bound(kind, offsets)
        yield line
        roles = [("Speaker", item.speaker)] if item.speaker else []
        roles += [(f"Content{i}" if i > 1 else "Content", claim.id) for i, claim in enumerate(contents, 1)]
        roles += [("Parent", item.parent)] if item.parent else []
        yield f"E{number}\t{kind}:{trigger} " + " ".join(f"{role}:{keys[ref]}" for role, ref in roles)
        yield f"A{next(a)}\tForm E{number} {item.form}"
        yield from refer(f"E{number}", item.entities)


def _places(spans: Iterable[Span]) -> Offsets:
    return tuple((span.start, span.end) for span in spans)


def _unbroken(start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text[start:end]):
        yield start + match.start(), start + match.end()


def _attributes(claim: PredictedClaim) -> Iterator[tuple[str, str]]:
    for name, value in (("Rhetoric", claim.rhetoric), ("Also", claim.also)):
        if value:
            yield name, f" {value}"
    for name, flag in (("Conditional", claim.conditional), ("Negated", claim.negated)):
        if flag:
            yield name, ""
