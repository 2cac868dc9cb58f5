"""What a model answers, read strictly or for what is good in it."""

from collections.abc import Sequence

from msgspec.structs import replace

from communique.baselines.base import Source
from communique.checks import unit_faults
from communique.labels import Rhetoric
from communique.quotes.align import align, repaired
from communique.quotes.find import AlignmentError
from communique.quotes.reading import ANSWER, Answer, chosen, document, pruned
from communique.quotes.records import QuotedDocument
from communique.records import Prediction

_SHOWN = 8
_DROPPED = ((), ("parent",), ("cue",), ("parent", "cue"))
_UNFIT = "not of the form asked for: "
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
        Refuse an answer with anything wrong in it. Otherwise what is in order is taken: attributions one by one, if
        need be without a label, a parent, a cue or a holder that is faulty, or the claims that have a type.

    Returns
    -------
    Prediction
        Quotes that do not stand in the text are left out in either case, and counted.

    Raises
    ------
    AnswerError
        It holds no JSON of the form asked for, or something is wrong with it.
    """
    return _typed(source.layer, content, strict) if source.layer else _found(source, content, strict)


def _found(source: Source, content: str, strict: bool) -> Prediction:
    answer, told = document(_chosen(content, ANSWER), id=source.id)
    if answer is None or (told and strict):
        raise AnswerError(_UNFIT + "\n".join(told[:_SHOWN]))
    kept, counts = repaired(source.text, answer if strict else pruned(answer))
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


def _typed(layer: Prediction, content: str, strict: bool) -> Prediction:
    answer = _chosen(content, ("types",))
    told = [answer.fault] if answer.fault else []
    given = kept if isinstance(kept := answer.value["types"], dict) else {}
    types = {name: label for name, value in given.items() if (label := _label(value))}
    told += [f"{name}: there is no type {str(value)[:40]!r}" for name, value in given.items() if name not in types]
    if untyped := [claim.id for claim in layer.claims if claim.id not in types]:
        told.append(f"claims without a type: {', '.join(untyped)}")
    if told and (strict or not types):
        raise AnswerError("\n".join(told[:_SHOWN]))
    return replace(layer, claims=tuple(replace(claim, rhetoric=types.get(claim.id)) for claim in layer.claims))


def _label(value: object) -> Rhetoric | None:
    try:
        return Rhetoric(str(value).strip().lower())
    except ValueError:
        return None


def _chosen(content: str, fields: Sequence[str]) -> Answer:
    if not (answer := chosen(content, fields)):
        raise AnswerError(f"not one JSON object with {' and '.join(fields)}")
    return answer
