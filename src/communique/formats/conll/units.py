"""From rows with tags to units, and to who is attributed what."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from communique.formats.attributing import Closest
from communique.formats.common import trimmed
from communique.formats.conll.layout import LayoutError, Row, Rows
from communique.formats.conll.sheets import Said, Sheet
from communique.formats.conll.tags import CLOSING, SINGLE, Scheme
from communique.formats.settling import settled
from communique.layer import LayerBuilder
from communique.places import Place
from communique.records import Prediction
from communique.texts import Normalised

Units = dict[str, dict[str, list[Place]]]
Running = dict[str, tuple[str, list[Place]]]


def layer_of(sheet: Sheet, blocks: Rows, scheme: Scheme, noticed: Counter[str]) -> tuple[Prediction, str]:
    """Return the annotation of a document of columns, and its text in stored form.

    Parameters
    ----------
    sheet : Sheet
        Its name, its text and attributions where the file says them.
    blocks : list of list of Row
        Its paragraphs.
    scheme : Scheme
        How their tags are written.
    noticed : Counter
        What is set right is added to it by name.

    Raises
    ------
    ValueError
        Its parts contradict each other.
    """
    if not blocks:
        raise ValueError(f"document {sheet.name!r} has no tokens")
    raw = sheet.text if sheet.text is not None else "".join(f"{' '.join(r.form for r in rows)}\n" for rows in blocks)
    text = Normalised(raw)
    noticed["texts normalised to NFC, LF"] += text.text != raw
    units = {kind: _placed(found, text) for kind, found in _units(blocks, raw, scheme).items()}
    said = sheet.attributions or list(_nearest(units, noticed))
    return settled(_layer(sheet.name or "", text.text, units, said), text.text, noticed), text.text


def _placed(units: Mapping[str, Sequence[Place]], text: Normalised) -> dict[str, list[Place]]:
    return {key: [(text.at(start), text.at(end)) for start, end in places] for key, places in units.items()}


def _units(blocks: Rows, text: str, scheme: Scheme) -> Units:
    """Return the fragments of each unit by kind and id; a fragment without an id is a unit of its own."""
    units: Units = {"speaker": {}, "cue": {}, "claim": {}}
    stray: list[tuple[int, str]] = []
    at = 0
    running: Running = {}
    for rows in blocks:
        running = {} if scheme is Scheme.IOB1 else running
        for row in rows:
            start = at if row.start is None else row.start
            at = start + len(row.form) + 1
            if not row.form or start < 0 or text[start : start + len(row.form)] != row.form:
                raise LayoutError(row.line, f"token {row.form[:40]!r} does not stand at {start}")
            running = _extended(units, running, row, (start, start + len(row.form)), scheme, stray)
    if stray:
        line, told = stray[0]
        raise LayoutError(line, f"{told} goes on with nothing, {len(stray)} times here; begin each unit with B")
    return units


def _extended(
    units: Units, running: Running, row: Row, place: Place, scheme: Scheme, stray: list[tuple[int, str]]
) -> Running:
    """Take in the tags of a token; return the units that may go on."""
    extended: Running = {}
    for column, letter, kind in row.tags:
        before = running.get(column)
        if letter not in f"B{SINGLE}" and before and before[0] == kind:
            places = before[1]
            places[-1] = (places[-1][0], place[1])
        else:
            if letter not in f"B{SINGLE}" and scheme is not Scheme.IOB1:
                stray.append((row.line, f"{letter}-{kind}"))
            key = row.units.get(column) or f"{column}.{kind}@{place[0]}"
            places = units[kind].setdefault(key, [])
            places.append(place)
        if letter not in CLOSING:
            extended[column] = (kind, places)
    return extended


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
