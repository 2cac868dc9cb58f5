"""What every baseline is: fit on documents, predict layers for texts, saved as a folder without pickle."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import msgspec

from communique import __version__
from communique.files import content
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, PredictedClaim, Prediction
from communique.writing import replacing

CARD = "model.json"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A text to be labelled.

    Attributes
    ----------
    id, text : str
        As in a document.
    layer : Prediction or None
        Claims to be typed, gold or predicted; None to find them as well.
    """

    id: str
    text: str
    layer: Prediction | None = None


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``model.json`` of a saved model."""

    name: str
    version: str
    parameters: dict[str, Any]


class Baseline(Protocol):
    """A system that labels texts.

    Attributes
    ----------
    name : str
        Its folder under ``baselines/``.
    tasks : tuple of str
        The tasks it does itself; it is scored on no other.
    """

    name: str
    tasks: tuple[str, ...]

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn from annotated documents."""
        ...

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Label texts, or only type the claims of those that bring a layer."""
        ...

    def save(self, folder: Path) -> None:
        """Write the model into an empty folder; `communique.baselines.save` replaces an older one."""
        ...

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read the model from a folder."""
        ...


def without_types(document: Document | Prediction) -> Prediction:
    """Return a document's annotation with every rhetoric label, secondary type, target and flag removed.

    That is what a system is given for the task ``rhetoric``.
    """
    claims = tuple(PredictedClaim(id=c.id, attribution=c.attribution, spans=c.spans) for c in document.claims)
    fields = ("id", "entities", "speakers", "cues", "attributions")
    return Prediction(**{name: getattr(document, name) for name in fields}, claims=claims)


def save_card(folder: Path, name: str, parameters: dict[str, Any]) -> None:
    """Write ``model.json``.

    Raises
    ------
    CommuniqueError
        The folder holds a model already, with which this one would mix.
    """
    if (folder / CARD).exists():
        raise CommuniqueError(f"{folder} holds a model; replace it with communique.baselines.save")
    card = ModelCard(name=name, version=__version__, parameters=parameters)
    with replacing(folder / CARD) as file:
        file.write(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")


def load_card(folder: Path) -> ModelCard:
    """Read ``model.json``.

    Raises
    ------
    CommuniqueError
        The folder holds no model.
    DataError
        Its card cannot be read.
    """
    path = folder / CARD
    if not path.is_file():
        raise CommuniqueError(
            f"{folder}: no model here ({CARD} is missing); make one with communique train NAME -o {folder}"
        )
    try:
        return msgspec.json.decode(content(path), type=ModelCard)
    except (ValueError, RecursionError) as error:
        told = f"is no card of a model: {error}; train the model again"
        raise DataError([Problem(str(path), 1, "schema-mismatch", Level.SCHEMA, told)]) from error
