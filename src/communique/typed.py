"""The types layer: what acts somebody else's claims perform, without a word or an offset of them.

A corpus whose texts and spans may not be repeated can so be typed: whoever has it applies the layer to the documents
that are read from it.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec.structs import replace

from communique import jsonl
from communique.checks import Fault, places, secondary_faults, word_faults
from communique.labels import Rhetoric
from communique.layers import Place, digest
from communique.problems import DataError, Level, Problem
from communique.records import Document, Id, Record, Sha256

NONE = "none"
"""What the label of a claim without type is called."""
_MEND = "get the clone of the commit the layer names"


class Reason(StrEnum):
    """Why a claim has no type."""

    NO_ACT = "no-act"
    UNREADABLE = "unreadable"


class TypedClaim(Record, frozen=True, kw_only=True):
    """The labels of a claim.

    Attributes
    ----------
    id : str
        Of a claim of the document.
    rhetoric, also : Rhetoric or None
        Primary and secondary type, as of a `communique.records.Claim`.
    reason : Reason or None
        Why there is no type: the claim performs no act, or its span is broken; None where there is one.
    conditional, negated : bool
        As of a `communique.records.Claim`.
    """

    id: Id
    rhetoric: Rhetoric | None
    reason: Reason | None
    also: Rhetoric | None
    conditional: bool
    negated: bool


class TypesLayer(Record, frozen=True, kw_only=True):
    """The types of the claims of one document.

    Attributes
    ----------
    id : str
        Of the document.
    sha256 : str
        Of its stored text in UTF-8.
    spans : str
        Of the ids of its claims and their places, as `fingerprint` has it.
    annotators : int
        How many decided; more than one where their differences were adjudicated.
    claims : tuple of TypedClaim
        All claims of the document, in its order.
    """

    id: Id
    sha256: Sha256
    spans: Sha256
    annotators: Annotated[int, msgspec.Meta(ge=1)]
    claims: tuple[TypedClaim, ...]


def fingerprint(units: Iterable[tuple[str, tuple[Place, ...]]]) -> str:
    """Return the sha256 of units and their places, whatever order they are in.

    Parameters
    ----------
    units : iterable of (str, tuple of (int, int))
        Ids, and fragments in code points, half-open. They are hashed as compact JSON,
        ``[[[[start,end],…],"id"],…]``, sorted.
    """
    return hashlib.sha256(msgspec.json.encode(sorted((where, name) for name, where in units))).hexdigest()


def spans_of(document: Document) -> str:
    """Return the `fingerprint` of a document's claims."""
    return fingerprint((claim.id, places(claim)) for claim in document.claims)


def layer(document: Document, claims: Iterable[TypedClaim], annotators: int = 1) -> TypesLayer:
    """Return the types layer of a document.

    Parameters
    ----------
    document : Document
        Whose claims are typed; its own types are not looked at.
    claims : iterable of TypedClaim
        One for each of its claims.
    annotators : int, optional
        How many decided.

    Raises
    ------
    ValueError
        The claims are not those of the document.
    """
    by_id = {claim.id: claim for claim in claims}
    _same_claims(by_id, document)
    told = tuple(by_id[claim.id] for claim in document.claims)
    where = {"sha256": digest(document.text), "spans": spans_of(document)}
    return TypesLayer(id=document.id, **where, annotators=annotators, claims=told)


def types_of(document: Document, annotators: int = 1) -> TypesLayer:
    """Return the types layer of the types that a document has; claims without one perform no act."""
    told = (
        TypedClaim(
            id=claim.id,
            rhetoric=claim.rhetoric,
            reason=None if claim.rhetoric else Reason.NO_ACT,
            also=claim.also if claim.rhetoric else None,
            conditional=claim.conditional and claim.rhetoric is not None,
            negated=claim.negated and claim.rhetoric is not None,
        )
        for claim in document.claims
    )
    return layer(document, told, annotators)


