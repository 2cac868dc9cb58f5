"""The columns that need no earlier prediction."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from communique.baselines.crf.columns import STEPS, Features
from communique.baselines.crf.pages import Column, mixed


def base(features: Features) -> Iterator[Column]:
    """Yield the columns that need no earlier prediction, kind after kind."""
    for kind in KINDS.values():
        yield from kind(features)


def _words(features: Features) -> Iterator[Column]:
    yield from (features.at(features.lower, offset) for offset in range(-3, 4))


def _forms(features: Features) -> Iterator[Column]:
    """Yield lemmas, shapes and affixes."""
    for offset in (-1, 0, 1):
        for column in (features.lemma, features.shape, *features.ends):
            yield features.at(column, offset)
    yield features.head


def _shares(features: Features) -> Iterator[Column]:
    """Yield how often neighbouring lemmas stand in cues and sources, and what the lexicon says of them."""
    for offset in range(-2, 3):
        for column in (*features.share.values(), features.kind):
            yield features.at(column, offset)


def _clusters(features: Features) -> Iterator[Column]:
    yield from (features.at(column, offset) for offset in range(-2, 3) for column in features.clusters)


def _joint(features: Features) -> Iterator[Column]:
    """Yield what neighbouring tokens show together."""
    at, lower, quoted = features.at, features.lower, features.quoted
    cue, source = features.share["cue"], features.share["source"]
    coarse = features.clusters[0]
    for column in (lower, features.lemma, cue, *features.clusters):
        yield mixed(at(column, -1), column)
        yield mixed(column, at(column, 1))
    for column in (coarse, cue, quoted):
        yield mixed(at(column, -1), column, at(column, 1))
    yield mixed(at(source, -1), cue, at(source, 1))
    yield mixed(features.kind, at(lower, 1))
    yield mixed(at(features.shape, -1), cue)
    yield from (mixed(column, quoted) for column in (lower, features.lemma, cue))


def _classed(features: Features) -> Iterator[Column]:
    """Yield the classes of neighbouring words, alone and with what stands beside them."""
    at, lower, group, ending = features.at, features.lower, features.group, features.ends[0]
    coarse = features.clusters[0]
    yield from (at(group, offset) for offset in range(-2, 3))
    for column in (lower, group, coarse):
        yield mixed(at(column, -1), group)
        yield mixed(group, at(column, 1))
    for column in (lower, group):
        yield mixed(at(column, -1), group, at(column, 1))
    yield mixed(group, ending)
    yield mixed(group, ending, at(lower, 1))
    yield mixed(group, features.quoted)


def _quoting(features: Features) -> Iterator[Column]:
    """Yield quotations, what precedes the one a token stands in, and, looking ahead, what follows it."""
    table, at = features.table, features.at
    yield from (at(features.quoted, offset) for offset in (-1, 0, 1))
    inside = table.opened >= 0

    def beside(places: Column, offset: int) -> Column:
        return np.where(inside, at(features.lower, np.where(inside, places + offset, -1)), -2)

    yield mixed(beside(table.opened, -2), beside(table.opened, -1))
    yield beside(table.closed, 1)


def _beside(features: Features) -> Iterator[Column]:
    """Yield the nearest likely cues on both sides."""
    yield from features.beside(features.before(features.likely))
    yield from features.beside(features.after(features.likely))


def _standing(features: Features) -> Iterator[Column]:
    """Yield where a token stands: in its paragraph, in its sentences, in the text."""
    table = features.table
    bounds = table.bounds()
    first, end = bounds[:-1][table.paragraph], bounds[1:][table.paragraph]
    numbers = np.arange(features.size)
    yield from (np.searchsorted(STEPS, column, side="right") for column in (numbers - first, end - numbers))
    yield np.minimum(table.sentence - table.sentence[first], 3)
    opening = np.flatnonzero(np.diff(table.document, prepend=-1))
    start = table.paragraph[opening][np.cumsum(np.diff(table.document, prepend=-1) != 0) - 1]
    yield np.minimum(table.paragraph - start, 3)


KINDS: Mapping[str, Callable[[Features], Iterator[Column]]] = {
    "words": _words,
    "lemmas, shapes, affixes": _forms,
    "shares": _shares,
    "clusters": _clusters,
    "joined": _joint,
    "classes": _classed,
    "quotations": _quoting,
    "likely cues": _beside,
    "place": _standing,
}
