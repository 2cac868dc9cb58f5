"""What annotations can do in Python besides being read: a short form, plain values, a table, a notebook's HTML.

A record takes what it is given; ``from_dict``, `communique.evaluate`, `communique.predict` and `communique.write` hold
it against the schema.
"""

from collections.abc import Mapping, Sized
from typing import Any, Self

import msgspec

_WORDS = 40
"""Characters of a claim that its short form has."""


class Plain:
    """What has plain values."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, as JSON has them."""
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return plain


class Tabled(Plain):
    """What is a table besides."""

    __slots__ = ()

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame`, see `communique.to_pandas`."""
        from communique.frames import to_pandas

        return to_pandas(self)


class Annotation(Tabled):
    """A text's units: a row a claim."""

    __slots__ = ()
    id: str
    claims: Any

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return a record made of plain values.

        Raises
        ------
        CommuniqueError
            They are not in the shape of its schema under ``schema/v1/``.
        DataError
            Spans or units of a document are faulty. Those of a prediction are held against a text when it is scored.
        """
        from communique.handed import made

        one: Self = made(cls, values)
        return one

    def __repr__(self) -> str:
        genre = f", {self.genre}" if hasattr(self, "genre") else ""
        number = len(self.claims) if isinstance(self.claims, Sized) else "?"
        return f"<{type(self).__name__} {self.id!r}{genre}, {number} claims>"


class AnnotatedText(Annotation):
    """A text with its units."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from communique.notebook import document_html

        return document_html(self)


class Act(Plain):
    """A claim."""

    __slots__ = ()
    id: str
    spans: Any
    rhetoric: Any

    def __repr__(self) -> str:
        words = " … ".join(str(getattr(span, "text", span)) for span in self.spans or ())
        short = words if len(words) <= _WORDS else f"{words[: _WORDS - 1]}…"
        return f"<{type(self).__name__} {self.id!r}, {self.rhetoric or 'no type'}, {short!r}>"
