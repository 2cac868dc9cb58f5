"""Records as a notebook shows them: HTML in which nothing of a text is markup."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

from communique.labels import FAMILY_OF, Family
from communique.problems import one_line, plain

_COLOURS = {
    Family.COERCION: "213,94,0",
    Family.DIRECTION: "230,159,0",
    Family.DISAPPROVAL: "204,121,167",
    Family.REFUSAL: "0,114,178",
    Family.ACCOMMODATION: "0,158,115",
    Family.STATEMENT: "86,180,233",
}
"""Red, green and blue that people who do not see all colours tell apart; half transparent on light and dark."""
_UNTYPED = "128,128,128"
_FIGURES = ("precision", "recall", "value", "low", "high")
_HEADER = ("task", "unit", "measure", "P", "R", "value", "95 %", "gold", "predicted")
NOTHING = "–"
_SMALL = 'style="font-size:65%;line-height:0"'


class Mark(NamedTuple):
    """A stretch to be shown, code points, half-open: its CSS style, its tooltip, and what stands behind it."""

    start: int
    end: int
    style: str
    title: str = ""
    behind: str = ""


def document_html(document: Any) -> str:
    """Return a document as HTML: claims on the colour of their type's family, speakers underlined, cues bold.

    Parameters
    ----------
    document : Document
        Any; of overlapping claims the shortest gives the colour, and a tooltip names them all.
    """
    about = ", ".join(map(str, (document.collection, document.genre, document.date or "undated")))
    head = f"<b>{_shown(document.id)}</b> <small>{_shown(about)}, {len(document.claims)} claims</small>"
    text = "".join(_pieces(document.text, [*_claims(document), *_words(document)]))
    return f'<div><p>{head}</p><div style="white-space:pre-wrap">{text}</div></div>'


def _shown(words: object) -> str:
    return escape(one_line(str(words)))


def _claims(document: Any) -> Iterator[Mark]:
    names = {entity.id: entity.name for entity in document.entities}
    holders = {item.id: ", ".join(names.get(name, name) for name in item.entities) for item in document.attributions}
    for claim in document.claims:
        how = " + ".join(str(label) for label in (claim.rhetoric, claim.also) if label) or "no type"
        flags = "".join(word for word, on in ((", conditional", claim.conditional), (", negated", claim.negated)) if on)
        whom = ", ".join(names.get(name, name) for name in claim.targets)
        title = f"{claim.id} {how}{flags}: {holders.get(claim.attribution, '')}{f' → {whom}' if whom else ''}"
        style = f"background:rgba({_COLOURS[FAMILY_OF[claim.rhetoric]] if claim.rhetoric else _UNTYPED},.3)"
        for number, span in enumerate(claim.spans, 1):
            last = number == len(claim.spans)
            yield Mark(span.start, span.end, style, title, f"{claim.id} {how}" if last else "")


def _words(document: Any) -> Iterator[Mark]:
    for units, style in ((document.speakers, "text-decoration:underline"), (document.cues, "font-weight:bold")):
        yield from (Mark(span.start, span.end, style) for unit in units for span in unit.spans)


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    """Yield the text cut where marks begin and end, each piece with all that lie over it."""
    cuts = sorted({0, len(text), *(end for mark in marks for end in (mark.start, mark.end) if 0 < end < len(text))})
    waiting = sorted(marks, key=lambda mark: -mark.start)
    over: list[Mark] = []
    for start, end in pairwise(cuts):
        while waiting and waiting[-1].start <= start:
            over.append(waiting.pop())
        yield _piece(text[start:end], over)
        ended = [mark for mark in over if mark.end <= end]
        over = [mark for mark in over if mark.end > end]
        yield "".join(f"<sup {_SMALL}> {_shown(mark.behind)}</sup>" for mark in ended if mark.behind)


def _piece(words: str, over: Iterable[Mark]) -> str:
    marks = sorted(over, key=lambda mark: (mark.start - mark.end, mark))
    shown = escape(plain(words))
    if not marks:
        return shown
    told = _shown("; ".join(mark.title for mark in marks if mark.title))
    title = f' title="{told}"' if told else ""
    return f'<span style="{";".join(mark.style for mark in marks)}"{title}>{shown}</span>'


def evaluation_html(evaluation: Any) -> str:
    """Return the scores of an evaluation over all documents as an HTML table, with signatures and notes.

    Parameters
    ----------
    evaluation : Evaluation
        Any.
    """
    scores = [score for score in evaluation.scores if score.group == "all"]
    rows = "".join(_row(_cells(score)) for score in scores)
    head = "".join(f"<th>{name}</th>" for name in _HEADER)
    caption = _shown(f"{evaluation.system} on {evaluation.gold}, {evaluation.documents} documents")
    further = [*dict.fromkeys(score.signature for score in scores), *evaluation.notes]
    told = "<br>".join(map(_shown, further))
    return f"<div><table><caption>{caption}</caption><tr>{head}</tr>{rows}</table><small>{told}</small></div>"


def _cells(score: Any) -> Iterator[str]:
    precision, recall, value, low, high = (_percent(getattr(score, name)) for name in _FIGURES)
    spread = NOTHING if score.low is None else f"{low}–{high}"
    predicted = NOTHING if score.predicted is None else str(score.predicted)
    yield from (score.task, score.unit, score.measure, precision, recall, value, spread, str(score.gold), predicted)


def _percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}"


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in cells)}</tr>"
