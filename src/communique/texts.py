"""Source bytes to stored text."""

import unicodedata

from communique.problems import DataError, Level, Problem


def normal(source: bytes, path: str) -> str:
    """Return the stored text of a source: UTF-8 without byte order mark, line feeds only, NFC.

    Raises
    ------
    DataError
        The bytes are not UTF-8.
    """
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = f"byte {error.start} is not UTF-8; convert the file, for example with iconv"
        raise DataError([Problem(path, 0, "encoding-not-utf8", Level.BYTES, told)]) from error
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
