"""Which entity a speaker's words name: by shared names, then by the last one who spoke."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from communique.baselines.frames import Frame, Place
from communique.baselines.lexicon import lexicon
from communique.labels import EntityKind
from communique.records import Entity

_NAME = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_PEOPLE = {"he", "she", "i", "who"}
_BODIES = {"ministry", "government", "court", "bank", "army", "parliament", "party", "office", "mission", "assembly"}
_OUTLETS = {"radio", "wire", "courier", "ledger", "despatch", "times", "news", "agency"}


@dataclass
class _Cluster:
    names: set[str]
    heads: set[str]
    mentions: set[Place] = field(default_factory=set)
    words: str = ""


def resolve(text: str, frames: Sequence[Frame]) -> tuple[tuple[Entity, ...], list[tuple[str, ...]]]:
    """Return the entities that hold the attributions of a text, and for each attribution the ids of its holders.

    Parameters
    ----------
    text : str
        The text.
    frames : sequence of Frame
        Its attributions in the order of the text.
    """
    resolver = Resolver(text)
    holders = [resolver.resolve(frame.speaker[0] if frame.speaker else None) for frame in frames]
    entities = resolver.entities()
    used = [entity for key, entity in entities.items() if key in holders]
    return tuple(used), [(entities[holder].id,) for holder in holders]


class Resolver:
    """Collects the speakers of one text into entities, in the order in which they speak."""

    def __init__(self, text: str):
        self._text = text
        self._clusters: list[_Cluster] = []

    def resolve(self, place: Place | None) -> int:
        """Return the number of the entity that some words name; None and pronouns stand for who spoke last."""
        words = self._text[slice(*place)] if place else ""
        forms = [form for form in _NAME.findall(words) if form.lower() not in lexicon().determiners]
        names = {form for form in forms if form[0].isupper() and form.lower() not in lexicon().pronouns}
        number = self._known(names, forms)
        if number is None:
            self._clusters.append(_Cluster(names, {form.lower() for form in forms[-1:]}, words=words or "unknown"))
            number = len(self._clusters) - 1
        cluster = self._clusters.pop(number)
        cluster.names |= names
        if len(names) > 1 and len(words) > len(cluster.words):
            cluster.words = words
        if place:
            cluster.mentions.add(place)
        self._clusters.append(cluster)
        return id(cluster)

    def _known(self, names: set[str], forms: list[str]) -> int | None:
        pronoun = not forms or (len(forms) == 1 and forms[0].lower() in lexicon().pronouns)
        if pronoun:
            return len(self._clusters) - 1 if self._clusters else None
        heads = {form.lower() for form in forms[-1:]}
        for number in reversed(range(len(self._clusters))):
            cluster = self._clusters[number]
            if names & cluster.names if names else heads & cluster.heads:
                return number
        return None

    def entities(self) -> dict[int, Entity]:
        """Return the entities, with every occurrence of their fullest name and of its last word among the mentions."""
        return {id(cluster): self._entity(number, cluster) for number, cluster in enumerate(self._clusters, 1)}

    def _entity(self, number: int, cluster: _Cluster) -> Entity:
        capitalised = [form for form in _NAME.findall(cluster.words) if form[0].isupper()]
        wanted = {cluster.words} | set(capitalised[-1:]) if capitalised else set()
        places = set(cluster.mentions)
        for name in wanted:
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", self._text):
                if not any(start < match.end() and match.start() < end for start, end in places):
                    places.add((match.start(), match.end()))
        return Entity(id=f"e{number}", name=cluster.words, kind=_kind(cluster), mentions=tuple(sorted(places)))


def _kind(cluster: _Cluster) -> EntityKind:
    words = {form.lower() for form in _NAME.findall(cluster.words)}
    if words & _OUTLETS:
        return EntityKind.OUTLET
    if words & _BODIES:
        return EntityKind.INSTITUTION
    return EntityKind.PERSON if len(cluster.names) > 1 or words & _PEOPLE else EntityKind.UNKNOWN
