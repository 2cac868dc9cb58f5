"""Draw one annotated sentence of the corpus: ``python docs/pictures/sentence.py`` writes ``sentence.svg`` beside it.

Letters have one width, so that a bar stands under its words whatever the font. The drawing has a ground of its
own, light or dark as the reader's system is.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import communique
from communique.records import Attribution, Document, Spans

DOCUMENT, FIRST = "dispatches/ceasefire-monitors/05-live-blog", "Lestrian Ambassador"
COLUMNS, LETTER, MARGIN, TEXT, LANE = 80, 9.6, 24, 30, 25
STYLE = """
svg { --ground: #ffffff; --ink: #1f2328; --speaker: #0060a8; --cue: #8a5300; --claim: #a63400; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #161b22; --ink: #e6edf3; --speaker: #79c0ff; --cue: #e3b341; --claim: #ffa271; }
}
rect.ground { fill: var(--ground); stroke: var(--ink); stroke-opacity: 0.2; }
text { font: 16px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--ink); white-space: pre; }
text.label { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
.speaker { fill: var(--speaker); } .cue { fill: var(--cue); } .claim { fill: var(--claim); }
"""


class Bar(NamedTuple):
    """A stretch of the sentence to be underlined: its role, its label, how deep, and its places in the text."""

    role: str
    label: str
    lane: int
    places: tuple[tuple[int, int], ...]


class Line(NamedTuple):
    """Where a line of the drawing begins and ends in the text."""

    start: int
    end: int


def lines(text: str, start: int, end: int) -> Iterator[Line]:
    """Break a stretch of text at blanks."""
    while end - start > COLUMNS:
        cut = text.rindex(" ", start, start + COLUMNS)
        yield Line(start, cut)
        start = cut + 1
    yield Line(start, end)


def bars(document: Document, start: int, end: int) -> Iterator[Bar]:
    """Yield what is annotated within a stretch: of each attribution speaker, cue and claims, nested ones deeper."""
    names = {entity.id: entity.name for entity in document.entities}
    words = {unit.id: unit.spans for unit in (*document.speakers, *document.cues)}
    for item in document.attributions:
        claims = [claim for claim in document.claims if claim.attribution == item.id]
        if all(start <= span.start and span.end <= end for claim in claims for span in claim.spans):
            lane = 2 * depth(document, item)
            yield from spoken(item, words, names, lane)
            for claim in claims:
                aim = "".join(f" → {names[target]}" for target in claim.targets)
                yield Bar("claim", f"{claim.rhetoric}{aim}", lane + 1, places(claim.spans))


def depth(document: Document, item: Attribution) -> int:
    """Return in how many claims an attribution lies."""
    outer = {claim.id: claim.attribution for claim in document.claims}
    known = {one.id: one for one in document.attributions}
    return 0 if item.parent is None else 1 + depth(document, known[outer[item.parent]])


def spoken(item: Attribution, words: dict[str, Spans], names: dict[str, str], lane: int) -> Iterator[Bar]:
    """Yield the speaker, with the entity that is meant, and the cue of an attribution."""
    if item.speaker:
        holders = ", ".join(names[entity] for entity in item.entities)
        yield Bar("speaker", f"speaker: {holders}", lane, places(words[item.speaker]))
    if item.cue:
        yield Bar("cue", "cue", lane, places(words[item.cue]))


def places(spans: Spans) -> tuple[tuple[int, int], ...]:
    """Return where spans begin and end."""
    return tuple((span.start, span.end) for span in spans)


def drawn(document: Document, start: int, end: int) -> str:
    """Return the drawing of a stretch of a document."""
    found, top, parts = list(bars(document, start, end)), MARGIN, []
    for line in lines(document.text, start, end):
        length = f'textLength="{round((line.end - line.start) * LETTER, 1)}"'
        parts.append(
            f'<text x="{MARGIN}" y="{top + 16}" {length}>{escape(document.text[line.start : line.end])}</text>'
        )
        here = [(bar, *ends) for bar in found for ends in met(bar, line)]
        lanes = sorted({bar.lane for bar, *_ in here})
        for bar, first, last, begins in here:
            parts += under(
                bar, first - line.start, last - line.start, top + TEXT + LANE * lanes.index(bar.lane), begins
            )
        top += TEXT + LANE * len(lanes) + 14
    return framed(parts, round(2 * MARGIN + COLUMNS * LETTER), top + MARGIN - 20)


def met(bar: Bar, line: Line) -> Iterator[tuple[int, int, bool]]:
    """Yield the parts of a bar that lie on a line, and whether the bar begins there."""
    for number, (start, end) in enumerate(bar.places):
        first, last = max(start, line.start), min(end, line.end)
        if first < last:
            yield first, last, number == 0 and first == start


def under(bar: Bar, first: int, last: int, top: int, begins: bool) -> list[str]:
    """Draw a bar below its words, with its label where it begins."""
    left, width = round(MARGIN + first * LETTER, 1), round((last - first) * LETTER, 1)
    stroke = f'<rect class="{bar.role}" x="{left}" y="{top}" width="{width}" height="4" rx="2"/>'
    label = f'<text class="label {bar.role}" x="{left}" y="{top + 17}">{escape(bar.label)}</text>'
    return [stroke, label] if begins else [stroke]


def framed(parts: list[str], width: int, height: int) -> str:
    """Return parts as an SVG file of its own."""
    ground = f'<rect class="ground" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>'
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    told = "<title>A sentence with its speakers, cues and claims</title>"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>{told}<style>{STYLE}</style>'
    return "\n".join([head, ground, *parts, "</svg>\n"])


def sentence() -> str:
    """Return the drawing of the sentence."""
    document = next(one for one in communique.load("test") if one.id == DOCUMENT)
    start = document.text.index(FIRST)
    return drawn(document, start, document.text.index("\n", start))


if __name__ == "__main__":
    Path(__file__).with_suffix(".svg").write_text(sentence(), encoding="utf-8")
