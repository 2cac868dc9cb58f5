"""A learned choice of the entity that a speaker's words name: logistic regression over pairs of mention and cluster."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import msgspec

from communique.baselines.holders.clusters import Cluster, Clusters
from communique.baselines.holders.mentions import Mention, speakers
from communique.baselines.holders.resolve import Choose, named, resolve, resolver
from communique.baselines.shared.attributions import framed
from communique.files import content
from communique.problems import CommuniqueError
from communique.records import Document
from communique.writing import replacing

Signs = tuple[str, ...]
"""Features that a mention and a cluster have."""
_kept = lru_cache(maxsize=1 << 14)
Weights = dict[str, float]
"""By feature; their sum is the log-odds that a mention names an entity. `ALWAYS` is part of every sum."""
ALWAYS = "always"
_LATEST = 5
"""Clusters, of those mentioned last and of those that spoke last, that a mention may join without sharing a word."""
_SHARING = 100
"""Clusters, of those that last had one of a mention's words, that it may join."""
_WORDLESS = frozenset(("implicit", "pronoun"))
"""Kinds of mentions that share no word with what they name."""
_GAPS = (80, 250, 600, 1500)
_SEX = {
    **dict.fromkeys(("he", "his", "him", "mr", "sir", "lord", "king", "prince", "spokesman", "chairman"), "m"),
    **dict.fromkeys(("she", "her", "mrs", "ms", "lady", "madam", "queen", "princess", "spokeswoman"), "f"),
}
_PLACED = frozenset(("in", "at", "from", "near", "to", "into", "outside", "of", "across", "around"))
_TITLES = """mr mrs ms sir lady lord dr doctor president minister general colonel captain ambassador secretary professor
    judge senator chancellor king queen prince princess governor admiral major spokesman spokeswoman"""
_PERSONAL = frozenset(_TITLES.split())


class Ranker:
    """Finds the entities of a text.

    Parameters
    ----------
    weights : dict of str to float, optional
        Of `fit`; without any it goes by rules.
    """

    def __init__(self, weights: Weights | None = None):
        self.weights = weights or {}
        self.resolve = resolver(chooser(self.weights)) if self.weights else resolve

    def save(self, path: Path) -> None:
        """Write the weights as JSON."""
        with replacing(path) as file:
            file.write(msgspec.json.format(msgspec.json.encode(self.weights), indent=1) + b"\n")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        CommuniqueError
            The file is missing or holds anything but weights.
        """
        try:
            weights = msgspec.json.decode(content(path), type=Weights)
            if weights and ALWAYS not in weights:
                raise ValueError(f"{ALWAYS!r} has no weight")
            return cls(weights)
        except (CommuniqueError, ValueError, RecursionError) as error:
            raise CommuniqueError(f"{path}: cannot be read: {error}; train the model again") from error


def fit(documents: Sequence[Document], strength: float) -> Ranker:
    """Return a ranker learned from documents; where these name no entities it goes by rules.

    Parameters
    ----------
    documents : sequence of Document
        Annotated.
    strength : float
        Inverse strength of the L2 regularisation.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = [row for document in documents if document.entities for row in _pairs(document)]
    labels = [label for _, label in rows]
    if len(set(labels)) < 2:
        return Ranker()
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform([dict.fromkeys(names, 1.0) for names, _ in rows])
    model = LogisticRegression(C=strength, max_iter=1000).fit(table, labels)
    pairs = zip(vectorizer.get_feature_names_out().tolist(), model.coef_[0].tolist(), strict=True)
    return Ranker({ALWAYS: round(float(model.intercept_[0]), 6), **{name: round(value, 6) for name, value in pairs}})


def _pairs(document: Document) -> Iterator[tuple[Signs, bool]]:
    """Yield features of mentions with clusters, these as they ought to be so far, and whether they are one entity."""
    clusters = Clusters(named(document.text))
    owner = {id(cluster): _owner(cluster, document) for cluster in clusters}
    for frame, holders in framed(document):
        mentions = speakers(document.text, frame.speaker, frame.start)
        for mention, holder in zip(mentions, holders, strict=False) if len(mentions) == len(holders) else ():
            for cluster, names in features(mention, clusters):
                yield names, owner[id(cluster)] == holder
            cluster = next((c for c in reversed(list(clusters)) if owner[id(c)] == holder), None) or Cluster()
            owner[id(cluster)] = holder
            clusters.join(mention, cluster)


