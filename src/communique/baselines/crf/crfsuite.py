"""Training of linear-chain conditional random fields with CRFsuite."""

import ctypes
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from communique.baselines.crf import lcrf
from communique.baselines.crf.numbered import Numbered
from communique.baselines.crf.pages import Column
from communique.baselines.crf.tables import Scores
from communique.baselines.crf.tagger import EDGED, FOLLOW, NEVER, edged

_OURS = ("algorithm", "seed", "share")
_ALL = -1
_WIDTH = 9
"""Digits of the name of a feature."""
Told = Callable[[float], None]
"""Takes how much has been done: 1 for all tokens seen once."""
FILLING = 12
"""What it takes to hand all tokens over, as much as to see them so often."""


@dataclass(frozen=True)
class Weights:
    """A trained model.

    Attributes
    ----------
    features : array of float, shape (features, tags)
        Of a tag by the feature's number.
    transitions : array of float, shape (tags, tags)
        Of a tag by the one before.
    """

    features: Scores
    transitions: Scores


class Sequences:
    """Tagged sequences of tokens. CRFsuite holds them once, for all trainings on them and on parts of them.

    Parameters
    ----------
    features : Numbered
        Of the tokens.
    tags : array of int
        Numbers of `LABELS`.
    bounds : array of int
        First token of each sequence, and the number of tokens.
    part : array of int, optional
        Per token: the part that its sequence belongs to.
    told : callable, optional
        Hears of the progress.
    """

    def __init__(
        self,
        features: Numbered,
        tags: Column,
        bounds: Column,
        part: Column | None = None,
        told: Told = lambda done: None,
    ):
        self._size, self._told = features.size, told
        self._trainer = _trainer(lambda: told(1))
        part = np.zeros(len(tags), np.int64) if part is None else part
        names = np.array([*(b"%0*d" % (_WIDTH, number) for number in range(features.size)), None], object)
        labels = np.array(list(EDGED), object)[edged(tags, bounds)]
        for first, end in pairwise(bounds.tolist()):
            rows = names[np.stack([row[first:end] for row in features.rows], axis=1)].tolist()
            items = [[name for name in row if name is not None] for row in rows]
            self._trainer.append(items, labels[first:end].tolist(), int(part[first]))
            told(FILLING * (end - first) / len(tags))

    def trained(self, trainings: Sequence[Mapping[str, Any]], without: int = _ALL) -> Weights:
        """Train once or several times, and sum the weights.

        Parameters
        ----------
        trainings : sequence of mapping
            ``algorithm`` of CRFsuite and what it takes, the ``seed`` by which it shuffles, and the ``share`` by which
            its weights are multiplied.
        without : int, optional
            Part that is left out.
        """
        total = Weights(np.zeros((self._size, len(EDGED)), np.float32), _moves())
        for training in trainings:
            self._trainer.select(training["algorithm"])
            self._trainer.set_params({name: value for name, value in training.items() if name not in _OURS})
            _reseed(training["seed"])
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "model"
                self._trainer.train(str(path), without)
                _add(total, path, training["share"])
        return total


def _trainer(told: Callable[[], None]) -> Any:
    import pycrfsuite

    class Trainer(pycrfsuite.BaseTrainer):  # type: ignore[misc]
        def message(self, message: str) -> None:
            if message.startswith("*****"):
                told()

    return Trainer()


def _reseed(seed: int) -> None:
    """Start the C library's random numbers anew: by them CRFsuite shuffles, and they are shared by the process."""
    ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None).srand(seed)


def _moves() -> Scores:
    moves = np.full((len(EDGED), len(EDGED)), NEVER, np.float32)
    for one, others in FOLLOW.items():
        moves[EDGED.index(one), [EDGED.index(other) for other in others]] = 0
    return moves


def _add(total: Weights, path: Path, share: float) -> None:
    """Add the weights of a model that CRFsuite wrote."""
    model = lcrf.read(path, _WIDTH)
    tags = np.array([EDGED.index(label.decode()) for label in model.labels])
    states = model.features[model.features["kind"] == lcrf.STATE]
    numbers = model.names.astype(np.int64)[states["one"]]
    total.features[numbers, tags[states["other"]]] += np.float32(share) * states["weight"]
    moves = model.features[model.features["kind"] == lcrf.MOVE]
    one, other = tags[moves["one"]], tags[moves["other"]]
    allowed = total.transitions[one, other] > NEVER / 2
    total.transitions[one[allowed], other[allowed]] += np.float32(share) * moves["weight"][allowed]
