"""Words and sentences with their places: code points, half-open."""

from collections.abc import Iterator
from functools import cache
from typing import Any

_AT_ONCE = 5_000
"""Characters."""


@cache
def _splitter() -> Any:
    from tokenizers.pre_tokenizers import BertPreTokenizer

    return BertPreTokenizer()


def tokens(text: str, start: int = 0, end: int | None = None) -> list[tuple[str, int, int]]:
    """Split on white space and around punctuation.

    Parameters
    ----------
    text : str
        The text.
    start, end : int, optional
        Stretch of it to split; offsets are over the whole text.

    Returns
    -------
    list of (str, int, int)
        Token, start, end.
    """
    return [(word, start + a, start + b) for word, (a, b) in _splitter().pre_tokenize_str(text[start:end])]


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the stretches of lines that are not blank, without their line feed."""
    stretches, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            stretches.append((at, at + len(line)))
        at += len(line) + 1
    return stretches


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the sentences of a stretch, white space trimmed."""
    return [
        place for piece in pieces(text, start, len(text) if end is None else end) for place in _sentences(text, *piece)
    ]


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    import sentencex

    for boundary in sentencex.get_sentence_boundaries("en", text[start:end]):
        words = boundary["text"]
        at = start + boundary["start_index"] + len(words) - len(words.lstrip())
        if words.strip():
            yield at, at + len(words.strip())


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch, where words end if it can be, into pieces short enough to be split at once, in time and memory."""
    while end - start > _AT_ONCE:
        breaks = (text.rfind(mark, start + 1, start + _AT_ONCE) for mark in ("\n\n", "\n", " "))
        cut = next((at for at in breaks if at >= 0), start + _AT_ONCE)
        yield start, cut
        start = cut
    yield start, end
