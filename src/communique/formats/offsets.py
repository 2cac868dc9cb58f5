"""How a tool counts its offsets, as the words of its regions show."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, zip_longest

from communique.checks import shown
from communique.places import Place
from communique.texts import Normalised

Told = tuple[int, int, str | None]
"""Start, end, and the words that stand there, where the region says them."""
Way = tuple[str, Sequence[int]]
"""A way to count, and the offset of each letter by it, and of the end."""
_PLAIN = "code points"
_MORE = 200
"""Letters, mostly white space, that a stretch may have beyond four times its words; longer ones are not looked at."""


class Counted:
    """A text in stored form, and where each of a tool's offsets stands in it.

    Parameters
    ----------
    raw : str
        Text of the task.
    told : iterable of (int, int, str or None)
        Every region's offsets and words.
    noticed : Counter
        Offsets that are no code points are added to it by name.

    Raises
    ------
    ValueError
        Words of a region stand at its offsets by no count, or it lies outside the text.
    """

    def __init__(self, raw: str, told: Iterable[Told], noticed: Counter[str]):
        self._raw, self._stored = raw, Normalised(raw)
        self.text = self._stored.text
        self._places: dict[Told, Place] = {}
        several = list(dict.fromkeys(told))
        ways = list(_ways(raw)) if several else []
        usual = self._usual(several, ways) if len(ways) > 1 else ways
        for one in several:
            name, place = self._found(one, [*usual, *ways])
            noticed[f"offsets in {name}"] += name != _PLAIN
            self._places[one] = self._stored.at(place[0]), self._stored.at(place[1])

    def at(self, one: Told) -> Place:
        """Return the place, in code points over the stored form, of offsets that were told."""
        return self._places[one]

    def _usual(self, several: Sequence[Told], ways: Sequence[Way]) -> list[Way]:
        """Return the way by which most words stand where they should, and of those the one that cuts fewest words."""
        worth = [sum(self._fit(one, way) for one in several) for way in ways]
        return [ways[worth.index(max(worth))]]

    def _fit(self, one: Told, way: Way) -> int:
        place = _letters(one, way)
        if place is None:
            return 0
        if one[2] is not None:
            return len(self._raw) * self._same(one[2], place)
        return not _cuts(self._raw, place[0]) and not _cuts(self._raw, place[1])

    def _found(self, one: Told, ways: Sequence[Way]) -> tuple[str, Place]:
        start, end, words = one
        placed = [(way[0], place) for way in ways if (place := _letters(one, way))]
        if not placed:
            raise ValueError(f"region [{start}, {end}) lies outside the text of {len(self._raw)} code points")
        if words is None:
            return placed[0]
        for name, place in placed:
            if self._same(words, place):
                return name, place
        first, last = placed[0][1]
        found = self._raw[first : min(last, first + _MORE)]
        raise ValueError(
            f"region [{start}, {end}) says {shown(words)}, the text has {shown(found)} there; mend the offsets"
        )

    def _same(self, words: str, place: Place) -> bool:
        """Say whether words stand at a place but for line breaks, which the tool may write as a backslash and an n."""
        if place[1] - place[0] > 4 * len(words) + _MORE:
            return False
        found = self._raw[slice(*place)]
        if words == found:
            return True
        return _plain(found) in (_plain(words), _plain(words.replace("\\n", "\n")))


def _ways(raw: str) -> Iterator[Way]:
    """Yield the ways to count that differ for a text: letters of one or two units, line breaks of one or two."""
    wide = any(letter > "\uffff" for letter in raw)
    for name in (_PLAIN, "UTF-16 units") if wide else (_PLAIN,):
        units = [1 + (letter > "\uffff" and name != _PLAIN) for letter in raw]
        yield name, list(accumulate(units, initial=0))
        if "\r\n" in raw:
            ones = [unit * (pair != ("\r", "\n")) for unit, pair in zip(units, zip_longest(raw, raw[1:]), strict=True)]
            yield f"{name} that take CR LF as one", list(accumulate(ones, initial=0))
        if "\n" in raw:
            twos = [
                unit + (letter == "\n" and before != "\r")
                for unit, before, letter in zip(units, chain(" ", raw), raw, strict=False)
            ]
            yield f"{name} that take a line feed as two", list(accumulate(twos, initial=0))


def _letters(one: Told, way: Way) -> Place | None:
    start, end, _ = one
    if not 0 <= start <= end <= way[1][-1]:
        return None
    return bisect_left(way[1], start), bisect_left(way[1], end)


def _plain(words: str) -> str:
    return unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _cuts(text: str, at: int) -> bool:
    return text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()
