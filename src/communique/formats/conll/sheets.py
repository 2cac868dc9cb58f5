"""From lines to documents of cells: where each begins, what its comments say, which lines are tokens."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from communique.formats.conll.layout import TAG, WIDTH, LayoutError, Line
from communique.labels import Form, Rhetoric

OURS = "# document = "
_TEXT, _ATTRIBUTION = "# text = ", "# attribution = "
_NEW = re.compile(r"#\s*newdoc(?:\s+id\s*=\s*(\S.*?))?\s*")
_START = "-DOCSTART-"
_BLANKS = re.compile(" +")


class Said(msgspec.Struct, frozen=True):
    """An attribution: units by id, its claims with their types."""

    speaker: str | None = None
    cue: str | None = None
    form: Form | None = None
    parent: str | None = None
    claims: dict[str, Rhetoric | None] = {}


@dataclass
class Sheet:
    """A document of columns; ``line`` is where it begins, ``ours`` says that communique wrote it."""

    name: str | None
    line: int
    ours: bool = False
    text: str | None = None
    attributions: list[Said] = field(default_factory=list)
    blocks: list[list[Line]] = field(default_factory=lambda: [[]])
    fault: LayoutError | None = None


def sheets(lines: Sequence[str], stem: str) -> list[Sheet]:
    """Return the documents of a file; those that have no name are named after the file, numbered where several are."""
    found = list(_sheets(lines)) or [Sheet(None, 1)]
    nameless = [sheet for sheet in found if sheet.name is None]
    for number, sheet in enumerate(nameless, 1):
        sheet.name = stem if len(nameless) == 1 else f"{stem}-{number}"
    return found


def _sheets(lines: Sequence[str]) -> Iterator[Sheet]:
    sheet = Sheet(None, 1)
    for number, line in enumerate(lines, 1):
        if border := _border(line, number, sheet):
            if _filled(sheet):
                yield sheet
            elif not border.ours and border.name is None:
                border.name = sheet.name
            sheet = border
        elif sheet.fault is None:
            try:
                _add(sheet, line, number)
            except (ValueError, RecursionError) as error:
                sheet.fault = LayoutError(number, str(error))
    if _filled(sheet):
        yield sheet


def _border(line: str, number: int, before: Sheet) -> Sheet | None:
    """Return the document that a line begins, if it begins one."""
    if line.startswith(OURS):
        return Sheet(line.removeprefix(OURS), number, ours=True)
    if before.ours:
        return None
    if new := _NEW.fullmatch(line):
        return Sheet(new[1], number)
    return Sheet(None, number) if line.split(None, 1)[:1] == [_START] else None


def _filled(sheet: Sheet) -> bool:
    return sheet.ours or sheet.fault is not None or any(sheet.blocks)


def _add(sheet: Sheet, line: str, number: int) -> None:
    if not line.strip():
        sheet.blocks.append([])
    elif sheet.ours and line.startswith(_TEXT):
        sheet.text = msgspec.json.decode(line.removeprefix(_TEXT), type=str)
    elif sheet.ours and line.startswith(_ATTRIBUTION):
        sheet.attributions.append(msgspec.json.decode(line.removeprefix(_ATTRIBUTION), type=Said))
    elif not _comment(line):
        if not any(sheet.blocks) and not sheet.ours:
            sheet.line = number
        sheet.blocks[-1].append(Line(number, _cells(line)))


def _cells(line: str) -> list[str]:
    return line.split("\t") if "\t" in line else _BLANKS.split(line.strip(" "))


def _comment(line: str) -> bool:
    """Say whether a line that begins with # is no token: a token's further cells are tags, or as many as ours."""
    cells = _cells(line)
    if not line.startswith("#") or len(cells) == WIDTH:
        return line.startswith("# ")
    tagged = cells[-1:] if "\t" in line else cells[1:]
    return len(cells) == 1 or not all(map(TAG.fullmatch, tagged))
