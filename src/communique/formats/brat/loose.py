"""Claims that people marked in brat and put into no event: each is an attribution with what is nearest to it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from communique.formats.attributing import Links
from communique.formats.brat.standoff import CUED, Offsets, Standoff
from communique.formats.drawn import Drawn
from communique.records import Entity


def attributed(
    standoff: Standoff, claims: Iterable[str], known: Iterable[Entity], noticed: Counter[str]
) -> dict[str, dict[str, Any]]:
    """Return speaker, cue (the key of its trigger) and holders of each claim that is in no event.

    They are the nearest in no event with a claim or, where there is none, the nearest of all.

    Parameters
    ----------
    standoff : Standoff
        What the file says.
    claims : iterable of str
        Keys of the claims.
    known : iterable of Entity
        As `communique.formats.brat.mentions.entities` yields them.
    noticed : Counter
        What is linked is added to it.
    """
    loose = list(claims)
    cues = {trigger for trigger, _ in standoff.events.values() if standoff.bounds[trigger][0] == CUED}
    placed = {
        "Claim": {key: standoff.bounds[key][1] for key in loose},
        "Cue": {key: standoff.bounds[key][1] for key in standoff.bounds if key in cues},
        "Speaker": _of(standoff, "Speaker"),
        "Mention": {entity.id: entity.mentions for entity in known},
    }
    links = Links(placed, {"Speaker": {}, "Cue": {}}, Drawn((), {}, ()), _full(standoff))
    noticed["claims in no event"] += len(loose)
    return links.attributions({key: [key] for key in loose}, noticed)


def _of(standoff: Standoff, kind: str) -> dict[str, Offsets]:
    return {key: offsets for key, (found, offsets) in standoff.bounds.items() if found == kind}


def _full(standoff: Standoff) -> dict[str, dict[str, Any]]:
    """Return speaker and cue of the events that have a claim."""
    return {
        key: {"speaker": dict(roles).get("Speaker"), "cue": trigger}
        for key, (trigger, roles) in standoff.events.items()
        if any(role.startswith("Content") for role, _ in roles)
    }
