"""Documents in the terminal: spans coloured in the text, claims listed below."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from communique.labels import FAMILY_OF, Family
from communique.records import Claim, Document, Span

_FAMILY_STYLES = {
    Family.COERCION: "red",
    Family.DIRECTION: "yellow",
    Family.DISAPPROVAL: "magenta",
    Family.REFUSAL: "bright_red",
    Family.ACCOMMODATION: "green",
    Family.STATEMENT: "cyan",
}
_VISIBLE = {code: 0x2400 + code for code in range(32) if code != ord("\n")} | {code: 0xFFFD for code in range(127, 160)}
"""Control characters, one for one, as what a terminal shows and does not obey."""


def rendered(document: Document) -> Group:
    """Return a document for `rich.console.Console.print`: heading, coloured text, table of claims.

    Speakers are bold and underlined, cues reversed; a claim has the colour of its type's family.
    """
    heading = Text(document.id, style="bold")
    heading.append(f"  {document.collection}, {document.genre}, {document.date or 'undated'}", style="dim")
    return Group(heading, Text(), _coloured(document), Text(), _claims(document))


def _coloured(document: Document) -> Text:
    text = Text(document.text.translate(_VISIBLE))
    for claim in document.claims:
        _style(text, claim.spans, _colour(claim))
    for speaker in document.speakers:
        _style(text, speaker.spans, "bold underline")
    for cue in document.cues:
        _style(text, cue.spans, "reverse")
    return text


def _colour(claim: Claim) -> str:
    return _FAMILY_STYLES[FAMILY_OF[claim.rhetoric]] if claim.rhetoric else "blue"


def _style(text: Text, spans: tuple[Span, ...], style: str) -> None:
    for span in spans:
        text.stylize(style, span.start, span.end)


def _claims(document: Document) -> Table:
    names = {entity.id: entity.name for entity in document.entities}
    attributions = {item.id: item for item in document.attributions}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "who", "how", "at whom", "what"):
        table.add_column(title, overflow="fold")
    for claim in document.claims:
        item = attributions[claim.attribution]
        how = " + ".join(str(label) for label in (claim.rhetoric, claim.also) if label)
        flags = "".join(mark for mark, on in ((" if", claim.conditional), (" not", claim.negated)) if on)
        table.add_row(
            f"{claim.id}{f' in {item.parent}' if item.parent else ''}",
            Text(", ".join(names[name] for name in item.entities).translate(_VISIBLE)),
            Text(how + flags, style=_colour(claim)),
            Text(", ".join(names[name] for name in claim.targets).translate(_VISIBLE)),
            Text(" … ".join(span.text for span in claim.spans).translate(_VISIBLE)),
        )
    return table
