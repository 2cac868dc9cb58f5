"""An answer about the type of a claim."""

from communique.asking.rows import Refused, Told
from communique.asking.sheets import Row
from communique.labels import Rhetoric
from communique.problems import Level
from communique.typed import NONE, Reason, TypedClaim, claim_faults

REASONS = {NONE: Reason.NO_ACT, **{str(reason): reason for reason in Reason}}
"""What is answered where there is no type."""
FLAGS = {
    **dict.fromkeys(("", "0", "no", "false"), False),
    **dict.fromkeys(("x", "1", "yes", "true"), True),
}
"""What is answered under conditional and negated, in any case."""


def typed_claim(name: str, row: Row) -> TypedClaim:
    """Return the labels that a row gives a claim.

    Parameters
    ----------
    name : str
        Id of the claim.
    row : Row
        With the columns rhetoric, also, conditional, negated.

    Raises
    ------
    Refused
        The type is missing or unknown, as is a secondary type or a flag, or they do not go together.
    """
    label, also = (row.cells.get(column, "").lower() for column in ("rhetoric", "also"))
    also = "" if also == NONE else also
    flags = {column: FLAGS.get(row.cells.get(column, "").lower()) for column in ("conditional", "negated")}
    told = [*_type(label), *_also(also)]
    for column, flag in flags.items():
        if flag is None:
            message = f"{column} {row.cells[column]!r}; write x, or nothing"
            told.append(("label-unknown", Level.SCHEMA, message))
    if told:
        raise Refused(told)
    claim = TypedClaim(
        id=name,
        rhetoric=None if label in REASONS else Rhetoric(label),
        reason=REASONS.get(label),
        also=Rhetoric(also) if also else None,
        conditional=bool(flags["conditional"]),
        negated=bool(flags["negated"]),
    )
    if faults := [(check, Level.DOCUMENT, message) for check, message in claim_faults(claim)]:
        raise Refused(faults)
    return claim


def _type(label: str) -> list[Told]:
    if not label:
        return [("answer-missing", Level.DOCUMENT, f"has no type; write one, or {NONE}, or {Reason.UNREADABLE}")]
    if label in list(Rhetoric) or label in REASONS:
        return []
    known = ", ".join((*Rhetoric, NONE, Reason.UNREADABLE))
    return [("label-unknown", Level.SCHEMA, f"unknown type {label!r}; one of {known}")]


def _also(also: str) -> list[Told]:
    if not also or also in list(Rhetoric):
        return []
    known = ", ".join(label for label in Rhetoric if label is not Rhetoric.ASSERTION)
    return [("label-unknown", Level.SCHEMA, f"unknown secondary type {also!r}; nothing, or one of {known}")]
