"""CoNLL-style columns, read and written: a token a line, BIO tags for speaker, cue, claim and nested claim.

A paragraph is a block of lines ended by a blank one. Columns are separated by tabs: token, start (code points in the
text), the four tags, and the ids of the units that begin there (``claim=c1``) or ``_``; fragments of one unit share its
id. A document begins with ``# document = ID`` and ``# text = JSON string``; ``# attribution = JSON object`` lines say
who is attributed what. Files with token and BIO columns alone are read as well: the text is then the tokens joined by
spaces, and each claim is attributed to the nearest cue and speaker.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from communique.files import content
from communique.formats.columns import Block, Said, Sheet, layer_of
from communique.formats.common import Imported, document
from communique.formats.declared import Format
from communique.labels import Rhetoric
from communique.places import Stretches
from communique.problems import DataError, Level, Problem
from communique.records import Document, Span
from communique.texts import decoded
from communique.tokens import paragraphs, tokens
from communique.writing import refuse_unwritten, replacing

SIGN = rb"# document = "
TAGS = ("speaker", "cue", "claim", "nested_claim")


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write documents as one file of columns.

    Parameters are those of `communique.formats.events.write`.
    """
    refuse_unwritten(target, SIGN, force=force)
    with replacing(target) as file:
        for item in documents:
            file.write("".join(f"{line}\n" for line in _lines(item)).encode("utf-8"))


def _lines(item: Document) -> Iterator[str]:
    yield f"# document = {item.id}"
    yield f"# text = {json.dumps(item.text, ensure_ascii=False)}"
    claims: dict[str, dict[str, Rhetoric | None]] = {}
    for claim in item.claims:
        claims.setdefault(claim.attribution, {})[claim.id] = claim.rhetoric
    for attribution in item.attributions:
        fields = {name: getattr(attribution, name) for name in ("speaker", "cue", "form", "parent")}
        yield f"# attribution = {json.dumps({**fields, 'claims': claims.get(attribution.id, {})}, ensure_ascii=False)}"
    blocks = [tokens(item.text, start, end) for start, end in paragraphs(item.text)]
    columns = [_tagged(item, name, list(chain.from_iterable(blocks))) for name in TAGS]
    for words in blocks:
        for word, at, _ in words:
            tags = [column.get(at, ("O", "")) for column in columns]
            links = [f"{name}={unit}" for name, (_, unit) in zip(TAGS, tags, strict=True) if unit]
            yield "\t".join([word, str(at), *(tag for tag, _ in tags), "|".join(links) or "_"])
        yield ""


def _tagged(item: Document, name: str, words: Sequence[tuple[str, int, int]]) -> dict[int, tuple[str, str]]:
    """Return the tag of each token that has one, and at the first of each fragment the unit's id, by start."""
    row, taken = Stretches((start, end) for _, start, end in words), Stretches()
    tagged: dict[int, tuple[str, str]] = {}
    label = name.removeprefix("nested_")
    fragments = [(span, unit) for unit, spans in _units(item, name) for span in spans]
    for span, unit in sorted(fragments, key=lambda f: (f[0].start - f[0].end, f[0].start, f[1])):
        inside = row.met(span.start, span.end)
        if inside and taken.add(inside.start, inside.stop):
            starts = [words[number][1] for number in inside]
            tagged |= {at: (f"I-{label}", "") for at in starts} | {starts[0]: (f"B-{label}", unit)}
    return tagged


def _units(item: Document, name: str) -> list[tuple[str, Sequence[Span]]]:
    nested = {a.id for a in item.attributions if a.parent is not None}
    match name:
        case "speaker":
            return [(unit.id, unit.spans) for unit in item.speakers]
        case "cue":
            return [(unit.id, unit.spans) for unit in item.cues]
        case _:
            return [(c.id, c.spans) for c in item.claims if (c.attribution in nested) == (name == "nested_claim")]


def read(path: Path) -> Imported:
    """Read a file of columns, ours or plain BIO.

    Returns
    -------
    Imported
        Documents; a line that cannot be read is a problem and ends its document.
    """
    found = Imported()
    try:
        source = decoded(content(path), str(path)).removeprefix("\ufeff")
    except DataError as error:
        found.problems += error.problems
        return found
    for sheet in _sheets(source.replace("\r\n", "\n").split("\n"), path, found):
        try:
            layer, text = layer_of(sheet, found.noticed)
            found.admit(document(layer, text), str(path), sheet.line)
        except ValueError as error:
            found.problems.append(
                Problem(str(path), sheet.line, "conll-malformed", Level.SCHEMA, f"{error}; see docs/formats.md")
            )
    found.noticed = +found.noticed
    return found


def _sheets(lines: Sequence[str], path: Path, found: Imported) -> Iterator[Sheet]:
    sheet: Sheet | None = None
    for number, line in enumerate(lines, 1):
        if line.startswith("# document = ") or (sheet is None and line.strip()):
            if sheet:
                yield sheet
            sheet = Sheet(line.removeprefix("# document = ") if line.startswith("#") else path.stem, number)
        if sheet is None or line.startswith("# document = "):
            continue
        try:
            _add(sheet, line)
        except (ValueError, RecursionError) as error:
            told = f"{error}; see docs/formats.md"
            found.problems.append(Problem(str(path), number, "conll-malformed", Level.SCHEMA, told))
            sheet = Sheet(sheet.name, number, broken=True)
    if sheet:
        yield sheet


def _add(sheet: Sheet, line: str) -> None:
    if line.startswith("# text = "):
        sheet.text = msgspec.json.decode(line.removeprefix("# text = "), type=str)
    elif line.startswith("# attribution = "):
        sheet.attributions.append(msgspec.json.decode(line.removeprefix("# attribution = "), type=Said))
    elif not line.strip():
        sheet.blocks.append(Block())
    elif line.startswith("-DOCSTART-"):
        raise ValueError("columns of CoNLL 2003, one tag a token; of Label Studio's, export as JSON and import that")
    elif not line.startswith("# "):
        sheet.blocks[-1].add(line.split("\t"), TAGS)


FORMAT = Format(
    name="conll",
    place="one file of columns",
    loses=(
        "entities, mentions, holders and targets",
        "secondary types, conditional, negated",
        "edges of spans inside a token; of two overlapping units in one column the shorter",
        "collection, genre, storyline, title, date and provenance of a document",
    ),
    read=read,
    write=write,
    sign=SIGN,
)
