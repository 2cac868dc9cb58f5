"""How tags are written, found from a file's own: BIO, IOB1, IOBES, BILOU."""

from collections.abc import Iterable
from enum import StrEnum

from communique.formats.conll.layout import Row

SINGLE, CLOSING = "SU", "SUEL"
"""Letters of units of one token, and of last tokens."""


class Scheme(StrEnum):
    """A way to write units as tags of tokens; in IOB1 alone does ``I`` begin one."""

    BIO = "BIO"
    IOB1 = "IOB1"
    IOBES = "IOBES"
    BILOU = "BILOU"


def scheme_of(blocks: Iterable[list[Row]]) -> Scheme:
    """Return how the tags of a file are written.

    IOBES and BILOU have letters of their own. It is IOB1 where ``I`` begins units and ``B`` only parts neighbours.
    """
    letters: set[str] = set()
    lone_inside = lone_begin = False
    for block in blocks:
        running: dict[str, str] = {}
        for row in block:
            for column, letter, kind in row.tags:
                letters.add(letter)
                lone_inside |= letter == "I" and running.get(column) != kind
                lone_begin |= letter == "B" and running.get(column) != kind
            running = {column: kind for column, _, kind in row.tags}
    if letters & set("LU"):
        return Scheme.BILOU
    if letters & set("ES"):
        return Scheme.IOBES
    return Scheme.IOB1 if lone_inside and not lone_begin else Scheme.BIO
