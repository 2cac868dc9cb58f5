"""Quotation marks and what stands between them: one reading for everybody; places are code points, half-open."""

from collections.abc import Iterator

PAIRS = {"“": "”", '"': '"', "„": "“", "«": "»"}
"""Double marks: what closes a quotation, by what opens it."""
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
    while at < end:
        closing = PAIRS.get(text[at])
        if closing is None:
            at += 1
            continue
        found = text.find(closing, at + 1, end)
        stop = found + 1 if found >= 0 else end
        yield at, stop
        at = stop
