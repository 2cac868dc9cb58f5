"""JSON as language models write it: among prose, with a comma too many, broken or cut off; read as far as it goes."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

_DEEPEST = 32
_GAP = re.compile(r"[\s,]*+")
"""Commas say nothing that the values do not: one too many or too few is passed over."""
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"(?=\s*+(?:[,:}\]]|\Z))', re.DOTALL)
_UNESCAPED = re.compile(r'"(?:[^"\\\n{]|\\.|"(?!\s*+[,:}\]]))*"')
"""A string on one line with quotation marks in it that should have been escaped; possessive it fails before 3.11.5."""
_OTHER = re.compile(r"[-+.\w]++")
_WORDS = {"True": "true", "False": "false", "None": "null"}
_ESCAPE = re.compile(r'\\(u[0-9a-fA-F]{4}|.)|"', re.DOTALL)


class Found(NamedTuple):
    """A JSON object in an answer.

    Attributes
    ----------
    value : dict
        Its fields. Of one that is broken, those before the fault; a list or object that is a field then has the items
        which are whole.
    fault : int or None
        Where it is broken, in code points of the answer.
    """

    value: dict[str, Any]
    fault: int | None


def described(content: str, fault: int) -> str:
    """Return in words where an answer is broken."""
    if not (rest := content[fault : fault + 20]):
        return "cut off before its end"
    return f"no JSON on line {content.count(chr(10), 0, fault) + 1} of the answer, before {rest!r}"


def objects(content: str) -> list[Found]:
    """Return the JSON objects that stand in an answer, in order; empty ones and those within others are left out.

    Parameters
    ----------
    content : str
        Anything. Reading goes on behind the fault of a broken object, so what was within it may be found by itself.
    """
    found, at = [], content.find("{")
    while at >= 0:
        reading, value, fault = _Reading(content, at + 1), dict[str, Any](), None
        try:
            reading.members(value)
        except _BrokenError:
            fault = reading.at
        found += [Found(value, fault)] if value else []
        at = content.find("{", reading.at if value else at + 1)
    return found


class _BrokenError(Exception):
    """What stands here is no JSON."""


class _Reading:
    """A place in an answer, and how to go on from there."""

    def __init__(self, content: str, at: int):
        self.content, self.at = content, at

    def members(self, found: dict[str, Any], depth: int = 0) -> None:
        """Fill an object, whose brace was opened."""
        while not self._passed("}"):
            key = self._string()
            if not self._passed(":"):
                raise _BrokenError
            self._value(lambda value, key=key: found.__setitem__(key, value), depth)  # type: ignore[misc]

    def items(self, found: list[Any], depth: int) -> None:
        """Fill a list, whose bracket was opened."""
        while not self._passed("]"):
            self._value(found.append, depth)

    def _value(self, put: Callable[[Any], None], depth: int) -> None:
        made: Any
        fill: Callable[[Any, int], None]
        if self._passed("{"):
            made, fill = {}, self.members
        elif self._passed("["):
            made, fill = [], self.items
        else:
            put(self._scalar())
            return
        if depth == 0:  # the fields of the answer itself keep what is whole in them
            put(made)
        if depth > _DEEPEST:
            raise _BrokenError
        fill(made, depth + 1)
        if depth > 0:
            put(made)

    def _passed(self, mark: str) -> bool:
        self.at = _GAP.match(self.content, self.at).end()  # type: ignore[union-attr]
        there = self.content.startswith(mark, self.at)
        self.at += there
        return there

    def _scalar(self) -> Any:
        if self.content.startswith('"', self.at):
            return self._string()
        word = _OTHER.match(self.content, self.at)
        try:
            value = msgspec.json.decode(_WORDS.get(word[0], word[0])) if word else None
        except ValueError as error:
            raise _BrokenError from error
        if not word:
            raise _BrokenError
        self.at = word.end()
        return value

    def _string(self) -> str:
        quoted = _STRING.match(self.content, self.at) or _UNESCAPED.match(self.content, self.at)
        if not quoted:
            raise _BrokenError
        self.at = quoted.end()
        return _unescaped(quoted[0])


def _unescaped(quoted: str) -> str:
    """Return what a string says; an escape that JSON has not is the letter itself, half a letter U+FFFD."""
    mended = '"' + _ESCAPE.sub(_escape, quoted[1:-1]) + '"'
    said: str = json.loads(mended, strict=False)
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(met: re.Match[str]) -> str:
    if met[1] is None:
        return '\\"'
    return met[0] if len(met[1]) > 1 or met[1] in '"\\/bfnrt' else met[1]
