"""The network: an encoder, a tagger for each role, and a scorer of links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from communique.baselines.encoder.windows import MARKS, Pieces, Window
from communique.baselines.shared.decoding import LABELS
from communique.baselines.shared.token_attributions import ROLES, UNITS

STEPS = (1, 2, 3, 5, 8, 12, 20, 35, 60)
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
            "span": nn.ModuleDict({role: nn.Linear(2 * size, width) for role in UNITS}),
            "near": nn.ModuleDict({pair: nn.Embedding(2 * len(STEPS) + 2, width) for pair in PAIRS}),
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
        Whether an encoder of 32 bits is to compute in bfloat16 where that loses little.
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
        given = {"inputs_embeds": words + net["marks"](padded(marks, 0)).to(words.dtype)}
    with torch.autocast(device.type, torch.bfloat16, enabled=half):
        return net["encoder"](**given, attention_mask=mask).last_hidden_state.float()


def tag_scores(net: Any, states: Any) -> Any:
    """Return the scores of the tags; shape (tokens, roles, tags)."""
    return net["tags"](states).view(len(states), len(ROLES), len(LABELS))
