"""Finding attributions: how the networks of taggers and linker are trained and run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from communique.baselines.encoder.chains import barred
from communique.baselines.encoder.choices import Choices
from communique.baselines.encoder.links import Gap, Links, attributions, gap, joined
from communique.baselines.encoder.loss import Loss
from communique.baselines.encoder.network import Batch, encoded, tag_scores
from communique.baselines.encoder.precision import labelling
from communique.baselines.encoder.training import descend, seeded
from communique.baselines.encoder.windows import Pieces, Window, by_length, pieces, together, windows
from communique.baselines.shared.decoding import LABELS, best, stretches
from communique.baselines.shared.stretches import Parts, parts
from communique.baselines.shared.token_attributions import ROLES, Said, cued, loose, said, tags
from communique.baselines.shared.token_table import Column, Pages, pages
from communique.places import Place
from communique.records import Document

_NOISE = 16
"""Pieces by which the lengths of windows in one batch differ at random, so that no two epochs have equal batches."""


class Decoding(msgspec.Struct):
    """What is counted on training documents and tuned on those held out.

    Attributes
    ----------
    leans : list of dict of str to float
        Of one network, of two … together, by role: taken from the score of the tag outside.
    joined : list of Gap
        Kinds of gaps between contents of one attribution, and whether those are one claim.
    cued : bool
        As `token_attributions.cued` says of the attributions that were learned from.
    """

    leans: list[dict[str, float]] = []
    joined: list[Gap] = []
    cued: bool = False


@dataclass(frozen=True)
class Cut:
    """Texts as tokens, pieces and windows."""

    table: Pages
    pieces: Pieces
    windows: list[Window]


class Finder:
    """Networks that decide together, with their tokenizer.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerBase
        Of the checkpoint.
    nets : sequence of torch.nn.ModuleDict
        Each of `network`; empty until fitted.
    parameters : mapping
        Of the baseline.
    """

    def __init__(self, tokenizer: Any, nets: Sequence[Any], parameters: Mapping[str, Any]):
        self.tokenizer = tokenizer
        self.nets = list(nets)
        self.parameters = parameters
        self.decoding = Decoding()

    def cut(self, texts: Sequence[str]) -> Cut:
        """Return texts as the network reads them."""
        table = pages(texts)
        cut = pieces(table, self.tokenizer)
        return Cut(table, cut, windows(table, cut, self.parameters["window"], self.parameters["overlap"]))

    def fit(self, documents: Sequence[Document], started: Callable[[], Any]) -> Iterator[float]:
        """Learn; yield the mean loss after each epoch, when the finder can be used.

        One in ``held_out`` documents is not learnt from, but tells how far each role leans.

        Parameters
        ----------
        documents : sequence of Document
            With claims.
        started : callable
            Returns a network to be tuned, one for each share in ``missed``.
        """
        step = self.parameters["held_out"]
        learnt = [document for number, document in enumerate(documents, 1) if number % step]
        cut = self.cut([document.text for document in learnt])
        found = said(learnt, cut.table)
        self.decoding = Decoding([], joined(cut.table, found), cued(found))
        for share in self.parameters["missed"][: self.parameters["networks"]]:
            with seeded(self.parameters):
                self.nets.append(net := started())
                self.decoding.leans.append(dict.fromkeys(ROLES, 0.0))
                loss = Loss(net, cut.pieces, cut.table, found, share, self.parameters)
                for mean in descend(net, lambda random: self._mixed(cut, random), loss, self.parameters):
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
                self._lean[role] = lean
                given = set(stretches(self._tags(scores[:, number], role, cut.table), cut.table.document))
                return 2 * len(wanted & given) / max(1, len(wanted) + len(given))

            self._lean[role] = max(sorted(self.parameters["leans"], key=abs), key=right)

    def labelling(self) -> "Finder":
        """Return a finder that labels with the precision that is set, and quicker than this one, which can learn."""
        nets = [labelling(net, self.parameters) for net in self.nets]
        made = Finder(self.tokenizer, nets, {**self.parameters, "half": False})
        made.decoding = self.decoding
        return made

    def find(self, cut: Cut) -> list[Said]:
        """Return the attributions of texts, as stretches of tokens, and the cues and sources without content."""
        batches = self._encoded(cut)
        sure, more = self._parts(cut, batches)
        wide = {role: sorted(found) for role, found in more.items()}
        links = Links({}, {})
        for read in batches:
            self._choose(read, wide, links)
        kinds = set(self.decoding.joined)

        def joins(one: Place, other: Place, cue: Place | None) -> bool:
            return (*gap(cut.table, one, other, cue), True) in kinds

        every = attributions(links, cut.table.document, joins)
        found = [item for item in every if item.cue or not self.decoding.cued]
        return found + loose(found, sure)

    def _encoded(self, cut: Cut) -> list[list[Batch]]:
        """Return batches of windows, each as every network reads it."""
        import torch

        lengths = [len(cut.pieces.of(window)) for window in cut.windows]
        batches = together(lengths, self.parameters["pieces"])
        with torch.inference_mode():
            return [[self._read(net, [cut.windows[n] for n in batch], cut) for net in self.nets] for batch in batches]

    def _read(self, net: Any, found: Sequence[Window], cut: Cut) -> Batch:
        return encoded(net, found, cut.pieces, self.parameters["half"])

    @property
    def _lean(self) -> dict[str, float]:
        return self.decoding.leans[len(self.nets) - 1]

    def _parts(self, cut: Cut, batches: Sequence[Sequence[Batch]]) -> tuple[Parts, Parts]:
        scores = self._scores(cut, batches)
        by_role = {role: scores[:, number] for number, role in enumerate(ROLES)}
        rows = {role: self._tags(found, role, cut.table) for role, found in by_role.items()}
        spare = self.parameters["spare"]
        further = {role: self._tags(by_role[role], role, cut.table, more) for role, more in spare.items()}
        return parts(rows, further, cut.table)

    def _scores(self, cut: Cut, batches: Sequence[Sequence[Batch]]) -> np.ndarray:
        """Return the mean of what the networks score."""
        import torch

        scores = np.zeros((len(cut.table.form), len(ROLES), len(LABELS)), np.float32)
        with torch.inference_mode():
            for net, batch in ((net, batch) for read in batches for net, batch in zip(self.nets, read, strict=True)):
                rows, numbers = batch.owned
                scores[numbers] += tag_scores(net, batch.states[rows]).cpu().numpy()
        return scores / len(self.nets)

    def _tags(self, scores: np.ndarray, role: str, table: Pages, more: float = 0.0) -> Column:
        moves = np.mean([net["moves"][role].detach().cpu().numpy() for net in self.nets], axis=0)
        lean = np.array([self._lean[role] + more, 0, 0], np.float32)
        return best(scores - lean, barred(moves), table.bounds())

    def _choose(self, read: Sequence[Batch], wide: Mapping[str, Sequence[Place]], links: Links) -> None:
        """Add the links of a batch that are likeliest to all networks."""
        import torch

        for role, chosen in (("cue", links.sources), ("content", links.heads)):
            each = [Choices(net, batch, wide, role) for net, batch in zip(self.nets, read, strict=True)]
            places, options = each[0].places, each[0].options
            if places:
                with torch.inference_mode():
                    taken = sum(choices.scores().log_softmax(dim=1) for choices in each).argmax(dim=1).tolist()
                for place, number in zip(places, taken, strict=True):
                    chosen[place] = set(options[number - 1 : number] if number else [])
