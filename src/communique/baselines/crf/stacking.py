"""Training of linked taggers, each of which sees what those before it found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from communique.baselines.crf.crfsuite import FILLING, Sequences, Weights
from communique.baselines.crf.features import Features
from communique.baselines.crf.features_of_tags import earlier
from communique.baselines.crf.features_of_words import base
from communique.baselines.crf.numbered import Numbered
from communique.baselines.crf.tagger import Tagger
from communique.baselines.crf.taggers import Stage, Taggers
from communique.baselines.crf.weights import Tables
from communique.baselines.progress import progress
from communique.baselines.shared.decoding import stretches
from communique.baselines.shared.token_attributions import ROLES, UNITS
from communique.baselines.shared.token_table import Column, Pages


@dataclass(frozen=True)
class _Turn:
    """One tagger to be trained: of a role, by trainings of which the first alone is repeated on the folds."""

    role: str
    trainings: Sequence[Mapping[str, Any]]
    spare: float

    def passes(self, folds: int) -> int:
        """Return how often all tokens are seen."""
        first, *others = (int(training["max_iterations"]) for training in self.trainings)
        return FILLING + first * (1 + folds) + sum(others)


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
    turns = _turns(rows, training)
    part = features.table.document % parameters["folds"]
    folds = np.unique(part).tolist()
    common = Numbered([], []).beside(base(features), training["least"])
    found: dict[str, Column] = {}
    stages: list[Stage] = []
    with progress(sum(turn.passes(len(folds)) for turn in turns)) as bar:
        for number, turn in enumerate(turns, 1):
            bar.begin(f"learning {turn.role} ({number} of {len(turns)})")
            told = common.beside(earlier(features, found, turn.role), training["least"])
            row = rows[turn.role]
            sequences = Sequences(told, row, features.table.bounds(), part, bar.advance)
            others = {fold: sequences.trained(turn.trainings[:1], fold) for fold in folds if len(folds) > 1}
            whole = sequences.trained(turn.trainings)
            del sequences
            found[turn.role], lean = _held_out(told, row, features.table, part, others, training["leans"])
            stages.append((turn.role, Tagger.of(told.keys, whole.features, whole.transitions, lean, turn.spare)))
    return Taggers.of(stages, len(common.keys), training["rows"])


def _turns(rows: Mapping[str, Column], training: Mapping[str, Any]) -> list[_Turn]:
    """Return the taggers in turn; only the last of a role, whose tags count, has more than one training, and spares."""
    roles = [role for role in [*UNITS * (training["rounds"] - 1), *ROLES] if rows[role].any()]
    known = training["crfsuite"]
    return [
        _Turn(role, known.get(role, known["default"])[:1], 0.0)
        if role in roles[number:]
        else _Turn(role, known.get(role, known["default"]), training["spare"].get(role, 0.0))
        for number, role in enumerate(roles, 1)
    ]


def _held_out(
    features: Numbered,
    row: Column,
    table: Pages,
    part: Column,
    folds: Mapping[int, Weights],
    leans: Sequence[float],
) -> tuple[Column, float]:
    """Tag each text by a model that has not seen it, and find the lean of most exact fragments (F1).

    Later models learn from these tags, which are as good and as bad as those of new texts.
    """
    wanted = set(stretches(row, table.document))
    scored = [
        (part == fold, Tagger(Tables([], []), weights.transitions), features.scores(weights.features, part == fold))
        for fold, weights in folds.items()
    ]

    def tagged(lean: float) -> Column:
        found = np.zeros_like(row)
        for out, tagger, scores in scored:
            found[out] = tagger.tags(scores, table.bounds(out), lean)
        return found

    def right(lean: float) -> float:
        given = set(stretches(tagged(lean), table.document))
        return 2 * len(wanted & given) / (len(wanted) + len(given))

    lean = max(leans, key=right)
    return tagged(lean), lean
