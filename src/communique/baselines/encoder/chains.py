"""Linear-chain conditional random fields over the tags that a network scores."""

from typing import Any

import numpy as np

from communique.baselines.shared.decoding import LABELS, NEVER
from communique.baselines.shared.token_table import Column


def barred(moves: Any) -> Any:
    """Return scores of moves from tag to tag with that from outside to inside barred.

    Parameters
    ----------
    moves : torch.Tensor or array of float, shape (..., tags, tags)
        Of a tag by the one before.
    """
    wall = np.zeros((len(LABELS), len(LABELS)), np.float32)
    wall[LABELS.index("O"), LABELS.index("I")] = NEVER
    return moves + wall if isinstance(moves, np.ndarray) else moves + moves.new_tensor(wall)


def surprise(scores: Any, moves: Any, tags: Any, lengths: Column) -> Any:
    """Return - log P of the tags of sequences, summed over roles and divided by the number of tokens.

    Parameters
    ----------
    scores : torch.Tensor, shape (tokens, roles, tags)
        Sequence after sequence.
    moves : torch.Tensor, shape (roles, tags, tags)
        Of a tag by the one before.
    tags : torch.Tensor of int, shape (tokens, roles)
        The right ones.
    lengths : array of int
        Tokens of each sequence, at least one.

    Notes
    -----
    The forward algorithm (Rabiner 1989), all sequences and roles side by side.
    """
    import torch

    start, goes_on = _order(lengths)
    taken = scores.gather(2, tags[..., None]).sum()
    inside = np.setdiff1d(np.arange(len(scores)), start)
    before, after = tags[inside - 1], tags[inside]
    role = torch.arange(scores.shape[1], device=scores.device)
    taken = taken + moves[role, before, after].sum()
    rows = [start, *(start[:count] + step for step, count in enumerate(goes_on, 1))]
    reached, *steps = scores[np.concatenate(rows)].split([len(start), *goes_on])
    ended = []
    for here in steps:
        reached, over = reached.split([len(here), len(reached) - len(here)])
        ended.append(over)
        reached = (reached[..., None] + moves).logsumexp(2) + here
    everything = torch.cat([*ended, reached]).logsumexp(2).sum()
    return (everything - taken) / len(scores)


def _order(length: Column) -> tuple[Column, list[int]]:
    """Return where sequences begin, the longest first, and how many of them have a token at each step from 1 on."""
    order = np.argsort(-length, kind="stable")
    start = (np.cumsum(length) - length)[order]
    return start, np.searchsorted(-length[order], -np.arange(1, length.max()), side="left").tolist()
