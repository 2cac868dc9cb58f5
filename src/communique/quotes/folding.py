"""A text with what nobody can tell apart, or type, made alike; and where each letter of that stands in the text."""

import re
import unicodedata
from bisect import bisect_left, bisect_right

_DASHES = "-\u2010\u2011\u2012–—\u2015\u2212"
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Soft hyphens, what has no width, marks of direction."""
_ELLIPSIS = "…"
_ONE_FOR_ONE = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"')}
)
_OTHER_LENGTH = re.compile(rf"[\s{_UNSEEN}]{{2,}}|[{_UNSEEN}]|[{_DASHES}]{{2,}}|{_ELLIPSIS}")


def folded(words: str) -> str:
    """Return words as they are compared."""
    normal = unicodedata.normalize("NFC", words)
    return _OTHER_LENGTH.sub(_instead, _blank(normal)).translate(_ONE_FOR_ONE)


def _blank(words: str) -> str:
    return re.sub(r"\s", " ", words)


def _instead(found: re.Match[str]) -> str:
    if found[0] == _ELLIPSIS:
        return "..."
    if found[0][0] in _DASHES:
        return "-"
    return " " if " " in found[0] else ""


class Folded:
    """A text as it is compared.

    Parameters
    ----------
    raw : str
        In stored form.

    Attributes
    ----------
    text : str
        As `folded` returns it.
    """

    def __init__(self, raw: str):
        blank, parts = _blank(raw), list[str]()
        self._starts, self._ends = [0], [0]
        self._raw_starts, self._raw_ends = [0], [0]
        for found in _OTHER_LENGTH.finditer(blank):
            parts.append(blank[self._raw_ends[-1] : found.start()])
            self._starts.append(self._ends[-1] + len(parts[-1]))
            parts.append(_instead(found))
            self._ends.append(self._starts[-1] + len(parts[-1]))
            self._raw_starts.append(found.start())
            self._raw_ends.append(found.end())
        self.text = "".join([*parts, blank[self._raw_ends[-1] :]]).translate(_ONE_FOR_ONE)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a stretch of `text` stands in the raw text, None where half a character would be part of it.

        Parameters
        ----------
        start, end : int
            Code points, half-open, neither at white space.
        """
        first, last = bisect_right(self._starts, start) - 1, max(0, bisect_left(self._starts, end) - 1)
        if self._starts[first] < start < self._ends[first] or end < self._ends[last]:
            return None
        return self._begin(start, first), self._raw_ends[last] + end - self._ends[last]

    def _begin(self, start: int, piece: int) -> int:
        if start < self._ends[piece]:
            return self._raw_starts[piece]
        return self._raw_ends[piece] + start - self._ends[piece]
