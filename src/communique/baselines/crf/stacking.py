"""Training of linked taggers, each of which sees what those before it found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from communique.baselines.crf.columns import Features
from communique.baselines.crf.earlier import earlier
from communique.baselines.crf.gold import ROLES, UNITS
from communique.baselines.crf.pages import Column, Pages
from communique.baselines.crf.surface import base
from communique.baselines.crf.tagger import Tagger, stretches, train
from communique.baselines.crf.taggers import Stage, Taggers


def stacked(features: Features, rows: Mapping[str, Column], parameters: Mapping[str, Any]) -> Taggers:
    """Return the taggers of the roles that occur, in rounds: from the second on, cues see contents as well.

    Parameters
    ----------
    features : Features
        Of the training texts.
    rows : mapping of str to (array of int)
        Their tags.
    parameters : mapping
        Of the baseline: those under ``ample`` or ``scarce`` hold besides, by the number of tokens.
    """
    training = {**parameters, **parameters["ample" if features.size >= parameters["enough"] else "scarce"]}
    columns = list(base(features))
    found: dict[str, Column] = {}
    stages: list[Stage] = []
    turns = [role for role in [*UNITS * (training["rounds"] - 1), *ROLES] if rows[role].any()]
    for turn, role in enumerate(turns, 1):
        told = [*columns, *earlier(features, found, role)]
        trainings = training["crfsuite"].get(role, training["crfsuite"]["default"])
        whole, folds = _trained(told, rows[role], features.table, trainings, training)
        found[role], lean = _held_out(told, rows[role], features.table, folds, training["leans"])
        spare = 0.0 if role in turns[turn:] else training["spare"].get(role, 0.0)
        stages.append((role, replace(whole, lean=lean, spare=spare)))
    return Taggers.of(stages, len(columns))


def _trained(
    columns: Sequence[Column],
    row: Column,
    table: Pages,
    trainings: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, Any],
) -> tuple[Tagger, list[tuple[np.ndarray, Tagger]]]:
    """Return a tagger that has seen everything, and for each fold its tokens and one that has not seen those."""
    from joblib import Parallel, delayed

    part = table.document % parameters["folds"]
    out = [part == fold for fold in np.unique(part)]
    seen = [np.ones(len(row), bool), *(~mask for mask in out if len(out) > 1)]
    calls = (delayed(train)([c[mask] for c in columns], row[mask], _bounds(table, mask), trainings) for mask in seen)
    whole, *others = Parallel(n_jobs=parameters["jobs"])(calls)
    return whole, list(zip(out, others, strict=False))


def _held_out(
    columns: Sequence[Column],
    row: Column,
    table: Pages,
    folds: Sequence[tuple[np.ndarray, Tagger]],
    leans: Sequence[float],
) -> tuple[Column, float]:
    """Tag each text by a model that has not seen it, and find the lean of most exact fragments (F1).

    Later models learn from these tags, which are as good and as bad as those of new texts.
    """
    wanted = set(stretches(row, table.document))
    scored = [
        (out, tagger, tagger.tables.scores(column[out] for column in columns), _bounds(table, out))
        for out, tagger in folds
    ]

    def tagged(lean: float) -> Column:
        found = np.zeros_like(row)
        for out, tagger, scores, bounds in scored:
            found[out] = tagger.tags(scores, bounds, lean)
        return found

    def right(lean: float) -> float:
        given = set(stretches(tagged(lean), table.document))
        return 2 * len(wanted & given) / (len(wanted) + len(given))

    lean = max(leans, key=right)
    return tagged(lean), lean


def _bounds(table: Pages, mask: np.ndarray) -> Column:
    return np.append(np.flatnonzero(np.diff(table.paragraph[mask], prepend=-1)), mask.sum())
