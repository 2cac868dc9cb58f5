"""Which source and which contents belong to which cue, whatever found them: logistic regressions over pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Self

import numpy as np

from communique.baselines.crf.features import Features
from communique.baselines.crf.features_of_pairs import STEPS, Pairs, sides, word
from communique.baselines.crf.weights import Tables, regression
from communique.baselines.shared.overlaps import apart
from communique.baselines.shared.token_attributions import UNITS, Said, cued, fragments
from communique.baselines.shared.token_table import Column, mixed
from communique.places import Place

_PAIRS = (("cue", "content"), ("cue", "source"), ("source", "content"))
"""Models: of a content the cue, of a source the cue, and of a content that has no cue the source."""


@dataclass(frozen=True)
class Linker:
    """Fitted models.

    Attributes
    ----------
    models : mapping of str to Tables
        Of the pairs of roles, and ``joined`` for contents that make up one claim.
    cued : bool
        As `token_attributions.cued` says of the attributions that were learned from.
    """

    models: Mapping[str, Tables]
    cued: bool = False

    @classmethod
    def fit(cls, features: Features, attributions: Sequence[Said], strength: float = 1.0) -> Self:
        """Learn from annotated attributions.

        Parameters
        ----------
        features : Features
            Of the texts.
        attributions : sequence of Said
            Of all of them.
        strength : float, optional
            Inverse strength of the L2 regularisation.
        """
        parts = sides({role: fragments(attributions, role) for role in UNITS})
        models = {}
        for one, other in _PAIRS:
            pairs = Pairs(features, parts, one, other)
            wanted = {
                (a, b)
                for item in attributions
                if one == "cue" or not item.cue
                for a in (item.cue if one == "cue" else item.source)
                for b in (item.source if other == "source" else [place for claim in item.claims for place in claim])
            }
            hung = {place for item in attributions if item.cue for claim in item.claims for place in claim}
            places = pairs.places()
            kept = np.array([one == "cue" or b not in hung for _, b in places], bool)
            labels = np.array([pair in wanted for pair in places], bool)
            models[f"{one}-{other}"] = regression([column[kept] for column in pairs.columns()], labels[kept], strength)
        models["joined"] = regression(*_neighbours(features, attributions), strength)
        return cls({name: model.pruned() for name, model in models.items()}, cued(attributions))

    def attributions(self, features: Features, parts: Mapping[str, set[Place]]) -> list[Said]:
        """Link stretches of tokens; contents of a text without cue and source are one attribution.

        Where attributions are `cued`, contents without a cue are left out.

        Parameters
        ----------
        features : Features
            Of the texts.
        parts : mapping of str to set of (int, int)
            Stretches found, by role: cue, source, content.
        """
        cue_of = self._best(features, parts, "cue", "content", by=1)
        source_of = self._best(features, parts, "cue", "source", by=0)
        kept = parts["content"] & set(cue_of) if self.cued else parts["content"]
        lone = {**parts, "content": kept - set(cue_of)}
        held = self._best(features, lone, "source", "content", by=1)
        contents: dict[tuple[Place | None, Place | None, int], list[Place]] = {}
        for place in sorted(kept):
            cue = cue_of.get(place)
            text = int(features.table.document[place[0]])
            contents.setdefault((cue, source_of.get(cue) if cue else held.get(place), text), []).append(place)
        return [
            Said([cue] if cue else [], [source] if source else [], self._claims(features, apart(found), cue))
            for (cue, source, _), found in contents.items()
        ]

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Return what is to be saved, by name."""
        own = (model.arrays(f"{name}/{pair}") for pair, model in self.models.items())
        return reduce(or_, own, {f"{name}/cued": np.array(self.cued)})

    @classmethod
    def read(cls, arrays: Mapping[str, np.ndarray], name: str) -> Self:
        """Return the linker that `arrays` was made of."""
        pairs = [*(f"{one}-{other}" for one, other in _PAIRS), "joined"]
        return cls({pair: Tables.read(arrays, f"{name}/{pair}") for pair in pairs}, bool(arrays[f"{name}/cued"]))

    def _best(
        self, features: Features, parts: Mapping[str, set[Place]], one: str, other: str, by: int
    ) -> dict[Place, Place]:
        """Return, for each first (by 0) or second (by 1) stretch, its likeliest partner, if likelier than not."""
        best: dict[Place, tuple[float, tuple[Place, Place]]] = {}
        for pairs in Pairs.bounded(features, parts, one, other):
            scores = self.models[f"{one}-{other}"].scores(pairs.columns())[:, 0]
            for found in pairs.best(scores, by):
                best[found[1][by]] = max(found, best.get(found[1][by], found))
        return {place: pair[1 - by] for place, (_, pair) in best.items()}

    def _claims(self, features: Features, places: Sequence[Place], cue: Place | None) -> list[list[Place]]:
        claims = [[places[0]]]
        if len(places) > 1:
            gaps = [(one, other, cue) for one, other in pairwise(places)]
            joined = self.models["joined"].scores(_gap_columns(features, gaps))[:, 0] > 0
            for place, one in zip(places[1:], joined.tolist(), strict=True):
                if one:
                    claims[-1].append(place)
                else:
                    claims.append([place])
        return claims


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
    apart = np.searchsorted(STEPS, first - last - 1, side="right")
    same = features.table.sentence[last] == features.table.sentence[first]
    return [
        np.zeros(len(gaps), np.int64),
        mixed(np.array(cut, np.int64), same.astype(np.int64)),
        mixed(np.array(cut, np.int64), apart),
        mixed(word(features.lower, edges[:, 0]), apart),
        word(features.lower, first),
    ]
