"""What a token shows and what stands beside it, as columns of numbers: equal numbers are equal features."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from communique.baselines.crf.classes import classes
from communique.baselines.crf.pages import Column, Pages, hashed, mixed
from communique.baselines.lexicon import lemma, lexicon

NEAR = 0.25
"""Share of a lemma's tokens that stand in cues from which on it is a likely cue."""
STEPS = np.array([0, 1, 2, 3, 4, 6, 9, 14, 25])
_SHARES = np.array([0.01, 0.03, 0.08, 0.2, 0.4, 0.6, 0.8])
_PRIOR = {"cue": 0.02, "source": 0.05}


@dataclass(frozen=True)
class Words:
    """What is known of words from training: how often a lemma stands in a cue or a source, and word clusters.

    Attributes
    ----------
    seen : dict of str to int
        Tokens of each lemma.
    hits : dict of str to dict of str to int
        By role, those that stand in one.
    clusters : dict of str to tuple of int
        By form in lower case: its clusters, coarse to fine.
    """

    seen: dict[str, int]
    hits: dict[str, dict[str, int]]
    clusters: dict[str, tuple[int, ...]]


def shape(word: str) -> str:
    """Return letters as A and a, digits as 0, runs cut to two, six characters at most."""
    kept: list[str] = []
    for letter in word:
        kind = "A" if letter.isupper() else "a" if letter.islower() else "0" if letter.isdigit() else letter
        if kept[-2:] != [kind, kind]:
            kept.append(kind)
    return "".join(kept[:6])


class Features:
    """The columns of some texts.

    Parameters
    ----------
    table : Pages
        The texts.
    words : Words
        Known from training.
    own : mapping of str to (array of int), optional
        When training: per token the number of tokens of its lemma in its own text, under ``seen``, and of those that
        stand in each role. They are left out of the shares, which would otherwise give the answer away.
    """

    def __init__(self, table: Pages, words: Words, own: Mapping[str, Column] | None = None):
        self.table = table
        self.size = len(table.form)
        lower = [form.lower() for form in table.forms]
        lemmas = [lemma(form) for form in lower]
        self._numbers = np.arange(self.size)
        self._near: dict[int, tuple[Column, np.ndarray]] = {}
        self.lower, self.lemma = (hashed(found)[table.form] for found in (lower, lemmas))
        self.shape = hashed([shape(form) for form in table.forms])[table.form]
        self.ends = [hashed([form[-n:] for form in lower])[table.form] for n in (2, 3)]
        self.head = hashed([form[:4] for form in lower])[table.form]
        self.kind = hashed([str(lexicon().verbs.get(form, "")) for form in lemmas])[table.form]
        known = classes()
        named = zip(lower, lemmas, strict=True)
        self.group = hashed([known.get(form) or known.get(root.lower(), "") for form, root in named])[table.form]
        self.clusters = self._clusters(lower, words)
        shares = {role: self._share(lemmas, words, role, own) for role in _PRIOR}
        self.share = {
            role: np.where(values < 0, -1, np.searchsorted(_SHARES, values, side="right"))
            for role, values in shares.items()
        }
        self.likely = shares["cue"] > NEAR
        self.quoted = self._quotation()

    def _clusters(self, lower: list[str], words: Words) -> list[Column]:
        depth = max(map(len, words.clusters.values()), default=0)
        unknown = (-1,) * depth
        found = np.array([words.clusters.get(form, unknown) for form in lower], np.int64).reshape(len(lower), depth)
        by_token = found[self.table.form]
        return [np.where(column < 0, mixed(self.shape), column) for column in by_token.T]

    def _share(self, lemmas: list[str], words: Words, role: str, own: Mapping[str, Column] | None) -> np.ndarray:
        seen, hits = (
            np.array([counts.get(form, 0) for form in lemmas], np.int64)[self.table.form]
            for counts in (words.seen, words.hits[role])
        )
        if own is not None:
            seen, hits = seen - own["seen"], hits - own[role]
        return np.where(seen > 0, (hits + 2 * _PRIOR[role]) / (seen + 2), -1)

    def _quotation(self) -> Column:
        """Return whether a token stands in a quotation, opens or closes it, how long it is, whether it is closed."""
        table = self.table
        inside = table.opened >= 0
        length = np.searchsorted(np.array([6, 11]), table.closed - table.opened + 1, side="right")
        edge = (self._numbers == table.opened) + 2 * (self._numbers == table.closed)
        return np.where(inside, 1 + edge + 4 * length, 0)

    def at(self, column: Column, offset: int | Column) -> Column:
        """Return a column's value at another token: an offset, or its number; -1 beyond the paragraph or for none."""
        found, inside = self._beside(offset) if isinstance(offset, int) else self._reached(offset)
        return np.where(inside, column.take(found), -1)

    def _beside(self, offset: int) -> tuple[Column, np.ndarray]:
        if offset not in self._near:
            self._near[offset] = self._reached(self._numbers + offset)
        return self._near[offset]

    def _reached(self, places: Column) -> tuple[Column, np.ndarray]:
        """Return tokens without those beyond the texts, and whether they stand in the paragraph."""
        found = np.clip(places, 0, max(0, self.size - 1))
        return found, (found == places) & (self.table.paragraph.take(found) == self.table.paragraph)

    def apart(self, places: Column) -> Column:
        """Return how far a token lies, in steps, joined with whether it stands in the sentence and in a quotation."""
        steps = np.searchsorted(STEPS, np.abs(places - self._numbers), side="right")
        return np.where(places < 0, -1, steps * 4 + self._side(places))

    def in_sentence(self, places: Column) -> Column:
        """Return those of other tokens that stand in a token's own sentence, -1 for all others."""
        return np.where(self._same_sentence(places), places, -1)

    def _same_sentence(self, places: Column) -> np.ndarray:
        found: np.ndarray = self.at(self.table.sentence, places) == self.table.sentence
        return found

    def _side(self, places: Column) -> Column:
        side: Column = 2 * self._same_sentence(places) + (self.table.opened >= 0)
        return side

    def before(self, mask: np.ndarray) -> Column:
        """Return the last marked token before each, -1 where there is none in the paragraph."""
        last = np.maximum.accumulate(np.where(mask, self._numbers, -1))
        return self._within(np.concatenate(([-1], last[:-1])))

    def after(self, mask: np.ndarray) -> Column:
        """Return the next marked token after each, -1 where there is none in the paragraph."""
        following = np.minimum.accumulate(np.where(mask, self._numbers, self.size)[::-1])[::-1]
        found = np.concatenate((following[1:], [self.size]))
        return self._within(np.where(found < self.size, found, -1))

    def _within(self, places: Column) -> Column:
        same = self.table.paragraph[np.maximum(places, 0)] == self.table.paragraph
        return np.where((places >= 0) & same, places, -1)

    def beside(self, places: Column) -> Iterator[Column]:
        """Yield columns on other tokens: how far, and the lemma and the neighbours found there."""
        side = self._side(places)
        yield self.apart(places)
        yield mixed(self.at(self.lemma, places), side)
        for offset in (-1, 1):
            yield mixed(self.at(self.lower, np.where(places < 0, -1, places + offset)), side)
