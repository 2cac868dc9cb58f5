"""Records that come from Python: made of plain values, or refused in a sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from communique import admission
from communique.problems import CommuniqueError
from communique.records import Document, Prediction

R = TypeVar("R", Document, Prediction)
_SCHEMAS = {Document: "document", Prediction: "prediction"}


def made(kind: Any, values: object) -> Any:
    """Return a record of plain values; a document's labels are checked as `communique.validate` checks them.

    Parameters
    ----------
    kind : type
        Document or Prediction.
    values : mapping
        In the shape of the kind's schema under ``schema/v1/``.

    Raises
    ------
    CommuniqueError
        It is no mapping, or not in that shape.
    DataError
        Spans or units of a document are faulty; all that is wrong is named.
    """
    what = f"the {kind.__name__.lower()}"
    one = record(kind, values, what)
    if isinstance(one, Document):
        admission.sound([one], what)
    return one


def record(kind: type[R], value: object, what: str) -> R:
    """Return a record of a kind, made of plain values or not, and held against the schema.

    Raises
    ------
    CommuniqueError
        It is nothing of the kind, or not in the shape of its schema.
    """
    if not isinstance(value, kind | Mapping):
        raise CommuniqueError(f"{what} is {_named(value)}; it must be a {kind.__name__}, or a dict like one")
    plain = value if isinstance(value, Mapping) else _plain(value, what)
    try:
        return msgspec.convert(plain, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise CommuniqueError(f"{what}: {error}; see schema/v1/{_SCHEMAS[kind]}.schema.json") from error


def _plain(value: msgspec.Struct, what: str) -> Any:
    """Return the plain values of a record: a struct takes any when it is made, so they are looked at here."""
    try:
        return msgspec.to_builtins(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise CommuniqueError(f"{what}: {error}; see schema/v1") from error


def _named(value: object) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def several(value: object, kinds: tuple[type, ...], what: str) -> Sequence[Any]:
    """Return records as a list: one record, one mapping like one, or any number of them.

    Raises
    ------
    CommuniqueError
        It is no such thing.
    """
    if isinstance(value, (*kinds, Mapping)):
        return [value]
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise CommuniqueError(f"{what} is {_named(value)}; give records, a file of them, or RELEASE:split")
    return list(value)


def gold(value: object) -> list[Document]:
    """Return gold documents; what is wrong within them is left to the scorer.

    Raises
    ------
    CommuniqueError
        There are none, or something else is among them; predictions are told to stand behind gold.
    """
    return [_gold(one, f"gold[{at}]") for at, one in enumerate(several(value, (Document, Prediction), "gold"))]


def _gold(one: object, what: str) -> Document:
    if isinstance(one, Prediction):
        raise CommuniqueError(f"{what} is a Prediction; gold comes first, then predictions, and has texts")
    return one if isinstance(one, Document) else record(Document, one, what)


def predictions(value: object) -> Iterator[Prediction | Document]:
    """Yield predictions, and documents that stand for them.

    Raises
    ------
    CommuniqueError
        Something else is among them.
    """
    for at, one in enumerate(several(value, (Document, Prediction), "predictions")):
        yield one if isinstance(one, Document) else record(Prediction, one, f"predictions[{at}]")
