"""Typing claims: an encoder reads cue, claim and context, and a head upon its first state tells the type."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from communique.baselines.base import Source
from communique.baselines.encoder.network import read
from communique.baselines.encoder.precision import labelling
from communique.baselines.encoder.training import descend
from communique.baselines.encoder.windows import IDS_ALONE, together
from communique.baselines.labelling import typed
from communique.baselines.shared.type_features import rows
from communique.labels import Rhetoric
from communique.records import Document, Prediction

LABELS = tuple(Rhetoric)


def network(encoder: Any, dropout: float) -> Any:
    """Return an encoder with a head for types.

    Parameters
    ----------
    encoder : torch.nn.Module
        With ``config.hidden_size``.
    dropout : float
        Before the head.

    Returns
    -------
    torch.nn.ModuleDict
        ``encoder``, ``dropout`` and ``types``.
    """
    from torch import nn

    head = nn.Linear(encoder.config.hidden_size, len(LABELS))
    return nn.ModuleDict({"encoder": encoder, "dropout": nn.Dropout(dropout), "types": head})


class Typer:
    """A network with its tokenizer.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerBase
        Of the checkpoint.
    net : torch.nn.ModuleDict
        Of `network`.
    parameters : mapping
        Of the baseline; those under ``types`` take precedence.
    """

    def __init__(self, tokenizer: Any, net: Any, parameters: Mapping[str, Any]):
        self.tokenizer = tokenizer
        self.net = net
        self.parameters = {**parameters, **parameters["types"]}

    def fit(self, documents: Sequence[Document]) -> Iterator[float]:
        """Learn from the claims that have types; yield the mean loss after each epoch."""
        import torch

        claims = [claim for document in documents for claim in document.claims]
        ids = [found for document in documents for found in self._ids(document, document.text)]
        pairs = [(found, LABELS.index(c.rhetoric)) for found, c in zip(ids, claims, strict=True) if c.rhetoric]
        weight = _balanced([label for _, label in pairs])

        def loss(batch: Sequence[tuple[list[int], int]]) -> Any:
            scores = self._scores([found for found, _ in batch])
            wanted = torch.tensor([label for _, label in batch], device=scores.device)
            return torch.nn.functional.cross_entropy(scores, wanted, torch.as_tensor(weight, device=scores.device))

        def epoch(random: np.random.Generator) -> list[list[tuple[list[int], int]]]:
            mixed = [pairs[number] for number in random.permutation(len(pairs))]
            return [mixed[at : at + self._batch] for at in range(0, len(mixed), self._batch)]

        yield from descend(self.net, epoch, loss, self.parameters)

    @property
    def _batch(self) -> int:
        return int(self.parameters["batch"])

    def labelling(self) -> "Typer":
        """Return a typer that labels with the precision that is set, and quicker than this one, which can learn."""
        return Typer(self.tokenizer, labelling(self.net, self.parameters), {**self.parameters, "half": False})

    def label(self, found: Sequence[tuple[Source, Prediction]]) -> Iterator[Prediction]:
        """Yield the layers of texts with types and their probabilities."""
        ids = [self._ids(layer, source.text) for source, layer in found]
        chances = iter(self._chances([one for part in ids for one in part]))
        for _, layer in found:
            rows = {claim.id: dict(zip(LABELS, next(chances), strict=True)) for claim in layer.claims}
            yield typed(layer, rows)

    def _chances(self, ids: Sequence[Sequence[int]]) -> list[list[float]]:
        import torch

        rows: list[list[float]] = [[]] * len(ids)
        with torch.inference_mode():
            for batch in together(list(map(len, ids)), self.parameters["pieces"]):
                scores = self._scores([ids[number] for number in batch])
                for number, row in zip(batch, scores.softmax(-1).tolist(), strict=True):
                    rows[number] = row
        return rows

    def _ids(self, layer: Document | Prediction, text: str) -> list[list[int]]:
        told = [(f"{cue}: {claim}", context) for claim, cue, context, *_ in rows(layer, text, {})]
        size = self.parameters["window"]
        return self.tokenizer(told, truncation=True, max_length=size, **IDS_ALONE)["input_ids"] if told else []

    def _scores(self, ids: Sequence[Sequence[int]]) -> Any:
        first = read(self.net, ids, self.tokenizer.pad_token_id or 0, self.parameters["half"])[:, 0]
        return self.net["types"](self.net["dropout"](first))


def _balanced(labels: Sequence[int]) -> np.ndarray:
    """Return the weight of each type: all types that occur weigh as much as claims, on the whole (King & Zeng 2001)."""
    counts = Counter(labels)
    weights = [
        len(labels) / (len(counts) * counts[number]) if number in counts else 0.0 for number in range(len(LABELS))
    ]
    return np.array(weights, np.float32)
