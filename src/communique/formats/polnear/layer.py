"""From the events of a PolNeAR article to attributions with one claim each."""

from collections import Counter
from collections.abc import Sequence

from communique.formats.polnear.standoff import Bound, Event
from communique.layer import LayerBuilder
from communique.places import Place
from communique.records import Prediction

Places = tuple[Place, ...]
Parts = tuple[Places, Places, Places]
"""Of source, cue and content."""
_CONTENT = ("Content", "Content2")
_EVENTS = ("Attribution", "Attribution-no-source")


def layer(name: str, text: str, bounds: dict[str, Bound], events: Sequence[Event], noticed: Counter[str]) -> Prediction:
    """Return an article's annotation.

    Parameters
    ----------
    name, text : str
        Id it shall have, and the stored text.
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
    builder = LayerBuilder(name, text)
    for (source, cue, said), key in distinct.items():
        builder.claim(builder.attribution(builder.speaker(source), builder.cue(cue)), said, key)
    return builder.canonical()


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
    source, cue = (found[role].places if role in found else () for role in ("Source", "Cue"))
    return (source, cue, said) if said else None


def _union(bounds: Sequence[Bound]) -> Places:
    kept: list[Place] = []
    for place in sorted({place for bound in bounds for place in bound.places}, key=lambda p: (p[0], -p[1])):
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return tuple(kept)
