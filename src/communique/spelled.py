"""Whether and where a text has the words of a name: letter case and what stands between words aside."""

import re
from collections.abc import Iterable

from communique.places import Place

RUN = 5
"""A name that has so many words in a row of the text repeats the text."""
_SPELLINGS = 8
"""How many spellings of the same words are looked at."""
_WORD = re.compile(r"\w+")
Words = tuple[str, ...]


class Spelled:
    """The words of names in a text, which is read once for each length of them.

    Parameters
    ----------
    text : str
        The text; places are code points, half-open.
    names : iterable of str
        All that will be asked about.
    """

    def __init__(self, text: str, names: Iterable[str]):
        self._text = text
        wanted: dict[int, set[Words]] = {}
        for name in names:
            for words in _runs(_folded(name)):
                wanted.setdefault(len(words), set()).add(words)
        self._found: dict[Words, list[Place]] = {}
        matches = list(_WORD.finditer(text)) if wanted else []
        row = [match[0].casefold() for match in matches]
        for length, runs in wanted.items():
            for at in range(len(row) - length + 1):
                words = tuple(row[at : at + length])
                if words in runs:
                    place = matches[at].start(), matches[at + length - 1].end()
                    self._keep(self._found.setdefault(words, []), place)

    def _keep(self, kept: list[Place], place: Place) -> None:
        words = self._text[slice(*place)]
        if len(kept) < _SPELLINGS and words not in (self._text[slice(*other)] for other in kept):
            kept.append(place)

    def shared(self, name: str) -> bool:
        """Say whether a name has `RUN` words in a row of the text, or all of its own, if it has fewer."""
        return any(words in self._found for words in _runs(_folded(name)))

    def place(self, name: str) -> Place | None:
        """Return the first place that spells a name as it is or, without one, in other letters; None for long names."""
        words = _folded(name)
        if not 0 < len(words) <= RUN:
            return None
        first = _WORD.search(name)
        before = first.start() if first else 0
        places = self._found.get(words, [])
        for start, _ in places:
            if start >= before and self._text.startswith(name, start - before):
                return start - before, start - before + len(name)
        return places[0] if places else None


def _folded(name: str) -> Words:
    return tuple(word.casefold() for word in _WORD.findall(name))


def _runs(words: Words) -> Iterable[Words]:
    """Return all stretches of `RUN` words, the whole if it has fewer."""
    return {words[at : at + RUN] for at in range(max(1, len(words) - RUN + 1))} if words else ()
