"""Which source and which contents belong to which cue, whatever found them: logistic regressions over pairs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from communique.baselines.crf.columns import Features
from communique.baselines.crf.gold import Said, fragments
from communique.baselines.crf.pages import Column, mixed
from communique.baselines.crf.tables import Tables, regression
from communique.baselines.frames import Place

_PAIRS = (("cue", "content"), ("cue", "source"), ("source", "content"))
"""Models: of a content the cue, of a source the cue, and of a content that has no cue the source."""
_STEPS = np.array([0, 1, 2, 3, 5, 8, 13, 21, 40])


@dataclass(frozen=True)
class Linker:
    """Fitted models by name: the pairs of roles, and ``joined`` for contents that make up one claim."""

    models: Mapping[str, Tables]

    @classmethod
    def fit(
        cls, features: Features, attributions: Sequence[Said], strength: float = 1.0, missed: float = 0.0, seed: int = 0
    ) -> Self:
        """Learn from annotated attributions.

        Parameters
        ----------
        features : Features
            Of the texts.
        attributions : sequence of Said
            Of all of them.
        strength : float, optional
            Inverse strength of the L2 regularisation.
        missed : float, optional
            Share of the cues and sources that are hidden, as taggers miss some: what belongs to them learns to choose
            none instead of another.
        seed : int, optional
            Of what is hidden.
        """
        everything = {role: fragments(attributions, role) for role in ("cue", "source", "content")}
        random = np.random.default_rng(seed)
        models = {}
        for one, other in _PAIRS:
            chosen = one if other == "content" else other
            parts = {**everything, chosen: _seen(everything[chosen], missed, random)}
            pairs = _Pairs(features, parts, one, other)
            wanted = {
                (a, b)
                for item in attributions
                if one == "cue" or not item.cue
                for a in (item.cue if one == "cue" else item.source)
                for b in (item.source if other == "source" else [place for claim in item.claims for place in claim])
            }
            hung = {place for item in attributions if item.cue for claim in item.claims for place in claim}
            kept = np.array([one == "cue" or b not in hung for _, b in pairs.places], bool)
            labels = np.array([pair in wanted for pair in pairs.places], bool)
            models[f"{one}-{other}"] = regression([column[kept] for column in pairs.columns()], labels[kept], strength)
        models["joined"] = regression(*_neighbours(features, attributions), strength)
        return cls(models)

    def attributions(self, features: Features, parts: Mapping[str, set[Place]]) -> list[Said]:
        """Link stretches of tokens.

        Parameters
        ----------
        features : Features
            Of the texts.
        parts : mapping of str to set of (int, int)
            Stretches found, by role: cue, source, content.
        """
        cue_of = self._best(features, parts, "cue", "content", by=1)
        source_of = self._best(features, parts, "cue", "source", by=0)
        lone = {**parts, "content": parts["content"] - set(cue_of)}
        held = self._best(features, lone, "source", "content", by=1)
        contents: dict[tuple[Place | None, Place | None], list[Place]] = {}
        for place in sorted(parts["content"]):
            cue = cue_of.get(place)
            contents.setdefault((cue, source_of.get(cue) if cue else held.get(place)), []).append(place)
        return [
            Said([cue] if cue else [], [source] if source else [], self._claims(features, places, cue))
            for (cue, source), found in contents.items()
            for places in ([_apart(found)] if cue or source else [[place] for place in found])
        ]

    def _best(
        self, features: Features, parts: Mapping[str, set[Place]], one: str, other: str, by: int
    ) -> dict[Place, Place]:
        """Return, for each first (by 0) or second (by 1) stretch, its likeliest partner, if likelier than not."""
        pairs = _Pairs(features, parts, one, other)
        if not pairs.places:
            return {}
        scores = self.models[f"{one}-{other}"].scores(pairs.columns())[:, 0].tolist()
        ranked = sorted(zip(scores, pairs.places, strict=True), key=lambda item: (item[0], item[1]))
        return {pair[by]: pair[1 - by] for score, pair in ranked if score > 0}

    def _claims(self, features: Features, places: Sequence[Place], cue: Place | None) -> list[list[Place]]:
        claims = [[places[0]]]
        if len(places) > 1:
            gaps = [(one, other, cue) for one, other in pairwise(places)]
            joined = self.models["joined"].scores(_gap_columns(features, gaps))[:, 0] > 0
            for place, one in zip(places[1:], joined.tolist(), strict=True):
                claims = [*claims[:-1], [*claims[-1], place]] if one else [*claims, [place]]
        return claims


class _Pairs:
    """All pairs of stretches of two roles that stand in one paragraph, or the second in the next."""

    def __init__(self, features: Features, parts: Mapping[str, set[Place]], one: str, other: str):
        self._features = features
        self._parts = {role: np.array(sorted(found), np.int64).reshape(-1, 2) for role, found in parts.items()}
        self._roles = one, other
        firsts, seconds = self._parts[one], self._parts[other]
        paragraph = features.table.paragraph
        here = paragraph[firsts[:, 0]]
        low = np.searchsorted(paragraph[seconds[:, 0]], here)
        high = np.searchsorted(paragraph[seconds[:, 0]], here + (other == "content"), side="right")
        sizes = high - low
        row = np.repeat(np.arange(len(firsts)), sizes)
        column = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(low, sizes)
        firsts, seconds = firsts[row], seconds[column]
        same = features.table.document[firsts[:, 0]] == features.table.document[seconds[:, 0]]
        apart = (firsts[:, 1] <= seconds[:, 0]) | (seconds[:, 1] <= firsts[:, 0])
        self._first, self._second = firsts[same & apart], seconds[same & apart]
        self.places = list(zip(map(tuple, self._first.tolist()), map(tuple, self._second.tolist()), strict=True))

    def columns(self) -> list[Column]:
        """Return the features of the pairs; the first is constant."""
        return list(self._columns())

    def _columns(self) -> Iterator[Column]:
        features, (a, b), (c, d) = self._features, self._first.T, self._second.T
        side = (b <= c).astype(np.int64)
        steps = np.searchsorted(_STEPS, np.where(side, c - b, a - d), side="right")
        same = features.table.sentence[a] == features.table.sentence[c]
        quoted = features.table.opened[c] >= 0
        place = mixed(side, same)
        yield np.zeros(len(a), np.int64)
        yield mixed(side, steps, same)
        yield mixed(place, quoted, features.table.opened[a] >= 0)
        between = [np.minimum(self._between(role), 2) for role in ("cue", "source", "content")]
        yield from (mixed(side, number) for number in between)
        yield mixed(place, *between)
        for index in (c - 1, c, d - 1, d, a - 1, b):
            yield mixed(place, _word(features.lower, index))
        yield mixed(place, _word(features.lower, d), quoted)
        yield mixed(place, features.lemma[a])
        yield mixed(side, features.lemma[b - 1], between[0])
        yield mixed(side, np.searchsorted(_STEPS, d - c, side="right"))
        yield features.table.paragraph[c] - features.table.paragraph[a]

    def _between(self, role: str) -> Column:
        """Return how many stretches of a role begin between the two."""
        starts = self._parts[role][:, 0]
        low = np.minimum(self._first[:, 1], self._second[:, 1])
        high = np.maximum(self._first[:, 0], self._second[:, 0])
        number: Column = np.maximum(0, np.searchsorted(starts, high) - np.searchsorted(starts, low))
        return number


def _seen(places: set[Place], missed: float, random: np.random.Generator) -> set[Place]:
    kept = random.random(len(places)) >= missed
    return {place for place, keep in zip(sorted(places), kept.tolist(), strict=True) if keep}


def _apart(places: Sequence[Place]) -> list[Place]:
    """Return the longest of those that overlap."""
    kept: list[Place] = []
    for start, end in sorted(places, key=lambda place: (place[0] - place[1], place)):
        if all(end <= first or last <= start for first, last in kept):
            kept.append((start, end))
    return sorted(kept)


def _word(column: Column, index: Column) -> Column:
    inside = (index >= 0) & (index < len(column))
    return np.where(inside, column[np.clip(index, 0, len(column) - 1)], -1)


def _neighbours(features: Features, attributions: Sequence[Said]) -> tuple[list[Column], np.ndarray]:
    """Return the features of contents that follow each other in one attribution, and whether they are one claim."""
    gaps, joined = [], []
    for item in attributions:
        owned = sorted((place, number) for number, claim in enumerate(item.claims) for place in claim)
        for (one, owner), (other, claim) in pairwise(owned):
            gaps.append((one, other, item.cue[0] if item.cue else None))
            joined.append(owner == claim)
    return _gap_columns(features, gaps), np.array(joined, bool)


def _gap_columns(features: Features, gaps: Sequence[tuple[Place, Place, Place | None]]) -> list[Column]:
    """Return features of gaps, each a stretch, the one after it, and their cue."""
    edges = np.array([(one[1], other[0]) for one, other, _ in gaps], np.int64).reshape(-1, 2)
    cut = [cue is not None and one[1] <= cue[0] < other[0] for one, other, cue in gaps]
    last, first = edges[:, 0] - 1, edges[:, 1]
    apart = np.searchsorted(_STEPS, first - last - 1, side="right")
    same = features.table.sentence[last] == features.table.sentence[first]
    return [
        np.zeros(len(gaps), np.int64),
        mixed(np.array(cut, np.int64), same.astype(np.int64)),
        mixed(np.array(cut, np.int64), apart),
        mixed(_word(features.lower, edges[:, 0]), apart),
        _word(features.lower, first),
    ]
