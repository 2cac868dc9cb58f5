"""Finding attributions: how the network of taggers and linker is trained and run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from communique.baselines.crf.gold import ROLES, UNITS, Said, loose, said, tags
from communique.baselines.crf.pages import Column, Pages, pages
from communique.baselines.crf.tagger import LABELS, best, stretches
from communique.baselines.encoder.chains import barred
from communique.baselines.encoder.choices import Choices
from communique.baselines.encoder.links import Gap, Links, attributions, gap, joined
from communique.baselines.encoder.loss import Loss
from communique.baselines.encoder.network import Batch, encoded, tag_scores
from communique.baselines.encoder.training import descend
from communique.baselines.encoder.windows import Pieces, Window, by_length, pieces, windows
from communique.baselines.frames import Place
from communique.records import Document

_NOISE = 16
"""Pieces by which the lengths of windows in one batch differ at random, so that no two epochs have equal batches."""


class Decoding(msgspec.Struct):
    """What is counted on training documents and tuned on those held out.

    Attributes
    ----------
    lean : dict of str to float
        By role: taken from the score of the tag outside.
    joined : list of Gap
        Kinds of gaps between contents of one attribution, and whether those are one claim.
    """

    lean: dict[str, float] = {}
    joined: list[Gap] = []


@dataclass(frozen=True)
class Cut:
    """Texts as tokens, pieces and windows."""

    table: Pages
    pieces: Pieces
    windows: list[Window]


class Finder:
    """A network with its tokenizer.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerBase
        Of the checkpoint.
    net : torch.nn.ModuleDict
        Of `network`.
    parameters : mapping
        Of the baseline.
    """

    def __init__(self, tokenizer: Any, net: Any, parameters: Mapping[str, Any]):
        self.tokenizer = tokenizer
        self.net = net
        self.parameters = parameters
        self.decoding = Decoding()

    def cut(self, texts: Sequence[str]) -> Cut:
        """Return texts as the network reads them."""
        table = pages(texts)
        cut = pieces(table, self.tokenizer)
        return Cut(table, cut, windows(table, cut, self.parameters["window"], self.parameters["overlap"]))

    def fit(self, documents: Sequence[Document]) -> Iterator[float]:
        """Learn; yield the mean loss after each epoch, when the finder can be used.

        One in ``held_out`` documents is not learnt from, but tells how far each role leans.
        """
        step = self.parameters["held_out"]
        learnt = [document for number, document in enumerate(documents, 1) if number % step]
        cut = self.cut([document.text for document in learnt])
        found = said(learnt, cut.table)
        rows = tags(found, len(cut.table.form))
        self.decoding = Decoding(dict.fromkeys(ROLES, 0.0), joined(cut.table, found))
        loss = Loss(self.net, cut.pieces, cut.table, rows, found, self.parameters)
        for mean in descend(self.net, lambda random: self._mixed(cut, random), loss, self.parameters):
            self.tune(documents[step - 1 :: step])
            yield mean

    def _mixed(self, cut: Cut, random: np.random.Generator) -> list[list[Window]]:
        noise = random.integers(0, _NOISE, len(cut.windows))
        batches = by_length(cut.windows, cut.pieces, self.parameters["batch"], noise)
        return [batches[number] for number in random.permutation(len(batches))]

    def tune(self, documents: Sequence[Document]) -> None:
        """Lean each role so that most stretches of some documents are exact (F1)."""
        cut = self.cut([document.text for document in documents])
        rows = tags(said(documents, cut.table), len(cut.table.form))
        scores = self._scores(cut, self._encoded(cut))
        for number, role in enumerate(ROLES):
            wanted = set(stretches(rows[role], cut.table.document))

            def right(lean: float, role: str = role, number: int = number, wanted: set[Place] = wanted) -> float:
                self.decoding.lean[role] = lean
                given = set(stretches(self._tags(scores[:, number], role, cut.table), cut.table.document))
                return 2 * len(wanted & given) / max(1, len(wanted) + len(given))

            self.decoding.lean[role] = max(sorted(self.parameters["leans"], key=abs), key=right)

    def find(self, cut: Cut) -> list[Said]:
        """Return the attributions of texts, as stretches of tokens, and the cues and sources without content."""
        batches = self._encoded(cut)
        parts = self._parts(cut, batches)
        links = Links({}, {})
        for batch in batches:
            _choose(self.net, batch, parts, links)
        kinds = set(self.decoding.joined)

        def joins(one: Place, other: Place, cue: Place | None) -> bool:
            return (*gap(cut.table, one, other, cue), True) in kinds

        found = attributions(links, cut.table.document, joins)
        return found + loose(found, parts)

    def _encoded(self, cut: Cut) -> list[Batch]:
        import torch

        batches = by_length(cut.windows, cut.pieces, self.parameters["batch"], np.zeros(len(cut.windows), np.int64))
        with torch.inference_mode():
            return [encoded(self.net, found, cut.pieces, self.parameters["half"]) for found in batches]

    def _parts(self, cut: Cut, batches: Sequence[Batch]) -> dict[str, list[Place]]:
        scores = self._scores(cut, batches)
        found = {
            role: set(stretches(self._tags(scores[:, number], role, cut.table), cut.table.document))
            for number, role in enumerate(ROLES)
        }
        return {role: sorted(found[role] | (found["inner"] if role == "content" else set())) for role in UNITS}

    def _scores(self, cut: Cut, batches: Sequence[Batch]) -> np.ndarray:
        import torch

        scores = np.zeros((len(cut.table.form), len(ROLES), len(LABELS)), np.float32)
        with torch.inference_mode():
            for batch in batches:
                rows, numbers = batch.owned
                scores[numbers] = tag_scores(self.net, batch.states[rows]).cpu().numpy()
        return scores

    def _tags(self, scores: np.ndarray, role: str, table: Pages) -> Column:
        moves = barred(self.net["moves"][role].detach().cpu().numpy())
        return best(scores - np.array([self.decoding.lean[role], 0, 0], np.float32), moves, table.bounds())


def _choose(net: Any, batch: Batch, parts: Mapping[str, Sequence[Place]], links: Links) -> None:
    """Add the likeliest links of a batch."""
    import torch

    for role, chosen in (("cue", links.sources), ("content", links.heads)):
        choices = Choices(net, batch, parts, role)
        if choices.places:
            with torch.inference_mode():
                taken = choices.scores().argmax(dim=1).tolist()
            for place, number in zip(choices.places, taken, strict=True):
                chosen[place] = set(choices.options[number - 1 : number] if number else [])
