"""What the network is to learn: tags, and links."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from communique.baselines.encoder.chains import barred, surprise
from communique.baselines.encoder.choices import Choices
from communique.baselines.encoder.links import linked
from communique.baselines.encoder.network import encoded, tag_scores
from communique.baselines.encoder.windows import Pieces, Window
from communique.baselines.shared.token_attributions import ROLES, UNITS, Said, fragments, tags
from communique.baselines.shared.token_table import Column, Pages
from communique.places import Place


class Loss:
    """Surprise at the tags, and at the links between annotated stretches.

    Every time a share of these, ``missed``, may not be chosen, so that what belongs to a stretch that the taggers miss
    learns to choose none instead of another.

    Parameters
    ----------
    net : torch.nn.ModuleDict
        Of `network`.
    cut : Pieces
        The training texts.
    table : Pages
        Their tokens.
    found : sequence of Said
        Their attributions.
    missed : float
        Share of the annotated stretches that may not be chosen.
    parameters : mapping
        Of the baseline.
    """

    def __init__(
        self,
        net: Any,
        cut: Pieces,
        table: Pages,
        found: Sequence[Said],
        missed: float,
        parameters: Mapping[str, Any],
    ):
        self._net, self._cut, self._table, self._half = net, cut, table, parameters["half"]
        self._missing = missed
        self._random = np.random.default_rng(parameters["seed"])
        rows = tags(found, len(table.form))
        self._rows = np.stack([rows[role] for role in ROLES], axis=1)
        self._parts = {role: sorted(fragments(found, role)) for role in UNITS}
        links = linked(found)
        self._right = {"cue": links.sources, "content": links.heads}

    def __call__(self, read: Sequence[Window]) -> Any:
        """Return the loss of a batch of windows, a tensor with one number."""
        import torch

        batch = encoded(self._net, read, self._cut, self._half)
        rows, numbers = batch.owned
        wanted = torch.as_tensor(self._rows[numbers], device=batch.states.device)
        moves = barred(torch.stack([self._net["moves"][role] for role in ROLES]))
        total = surprise(tag_scores(self._net, batch.states[rows]), moves, wanted, self._lengths(numbers))
        seen = {role: self._seen(places) for role, places in self._parts.items()}
        for role in self._right:
            choices = Choices(self._net, batch, {**seen, role: self._parts[role]}, role)
            if choices.places:
                total = total + self._missed(choices, role)
        return total

    def _seen(self, places: Sequence[Place]) -> list[Place]:
        kept = self._random.random(len(places)) >= self._missing
        return [place for place, keep in zip(places, kept.tolist(), strict=True) if keep]

    def _lengths(self, numbers: Column) -> Column:
        """Return how many tokens in a row are of one paragraph, time after time."""
        parts = self._table.paragraph[numbers]
        begins = np.flatnonzero((np.diff(parts, prepend=-1) != 0) | (np.diff(numbers, prepend=-1) != 1))
        return np.diff(begins, append=len(numbers))

    def _missed(self, choices: Choices, role: str) -> Any:
        """Return the mean of - log P(any right choice); to choose none is right where the window has no right one."""
        import torch

        scores = choices.scores()
        heads = [self._right[role][place] for place in choices.places]
        table = [[False, *(option in right for option in choices.options)] for right in heads]
        right = torch.tensor(table, device=scores.device) & scores.isfinite()
        right[:, 0] = ~right.any(dim=1)
        return (scores.logsumexp(1) - scores.masked_fill(~right, -torch.inf).logsumexp(1)).mean()
