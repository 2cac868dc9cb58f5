"""Quotation marks and what stands between them: one reading for everybody; places are code points, half-open."""

import re
from collections.abc import Iterator

PAIRS = {"“": "”", '"': '"', "„": "“", "«": "»"}
"""Double marks: what closes a quotation, by what opens it."""
_PAIRED = PAIRS | {"''": "''", "``": "''"}
"""Two single marks side by side are a double one."""
_OPENS = re.compile("|".join(_PAIRED))
DOUBLE = "".join(dict.fromkeys((*PAIRS, *PAIRS.values())))
OPENING = f"{''.join(PAIRS)}'‘`"
"""Marks, single ones too, with which quoted words begin."""
CLOSING = f"{''.join(PAIRS.values())}'’´"
"""Marks, single ones too, with which quoted words end."""


def quotations(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the quotations of a paragraph from mark to mark, both in; an unclosed one ends with the paragraph.

    Parameters
    ----------
    text : str
        The text.
    start, end : int
        The paragraph.
    """
    at = start
    while opening := _OPENS.search(text, at, end):
        closing = _PAIRED[opening[0]]
        found = text.find(closing, opening.end(), end)
        at = found + len(closing) if found >= 0 else end
        yield opening.start(), at
