"""What a model answers, read strictly or for what is good in it."""

from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from communique.baselines.base import Source
from communique.checks import unit_faults
from communique.labels import Rhetoric
from communique.quotes.align import align, repaired
from communique.quotes.find import AlignmentError
from communique.quotes.records import QuotedDocument
from communique.records import Prediction

T = TypeVar("T")
_SHOWN = 8
_DROPPED = ((), ("parent",), ("cue",), ("parent", "cue"))
_OWN_IDS = "(these ids count units in the order of the text)"


class AnswerError(Exception):
    """An answer that cannot be used; the message tells the model why."""


def read(source: Source, content: str, *, strict: bool) -> Prediction:
    """Return the labels an answer gives a text.

    Parameters
    ----------
    source : Source
        The text, and its claims where only their types were asked for.
    content : str
        The answer: the JSON of ``prediction-quotes``, or ``{"types": {claim id: type}}``.
    strict : bool
        Refuse an answer with anything wrong in it. Otherwise what is in order is taken: attributions one by one, or
        the claims that have a type.

    Returns
    -------
    Prediction
        Quotes that do not stand in the text are left out in either case, and counted.

    Raises
    ------
    AnswerError
        It is not JSON of the form asked for, or something is wrong with it.
    """
    return _typed(source.layer, content, strict) if source.layer else _found(source, content, strict)


def _found(source: Source, content: str, strict: bool) -> Prediction:
    answer = _converted({**_decoded(content), "id": source.id}, QuotedDocument)
    kept, counts = repaired(source.text, answer)
    if faults := _faults(source.text, kept):
        if strict:
            raise AnswerError("\n".join(faults[:_SHOWN]))
        kept = _sound(source.text, kept)
    return replace(align(source.text, kept), quotes=counts)


def _faults(text: str, answer: QuotedDocument) -> list[str]:
    try:
        return [f"{message} {_OWN_IDS}" for _, message in unit_faults(align(text, answer))]
    except AlignmentError as error:
        return str(error).split("\n")


def _sound(text: str, answer: QuotedDocument) -> QuotedDocument:
    """Return the attributions that are in order beside those before them, if need be without parent or cue."""
    kept = replace(answer, attributions=())
    if faults := _faults(text, kept):
        raise AnswerError("\n".join(faults[:_SHOWN]))
    for item in answer.attributions:
        options = (replace(item, **dict.fromkeys(dropped)) for dropped in _DROPPED)
        trials = (replace(kept, attributions=(*kept.attributions, option)) for option in options)
        kept = next((trial for trial in trials if not _faults(text, trial)), kept)
    return kept


class _Types(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    types: dict[str, Rhetoric]


def _typed(layer: Prediction, content: str, strict: bool) -> Prediction:
    types = _converted(_decoded(content), _Types).types
    untyped = [claim.id for claim in layer.claims if claim.id not in types]
    if untyped and strict:
        raise AnswerError(f"claims without a type: {', '.join(untyped)}")
    return replace(layer, claims=tuple(replace(claim, rhetoric=types.get(claim.id)) for claim in layer.claims))


def _decoded(content: str) -> dict[str, Any]:
    """Return the JSON object of an answer, whatever stands around it."""
    try:
        found = msgspec.json.decode(content[content.find("{") : content.rfind("}") + 1], type=dict[str, Any])
        blank = _blank(found)
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"not one JSON object: {error}") from error
    if blank:
        raise AnswerError("a string of white space; leave it out, or quote words")
    return found


def _blank(value: object) -> bool:
    if isinstance(value, str):
        return value.isspace()
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_blank(part) for part in parts)


def _converted(found: dict[str, Any], kind: type[T]) -> T:
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise AnswerError(f"not of the form asked for: {error}") from error