def _owner(cluster: Cluster, document: Document) -> str | None:
    """Return the entity that a cluster of names is of: one mentioned there whose name has their last word."""
    for entity in document.entities:
        for mention in cluster.mentions:
            end = mention.at + len(mention.words)
            near = any(start < end and mention.at < stop for start, stop in entity.mentions)
            if near and mention.names and mention.names[-1] in entity.name:
                return entity.id
    return None


def chooser(weights: Weights) -> Choose:
    """Return a choice of the likeliest cluster, or of none where words are likelier to name somebody new."""

    @_kept
    def total(names: Signs) -> float:
        return weights[ALWAYS] + sum(weights.get(name, 0.0) for name in names)

    def choose(mention: Mention, clusters: Clusters) -> Cluster | None:
        found = enumerate(features(mention, clusters))
        scored = [(total(names), number, cluster) for number, (cluster, names) in found]
        score, _, cluster = max(scored, default=(0.0, 0, None))
        return cluster if score > 0 or mention.kind in _WORDLESS else None

    return choose


def features(mention: Mention, clusters: Clusters) -> Iterator[tuple[Cluster, Signs]]:
    """Yield the clusters that a mention may join, with what tells whether it does.

    Parameters
    ----------
    mention : Mention
        A speaker.
    clusters : Clusters
        Those there are.
    """
    turns, near = clusters.spoken(_LATEST), clusters.mentioned(mention.at, _LATEST)
    turn, nearness = ({id(cluster): rank for rank, cluster in enumerate(latest)} for latest in (turns, near))
    sharing = [] if mention.kind in _WORDLESS else clusters.sharing((mention.head, *mention.names), _SHARING)
    known = {id(cluster): cluster for cluster in (*turns, *near, *sharing)}
    kinds = tuple(dict.fromkeys((mention.kind, mention.pronoun or mention.kind)))
    for cluster in sorted(known.values(), key=lambda cluster: cluster.order):
        ranks = turn.get(id(cluster), _LATEST), nearness.get(id(cluster), _LATEST)
        relation = _relation(mention, cluster)
        if relation != "none" or min(ranks) < _LATEST:
            last = cluster.last(mention.at)
            told = _agreement(mention, cluster), _sort(cluster), _stands(cluster, last)
            yield cluster, _signs(kinds, relation, *ranks, bisect_left(_GAPS, mention.at - last), *told)


@_kept
def _signs(
    kinds: tuple[str, ...], relation: str, turn: int, near: int, gap: int, agreement: str, sort: str, stands: str
) -> Signs:
    turns, nears = f"turn {min(turn, 3)}", f"near {min(near, 3)}"
    told = [relation, turns, nears, f"gap {gap}", agreement, sort, stands]
    told += [f"{relation}, {turns}", f"{turns}, {nears}", f"{nears}, {stands}"]
    return tuple(f"{kind}: {sign}" for kind in kinds for sign in told)


def _relation(mention: Mention, cluster: Cluster) -> str:
    """Return what words a mention shares with a cluster."""
    if mention.kind in _WORDLESS:
        return "none"
    if mention.head not in cluster.forms and cluster.names.isdisjoint(mention.names):
        return "none"
    words = mention.words.lower()
    told = {
        "same words": words in cluster.words,
        "last name": not cluster.names.isdisjoint(mention.names[-1:]),
        "some name": not cluster.names.isdisjoint(mention.names),
        "same noun": mention.head in cluster.heads,
    }
    return next((name for name, holds in told.items() if holds), "noun elsewhere")


def _agreement(mention: Mention, cluster: Cluster) -> str:
    own = _SEX.get(mention.pronoun)
    sexes = {_SEX[form] for form in cluster.forms.intersection(_SEX)} if own else set()
    return ("agrees" if own in sexes else "clashes") if sexes else "open"


def _stands(cluster: Cluster, at: int) -> str:
    """Return whether the mention at a place begins a sentence, tells a place perhaps, or is neither."""
    mention = cluster.mentioned(at)
    lead = mention.lead if mention else "-"
    return "placed" if lead in _PLACED else "amid" if lead else "first"


def _sort(cluster: Cluster) -> str:
    """Return whether a cluster looks like a person, several or something else."""
    if cluster.forms & _PERSONAL or cluster.several_names:
        return "person"
    return "several" if cluster.plural else "other"
