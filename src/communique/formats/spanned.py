"""From stretches with one label each, and links between them, to documents: what tools hold that know little else."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from communique import jsonl
from communique.checks import shown
from communique.files import LARGEST
from communique.formats.common import Imported
from communique.formats.fragments import Facts, Fragment, links
from communique.formats.keys import KINDS, UNITS, Region
from communique.formats.offsets import Counted, Told
from communique.formats.regions import document_of
from communique.labels import Rhetoric
from communique.problems import DataError, Level, Problem
from communique.records import Document

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What a reader raises of a record that is not as it should be."""
_KNOWN = {name.casefold(): (name, "") for name in (*UNITS, *KINDS)} | {
    str(one): ("Claim", str(one)) for one in Rhetoric
}
_MARK = b"\xef\xbb\xbf"


class Spanned(NamedTuple):
    """A stretch as a tool tells it.

    ``key`` is what links call it, None for nothing; ``unit`` its unit where the tool holds that, else what was carried
    tells it.
    """

    key: Any
    start: int
    end: int
    label: str
    unit: str | None = None


class _Read(NamedTuple):
    """A stretch of a known label: kind (Speaker, Cue, Claim or that of an entity), type of a claim, unit of one."""

    told: Told
    kind: str
    rhetoric: str
    unit: str | None

    def region(self, counted: Counted, labels: Mapping[str, Mapping[str, list[str]]]) -> Region:
        """Return the stretch as a region, with what a label does not tell of a claim."""
        said = dict(labels.get(self.unit or "", {})) if self.kind == "Claim" else {}
        for name, words in (("label", self.kind), ("rhetoric", self.rhetoric), ("unit", self.unit)):
            said |= {name: [words]} if words else {}
        return Region(counted.at(self.told), said)


class _Units:
    """The unit of each stretch that stands where it stood: of equal ones that with the same label first."""

    def __init__(self, rows: Iterable[Fragment]):
        self._held: dict[tuple[str, int, int], dict[str, deque[str]]] = {}
        for start, end, label, unit in rows:
            kind, _ = _KNOWN[label.casefold()]
            held = self._held.setdefault((_family(kind), start, end), {})
            held.setdefault(label, deque()).append(unit)
        self.places = {key[1:] for key in self._held}

    def of(self, one: Spanned, kind: str) -> str | None:
        """Return the unit of a stretch, each once; None of one that is new."""
        held = self._held.get((_family(kind), one.start, one.end))
        if not held:
            return None
        label = one.label if one.label in held else next(iter(held))
        unit = held[label].popleft()
        if not held[label]:
            del held[label]
        return unit


def _family(kind: str) -> str:
    return kind if kind in UNITS else "Mention"


def document_from(
    name: str,
    raw: str,
    spans: Sequence[Spanned],
    joined: Iterable[tuple[Any, Any]] | None,
    told: object,
    names: Mapping[str, str],
    noticed: Counter[str],
) -> Document:
    """Return the document that stretches and links describe; where they differ from what was carried, they win.

    Parameters
    ----------
    name : str
        Id, where what was carried has none.
    raw : str
        Text as the tool has it.
    spans : sequence of Spanned
        Offsets as the tool counts them.
    joined : iterable of (key, key), optional
        None where the tool has no links; where it has, a target whose link is gone is none any more.
    told : object
        What was carried, None where nothing was.
    names : mapping of str to str
        What other labels stand for.
    noticed : Counter
        What is left out or set right is added to it by name.

    Raises
    ------
    one of `UNREADABLE`
        The parts contradict each other or the schema.
    """
    if not isinstance(told, Mapping | None):
        raise ValueError("communique is no object; leave it out, or export the documents again")
    facts = dict(told or {})
    rows = [Fragment(int(start), int(end), str(label), str(unit)) for start, end, label, unit in facts.pop("units", ())]
    read = dict(_read(spans, _Units(rows), raw, names, noticed))
    counted = Counted(raw, (one.told for one in read.values()), noticed)
    noticed["texts normalised to NFC, LF"] += counted.text != raw
    if joined is not None:
        joined = _changed(list(joined), read, facts, rows)
    labels = _labels(facts)
    regions = {key: one.region(counted, labels) for key, one in read.items()}
    pairs = list(_pairs(joined or (), regions, noticed))
    return document_of(name, counted.text, list(regions.values()), facts, noticed, pairs)


def _read(
    spans: Iterable[Spanned], units: _Units, raw: str, names: Mapping[str, str], noticed: Counter[str]
) -> Iterator[tuple[Any, _Read]]:
    for number, one in enumerate(spans):
        if known := _KNOWN.get(names.get(one.label, one.label).casefold()):
            place = (one.start, one.end)
            told = (*place, raw[slice(*place)] if place in units.places else None)
            unit = one.unit or units.of(one, known[0])
            yield ("", number) if one.key is None else one.key, _Read(told, *known, unit)
        else:
            noticed[f"regions labelled {shown(one.label)}, which is no label here"] += 1


