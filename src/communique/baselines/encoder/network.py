"""The network: an encoder, a tagger for each role, and a scorer of links."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from communique.baselines.crf.gold import ROLES
from communique.baselines.crf.pages import Column
from communique.baselines.crf.tagger import LABELS
from communique.baselines.encoder.windows import MARKS, Pieces, Window
from communique.baselines.frames import Place

_STEPS = (1, 2, 3, 5, 8, 12, 20, 35, 60)
PAIRS = ("cue-source", "content-cue", "content-source")


def network(encoder: Any, width: int, dropout: float) -> Any:
    """Return an encoder with new heads.

    Parameters
    ----------
    encoder : torch.nn.Module
        With ``config.hidden_size``.
    width : int
        Of the linker's hidden layer.
    dropout : float
        Before the heads.

    Returns
    -------
    torch.nn.ModuleDict
        ``encoder``, ``marks``, ``dropout``, ``tags``, ``moves`` (from tag to tag, by role); ``span`` by role, ``near``
        and ``pair`` by pair of roles, ``none`` by role.
    """
    import torch
    from torch import nn

    size = encoder.config.hidden_size
    marks = nn.Embedding(MARKS, encoder.get_input_embeddings().embedding_dim)
    nn.init.zeros_(marks.weight)
    return nn.ModuleDict(
        {
            "encoder": encoder,
            "marks": marks,
            "dropout": nn.Dropout(dropout),
            "tags": nn.Linear(size, len(ROLES) * len(LABELS)),
            "moves": nn.ParameterDict({role: torch.zeros(len(LABELS), len(LABELS)) for role in ROLES}),
            "span": nn.ModuleDict({role: nn.Linear(2 * size, width) for role in ("cue", "source", "content")}),
            "near": nn.ModuleDict({pair: nn.Embedding(2 * len(_STEPS) + 2, width) for pair in PAIRS}),
            "pair": nn.ModuleDict({pair: nn.Linear(width, 1) for pair in PAIRS}),
            "none": nn.ModuleDict({role: nn.Linear(width, 1) for role in ("cue", "content")}),
        }
    )


@dataclass(frozen=True)
class Batch:
    """Windows that are read together.

    Attributes
    ----------
    windows : sequence of Window
        The windows.
    states : torch.Tensor, shape (tokens, hidden)
        Of the first piece of each token, window after window.
    begin : array of int
        Where the tokens of a window begin in `states`.
    """

    windows: Sequence[Window]
    states: Any
    begin: np.ndarray

    @property
    def owned(self) -> tuple[np.ndarray, np.ndarray]:
        """The tokens whose tags are taken from here: rows of `states`, and numbers in the table."""
        rows = [np.arange(w.low, w.high) - w.first + at for w, at in zip(self.windows, self.begin, strict=True)]
        return np.concatenate(rows), np.concatenate([np.arange(w.low, w.high) for w in self.windows])


def encoded(net: Any, windows: Sequence[Window], cut: Pieces, half: bool) -> Batch:
    """Run the encoder over windows.

    Parameters
    ----------
    net : torch.nn.ModuleDict
        Of `network`.
    windows : sequence of Window
        Of one batch.
    cut : Pieces
        Their word pieces.
    half : bool
        As for `read`.
    """
    ids, marks = [cut.of(window) for window in windows], [cut.marks(window) for window in windows]
    hidden = read(net, ids, cut.padding, half, marks)
    columns = [cut.offset[w.first : w.end] - cut.offset[w.first] + len(cut.before) for w in windows]
    sizes = [len(column) for column in columns]
    rows = np.repeat(np.arange(len(windows)), sizes)
    states = net["dropout"](hidden)[rows, np.concatenate(columns)]
    return Batch(windows, states, np.cumsum([0, *sizes[:-1]]))


def read(
    net: Any, ids: Sequence[Sequence[int]], padding: int, half: bool, marks: Sequence[Sequence[int]] | None = None
) -> Any:
    """Return the hidden states of sequences of pieces, padded to the longest; shape (sequences, pieces, hidden).

    Parameters
    ----------
    net : torch.nn.ModuleDict
        Its ``encoder``, and ``marks`` where some are given.
    ids : sequence of sequence of int
        The pieces.
    padding : int
        Piece that fills short sequences.
    half : bool
        Whether to compute in bfloat16 where that loses little.
    marks : sequence of sequence of int, optional
        Of the pieces, as many.
    """
    import torch

    longest = max(map(len, ids))
    device = next(net.parameters()).device

    def padded(rows: Sequence[Sequence[int]], fill: int) -> Any:
        return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows], device=device)

    mask = padded([[1] * len(row) for row in ids], 0)
    given = {"input_ids": padded(ids, padding)}
    if marks is not None:
        words = net["encoder"].get_input_embeddings()(given["input_ids"])
        given = {"inputs_embeds": words + net["marks"](padded(marks, 0))}
    with torch.autocast(device.type, torch.bfloat16, enabled=half):
        return net["encoder"](**given, attention_mask=mask).last_hidden_state.float()


def tag_scores(net: Any, states: Any) -> Any:
    """Return the scores of the tags; shape (tokens, roles, tags)."""
    return net["tags"](states).view(len(states), len(ROLES), len(LABELS))


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
    numbers: Column = np.searchsorted(_STEPS, steps, side="right") + after * (len(_STEPS) + 1)
    return numbers
