"""Linked taggers: each sees what those before it found."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Self

import numpy as np

from communique.baselines.crf.columns import Features, base
from communique.baselines.crf.earlier import earlier
from communique.baselines.crf.gold import ROLES
from communique.baselines.crf.pages import Column
from communique.baselines.crf.parts import Parts, parts
from communique.baselines.crf.tables import Tables
from communique.baselines.crf.tagger import Tagger


@dataclass(frozen=True)
class Taggers:
    """Taggers by role.

    Attributes
    ----------
    base : Tables
        Scores of the columns that no tagger changes: of the tags of every role, role after role.
    taggers : dict of str to Tagger
        In their order, each with the tables of its other columns.
    """

    base: Tables
    taggers: Mapping[str, Tagger]

    @classmethod
    def of(cls, taggers: Mapping[str, Tagger], columns: int) -> Self:
        """Return linked taggers of taggers that have the tables of all columns, of which the first are in common."""
        halves = {role: tagger.tables.split(columns) for role, tagger in taggers.items()}
        own = {role: replace(tagger, tables=halves[role][1]) for role, tagger in taggers.items()}
        return cls(Tables.beside([common for common, _ in halves.values()]), own)

    def parts(self, features: Features) -> tuple[Parts, Parts]:
        """Return the stretches that are found, and those together with more that would be if taggers leant further."""
        bounds = features.table.bounds()
        common = np.split(self.base.scores(base(features)), len(self.taggers), axis=1)
        found: dict[str, Column] = {}
        further: dict[str, Column] = {}
        for (role, tagger), part in zip(self.taggers.items(), common, strict=True):
            scores = part + tagger.tables.scores(earlier(features, found))
            found[role] = tagger.tags(scores, bounds)
            if tagger.spare:
                further[role] = tagger.tags(scores, bounds, tagger.spare)
        return parts(found, further, features.table.document)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what is to be saved, by name."""
        own = (tagger.arrays(role) for role, tagger in self.taggers.items())
        return reduce(or_, own, self.base.arrays("base"))

    @classmethod
    def read(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """Return the taggers that `arrays` was made of."""
        found = {role: Tagger.read(arrays, role) for role in ROLES if f"{role}/transitions" in arrays}
        return cls(Tables.read(arrays, "base"), found)
