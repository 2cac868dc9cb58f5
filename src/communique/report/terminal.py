"""Documents in the terminal: spans coloured in the text, claims listed below."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from communique.labels import FAMILY_OF, Family
from communique.problems import plain
from communique.records import Claim, Document, Span
from communique.report.tables import shown

_FAMILY_STYLES = {
    Family.COERCION: "red",
    Family.DIRECTION: "yellow",
    Family.DISAPPROVAL: "magenta",
    Family.REFUSAL: "bright_red",
    Family.ACCOMMODATION: "green",
    Family.STATEMENT: "cyan",
}


def rendered(document: Document) -> Group:
    """Return a document for `rich.console.Console.print`: heading, coloured text, table of claims.

    Speakers are bold and underlined, cues reversed; a claim has the colour of its type's family.
    """
    about = f"  {document.collection}, {document.genre}, {document.date or 'undated'}"
    heading = shown(document.id, "bold").append_text(shown(about, "dim"))
    return Group(heading, Text(), _coloured(document), Text(), _claims(document))


def _coloured(document: Document) -> Text:
    text = Text(plain(document.text))
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
            shown(f"{claim.id}{f' in {item.parent}' if item.parent else ''}"),
            shown(", ".join(names[name] for name in item.entities)),
            shown(how + flags, _colour(claim)),
            shown(", ".join(names[name] for name in claim.targets)),
            Text(plain(" … ".join(span.text for span in claim.spans))),
        )
    return table
