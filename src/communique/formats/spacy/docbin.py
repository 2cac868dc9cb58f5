"""The bytes of spaCy's DocBin, version 0.1, taken apart: offsets and ids in it are looked at before they are used."""

import struct
from typing import Any, NamedTuple

import msgspec

from communique.files import LARGEST
from communique.formats.fragments import Fragment

_SPAN = struct.Struct(">QQQllll")
"""Id, base, label, first and last word, first and last character."""
_BEGUN = 3
"""A word's mark where a named entity begins."""


class _Message(msgspec.Struct):
    attrs: list[int]
    tokens: bytes
    spaces: bytes
    lengths: bytes
    strings: list[str]
    cats: list[dict[str, Any]] = []
    span_groups: list[bytes] = []
    user_data: list[bytes | None] = []


class _Group(msgspec.Struct):
    spans: list[bytes]
    name: str = ""


class Kept(NamedTuple):
    """A document: its text, spans by group (``unit`` is the span's id), categories, custom data, entities marked."""

    text: str
    groups: dict[str, list[Fragment]]
    categories: dict[str, Any]
    custom: dict[Any, Any]
    entities: int


class Bin:
    """Documents of a DocBin.

    Parameters
    ----------
    source : bytes
        Unpacked.

    Raises
    ------
    ValueError, LookupError
        It is of another form.
    """

    def __init__(self, source: bytes):
        import numpy as np
        from spacy.attrs import ENT_IOB, ORTH
        from spacy.strings import StringStore

        self._message = told = msgspec.msgpack.decode(source, type=_Message)
        store = StringStore()
        self._strings = {store.add(word): word for word in told.strings} | {0: ""}
        self._lengths = np.frombuffer(told.lengths, dtype="int32").astype("int64")
        self._ends = self._lengths.cumsum()
        rows = np.frombuffer(told.tokens, dtype="uint64").reshape(-1, len(told.attrs))
        self._words = rows[:, told.attrs.index(ORTH)]
        self._spaces = np.frombuffer(told.spaces, dtype=bool)
        self._begun = (
            rows[:, told.attrs.index(ENT_IOB)] == _BEGUN if ENT_IOB in told.attrs else np.zeros(len(rows), bool)
        )
        total = int(self._lengths.sum())
        if (self._lengths < 0).any() or not total == len(self._words) == len(self._spaces):
            raise ValueError("its words are not as many as it says")

    def __len__(self) -> int:
        return len(self._lengths)

    def doc(self, number: int) -> Kept:
        """Return one of the documents, counted from 0.

        Raises
        ------
        ValueError, LookupError, TypeError
            It is of another form.
        """
        told = self._message
        last = int(self._ends[number])
        words = slice(last - int(self._lengths[number]), last)
        custom = told.user_data[number] if number < len(told.user_data) else None
        known = msgspec.msgpack.decode(custom) if custom else {}
        if not isinstance(known, dict):
            raise ValueError("its custom data is no mapping")
        return Kept(
            self._text(words),
            self._groups(told.span_groups[number] if number < len(told.span_groups) else b""),
            told.cats[number] if number < len(told.cats) else {},
            known,
            int(self._begun[words].sum()),
        )

    def _text(self, words: slice) -> str:
        found = [self._strings.get(int(key)) for key in self._words[words]]
        if None in found:
            raise ValueError("one of its words is not among the strings of the file")
        if sum(len(word or "") + 1 for word in found) > LARGEST:
            raise ValueError(f"its text is longer than {LARGEST >> 20} MiB; split it")
        spaces = self._spaces[words]
        return "".join(f"{word}{' ' if blank else ''}" for word, blank in zip(found, spaces, strict=True))

    def _groups(self, packed: bytes) -> dict[str, list[Fragment]]:
        """Return spans by group; older versions name a group inside it alone."""
        told = msgspec.msgpack.decode(packed) if packed else {}
        several = told.items() if isinstance(told, dict) else ((group, [None]) for group in told)
        found: dict[str, list[Fragment]] = {}
        for source, keys in several:
            group = msgspec.msgpack.decode(source, type=_Group)
            for key in keys:
                found[group.name if key is None else str(key)] = [self._span(span) for span in group.spans]
        return found

    def _span(self, packed: bytes) -> Fragment:
        try:
            unit, _, label, _, _, start, end = _SPAN.unpack(packed)
        except struct.error as error:
            raise ValueError(f"a span is cut off: {error}") from error
        return Fragment(start, end, self._strings.get(label, f"{label}"), self._strings.get(unit, ""))
