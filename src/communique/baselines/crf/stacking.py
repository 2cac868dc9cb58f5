"""Training of linked taggers, each of which sees what those before it found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from communique.baselines.crf.columns import Features, base, earlier
from communique.baselines.crf.gold import ROLES
from communique.baselines.crf.pages import Column, Pages
from communique.baselines.crf.tagger import Tagger, stretches, train


def stacked(features: Features, rows: Mapping[str, Column], parameters: Mapping[str, Any]) -> dict[str, Tagger]:
    """Return a tagger for each role that occurs.

    Parameters
    ----------
    features : Features
        Of the training texts.
    rows : mapping of str to (array of int)
        Their tags.
    parameters : mapping
        Of the baseline.
    """
    columns = list(base(features))
    found: dict[str, Column] = {}
    fitted: dict[str, Tagger] = {}
    for role in (role for role in ROLES if rows[role].any()):
        told = [*columns, *earlier(features, found)]
        found[role], lean = _held_out(told, rows[role], features.table, parameters)
        tagger = _trained(told, rows[role], features.table, np.ones(features.size, bool), parameters)
        fitted[role] = replace(tagger, lean=lean)
    return fitted


def _trained(
    columns: Sequence[Column], row: Column, table: Pages, mask: np.ndarray, parameters: Mapping[str, Any]
) -> Tagger:
    chosen = [column[mask] for column in columns]
    return train(chosen, row[mask], _bounds(table, mask), parameters["crfsuite"])


def _held_out(
    columns: Sequence[Column], row: Column, table: Pages, parameters: Mapping[str, Any]
) -> tuple[Column, float]:
    """Tag each text by a model that has not seen it, and find the lean of most exact fragments (F1).

    Later models learn from these tags, which are as good and as bad as those of new texts.
    """
    part = table.document % parameters["folds"]
    folds = [(part == fold, _trained(columns, row, table, part != fold, parameters)) for fold in np.unique(part)]
    wanted = set(stretches(row, table.document))

    def tagged(lean: float) -> Column:
        found = np.zeros_like(row)
        for out, tagger in folds if len(folds) > 1 else ():
            leaning = replace(tagger, lean=lean)
            found[out] = leaning.tags([column[out] for column in columns], _bounds(table, out))
        return found

    def right(lean: float) -> float:
        given = set(stretches(tagged(lean), table.document))
        return 2 * len(wanted & given) / (len(wanted) + len(given))

    lean = max(parameters["leans"], key=right)
    return tagged(lean), lean


def _bounds(table: Pages, mask: np.ndarray) -> Column:
    return np.append(np.flatnonzero(np.diff(table.paragraph[mask], prepend=-1)), mask.sum())