def _labels(facts: Facts) -> dict[str, dict[str, list[str]]]:
    """Return what a label does not tell of each claim, as regions say it."""
    found = {}
    for claim in facts.get("claims", ()):
        rest = {key: claim[key] for key in ("attribution", "also", "targets", "flags") if key in claim}
        said = {key: [value] if isinstance(value, str) else list(value) for key, value in rest.items()}
        found[str(claim["id"])] = said
    return found


def _changed(
    joined: Sequence[tuple[Any, Any]], read: Mapping[Any, _Read], facts: dict[str, Any], rows: Sequence[Fragment]
) -> list[tuple[Any, Any]]:
    """Return the links that were not carried; take back those that are gone while both of their ends stand."""
    before = {frozenset((link.head.unit, link.child.unit)): link for link in links(facts, rows)}
    ends = [frozenset(read[key].unit or "" for key in pair if key in read) for pair in joined]
    now = set(ends)
    stand = {(one.unit, *one.told[:2]) for one in read.values()}
    gone = {
        (link.head.unit, link.child.unit)
        for units, link in before.items()
        if units not in now and all((one.unit, one.start, one.end) in stand for one in (link.head, link.child))
    }
    for claim in facts.get("claims", ()):
        claim["targets"] = [name for name in claim.get("targets", ()) if (claim["id"], name) not in gone]
    facts.setdefault("links", []).extend(_lost(facts, gone, rows))
    return [pair for pair, units in zip(joined, ends, strict=True) if units not in before]


def _lost(facts: Facts, gone: Set[tuple[str, str]], rows: Sequence[Fragment]) -> Iterator[list[Any]]:
    """Yield, as facts carry links, speaker, cue and holders of an attribution whose link was deleted."""
    first = {row.unit: [row.start, row.end] for row in reversed(rows)}
    said: dict[str, list[str]] = {}
    for claim in facts.get("claims", ()):
        said.setdefault(claim["attribution"], []).append(claim["id"])
    for item in facts.get("attributions", ()):
        cue, speaker, claims = item["cue"], item["speaker"], said.get(item["id"], [])
        lost = [("holder", name) for name in item["entities"] if (name, speaker) in gone]
        if speaker and any((speaker, key) in gone for key in ([cue] if cue else claims)):
            lost.append(("speaker", speaker))
        if cue and claims and all((cue, key) in gone for key in claims):
            lost.append(("cue", cue))
        for role, name in lost if claims and claims[0] in first else []:
            yield [role, claims[0], first[claims[0]], name, first[name]]


def _pairs(
    joined: Iterable[tuple[Any, Any]], regions: Mapping[Any, Region], noticed: Counter[str]
) -> Iterator[tuple[Region, Region]]:
    for one, other in joined:
        if one in regions and other in regions:
            yield regions[one], regions[other]
        else:
            noticed["relations of regions that are not read"] += 1


def read_lines(path: Path, check: str, made: Callable[[bytes, int, Counter[str]], Iterator[Document]]) -> Imported:
    """Read a file with a record a line.

    Parameters
    ----------
    path : Path
        JSON lines.
    check : str
        Name of the problem of a line that cannot be read.
    made : callable
        From a line, its number and what is noticed to the documents in it, none or one; may raise `UNREADABLE`.

    Returns
    -------
    Imported
        Documents; a line that cannot be read is a problem.
    """
    found = Imported()
    try:
        for number, line in jsonl.lines(path, LARGEST):
            bare = (line.removeprefix(_MARK) if number == 1 else line).strip()
            if number == 1 and bare.startswith(b"["):
                raise DataError(
                    [Problem(str(path), 1, check, Level.SCHEMA, "a JSON list; write a record a line (JSONL)")]
                )
            if bare:
                _admit(found, made, bare, check, path, number)
    except DataError as error:
        found.problems += error.problems
    found.noticed = +found.noticed
    return found


def _admit(
    found: Imported,
    made: Callable[[bytes, int, Counter[str]], Iterator[Document]],
    line: bytes,
    check: str,
    path: Path,
    number: int,
) -> None:
    try:
        for document in made(line, number, found.noticed):
            found.admit(document, str(path), number)
    except UNREADABLE as error:
        found.problems.append(Problem(str(path), number, check, Level.SCHEMA, f"{plainly(error)}; see docs/formats.md"))


def plainly(error: BaseException) -> str:
    """Return what is wrong, with the kind of the error where its message does not say it."""
    return str(error) if type(error) in (ValueError, msgspec.ValidationError) else f"{type(error).__name__}: {error}"