def apply(types: TypesLayer, document: Document) -> Document:
    """Return a document whose claims have the types of a layer.

    Raises
    ------
    ValueError
        The text, the places of the claims or their ids are not those the layer was made of.
    """
    if (found := digest(document.text)) != types.sha256:
        raise ValueError(f"sha256 of the text is {found}, the layer was made of {types.sha256}; {_MEND}")
    by_id = {claim.id: claim for claim in types.claims}
    _same_claims(by_id, document)
    if (found := spans_of(document)) != types.spans:
        told = f"sha256 of the claims' places is {found}, the layer was made of {types.spans}"
        raise ValueError(f"{told}; {_MEND}")
    fields = ("rhetoric", "also", "conditional", "negated")
    claims = (replace(c, **{name: getattr(by_id[c.id], name) for name in fields}) for c in document.claims)
    return replace(document, claims=tuple(claims))


def _same_claims(typed: Collection[str], document: Document) -> None:
    if differing := sorted({claim.id for claim in document.claims} ^ set(typed)):
        whose = "is only in the layer" if differing[0] in typed else "has no line in the layer"
        raise ValueError(f"claim {differing[0]!r} {whose}; {_MEND}")


def claim_faults(claim: TypedClaim) -> Iterator[Fault]:
    """Yield what is wrong with the labels of a claim against each other."""
    yield from secondary_faults(claim.rhetoric, claim.also)
    if (claim.rhetoric is None) == (claim.reason is None):
        told = f"type {str(claim.rhetoric or NONE)!r} and reason {str(claim.reason or NONE)!r}"
        yield "reason-mismatch", f"{told}; a claim has a type, or a reason why it has none ({', '.join(Reason)})"
    elif claim.reason and (claim.also or claim.conditional or claim.negated):
        told = "has a secondary type, or is conditional or negated, and has no type"
        yield "reason-mismatch", f"{told}; those are of acts, leave them out or give the type"


def faults(types: TypesLayer) -> Iterator[Fault]:
    """Yield what is wrong within a types layer: its names, ids that stand twice, labels against each other."""
    for kind, words in (("id", types.id), *(("id", claim.id) for claim in types.claims)):
        yield from word_faults(kind, words)
    met: set[str] = set()
    for claim in types.claims:
        if claim.id in met:
            yield "unit-id-duplicate", f"id {claim.id!r} is given to two claims; keep one line for each"
        met.add(claim.id)
        yield from ((name, f"{claim.id}: {told}") for name, told in claim_faults(claim))


def problems(file: str, records: Iterable[tuple[int, TypesLayer]]) -> Iterator[Problem]:
    """Yield what is wrong with the types layers of a file, each by itself and beside those before it.

    Parameters
    ----------
    file : str
        Its name.
    records : iterable of (int, TypesLayer)
        With their line numbers.
    """
    first: dict[str, int] = {}
    for line, types in records:
        told = [(Level.DOCUMENT, *fault) for fault in faults(types)]
        if first.setdefault(types.id, line) != line:
            again = f"its types stand on line {first[types.id]} already; keep one line"
            told.append((Level.RELEASE, "document-id-duplicate", again))
        yield from (Problem(file, line, name, level, f"{types.id}: {message}") for level, name, message in told)


def read(path: Path) -> dict[str, TypesLayer]:
    """Return the types layers of a file by document.

    Raises
    ------
    DataError
        A line is no types layer, is faulty, or is of a document that another line is of; names file and line.
    CommuniqueError
        The file cannot be read.
    """
    records = list(jsonl.numbered(path, TypesLayer))
    if found := list(problems(str(path), records)):
        raise DataError(found)
    return {types.id: types for _, types in records}


class _Known(msgspec.Struct, frozen=True):
    annotators: int


def holds_types(path: Path) -> bool:
    """Say whether a path is a file of types layers, by its first line; a pipe is not looked into."""
    if not path.is_file():
        return False
    line = next((line for _, line in jsonl.lines(path) if line.strip()), b"")
    try:
        msgspec.json.decode(line, type=_Known)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
