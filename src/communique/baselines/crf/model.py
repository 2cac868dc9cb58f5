"""The `crf` baseline: linked conditional random fields find the stretches, logistic regressions link them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np

from communique.baselines.base import Baseline, ModelCard, Source, load_card, save_card
from communique.baselines.crf.features import Features, Words
from communique.baselines.crf.linking import Linker
from communique.baselines.crf.settings import CrfSettings
from communique.baselines.crf.stacking import stacked
from communique.baselines.crf.taggers import Taggers
from communique.baselines.crf.word_counts import own, words
from communique.baselines.given import held
from communique.baselines.holders.ranking import Ranker
from communique.baselines.holders.ranking import fit as ranked
from communique.baselines.linear import Linear
from communique.baselines.rules import find_issued
from communique.baselines.settings import read
from communique.baselines.shared.attributions import Frame, assemble
from communique.baselines.shared.token_attributions import Said, as_frames, loose, said, tags
from communique.baselines.shared.token_table import pages
from communique.files import content
from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.writing import replacing

WEIGHTS = "weights.npz"
WORDS = "words.json.gz"
HOLDERS = "holders.json"
TYPER = "types"
_AT_ONCE = 64


class Crf(Baseline):
    """Finds attributions with taggers for cue, source, content and inner content, each seeing what those before found.

    Parameters
    ----------
    parameters : mapping, optional
        Settings as in ``baselines/crf/config.toml``, which is the default of each.

    Attributes
    ----------
    taggers : Taggers or None
        None until fitted. A role that the training documents do not have has none.
    typer : Linear or None
        Types the claims; None where the training documents have no types.
    """

    name = "crf"
    tasks = ("spans", "attribution", "holders", "full")
    resources = ("crf/classes.toml", "rules/config.toml")
    settings_type = CrfSettings

    def __init__(self, parameters: Mapping[str, Any] | None = None):
        self.parameters: dict[str, Any] = msgspec.to_builtins(read(CrfSettings, self.name, parameters))
        self.taggers: Taggers | None = None
        self.words = Words({}, {}, {})
        self.linker = Linker({})
        self.ranker = Ranker()
        self.typer: Linear | None = None

    def fit(
        self,
        documents: Sequence[Document],
        *,
        held: Sequence[Document] | None = None,
        typed: Sequence[Document] | None = None,
    ) -> Self:
        """Learn stretches and links, who holds a claim, and of which type it is.

        Parameters
        ----------
        documents : sequence of Document
            With attributions.
        held, typed : sequence of Document, optional
            With entities, and with types; by default the same.

        Raises
        ------
        CommuniqueError
            No document has an attribution.
        """
        table = pages([document.text for document in documents])
        attributions = said(documents, table)
        if not attributions:
            raise CommuniqueError(f"crf needs attributions to learn from; {len(documents)} documents have none")
        rows = tags(attributions, len(table.form))
        self.words = words(table, rows, self.parameters["clusters"], self.parameters["seed"])
        features = Features(table, self.words, own(table, rows))
        self.taggers = stacked(features, rows, self.parameters)
        self.linker = Linker.fit(features, attributions, self.parameters["linker"]["C"])
        self.ranker = ranked(documents if held is None else held, self.parameters["holders"]["C"])
        self.typer = _typer(documents if typed is None else typed)
        return self

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Find the claims of texts that bring none, and type them all."""
        self._fitted()
        given = list(sources)
        parts = (given[at : at + _AT_ONCE] for at in range(0, len(given), _AT_ONCE))
        return [layer for part in parts for layer in self._predicted(part)]

    def _fitted(self) -> Taggers:
        if self.taggers is None:
            raise CommuniqueError("crf is not fitted; call fit first")
        return self.taggers

    def _predicted(self, sources: Sequence[Source]) -> Iterator[Prediction]:
        new = [source for source in sources if source.layer is None]
        found = dict(zip((source.id for source in new), self._found(new), strict=True))
        pairs = [(s, held(s.layer, s.text, self.ranker.resolve) if s.layer else found[s.id]) for s in sources]
        return iter(self.typer.label(pairs) if self.typer else [layer for _, layer in pairs])

    def _found(self, sources: Sequence[Source]) -> Iterator[Prediction]:
        """Find the claims of reported texts; of those that are issued, if so set, the rules do."""
        by_rules = self.parameters["issued_by_rules"]
        issued = [find_issued(source.id, source.text) if by_rules else None for source in sources]
        frames = iter(self._frames([source for source, one in zip(sources, issued, strict=True) if one is None]))
        for source, one in zip(sources, issued, strict=True):
            yield assemble(source.id, source.text, next(frames), self.ranker.resolve) if one is None else one

    def _frames(self, sources: Sequence[Source]) -> list[list[Frame]]:
        table = pages([source.text for source in sources])
        features = Features(table, self.words)
        found: list[Said] = []
        if features.size:
            sure, wide = self._fitted().parts(features)
            found = self.linker.attributions(features, wide)
            found += loose(found, sure)
        return as_frames(found, table, len(sources))

    def save(self, folder: Path) -> None:
        """Write ``model.json``, the weights as plain arrays, packed words, the typer in its own folder."""
        arrays = self._fitted().arrays() | self.linker.arrays("linker")
        save_card(folder, self.name, self.parameters)
        with replacing(folder / WEIGHTS) as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        with replacing(folder / WORDS) as file:
            file.write(msgspec.json.encode(self.words))
        self.ranker.save(folder / HOLDERS)
        if self.typer:
            self.typer.save(folder / TYPER)

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model.

        Raises
        ------
        CommuniqueError
            The weights are damaged, or hold anything but numbers.
        """
        model = cls(card.parameters)
        try:
            with np.load(folder / WEIGHTS, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            model.words = msgspec.json.decode(content(folder / WORDS), type=Words)
            model.taggers = Taggers.read(arrays)
            model.linker = Linker.read(arrays, "linker")
        except Exception as error:
            raise CommuniqueError(f"{folder}: its weights cannot be read: {error}; train it again") from error
        model.ranker = Ranker.load(folder / HOLDERS)
        if (folder / TYPER).is_dir():
            model.typer = Linear.load(folder / TYPER, load_card(folder / TYPER))
        return model


def _typer(documents: Sequence[Document]) -> Linear | None:
    types = {claim.rhetoric for document in documents for claim in document.claims} - {None}
    return Linear().fit(documents) if len(types) > 1 else None
