"""Source bytes to stored text: UTF-8 without byte order mark, line feeds only, NFC."""

import unicodedata
from collections.abc import Iterator

from communique.problems import DataError, Level, Problem

_MARK = "\ufeff"
_FIRST_MARK = "\u0300"
"""Letters before it join none that stands before them, but for a line feed after a carriage return."""


def normal(source: bytes, path: str) -> str:
    """Return the stored text of a source.

    Parameters
    ----------
    source : bytes
        Content of the file.
    path : str
        Its name, for the problem.

    Raises
    ------
    DataError
        The bytes are not UTF-8.
    """
    return stored(decoded(source, path))


def stored(raw: str) -> str:
    """Return a text in stored form."""
    return _stored(raw.removeprefix(_MARK))


def decoded(source: bytes, path: str) -> str:
    """Return a source as text, nothing normalised; offsets of foreign formats count over this.

    Raises
    ------
    DataError
        The bytes are not UTF-8.
    """
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        told = f"byte {error.start} is not UTF-8; convert the file, for example with iconv"
        raise DataError([Problem(path, 0, "encoding-not-utf8", Level.BYTES, told)]) from error


class Normalised:
    """A text in stored form, and where each offset of the raw text went.

    Parameters
    ----------
    raw : str
        Text as a foreign format counts it.

    Attributes
    ----------
    text : str
        Stored form.
    """

    def __init__(self, raw: str):
        self.text = stored(raw)
        self._places = None if self.text == raw else list(_places(raw))

    def at(self, offset: int) -> int:
        """Return the stored offset of a raw one, in code points; one inside joined characters goes to their end."""
        if self._places is None:
            return offset
        last = len(self._places) - 1
        return self._places[max(0, min(offset, last))] + max(0, offset - last)


def _places(raw: str) -> Iterator[int]:
    at = 0
    if raw.startswith(_MARK):
        yield at
    for piece in _pieces(raw.removeprefix(_MARK)):
        yield at
        at += len(_stored(piece))
        yield from [at] * (len(piece) - 1)
    yield at


def _pieces(raw: str) -> Iterator[str]:
    """Yield the least stretches that normalise by themselves."""
    start, tail = 0, ""
    for at, letter in enumerate(raw):
        if tail and _apart(tail, letter):
            yield raw[start:at]
            start, tail = at, letter
        else:
            tail = _tail(_stored(tail + letter)) if tail else letter
    if raw:
        yield raw[start:]


def _apart(tail: str, letter: str) -> bool:
    if letter < _FIRST_MARK and letter != "\n":
        return True
    return _stored(tail + letter) == _stored(tail) + _stored(letter)


def _tail(stored: str) -> str:
    """Return what of a stretch decides whether a letter joins it: its last starter, a mark of each class after it."""
    kept = ""
    for letter in reversed(stored):
        order = unicodedata.combining(letter)
        again = kept and order and order == unicodedata.combining(kept[0])
        kept = letter + kept[1 if again else 0 :]
        if not order:
            break
    return kept


def _stored(piece: str) -> str:
    lines = piece.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines)
