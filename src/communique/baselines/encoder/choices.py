"""What stretches may be linked to, and how likely each link is."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from communique.baselines.encoder.network import STEPS, Batch
from communique.baselines.shared.token_table import Column
from communique.places import Place


class Choices:
    """For every stretch of one role that a batch owns, scores of what it may be linked to.

    Parameters
    ----------
    net : torch.nn.ModuleDict
        Of `network`.
    batch : Batch
        Where the stretches stand.
    parts : mapping of str to sequence of (int, int)
        By role, stretches of tokens, sorted.
    role : str
        Of those that choose: cues choose a source; contents a cue, or a source for want of a cue.

    Attributes
    ----------
    places : list of (int, int)
        Those that choose.
    options : list of (str, (int, int))
        Role and stretch of what may be chosen; the first column of the scores is for none of them.
    """

    def __init__(self, net: Any, batch: Batch, parts: Mapping[str, Sequence[Place]], role: str):
        self._net, self._batch, self._role = net, batch, role
        read = list(enumerate(batch.windows))
        self._own = [(n, place) for n, w in read for place in _between(parts[role], w.low, w.high)]
        self._others = {
            other: [(n, place) for n, w in read for place in _between(parts[other], w.first, w.end)]
            for other in (("source",) if role == "cue" else ("cue", "source"))
        }
        self.places = [place for _, place in self._own]
        self.options = [(other, place) for other, found in self._others.items() for _, place in found]

    def scores(self) -> Any:
        """Return the scores; shape (places, 1 + options), minus infinity for what stands in another window."""
        import torch

        chooser = self._spans(self._role, self._own)
        columns = [self._net["none"][self._role](torch.nn.functional.gelu(chooser))]
        columns += [self._paired(chooser, other, found) for other, found in self._others.items()]
        return torch.cat(columns, dim=1)

    def _paired(self, chooser: Any, other: str, found: Sequence[tuple[int, Place]]) -> Any:
        import torch

        pair = f"{self._role}-{other}"
        rows, columns = np.nonzero(_windows(self._own)[:, None] == _windows(found)[None])
        near = _buckets(_places(self._own)[rows], _places(found)[columns])
        mixed = chooser[rows] + self._spans(other, found)[columns] + self._net["near"][pair](self._tensor(near))
        scores = self._net["pair"][pair](torch.nn.functional.gelu(mixed)).squeeze(-1)
        full = torch.full((len(self._own), len(found)), -torch.inf, device=scores.device)
        return full.index_put((self._tensor(rows), self._tensor(columns)), scores)

    def _spans(self, role: str, found: Sequence[tuple[int, Place]]) -> Any:
        import torch

        shift = [int(self._batch.begin[n]) - self._batch.windows[n].first for n, _ in found]
        first = [start + by for (_, (start, _)), by in zip(found, shift, strict=True)]
        last = [min(end, self._batch.windows[n].end) - 1 + by for (n, (_, end)), by in zip(found, shift, strict=True)]
        states = self._batch.states
        edges = torch.cat([states[self._tensor(np.array(rows, np.int64))] for rows in (first, last)], dim=1)
        return self._net["span"][role](edges)

    def _tensor(self, array: np.ndarray) -> Any:
        import torch

        return torch.as_tensor(array, device=self._batch.states.device)


def _between(places: Sequence[Place], low: int, high: int) -> Sequence[Place]:
    """Return those of sorted stretches that begin between two tokens."""
    return places[bisect_left(places, (low,)) : bisect_left(places, (high,))]


def _windows(found: Sequence[tuple[int, Place]]) -> Column:
    return np.array([number for number, _ in found], np.int64)


def _places(found: Sequence[tuple[int, Place]]) -> Column:
    return np.array([place for _, place in found], np.int64).reshape(-1, 2)


def _buckets(ones: Column, others: Column) -> Column:
    """Return the numbers of distances, those of stretches that follow apart from those that go before."""
    after = others[:, 0] >= ones[:, 0]
    steps = np.where(after, others[:, 0] - ones[:, 1], ones[:, 0] - others[:, 1]) + 1
    numbers: Column = np.searchsorted(STEPS, steps, side="right") + after * (len(STEPS) + 1)
    return numbers
