"""Linked taggers: each sees what those before it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Self

import numpy as np

from communique.baselines.crf.columns import Features
from communique.baselines.crf.earlier import earlier
from communique.baselines.crf.pages import Column
from communique.baselines.crf.parts import Parts, parts
from communique.baselines.crf.surface import base
from communique.baselines.crf.tables import Tables
from communique.baselines.crf.tagger import Tagger

Stage = tuple[str, Tagger]


@dataclass(frozen=True)
class Taggers:
    """Taggers, each of which sees what those before it found of other roles.

    Attributes
    ----------
    base : Tables
        Scores of the columns that no tagger changes: of the tags of every tagger, one after the other.
    stages : sequence of (str, Tagger)
        Roles and their taggers, each with the tables of its other columns. What the last of a role finds counts.
    """

    base: Tables
    stages: Sequence[Stage]

    @classmethod
    def of(cls, stages: Sequence[Stage], columns: int) -> Self:
        """Return linked taggers of taggers that have the tables of all columns, of which the first are in common."""
        halves = [tagger.tables.split(columns) for _, tagger in stages]
        own = [(role, replace(tagger, tables=rest)) for (role, tagger), (_, rest) in zip(stages, halves, strict=True)]
        return cls(Tables.beside([common for common, _ in halves]), own)

    def parts(self, features: Features) -> tuple[Parts, Parts]:
        """Return the stretches that are found, and those together with more that would be if taggers leant further."""
        bounds = features.table.bounds()
        common = np.split(self.base.scores(base(features)), len(self.stages), axis=1)
        found: dict[str, Column] = {}
        further: dict[str, Column] = {}
        for (role, tagger), part in zip(self.stages, common, strict=True):
            scores = part + tagger.tables.scores(earlier(features, found, role))
            found[role] = tagger.tags(scores, bounds)
            if tagger.spare:
                further[role] = tagger.tags(scores, bounds, tagger.spare)
        return parts(found, further, features.table.document)

    def pruned(self, rows: int) -> Self:
        """Return the taggers with the rows of greatest weights, so many of all tables together, and no others."""
        strengths = np.concatenate([self.base.strengths(), *(tagger.tables.strengths() for _, tagger in self.stages)])
        least = float(np.partition(strengths, -rows)[-rows]) if rows < len(strengths) else 0.0
        own = [(role, replace(tagger, tables=tagger.tables.pruned(least))) for role, tagger in self.stages]
        return type(self)(self.base.pruned(least), own)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what is to be saved, by name."""
        own = (tagger.arrays(f"{number:02}/{role}") for number, (role, tagger) in enumerate(self.stages))
        return reduce(or_, own, self.base.arrays("base"))

    @classmethod
    def read(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """Return the taggers that `arrays` was made of."""
        names = sorted(name.split("/")[:2] for name in arrays if name.endswith("/transitions"))
        stages = [(role, Tagger.read(arrays, f"{number}/{role}")) for number, role in names]
        return cls(Tables.read(arrays, "base"), stages)
