"""Mentions of one entity, and all of a text's entities in the order in which they spoke."""

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import islice

from communique.baselines.holders.mentions import Mention

_RECENT = 16
"""Clusters mentioned last before a place that are kept in mind."""


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
    order : int
        Ascending in `Clusters`: who spoke last is at the end.
    names, heads, forms, words : set of str
        Their capitalised words, the nouns they are built around, all their words, and they themselves in lower case.
    several_names, plural : bool
        Whether one of them has several names, whether the noun of one ends in s.
    """

    def __init__(self, mentions: Iterable[Mention] = ()):
        self.mentions: list[Mention] = []
        self.spoken = 0
        self.order = 0
        self.names: set[str] = set()
        self.heads: set[str] = set()
        self.forms: set[str] = set()
        self.words: set[str] = set()
        self.several_names = self.plural = False
        self._places: list[int] = []
        self._first: dict[int, Mention] = {}
        for mention in mentions:
            self.add(mention)

    def add(self, mention: Mention) -> None:
        """Take in a mention."""
        self.mentions.append(mention)
        self.spoken += mention.spoken
        head = "" if mention.pronoun else mention.head
        self.names.update(mention.names)
        self.heads.update([head] if head else ())
        self.forms.update(form.lower() for form in mention.forms)
        self.words.add(mention.words.lower())
        self.several_names = self.several_names or len(mention.names) > 1
        self.plural = self.plural or head.endswith("s")
        self._first.setdefault(mention.at, mention)
        insort(self._places, mention.at)

    def last(self, at: int) -> int:
        """Return where it was last mentioned before a place, -1 where it was not."""
        earlier = bisect_left(self._places, at)
        return self._places[earlier - 1] if earlier else -1

    def mentioned(self, at: int) -> Mention | None:
        """Return the first of its mentions that was met at a place."""
        return self._first.get(at)


class Recent:
    """Which clusters were mentioned last before a place."""

    def __init__(self) -> None:
        self._places: list[int] = []
        self._last: list[tuple[Cluster, ...]] = []

    def add(self, at: int, cluster: Cluster) -> None:
        """Take in a mention; in order of the text this costs nothing."""
        number = bisect_right(self._places, at)
        later = [found[0] for found in self._last[number:]]
        self._places.insert(number, at)
        del self._last[number:]
        for one in (cluster, *later):
            before = self._last[-1] if self._last else ()
            self._last.append((one, *[other for other in before if other is not one][: _RECENT - 1]))

    def before(self, at: int) -> tuple[Cluster, ...]:
        """Return the clusters that were mentioned last before a place."""
        number = bisect_left(self._places, at)
        return self._last[number - 1] if number else ()


class Clusters:
    """The clusters of a text, found by who spoke or was mentioned last, and by their words.

    Parameters
    ----------
    silent : iterable of Cluster, optional
        Those that have not spoken, in order of the text.
    """

    def __init__(self, silent: Iterable[Cluster] = ()):
        self._silent = list(silent)
        self._spoken: OrderedDict[int, Cluster] = OrderedDict()
        self._with_names: OrderedDict[int, Cluster] = OrderedDict()
        self._by_word: dict[str, dict[int, Cluster]] = {}
        self._unheard: dict[str, list[Cluster]] = {}
        self._known, self._told = Recent(), Recent()
        for number, cluster in enumerate(self._silent):
            cluster.order = number
            self._share(cluster, cluster.names, cluster.heads, cluster.forms)
        for name, several in self._by_word.items():
            self._unheard[name] = list(several.values())[::-1]
        mentions = [(mention.at, cluster) for cluster in self._silent for mention in cluster.mentions]
        for at, cluster in sorted(mentions, key=lambda pair: pair[0]):
            self._known.add(at, cluster)
        self._count = len(self._silent)

    def _share(self, cluster: Cluster, *words: Iterable[str]) -> None:
        for word in (word for some in words for word in some):
            several = self._by_word.setdefault(word, {})
            several.pop(id(cluster), None)
            several[id(cluster)] = cluster

    def __iter__(self) -> Iterator[Cluster]:
        """Iterate over all, those that spoke last at the end."""
        yield from (cluster for cluster in self._silent if not cluster.spoken)
        yield from self._spoken.values()

    def join(self, mention: Mention, cluster: Cluster) -> None:
        """Add a speaker to a cluster, which moves to the end, as the one that spoke last."""
        if not cluster.spoken:
            self._share(cluster, cluster.names, cluster.heads, cluster.forms)
        cluster.add(mention)
        cluster.order = self._count
        self._count += 1
        self._share(cluster, mention.names, [mention.head], (form.lower() for form in mention.forms))
        self._told.add(mention.at, cluster)
        for those in (self._spoken, self._with_names) if cluster.names else (self._spoken,):
            those[id(cluster)] = cluster
            those.move_to_end(id(cluster))

    def spoken(self, count: int, named: bool = False) -> list[Cluster]:
        """Return those that spoke last, the last first; if so wished of those with names."""
        return list(islice(reversed((self._with_names if named else self._spoken).values()), count))

    def sharing(self, words: Iterable[str], count: int | None = None) -> list[Cluster]:
        """Return those with one of some names or forms; of each no more than a number of those that had it last."""
        found = (islice(reversed(self._by_word.get(word, {}).values()), count) for word in words)
        return list({id(cluster): cluster for several in found for cluster in several}.values())

    def unheard(self, names: Iterable[str]) -> Cluster | None:
        """Return the first of those that have one of some names and have not spoken."""
        found = []
        for several in (self._unheard.get(name, []) for name in names):
            while several and several[-1].spoken:
                several.pop()
            found += several[-1:]
        return min(found, key=lambda cluster: cluster.order, default=None)

    def mentioned(self, at: int, count: int) -> list[Cluster]:
        """Return those that were mentioned last before a place, the last first, of equals who spoke first."""
        found = {id(cluster): cluster for cluster in (*self._known.before(at), *self._told.before(at))}
        return sorted(found.values(), key=lambda cluster: (-cluster.last(at), cluster.order))[:count]
