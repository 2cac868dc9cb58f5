"""The user's key in what an endpoint says: found in the forms it is likely to come back in, and covered."""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from functools import lru_cache

COVER = "[key]"
_SHORTEST = 8
_LONGEST_WORD = 20


def covered(words: str, key: str) -> str:
    """Return words with the key replaced by `COVER`.

    Parameters
    ----------
    words : str
        What an endpoint said.
    key : str
        Looked for as it is, in either case, escaped as in JSON, HTML or an address, at any depth, and in base64. Keys
        under 8 characters, and words of letters under 20, are not: they are no secret and stand in ordinary answers.
    """
    return _echo(key).sub(COVER, words) if _secret(key) else words


def _secret(key: str) -> bool:
    return len(key) >= (_LONGEST_WORD if key.isalpha() else _SHORTEST)


@lru_cache(maxsize=8)
def _echo(key: str) -> re.Pattern[str]:
    return re.compile("|".join(map(_written, _forms(key))), re.IGNORECASE)


def _forms(key: str) -> Iterator[str]:
    """Yield the key, and what is always the same of its base64, wherever it stands in what is encoded."""
    yield key
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            whole = encode(b"\0" * before + key.encode("utf-8")).decode("ascii")
            yield whole.rstrip("=")[(0, 2, 3)[before] : None if whole[-1] != "=" else -1]


def _written(form: str) -> str:
    """Return the pattern of words, between whose letters backslashes may stand."""
    return r"\\{0,8}".join(map(_letter, form))


def _letter(letter: str) -> str:
    r"""Return the pattern of a letter: ``s``, ``\u0073``, ``\x73``, ``%73``, ``%2573``, ``&#115;``, ``&#x73;``."""
    code = ord(letter)
    return rf"(?:{re.escape(letter)}|\\(?:u00|x){code:02x}|%(?:25){{0,4}}{code:02x}|&#(?:0*{code}|x0*{code:x});)"
