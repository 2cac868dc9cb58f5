"""From the events of a PolNeAR article to attributions with one claim each."""

from collections import Counter
from collections.abc import Mapping, Sequence

from communique.canonical import canonical
from communique.formats.common import form_of
from communique.formats.polnear.standoff import Bound, Event
from communique.records import Attribution, Cue, PredictedClaim, Prediction, Span, Speaker

Fragments = tuple[Span, ...]
Parts = tuple[Fragments, Fragments, Fragments]
"""Of source, cue and content."""
_CONTENT = ("Content", "Content2")
_EVENTS = ("Attribution", "Attribution-no-source")


def layer(name: str, bounds: dict[str, Bound], events: Sequence[Event], noticed: Counter[str]) -> Prediction:
    """Return an article's annotation.

    Parameters
    ----------
    name : str
        Id it shall have.
    bounds, events
        As from `communique.formats.polnear.standoff.parse`.
    noticed : Counter
        Irregularities are added to it by name.

    Returns
    -------
    Prediction
        Canonical; a claim has the id of its event, of the first where an attribution is given twice. Nesting, entities
        and types are not annotated in this corpus.
    """
    used = {target for event in events for target in event.roles.values()}
    roles = {"Source", "Cue", *_CONTENT}
    noticed["spans that belong to no attribution"] += sum(
        bound.label in roles and key not in used for key, bound in bounds.items()
    )
    distinct: dict[Parts, str] = {}
    for event in events:
        if parts := _parts(event, bounds, noticed):
            noticed["attributions given twice"] += parts in distinct
            distinct.setdefault(parts, event.key)
    return canonical(_assembled(name, distinct))


def _parts(event: Event, bounds: dict[str, Bound], noticed: Counter[str]) -> Parts | None:
    found = {role: bounds[target] for role, target in event.roles.items() if target in bounds}
    said = _union([found[role] for role in _CONTENT if role in found])
    noticed["events without arguments"] += not event.roles
    noticed["roles that differ from the label"] += sum(
        bound.label not in (role, role.rstrip("2")) for role, bound in found.items()
    )
    noticed["contents in a second role"] += "Content2" in found
    if event.kind not in _EVENTS:
        noticed["events of another type"] += 1
        return None
    noticed[f"events {event.kind}"] += 1
    noticed["attributions without content"] += not said
    noticed["attributions without source"] += "Source" not in found and bool(said)
    source, cue = (found[role].spans if role in found else () for role in ("Source", "Cue"))
    return (source, cue, said) if said else None


def _union(bounds: Sequence[Bound]) -> Fragments:
    kept: list[Span] = []
    for span in sorted({span for bound in bounds for span in bound.spans}, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def _assembled(name: str, parts: Mapping[Parts, str]) -> Prediction:
    sources, cues = (list(dict.fromkeys(part[i] for part in parts if part[i])) for i in (0, 1))
    return Prediction(
        id=name,
        speakers=tuple(Speaker(id=f"s{i}", spans=spans) for i, spans in enumerate(sources)),
        cues=tuple(Cue(id=f"q{i}", spans=spans) for i, spans in enumerate(cues)),
        attributions=tuple(
            Attribution(
                id=f"a{number}",
                speaker=f"s{sources.index(source)}" if source else None,
                cue=f"q{cues.index(cue)}" if cue else None,
                entities=(),
                form=form_of([said]),
                parent=None,
            )
            for number, (source, cue, said) in enumerate(parts)
        ),
        claims=tuple(
            PredictedClaim(id=key, attribution=f"a{number}", spans=said)
            for number, ((_, _, said), key) in enumerate(parts.items())
        ),
    )
