"""Linked taggers: each sees what those before it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Self

import numpy as np

from communique.baselines.crf.features import Features
from communique.baselines.crf.features_of_tags import earlier
from communique.baselines.crf.features_of_words import base
from communique.baselines.crf.tagger import Tagger
from communique.baselines.crf.weights import Tables
from communique.baselines.shared.stretches import Parts, parts
from communique.baselines.shared.token_table import Column

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
    def of(cls, stages: Sequence[Stage], columns: int, rows: int) -> Self:
        """Return linked taggers of taggers that have the tables of all columns.

        Parameters
        ----------
        stages : sequence of (str, Tagger)
            Roles and their taggers.
        columns : int
            The first so many columns are in common.
        rows : int
            Of weights that are kept, of all taggers together the greatest.
        """
        least = _least([tagger.tables for _, tagger in stages], rows)
        halves = [tagger.tables.pruned(least).split(columns) for _, tagger in stages]
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
        return parts(found, further, features.table)

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


def _least(tables: Sequence[Tables], rows: int) -> float:
    """Return the strength that so many rows of all tables together have."""
    strengths = np.concatenate([table.strengths() for table in tables])
    return float(np.partition(strengths, -rows)[-rows]) if rows < len(strengths) else 0.0
