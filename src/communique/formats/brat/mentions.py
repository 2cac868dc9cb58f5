"""Entities of an ``.ann`` file: those its references name, and those whose mentions people marked in brat."""

from collections.abc import Iterable, Iterator, Sequence

from communique.formats.brat.standoff import KINDS, Standoff
from communique.labels import EntityKind
from communique.places import Place, Stretches, outermost
from communique.problems import tidy
from communique.records import Entity


def entities(standoff: Standoff, text: str) -> Iterator[Entity]:
    """Yield the entities of an ``.ann`` file.

    A mention that no reference names belongs to the entity of its kind whose name its note or, without one, its words
    are. Where people gave all mentions of an entity another type, that is its kind.

    Parameters
    ----------
    standoff : Standoff
        What the file says.
    text : str
        Text its offsets count over.
    """
    mentions: dict[str, dict[Place, EntityKind]] = {name: {} for name in standoff.entities}
    known = dict(standoff.entities)
    by_name = {meant: name for name, meant in reversed(known.items())}
    for key, (label, offsets) in standoff.bounds.items():
        if label not in KINDS:
            continue
        place = (offsets[0][0], offsets[-1][1])
        names = standoff.references.get(key) or [_fresh(standoff, key, place, text, by_name)]
        for name in names:
            meant = KINDS[label] if len(names) == 1 else standoff.entities[name][1]
            mentions.setdefault(name, {})[place] = meant
    known.update({name: meant for meant, name in by_name.items()})
    for name, (words, kind) in known.items():
        marked = set(mentions[name].values())
        yield Entity(
            id=name,
            name=words,
            kind=marked.pop() if len(marked) == 1 else kind,
            mentions=tuple(sorted(mentions[name])),
        )


def _fresh(standoff: Standoff, key: str, place: Place, text: str, by_name: dict[tuple[str, EntityKind], str]) -> str:
    note, words = tidy(standoff.notes.get(key, "")), tidy(text[slice(*place)])
    standoff.noticed[f"mentions named by {'a note' if note else 'their words'}"] += 1
    return by_name.setdefault((note or words or key, KINDS[standoff.bounds[key][0]]), f"@{key}")


class Holders:
    """Who holds an attribution.

    An event without a form was made in brat, where no reference can be given: it is held by the entity that its
    speaker's words mention, of several the one with the mention most like them.

    Parameters
    ----------
    standoff : Standoff
        What the file says.
    known : iterable of Entity
        As `entities` yields them.
    """

    def __init__(self, standoff: Standoff, known: Iterable[Entity]):
        self._standoff = standoff
        self._owner: dict[Place, str] = {}
        for entity in known:
            for place in entity.mentions:
                self._owner.setdefault(place, entity.id)
        self._places = outermost(self._owner)
        self._row = Stretches(self._places)

    def of(self, event: str, speaker: str | None) -> Sequence[str]:
        """Return the ids of those who hold an attribution with this speaker."""
        named = self._standoff.references.get(event, [])
        if named or speaker is None or "Form" in self._standoff.attributes.get(event, {}):
            return named
        offsets = self._standoff.bounds[speaker][1]
        start, end = offsets[0][0], offsets[-1][1]
        if (start, end) in self._owner:
            return [self._owner[start, end]]
        near = [self._places[number] for number in self._row.met(start, end)]
        best = max(near, key=lambda place: min(end, place[1]) - max(start, place[0]), default=None)
        return [self._owner[best]] if best else []
