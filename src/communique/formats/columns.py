"""From columns of BIO tags to units and attributions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from communique.formats.attributing import Closest
from communique.formats.common import trimmed
from communique.formats.settling import settled
from communique.labels import Form, Rhetoric
from communique.layer import LayerBuilder
from communique.places import Place
from communique.records import Prediction
from communique.texts import Normalised

_SPACED = 3
"""Columns of a plain file: token, then speaker, cue, claim."""


@dataclass
class Row:
    """A token: its form, its start where the file says it, a tag per column, the ids of units that begin there."""

    form: str
    start: int | None
    tags: dict[str, str]
    units: dict[str, str]


@dataclass
class Block:
    """The rows of a paragraph."""

    rows: list[Row] = field(default_factory=list)

    def add(self, cells: Sequence[str], names: Sequence[str]) -> None:
        """Add a line, ours (token, start, tags, ids) or plain (token, tags).

        Raises
        ------
        ValueError
            It has too few columns, or a tag is not BIO.
        """
        ours = len(cells) == len(names) + 3
        if not ours and len(cells) < 1 + _SPACED:
            raise ValueError(
                f"{len(cells)} columns; a line has a token and {_SPACED} tags, or {len(names) + 3} columns"
            )
        tags = dict(zip(names, cells[2:-1] if ours else cells[1:], strict=False))
        for name, tag in tags.items():
            if tag != "O" and not tag.startswith(("B-", "I-")):
                raise ValueError(f"{tag!r} in column {name} is not a BIO tag")
        units = dict(pair.split("=", 1) for pair in cells[-1].split("|") if "=" in pair) if ours else {}
        self.rows.append(Row(cells[0], int(cells[1]) if ours else None, tags, units))


class Said(msgspec.Struct, frozen=True):
    """An attribution: units by id, its claims with their types."""

    speaker: str | None = None
    cue: str | None = None
    form: Form | None = None
    parent: str | None = None
    claims: dict[str, Rhetoric | None] = {}


@dataclass
class Sheet:
    """A document of columns; ``line`` is where it begins."""

    name: str
    line: int
    broken: bool = False
    text: str | None = None
    attributions: list[Said] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=lambda: [Block()])


def layer_of(sheet: Sheet, noticed: Counter[str]) -> tuple[Prediction, str]:
    """Return the annotation of a document of columns, and its text in stored form.

    Raises
    ------
    ValueError
        Its parts contradict each other.
    """
    if sheet.broken:
        raise ValueError(f"the rest of document {sheet.name!r} is skipped")
    blocks = [block.rows for block in sheet.blocks if block.rows]
    if not blocks:
        raise ValueError(f"document {sheet.name!r} has no tokens")
    raw = sheet.text if sheet.text is not None else "".join(f"{' '.join(r.form for r in rows)}\n" for rows in blocks)
    text = Normalised(raw)
    noticed["texts normalised to NFC, LF"] += text.text != raw
    units = {kind: _placed(found, text) for kind, found in _units(blocks, raw).items()}
    said = sheet.attributions or list(_nearest(units, noticed))
    return settled(_layer(sheet.name, text.text, units, said), text.text, noticed), text.text


def _placed(units: Mapping[str, Sequence[Place]], text: Normalised) -> dict[str, list[Place]]:
    return {key: [(text.at(start), text.at(end)) for start, end in places] for key, places in units.items()}


Units = dict[str, dict[str, list[Place]]]


def _units(blocks: Sequence[Sequence[Row]], text: str) -> Units:
    """Return the fragments of each unit by column and id; a fragment without an id is a unit of its own."""
    units: Units = {"speaker": {}, "cue": {}, "claim": {}}
    open_units: dict[str, list[Place]] = {}
    at = 0
    for row in (row for rows in blocks for row in rows):
        start = at if row.start is None else row.start
        at = start + len(row.form) + 1
        if not row.form or start < 0 or text[start : start + len(row.form)] != row.form:
            raise ValueError(f"token {row.form[:40]!r} does not stand at {start}")
        _extend(units, open_units, row, (start, start + len(row.form)))
    return units


def _extend(units: Units, open_units: dict[str, list[Place]], row: Row, place: Place) -> None:
    for name, tag in row.tags.items():
        kind = name.removeprefix("nested_")
        if tag == "O":
            open_units.pop(name, None)
        elif tag.startswith("I-") and name in open_units:
            open_units[name][-1] = (open_units[name][-1][0], place[1])
        else:
            key = row.units.get(name) or f"{name}@{place[0]}"
            open_units[name] = units[kind].setdefault(key, [])
            open_units[name].append(place)


def _nearest(units: Units, noticed: Counter[str]) -> Iterator[Said]:
    """Attribute each claim to the nearest cue, and that to the nearest speaker."""
    cues, speakers = Closest(units["cue"]), Closest(units["speaker"])
    for claim, places in units["claim"].items():
        noticed["claims attributed to the nearest cue and speaker"] += 1
        cue = cues.to(places)
        yield Said(speakers.to(units["cue"][cue] if cue else places), cue, claims={claim: None})


def _layer(name: str, text: str, units: Units, said: Sequence[Said]) -> Prediction:
    builder = LayerBuilder(name, text)
    placed = {kind: {key: trimmed(places, text) for key, places in found.items()} for kind, found in units.items()}
    speakers = {key: builder.speaker(places, f"s{key}") for key, places in placed["speaker"].items()}
    cues = {key: builder.cue(places, f"q{key}") for key, places in placed["cue"].items()}
    for item in said:
        found = {key: places for key in item.claims if (places := placed["claim"].get(key)) is not None}
        if not found:
            continue
        attribution = builder.attribution(
            speakers.get(item.speaker or ""),
            cues.get(item.cue or ""),
            form=item.form,
            parent=item.parent if item.parent in placed["claim"] else None,
        )
        for key, places in found.items():
            builder.claim(attribution, places, key, rhetoric=item.claims[key])
    return builder.layer()
