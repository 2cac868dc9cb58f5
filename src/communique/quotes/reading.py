"""Answers of language models in quotes, field by field: one fault costs what it stands in, not the answer."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args

import msgspec
from msgspec.structs import replace

from communique.labels import EntityKind
from communique.quotes.ids import key_of
from communique.quotes.lenient import Found, described, objects
from communique.quotes.records import Quotable, Quote, QuotedAttribution, QuotedClaim, QuotedDocument, QuotedEntity
from communique.records import Id

ANSWER = ("attributions", "entities")
_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
"""Ends what a model says to itself."""
_RECORDS = (QuotedAttribution, QuotedEntity, QuotedClaim, Quote)
_ITEMS: dict[tuple[type, str], Any] = {
    (QuotedDocument, "entities"): QuotedEntity,
    (QuotedDocument, "attributions"): QuotedAttribution,
    (QuotedDocument, "notes"): str,
    (QuotedEntity, "mentions"): Quotable,
    (QuotedAttribution, "entities"): Id,
    (QuotedAttribution, "claims"): QuotedClaim,
    (QuotedClaim, "targets"): Id,
}
"""Fields that are lists, and of what."""
_LABELS = frozenset({"kind", "form", "rhetoric", "also"})
_IDS = frozenset({"id", "parent", "entities", "targets"})
_SHOWN = 40
"""Characters of a wrong value or name that a fault repeats."""


class Answer(NamedTuple):
    """The object in an answer that is meant.

    Attributes
    ----------
    value : dict
        Its fields.
    fault : str or None
        Where it is broken, in words.
    ids : frozenset of str
        What the objects of its kind in the answer say is their ``id``.
    """

    value: dict[str, Any]
    fault: str | None
    ids: frozenset[str]


def chosen(content: str, fields: Sequence[str] = ANSWER) -> Answer | None:
    """Return the object in an answer that is meant: the last that is full, else the last; None where there is none.

    Parameters
    ----------
    content : str
        The answer, whatever stands around it; what a model thought before is passed over.
    fields : sequence of str, optional
        Of which the object has at least one; of a full one the first is not empty.
    """
    start = max((thought.end() for thought in _THOUGHT.finditer(content)), default=0)
    for part in (content[start:], content) if start else (content,):
        found = objects(part)
        heads = [
            at for at, one in enumerate(found) if "claims" not in one.value and not one.value.keys().isdisjoint(fields)
        ]
        if heads:
            at = ([at for at in heads if found[at].value.get(fields[0])] or heads)[-1]
            ids = frozenset(str(found[head].value.get("id")) for head in heads)
            return _answer(part, found[at], found[at + 1 :], ids)
    return None


def _answer(content: str, head: Found, others: Sequence[Found], ids: frozenset[str]) -> Answer:
    """Return a head; a broken one with the attributions and entities that stand, whole, behind its fault."""
    if head.fault is None:
        return Answer(head.value, None, ids)
    lists = {name: list(kept) if isinstance(kept := head.value.get(name), list) else [] for name in ANSWER}
    for one in others:
        if one.fault is None and "claims" in one.value:
            lists["attributions"].append(one.value)
        elif one.fault is None and "kind" in one.value:
            lists["entities"].append(one.value)
    return Answer(
        head.value | {name: kept for name, kept in lists.items() if kept}, described(content, head.fault), ids
    )


def document(answer: Answer, **given: str) -> tuple[QuotedDocument | None, list[str]]:
    """Return what is in order of an answer, and what is not.

    Parameters
    ----------
    answer : Answer
        As from `chosen`. Where its fields are clear without being of the form, they are understood: null and nothing
        but white space for what is left out, numbers for ids, labels in capitals, numbers in quotation marks, one thing
        for a list of one.
    **given : str
        Fields that are known, whatever the answer says.

    Returns
    -------
    QuotedDocument or None
        Without what is faulty: a label, a flag, a mention, a reference, else the claim, the attribution or the entity
        it stands in. None where there is no id, or where nothing is in order although something was answered.
    list of str
        The faults, each with its place.
    """
    faults = [answer.fault] if answer.fault else []
    made: QuotedDocument | None = _record(QuotedDocument, answer.value | given, "$", faults)
    none = answer.value.get("attributions") == [] and not answer.fault
    return (made if made and (made.attributions or none or not faults) else None), faults


def pruned(answer: QuotedDocument) -> QuotedDocument:
    """Return an answer without references to entities and claims that it does not have."""
    entities = {key_of(entity) for entity in answer.entities}
    claims = {claim.id for item in answer.attributions for claim in item.claims}
    return replace(answer, attributions=tuple(_referring(item, entities, claims) for item in answer.attributions))


def _referring(item: QuotedAttribution, entities: set[str], claims: set[str | None]) -> QuotedAttribution:
    return replace(
        item,
        entities=tuple(name for name in item.entities if name in entities),
        parent=item.parent if item.parent in claims else None,
        claims=tuple(replace(c, targets=tuple(name for name in c.targets if name in entities)) for c in item.claims),
    )


def _record(kind: Any, value: Any, place: str, faults: list[str]) -> Any:
    """Return a value as a record of what is in order of it, None where too much is missing."""
    if not isinstance(value, Mapping):
        faults.append(f"{place}: no object, but {str(value)[:_SHOWN]!r}")
        return None
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    given = {name: said for name, said in value.items() if not _nothing(said)}
    faults += [f"{place}: unknown field `{name[:_SHOWN]}`" for name in given if name not in fields]
    read = {n: _field(kind, f, given[n], f"{place}.{n}", faults) for n, f in fields.items() if n in given}
    made = {name: found for name, found in read.items() if found is not None}
    missing = [name for name, field in fields.items() if field.required and not made.get(name)]
    faults += [f"{place}: {name} is missing" for name in missing if name not in given]
    if missing == ["kind"]:
        return kind(**made, kind=EntityKind.UNKNOWN)
    return None if missing else kind(**made)


def _field(owner: type, field: Any, value: Any, place: str, faults: list[str]) -> Any:
    name, item = field.encode_name, _ITEMS.get((owner, field.encode_name))
    if item is None:
        return _value(name, field.type, value, place, faults)
    several = value if isinstance(value, list) else [value]
    read = (_value(name, item, one, f"{place}[{at}]", faults) for at, one in enumerate(several) if not _nothing(one))
    return tuple(found for found in read if found is not None)


def _value(name: str, kind: Any, value: Any, place: str, faults: list[str]) -> Any:
    record = kind if kind in _RECORDS else Quote if isinstance(value, dict) and Quote in get_args(kind) else None
    if record:
        return _record(record, value, place, faults)
    try:
        return msgspec.convert(_understood(name, value), kind, strict=False)
    except msgspec.ValidationError as error:
        faults.append(f"{place}: {error}")
        return None


def _understood(name: str, value: Any) -> Any:
    if name in _LABELS and isinstance(value, str):
        return value.strip().lower()
    if name in _IDS and isinstance(value, int):
        return str(value)
    return [one for one in value if not _nothing(one)] if isinstance(value, list) else value


def _nothing(value: object) -> bool:
    """Say whether a field that has this value might as well have been left out."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})
