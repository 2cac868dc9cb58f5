"""Which entity a speaker's words name: each mention joins one that was met before, or is a new one."""

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence

from communique.baselines.frames import Frame, Place, Resolve
from communique.baselines.mentions import Mention, names, speakers
from communique.labels import EntityKind
from communique.problems import tidy
from communique.records import Entity

_OUTLETS = {"radio", "wire", "courier", "ledger", "despatch", "times", "news", "agency"}
_BODIES = {"ministry", "government", "court", "bank", "army", "parliament", "party", "office", "mission", "assembly"}
_PEOPLE = {"he", "she", "i", "who", "his", "her", "my", "him"}
_WORD = re.compile(r"\w")


class Cluster:
    """Mentions of one entity.

    Parameters
    ----------
    mentions : iterable of Mention, optional
        Those known at first.

    Attributes
    ----------
    mentions : list of Mention
        In the order in which they were met.
    spoken : int
        How many of them are speakers.
    names, heads, forms : set of str
        Their capitalised words, the nouns they are built around, all their words in lower case.
    """

    def __init__(self, mentions: Iterable[Mention] = ()):
        self.mentions: list[Mention] = []
        self.spoken = 0
        self.names: set[str] = set()
        self.heads: set[str] = set()
        self.forms: set[str] = set()
        self._places: list[int] = []
        for mention in mentions:
            self.add(mention)

    def add(self, mention: Mention) -> None:
        """Take in a mention."""
        self.mentions.append(mention)
        self.spoken += mention.spoken
        self.names.update(mention.names)
        self.heads.update([mention.head] if mention.head and not mention.pronoun else ())
        self.forms.update(form.lower() for form in mention.forms)
        insort(self._places, mention.at)

    def last(self, at: int) -> int:
        """Return where it was last mentioned before a place, -1 where it was not."""
        earlier = bisect_left(self._places, at)
        return self._places[earlier - 1] if earlier else -1


Choose = Callable[[Mention, Sequence[Cluster]], Cluster | None]
"""Of a mention and the clusters there are, those that spoke last at the end: the one it joins, None for a new one."""


def resolver(choose: Choose) -> Resolve:
    """Return a way to find the entities of a text.

    Parameters
    ----------
    choose : callable
        Which cluster a mention joins.
    """

    def found(text: str, frames: Sequence[Frame]) -> tuple[tuple[Entity, ...], list[tuple[str, ...]]]:
        clusters = named(text)
        held = [_holders(speakers(text, frame.speaker, frame.start), clusters, choose) for frame in frames]
        order = list({id(cluster): cluster for holders in held for cluster in holders}.values())
        numbers = {id(cluster): f"e{number}" for number, cluster in enumerate(order, 1)}
        entities = tuple(_entity(numbers[id(cluster)], cluster, text) for cluster in order)
        return entities, [tuple(dict.fromkeys(numbers[id(cluster)] for cluster in holders)) for holders in held]

    return found


def _holders(mentions: Sequence[Mention], clusters: list[Cluster], choose: Choose) -> list[Cluster]:
    """Return the clusters that the parts of a speaker join."""
    found = []
    for mention in mentions:
        for cluster in _several(mention, clusters) or [choose(mention, clusters) or Cluster()]:
            join(mention, cluster, clusters)
            found.append(cluster)
    return found


def _several(mention: Mention, clusters: Sequence[Cluster]) -> list[Cluster]:
    """Return the two who spoke last, of those with names, where "both" or the like speak."""
    if mention.kind != "several":
        return []
    found = [cluster for cluster in clusters if cluster.spoken and cluster.names][-2:]
    return found if len(found) == 2 else []


def join(mention: Mention, cluster: Cluster, clusters: list[Cluster]) -> None:
    """Add a mention to a cluster, which moves to the end, as the one that spoke last."""
    cluster.add(mention)
    if cluster in clusters:
        clusters.remove(cluster)
    clusters.append(cluster)


def named(text: str) -> list[Cluster]:
    """Return the names in a text, those with the same last word together."""
    found: dict[str, Cluster] = {}
    for mention in names(text):
        found.setdefault(mention.names[-1] if mention.names else mention.words, Cluster()).add(mention)
    return list(found.values())


def by_rules(mention: Mention, clusters: Sequence[Cluster]) -> Cluster | None:
    """Choose by shared names, then by the same noun; for pronouns and implicit speakers, who spoke last."""
    spoken = [cluster for cluster in reversed(clusters) if cluster.spoken]
    if mention.kind in ("pronoun", "implicit"):
        return spoken[0] if spoken else None
    if mention.names:
        others = [*spoken, *(cluster for cluster in clusters if not cluster.spoken)]
        return next((cluster for cluster in others if cluster.names.intersection(mention.names)), None)
    return next((cluster for cluster in spoken if mention.head in cluster.heads), None)


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


def _entity(name: str, cluster: Cluster, text: str) -> Entity:
    """Return an entity, with every occurrence of its fullest name and of that name's last word among the mentions."""
    proper = [mention for mention in cluster.mentions if not mention.pronoun and mention.words]
    fullest = max(proper, key=lambda mention: (len(mention.names), len(mention.words), -mention.at), default=None)
    places = {place for mention in cluster.mentions if (place := mention.place)}
    wanted = {fullest.words, *fullest.names[-1:]} if fullest and fullest.names else set()
    for words in sorted(wanted):
        for first, last in _occurrences(words, text):
            if not any(start < last and first < end for start, end in places):
                places.add((first, last))
    words = fullest.words if fullest else next((m.words for m in cluster.mentions if m.words), "unknown")
    return Entity(id=name, name=tidy(words) or "unknown", kind=_kind(cluster), mentions=tuple(sorted(_apart(places))))


def _occurrences(words: str, text: str) -> Iterator[Place]:
    """Yield where words stand in a text, but not as part of another word."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        whole = not _WORD.match(text[start - 1 : start]) and not _WORD.match(text, end)
        if whole:
            yield start, end
        start = text.find(words, end if whole else start + 1)


def _apart(places: set[Place]) -> list[Place]:
    """Return stretches without those that lie in another."""
    return [p for p in places if not any(q != p and q[0] <= p[0] and p[1] <= q[1] for q in places)]


def _kind(cluster: Cluster) -> EntityKind:
    words = cluster.forms
    if words & _OUTLETS:
        return EntityKind.OUTLET
    if words & _BODIES:
        return EntityKind.INSTITUTION
    return EntityKind.PERSON if words & _PEOPLE or len(cluster.names) > 1 else EntityKind.UNKNOWN
