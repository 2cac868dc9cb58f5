"""The `encoder` baseline: one pretrained encoder is tuned to find attributions, another to type claims."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from communique import jsonl
from communique.baselines.base import Baseline, ModelCard, Source, save_card
from communique.baselines.encoder import checkpoint, network, precision, types
from communique.baselines.encoder.finder import Decoding, Finder
from communique.baselines.encoder.settings import EncoderSettings
from communique.baselines.encoder.training import seeded
from communique.baselines.encoder.types import Typer
from communique.baselines.given import held
from communique.baselines.holders.ranking import Ranker
from communique.baselines.holders.ranking import fit as ranked
from communique.baselines.settings import read
from communique.baselines.shared.attributions import assemble
from communique.baselines.shared.token_attributions import as_frames
from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.writing import replacing

DECODING = "decoding.json"
HOLDERS = "holders.json"
_FINDER = "finder"
_TYPER = "types"
_AT_ONCE = 64


class Encoder(Baseline):
    """Finds and types claims with a pretrained encoder.

    Parameters
    ----------
    parameters : mapping, optional
        Settings as in ``baselines/encoder/config.toml``, which is the default of each.

    Attributes
    ----------
    finder : Finder or None
        None until fitted.
    typer : Typer or None
        None where the training documents have no types.
    """

    name = "encoder"
    tasks = ("spans", "attribution", "holders", "rhetoric", "full")
    resources = ("rules/config.toml",)
    settings_type = EncoderSettings
    settings_of_labelling = ("device", "networks", "pieces", "precision", "threads")
    revision = 2

    def __init__(self, parameters: Mapping[str, Any] | None = None):
        self.parameters: dict[str, Any] = msgspec.to_builtins(read(EncoderSettings, self.name, parameters))
        self.finder: Finder | None = None
        self.ranker = Ranker()
        self.typer: Typer | None = None
        self._labelling: tuple[Finder, Typer | None] | None = None

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn attributions, then types.

        Raises
        ------
        CommuniqueError
            No document has claims, there is no checkpoint to start from, or torch or transformers is missing.
        """
        for _ in self.epochs(documents):
            pass
        return self

    def epochs(self, documents: Sequence[Document]) -> Iterator[float]:
        """Fit, pausing after each epoch; the model can be used and saved in every pause.

        Yields
        ------
        float
            The mean loss of the epoch.
        """
        if not any(document.claims for document in documents):
            raise CommuniqueError(f"encoder needs claims to learn from; {len(documents)} documents have none")
        for mean in self._learnt(documents):
            self._labelling = None
            yield mean

    def _learnt(self, documents: Sequence[Document]) -> Iterator[float]:
        folder = checkpoint.located(self.parameters)
        self.ranker = ranked(documents, self.parameters["holders"]["C"])
        self.finder = Finder(checkpoint.tokenizer(folder), [], self._settled())
        yield from self.finder.fit(documents, lambda: self._network(folder))
        if len({claim.rhetoric for document in documents for claim in document.claims} - {None}) > 1:
            with seeded(self.parameters):
                self.typer = self._typer(folder)
                yield from self.typer.fit(documents)

    def _network(self, folder: Path) -> Any:
        width, dropout = self.parameters["width"], self.parameters["dropout"]
        return self._started(folder, lambda encoder: network.network(encoder, width, dropout))

    def _typer(self, folder: Path) -> Typer:
        dropout = self.parameters["dropout"]
        net = self._started(folder, lambda encoder: types.network(encoder, dropout))
        return Typer(checkpoint.tokenizer(folder), net, self._settled())

    def _settled(self) -> dict[str, Any]:
        return {**self.parameters, "half": precision.halved(self.parameters)}

    def _started(self, folder: Path, with_heads: Callable[[Any], Any]) -> Any:
        encoder = checkpoint.encoder(folder)
        most = getattr(encoder.config, "max_position_embeddings", self.parameters["window"])
        if self.parameters["window"] > most:
            raise CommuniqueError(f"{folder}: reads {most} pieces at most; set `window` to that or less")
        return with_heads(encoder).to(checkpoint.device(self.parameters["device"])).eval()

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Find the claims of texts that bring none, and type them all."""
        if self.finder is None:
            raise CommuniqueError("encoder is not fitted; call fit first")
        if self._labelling is None:
            self._labelling = self.finder.labelling(), self.typer and self.typer.labelling()
        given = list(sources)
        parts = (given[at : at + _AT_ONCE] for at in range(0, len(given), _AT_ONCE))
        with seeded(self.parameters):
            return [layer for part in parts for layer in self._predicted(*self._labelling, part)]

    def _predicted(self, finder: Finder, typer: Typer | None, sources: Sequence[Source]) -> Iterable[Prediction]:
        new = [source for source in sources if source.layer is None]
        found = dict(zip((source.id for source in new), self._found(finder, new), strict=True))
        pairs = [(s, held(s.layer, s.text, self.ranker.resolve) if s.layer else found[s.id]) for s in sources]
        return typer.label(pairs) if typer else [layer for _, layer in pairs]

    def _found(self, finder: Finder, sources: Sequence[Source]) -> Iterator[Prediction]:
        cut = finder.cut([source.text for source in sources])
        for source, frames in zip(sources, as_frames(finder.find(cut), cut.table, len(sources)), strict=True):
            yield assemble(source.id, source.text, frames, self.ranker.resolve)

    def save(self, folder: Path) -> None:
        """Write ``model.json``, ``decoding.json``, and a folder for each network; weights as safetensors."""
        if self.finder is None:
            raise CommuniqueError("encoder is not fitted; call fit first")
        save_card(folder, self.name, self.parameters)
        with replacing(folder / DECODING) as file:
            file.write(msgspec.json.encode(self.finder.decoding))
        self.ranker.save(folder / HOLDERS)
        for number, net in enumerate(self.finder.nets, 1):
            checkpoint.write(folder / f"{_FINDER}-{number}", self.finder.tokenizer, net)
        if self.typer:
            checkpoint.write(folder / _TYPER, self.typer.tokenizer, self.typer.net)

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model.

        Raises
        ------
        CommuniqueError
            Its weights are missing, damaged or pickled, or it has fewer networks than shall label.
        """
        model = cls(card.parameters)
        parts = [folder / f"{_FINDER}-{number}" for number in range(1, model.parameters["networks"] + 1)]
        for number, part in enumerate(parts):
            if not part.is_dir():
                mend = f"set `networks` to {number}" if number else "train the model again"
                raise CommuniqueError(f"{folder}: holds no {part.name}; {mend}")
        nets = [model._network(part) for part in parts]
        for part, net in zip(parts, nets, strict=True):
            checkpoint.restore(part, net)
        model.finder = Finder(checkpoint.tokenizer(parts[0]), nets, model._settled())
        counted = folder / DECODING
        model.finder.decoding = jsonl.decode(msgspec.json.Decoder(Decoding), counted.read_bytes(), str(counted), 1)
        model.ranker = Ranker.load(folder / HOLDERS)
        if (folder / _TYPER).is_dir():
            model.typer = model._typer(folder / _TYPER)
            checkpoint.restore(folder / _TYPER, model.typer.net)
        return model
