"""What a token shows of the fragments that earlier taggers found, as columns of numbers."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from communique.baselines.crf.features import Features
from communique.baselines.shared.token_table import Column, hashed, mixed

_COMMAS = hashed([",", ";", ":", "–", "—"])


def earlier(features: Features, tags: Mapping[str, Column], role: str) -> Iterator[Column]:
    """Yield a constant, and columns on earlier tags of other roles.

    Parameters
    ----------
    features : Features
        Of the texts.
    tags : mapping of str to (array of int)
        By role: 0 outside, 1 where a fragment begins, 2 inside.
    role : str
        That the columns are for.
    """
    others = {other: row for other, row in tags.items() if other != role}
    yield np.zeros(features.size, np.int64)
    for row in others.values():
        yield from _nearest(features, row)
    if others:
        yield from _amid(features, [row for other, row in others.items() if other in ("cue", "source")])


def _nearest(features: Features, row: Column) -> Iterator[Column]:
    """Yield where the nearest fragments of a role are, and what stands there."""
    begins, inside = row == 1, row > 0
    following = features.at(row, 1)
    yield mixed(features.at(row, -1), row, following)
    ended, started = features.before(inside & (following != 2)), features.after(begins)
    yield from features.beside(ended)
    yield from features.beside(started)
    yield features.at(features.lemma, features.before(begins))
    yield mixed(features.lower, features.at(features.lemma, ended))


def _amid(features: Features, rows: Sequence[Column]) -> Iterator[Column]:
    """Yield between fragments of which roles a token stands in its sentence, and between which commas."""
    at, lower, quoted = features.at, features.lower, features.quoted
    role = np.select([row > 0 for row in rows], list(range(1, len(rows) + 1)))
    last, following = features.in_sentence(features.before(role > 0)), features.in_sentence(features.after(role > 0))
    left, right = at(role, last), at(role, following)
    pair = mixed(left, right)
    yield from (mixed(pair, column) for column in (quoted, lower, at(lower, -1), at(lower, 1)))
    yield mixed(pair, features.apart(last), features.apart(following))
    yield mixed(pair, at(pair, -1), lower)
    yield mixed(pair, at(pair, 1), at(lower, 1))
    since, until = _commas(features, last, following)
    yield mixed(pair, since)
    yield mixed(pair, until)
    yield mixed(pair, since, until, np.minimum(quoted, 1))
    yield mixed(left, since, lower)
    yield mixed(right, until, at(lower, 1))


def _commas(features: Features, last: Column, following: Column) -> tuple[Column, Column]:
    """Return how many commas stand between a token and one before it, and one after it, or the edges of its sentence.

    Counts end at two.
    """
    sentence = features.table.sentence
    first, end = (np.searchsorted(sentence, sentence, side) for side in ("left", "right"))
    number = np.cumsum(np.isin(features.lower, _COMMAS))
    since: Column = number - number[np.where(last < 0, first, last)]
    until: Column = number[np.where(following < 0, end - 1, following)] - number
    return np.minimum(since, 2), np.minimum(until, 2)
