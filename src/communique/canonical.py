"""One order and one numbering for the units of a document, so that equal annotations are equal bytes."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from communique.records import (
    Attribution,
    Claim,
    Document,
    Entity,
    PredictedClaim,
    Prediction,
    Span,
    Words,
)

Layered = TypeVar("Layered", bound=Document | Prediction)
Unit = TypeVar("Unit", bound=Entity | Words | Attribution | Claim | PredictedClaim)
_LAST = 1 << 60
GIVEN = re.compile(r"E\d+|(?:rst|edu)-\d+(?:-\d+)*")
"""Ids that people gave to claims in corpora of theirs (PolNeAR, GUM, UNSC); labels are keyed by them, so they stay."""


def _place(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in spans)


def _numbered(prefix: str, units: Iterable[Entity | Words | Attribution | Claim | PredictedClaim]) -> dict[str, str]:
    return {unit.id: f"{prefix}{number}" for number, unit in enumerate(units, 1)}


def canonical(layer: Layered) -> Layered:
    """Sort every unit by its place in the text and renumber: e1…, s1…, q1…, a1…, c1…; claims keep ids that are `GIVEN`.

    Parameters
    ----------
    layer : Document or Prediction
        Its references may be of any naming but must resolve.

    Returns
    -------
    Document or Prediction
        Equal up to order and ids; entities without mention come last.
    """
    entities = sorted(layer.entities, key=lambda e: (sorted(e.mentions)[:1] or [(_LAST, _LAST)], e.name, e.id))
    speakers = sorted(layer.speakers, key=lambda unit: _place(unit.spans))
    cues = sorted(layer.cues, key=lambda unit: _place(unit.spans))
    attributions = sorted(layer.attributions, key=_attribution_key(layer))
    rank = {attribution.id: number for number, attribution in enumerate(attributions)}
    unsorted: Iterable[Claim | PredictedClaim] = layer.claims
    claims = sorted(unsorted, key=lambda claim: (_place(claim.spans), rank[claim.attribution]))
    e, s, q = _numbered("e", entities), _numbered("s", speakers), _numbered("q", cues)
    a = _numbered("a", attributions)
    c = {old: old if GIVEN.fullmatch(old) else new for old, new in _numbered("c", claims).items()}
    return msgspec.structs.replace(
        layer,
        entities=tuple(_with(u, e, mentions=tuple(sorted(u.mentions))) for u in entities),
        speakers=tuple(_with(u, s) for u in speakers),
        cues=tuple(_with(u, q) for u in cues),
        attributions=tuple(
            _with(
                u,
                a,
                speaker=s.get(u.speaker or ""),
                cue=q.get(u.cue or ""),
                entities=_sorted_ids(e, u.entities),
                parent=c.get(u.parent or ""),
            )
            for u in attributions
        ),
        claims=tuple(_with(u, c, attribution=a[u.attribution], targets=_sorted_ids(e, u.targets)) for u in claims),
    )


def _attribution_key(layer: Document | Prediction) -> Callable[[Attribution], tuple[object, ...]]:
    spoken: Mapping[str, Words] = {unit.id: unit for unit in (*layer.speakers, *layer.cues)}
    content: dict[str, list[tuple[int, int]]] = {}
    for claim in layer.claims:
        content.setdefault(claim.attribution, []).extend(_place(claim.spans))

    def key(unit: Attribution) -> tuple[object, ...]:
        parts = [_place(spoken[ref].spans) if ref in spoken else () for ref in (unit.cue or "", unit.speaker or "")]
        said = tuple(sorted(content.get(unit.id, [(_LAST, _LAST)])))
        return (min([*said, *parts[0], *parts[1]]), said, *parts, unit.id)

    return key


def _with(unit: Unit, ids: Mapping[str, str], **changes: object) -> Unit:
    return msgspec.structs.replace(unit, id=ids[unit.id], **changes)


def _sorted_ids(ids: Mapping[str, str], old: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted((ids[name] for name in old), key=lambda name: int(name[1:])))
