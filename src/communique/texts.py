"""Source bytes to stored text: UTF-8 without byte order mark, line feeds only, NFC."""

import unicodedata
from collections.abc import Iterator

from communique.problems import DataError, Level, Problem

_MARK = "\ufeff"


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
    return Normalised(decoded(source, path)).text


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
        lines = raw.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
        self.text = unicodedata.normalize("NFC", lines)
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
    piece = ""
    for letter in raw:
        if piece and _stored(piece + letter) == _stored(piece) + _stored(letter):
            yield piece
            piece = letter
        else:
            piece += letter
    if piece:
        yield piece


def _stored(piece: str) -> str:
    lines = piece.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines)
