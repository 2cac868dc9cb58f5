"""The words of a GUM text as its ``.conllu`` file has them: the text rebuilt, places, mentions of entities."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from communique.texts import Normalised

FRAMES = ("head", "figure", "list", "item")
"""Blocks that are no running text, by the first word of ``newpar_block``."""
_COLUMNS = 10
_COUNT = re.compile(r"\((\d{1,6}) s\)")
_ID = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_MENTION = re.compile(r"\(([^()]+)(\))?|(\d+)\)")
_ABOUT = re.compile(r"# ?(?:meta::)?([\w ]+?)(?: = (.*))?")


@dataclass(frozen=True)
class Word:
    """A word: its place in the text (code points, half-open) and what the treebank says of it."""

    start: int
    end: int
    form: str
    upos: str
    feats: str
    deprel: str
    block: str


@dataclass(frozen=True)
class Mention:
    """A mention of an entity: its chain, its type, how it is linked, and its words (numbers from 0, half-open)."""

    chain: str
    kind: str
    link: str
    start: int
    end: int


@dataclass
class Text:
    """A text: what is known of it, the text in stored form, its words, the mentions in it."""

    about: dict[str, str] = field(default_factory=dict)
    text: str = ""
    words: list[Word] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)


@dataclass
class _State:
    """Where the reading is: the block, how many of its sentences are left, who speaks, which mentions are open."""

    block: str = ""
    left: int = 0
    speaker: str | None = None
    gap: str = ""
    opened: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)


def parse(source: str, noticed: Counter[str]) -> Text:
    """Parse a ``.conllu`` file.

    Parameters
    ----------
    source : str
        Its content.
    noticed : Counter
        Irregularities are added to it by name.

    Returns
    -------
    Text
        A line for each paragraph, heading, caption and turn of a speaker.

    Raises
    ------
    ValueError
        A word has not ten columns, or its number is none.
    """
    found, state = Text(), _State()
    pieces: list[str] = []
    length = 0
    for lines in _sentences(source):
        about = _about(lines)
        found.about.update({name: value for name, value in about.items() if name not in found.about})
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        before = _gap(about, state)
        gap = before if length else ""
        sentence, words = _surface(rows, state.block, length + len(gap))
        noticed["sentences that are not their text"] += about.get("text", sentence.strip()) != sentence.strip()
        _mentions(rows, found, state)
        found.words += words
        pieces += [gap, sentence.rstrip()]
        length += len(gap) + len(sentence.rstrip())
        state.gap = " " if sentence != sentence.rstrip() else ""
    noticed["mentions that do not end"] += sum(map(len, state.opened.values()))
    return _stored(found, "".join([*pieces, "\n" if pieces else ""]), noticed)


def _sentences(source: str) -> Iterator[list[str]]:
    for part in re.split(r"\n(?:[ \t]*\n)+", source.replace("\r\n", "\n").removeprefix("\ufeff")):
        if lines := [line for line in part.split("\n") if line.strip()]:
            yield lines


def _about(lines: Sequence[str]) -> dict[str, str]:
    found = (_ABOUT.fullmatch(line) for line in lines if line.startswith("#"))
    return {match[1]: (match[2] or "").strip() for match in found if match}


def _gap(about: dict[str, str], state: _State) -> str:
    """Return what stands before a sentence, and go on to its block."""
    ended = state.left <= 0 and state.block.split(" ")[0] in FRAMES
    turned = about.get("speaker") != state.speaker
    state.speaker = about.get("speaker")
    if "newpar" in about or "newpar_block" in about:
        state.block = about.get("newpar_block", "")
        state.left = max(map(int, _COUNT.findall(state.block)), default=0)
    elif ended:
        state.block = ""
    state.left -= 1
    return "\n" if "newpar" in about or ended or turned else state.gap


def _surface(rows: Sequence[Sequence[str]], block: str, start: int) -> tuple[str, list[Word]]:
    """Return a sentence with the space after it, and its words; those of one token share its letters out."""
    sentence, words = "", list[Word]()
    last = at = 0
    for cells, number, to in _numbered(rows):
        space = "" if "SpaceAfter=No" in cells[9].split("|") else " "
        if number > last:
            at = len(sentence)
            sentence += cells[1] + space
        if to:
            last = to
            continue
        ending = sentence.rstrip(" ") if number >= last else sentence[: at + len(cells[1])]
        place = (start + at, start + len(ending))
        words.append(Word(*place, cells[1], cells[3], cells[5], cells[7], block))
        at = len(ending)
    return sentence, words


def _numbered(rows: Sequence[Sequence[str]]) -> Iterator[tuple[Sequence[str], int, int]]:
    """Yield each row but empty nodes with its number, and the last of its words where it is a token of several."""
    for cells in rows:
        if len(cells) != _COLUMNS:
            raise ValueError(f"{cells[0][:40]!r} has {len(cells)} columns, a word has {_COLUMNS}; fetch the file again")
        match = _ID.fullmatch(cells[0])
        if match:
            yield cells, int(match[1]), int(match[2] or 0)
        elif "." not in cells[0]:
            raise ValueError(f"{cells[0][:40]!r} is no number of a word; fetch the file again")


def _mentions(rows: Sequence[Sequence[str]], found: Text, state: _State) -> None:
    count = len(found.words)
    for cells in rows:
        if not cells[0].isdigit():
            continue
        said = next((item for item in cells[9].split("|") if item.startswith("Entity=")), "")
        for opening, alone, closing in _MENTION.findall(said):
            chain, kind, link = _parts(opening) if opening else (closing, "", "")
            if opening:
                state.opened.setdefault(chain, []).append((count, kind, link))
            if (alone or closing) and state.opened.get(chain):
                start, kind, link = state.opened[chain].pop()
                found.mentions.append(Mention(chain, kind, link, start, count + 1))
        count += 1


def _parts(opening: str) -> tuple[str, str, str]:
    """Return chain, type and link of ``GRP-etype-infstat-salience-centering-minspan-link-identity``."""
    parts = opening.split("-")
    return parts[0], parts[1] if len(parts) > 1 else "", parts[6] if len(parts) > 6 else ""


def _stored(found: Text, raw: str, noticed: Counter[str]) -> Text:
    text = Normalised(raw)
    noticed["texts normalised to NFC, LF"] += text.text != raw
    if text.text != raw:
        found.words = [replace(w, start=text.at(w.start), end=text.at(w.end)) for w in found.words]
    found.text = text.text
    found.mentions.sort(key=lambda m: (m.start, -m.end, m.chain))
    return found
