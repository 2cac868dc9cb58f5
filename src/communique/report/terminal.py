"""Documents in the terminal: claims marked and coloured in the text, and listed below."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from rich.console import Group
from rich.text import Text

from communique.labels import FAMILY_OF, Family
from communique.problems import one_line, plain
from communique.records import Claim, Document, Span
from communique.report.grids import folded

_FAMILY_STYLES = {
    Family.COERCION: "red",
    Family.DIRECTION: "yellow",
    Family.DISAPPROVAL: "magenta",
    Family.REFUSAL: "bright_red",
    Family.ACCOMMODATION: "green",
    Family.STATEMENT: "cyan",
}
_UNTYPED, _SPEAKER, _CUE = "blue", "bold underline", "reverse"
_INDENT = "    "


def legend() -> Text:
    """Return what marks and colours mean."""
    told = Text("⟨c1 a claim c1⟩ by family:")
    for family, style in _FAMILY_STYLES.items():
        told.append(" ").append(str(family), style)
    told.append(", ").append("without type", _UNTYPED)
    return told.append("; ").append("speaker", _SPEAKER).append(", ").append("cue", _CUE)


def rendered(document: Document, width: int | None = None) -> Group:
    """Return a document for `rich.console.Console.print`: heading, text with claims marked, list of claims.

    Parameters
    ----------
    document : Document
        Speakers are bold and underlined, cues reversed; a claim has the colour of its type's family.
    width : int, optional
        Of the terminal; without it what a claim says stays on one line.
    """
    about = f"  {document.collection}, {document.genre}, {document.date or 'undated'}"
    heading = shown(document.id, "bold").append_text(shown(about, "dim"))
    return Group(heading, Text(), _marked(document), Text(), *_claims(document, width))


def _marked(document: Document) -> Text:
    """Return the text, coloured, with each stretch of a claim between its marks; what opens last closes first."""
    marks = sorted(_marks(document), key=lambda mark: mark.place)
    text, done = Text(), 0
    for mark in marks:
        text.append(plain(document.text[done : mark.place[0]])).append(mark.words, f"dim {mark.style}")
        done = mark.place[0]
    text.append(plain(document.text[done:]))
    places = [mark.place[0] for mark in marks]
    sizes = [0, *accumulate(len(mark.words) for mark in marks)]
    for span, style in _styled(document):
        start = span.start + sizes[bisect_right(places, span.start)]
        text.stylize(style, start, span.end + sizes[bisect_left(places, span.end)])
    return text


class _Mark(NamedTuple):
    """Words before a letter of the text; ``place`` is its number, then what brings marks at one letter into order."""

    place: tuple[int, bool, int]
    words: str
    style: str


def _marks(document: Document) -> Iterator[_Mark]:
    for claim in document.claims:
        name, style = one_line(claim.id), _style(claim)
        for span in claim.spans:
            yield _Mark((span.start, True, -span.end), f"⟨{name} ", style)
            yield _Mark((span.end, False, -span.start), f" {name}⟩", style)


def _styled(document: Document) -> Iterator[tuple[Span, str]]:
    yield from ((span, _style(claim)) for claim in document.claims for span in claim.spans)
    yield from ((span, _SPEAKER) for speaker in document.speakers for span in speaker.spans)
    yield from ((span, _CUE) for cue in document.cues for span in cue.spans)


def _style(claim: Claim) -> str:
    return _FAMILY_STYLES[FAMILY_OF[claim.rhetoric]] if claim.rhetoric else _UNTYPED


def _claims(document: Document, width: int | None) -> Iterator[Text]:
    """Yield two lines or more for each claim: who says it, how, at whom; what."""
    names = {entity.id: entity.name for entity in document.entities}
    attributions = {item.id: item for item in document.attributions}
    for claim in document.claims:
        item = attributions[claim.attribution]
        how = " + ".join(str(label) for label in (claim.rhetoric, claim.also) if label)
        flags = "".join(mark for mark, on in ((" if", claim.conditional), (" not", claim.negated)) if on)
        who, whom = (", ".join(names[name] for name in ids) for ids in (item.entities, claim.targets))
        line = shown(f"{claim.id}{f' in {item.parent}' if item.parent else ''}", "bold").append("  ")
        line.append_text(shown(how + flags, _style(claim))).append_text(shown(f"  {who}" if who else ""))
        yield line.append_text(shown(f" → {whom}" if whom else ""))
        said = plain(" … ".join(span.text for span in claim.spans).replace("\n", " "))
        yield from map(Text, folded(_INDENT + said, width, _INDENT) if width else [_INDENT + said])


def shown(words: str, style: str = "") -> Text:
    """Return words for a terminal that neither it nor rich takes for a command."""
    return Text(one_line(words), style)
