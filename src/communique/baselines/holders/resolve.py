"""Which entity a speaker's words name: each mention joins one that was met before, or is a new one."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from communique.baselines.holders.clusters import Cluster, Clusters
from communique.baselines.holders.mentions import Mention, names, speakers
from communique.baselines.shared.attributions import Frame, Resolve
from communique.labels import EntityKind
from communique.places import Place, Stretches, outermost
from communique.problems import tidy
from communique.records import Entity

_OUTLETS = {"radio", "wire", "courier", "ledger", "despatch", "times", "news", "agency"}
_BODIES = {"ministry", "government", "court", "bank", "army", "parliament", "party", "office", "mission", "assembly"}
_PEOPLE = {"he", "she", "i", "who", "his", "her", "my", "him"}
_WORD = re.compile(r"\w+")


Choose = Callable[[Mention, Clusters], Cluster | None]
"""Of a mention and the clusters there are: the one it joins, None for a new one."""


def resolver(choose: Choose) -> Resolve:
    """Return a way to find the entities of a text.

    Parameters
    ----------
    choose : callable
        Which cluster a mention joins.
    """

    def found(text: str, frames: Sequence[Frame]) -> tuple[tuple[Entity, ...], list[tuple[str, ...]]]:
        clusters, standing = Clusters(named(text)), Standing(text)
        named_by = (speakers(text, frame.speaker or frame.holder, frame.start) for frame in frames)
        held = [_holders(mentions, clusters, choose) for mentions in named_by]
        order = list({id(cluster): cluster for holders in held for cluster in holders}.values())
        numbers = {id(cluster): f"e{number}" for number, cluster in enumerate(order, 1)}
        entities = tuple(_entity(numbers[id(cluster)], cluster, standing) for cluster in order)
        return entities, [tuple(dict.fromkeys(numbers[id(cluster)] for cluster in holders)) for holders in held]

    return found


def _holders(mentions: Sequence[Mention], clusters: Clusters, choose: Choose) -> list[Cluster]:
    """Return the clusters that the parts of a speaker join."""
    found = []
    for mention in mentions:
        for cluster in _several(mention, clusters) or [choose(mention, clusters) or Cluster()]:
            clusters.join(mention, cluster)
            found.append(cluster)
    return found


def _several(mention: Mention, clusters: Clusters) -> list[Cluster]:
    """Return the two who spoke last, of those with names, where "both" or the like speak."""
    if mention.kind != "several":
        return []
    found = clusters.spoken(2, named=True)
    return found[::-1] if len(found) == 2 else []


def named(text: str) -> list[Cluster]:
    """Return the names in a text, those with the same last word together."""
    found: dict[str, Cluster] = {}
    for mention in names(text):
        found.setdefault(mention.names[-1] if mention.names else mention.words, Cluster()).add(mention)
    return list(found.values())


def by_rules(mention: Mention, clusters: Clusters) -> Cluster | None:
    """Choose by shared names, then by the same noun; for pronouns and implicit speakers, who spoke last."""
    if mention.kind in ("pronoun", "implicit"):
        return next(iter(clusters.spoken(1)), None)
    words, field = (mention.names, "names") if mention.names else ((mention.head,), "heads")
    sharing = (c for c in clusters.sharing(words) if c.spoken and not getattr(c, field).isdisjoint(words))
    last = max(sharing, key=lambda cluster: cluster.order, default=None)
    return last or (clusters.unheard(mention.names) if mention.names else None)


def resolve(text: str, frames: Sequence[Frame]) -> tuple[tuple[Entity, ...], Sequence[tuple[str, ...]]]:
    """Return by rules the entities of a text, and of each attribution the ids of those that hold it.

    Parameters
    ----------
    text : str
        The text.
    frames : sequence of Frame
        Its attributions in the order of the text.
    """
    return resolver(by_rules)(text, frames)


def _entity(name: str, cluster: Cluster, standing: "Standing") -> Entity:
    """Return an entity, with every occurrence of its fullest name and of that name's last word among the mentions."""
    proper = [mention for mention in cluster.mentions if not mention.pronoun and mention.words]
    fullest = max(proper, key=lambda mention: (len(mention.names), len(mention.words), -mention.at), default=None)
    places = Stretches(outermost(place for mention in cluster.mentions if (place := mention.place)))
    wanted = {fullest.words, *fullest.names[-1:]} if fullest and fullest.names else set()
    for words in sorted(wanted):
        for place in standing.places(words):
            places.add(*place)
    words = fullest.words if fullest else next((m.words for m in cluster.mentions if m.words), "unknown")
    return Entity(id=name, name=_called(tidy(words)) or "unknown", kind=_kind(cluster), mentions=places.places())


def _called(words: str) -> str:
    """Return the name among words that tell an office besides, set off by a comma; else the words."""
    parts = [part.strip() for part in words.rstrip(",;: ").split(",")]
    names = [part for part in parts if " " in part and all(word[0].isupper() for word in part.split())]
    return names[0] if len(parts) > 1 and len(names) == 1 else ", ".join(parts)


class Standing:
    """Where words stand in a text, but not as part of other words.

    Parameters
    ----------
    text : str
        Any.
    """

    def __init__(self, text: str):
        self._text = text

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for word in _WORD.finditer(self._text):
            found.setdefault(word[0], []).append(word.start())
        return found

    def places(self, words: str) -> Iterator[Place]:
        """Yield the places of words, none of which overlap; the rarest of the words tells where to look."""
        parts = [(len(self._starts.get(part[0], ())), part.start(), part[0]) for part in _WORD.finditer(words)]
        _, offset, rarest = min(parts, default=(0, 0, ""))
        free = 0
        for at in self._starts.get(rarest, ()):
            start, end = at - offset, at - offset + len(words)
            if start >= free and self._text.startswith(words, start) and self._whole(start, end):
                yield start, end
                free = end

    def _whole(self, start: int, end: int) -> bool:
        return not (_WORD.match(self._text[max(0, start - 1) : start]) or _WORD.match(self._text[end : end + 1]))


def _kind(cluster: Cluster) -> EntityKind:
    words = cluster.forms
    if words & _OUTLETS:
        return EntityKind.OUTLET
    if words & _BODIES:
        return EntityKind.INSTITUTION
    return EntityKind.PERSON if words & _PEOPLE or len(cluster.names) > 1 else EntityKind.UNKNOWN
