"""What every baseline is: fit on documents, predict layers for texts, saved as a folder without pickle."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

import msgspec

from communique import __version__
from communique.files import content
from communique.problems import CommuniqueError, DataError, Level, Problem
from communique.records import Document, Prediction
from communique.writing import replacing

CARD = "model.json"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A text to be labelled.

    Attributes
    ----------
    id, text : str
        As in a document.
    layer : Prediction or None
        Claims to be typed, gold or predicted; where it names no entities, the holders of its attributions are to be
        found as well. None to find everything.
    """

    id: str
    text: str
    layer: Prediction | None = None


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``model.json`` of a saved model.

    Attributes
    ----------
    name : str
        Of the baseline.
    version : str
        Of communique, which wrote it.
    parameters : dict
        Settings, and what was learned that has no file of its own.
    revision : int
        Of the baseline, as it was then.
    resources : dict of str to str
        By name the sha256 of what the baseline reads of the package; empty unless `communique.baselines.save` saved it.
    files : dict of str to str, or None
        By name the sha256 of the other files of the model; None unless `communique.baselines.save` saved it.
    """

    name: str
    version: str
    parameters: dict[str, Any]
    revision: int = 1
    resources: dict[str, str] = {}
    files: dict[str, str] | None = None


class Baseline(Protocol):
    """A system that labels texts; to be derived from.

    Attributes
    ----------
    name : str
        Its folder under ``baselines/``.
    tasks : tuple of str
        The tasks it does itself; it is scored on no other.
    untrained : bool
        Whether it labels without having been trained.
    revision : int
        Raised when a model saved before would be read wrongly, or label otherwise.
    resources : tuple of str
        TOML files of ``baselines/`` that it reads, as ``NAME/FILE``. A saved model labels with the same ones only.
    settings_type : type of Struct or None
        What can be set, to be read by `communique.baselines.settings.read`; a mapping of it is the first argument of
        the class. None where nothing can be set.
    settings_of_labelling : tuple of str
        Those that a trained model may be given anew, as they concern nothing but how it labels.
    """

    name: str
    tasks: tuple[str, ...]
    untrained: bool = False
    revision: ClassVar[int] = 1
    resources: ClassVar[tuple[str, ...]] = ()
    settings_type: ClassVar[type[msgspec.Struct] | None] = None
    settings_of_labelling: ClassVar[tuple[str, ...]] = ()

    def fit(self, documents: Sequence[Document]) -> Self:
        """Learn from annotated documents."""
        ...

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Label texts; of those that bring a layer only its claims, and its attributions where it names no entities."""
        ...

    def summary(self) -> str:
        """Return in a sentence what is to be told after labelling, as what it cost; empty where there is nothing."""
        return ""

    def save(self, folder: Path) -> None:
        """Write the model into an empty folder; `communique.baselines.save` replaces an older one."""
        ...

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read the model from a folder."""
        ...


def save_card(folder: Path, name: str, parameters: dict[str, Any]) -> None:
    """Write ``model.json``.

    Raises
    ------
    CommuniqueError
        The folder holds a model already, with which this one would mix.
    """
    if (folder / CARD).exists():
        raise CommuniqueError(f"{folder} holds a model; replace it with communique.baselines.save")
    write_card(folder, ModelCard(name=name, version=__version__, parameters=parameters))


def write_card(folder: Path, card: ModelCard) -> None:
    """Write a card, in the place of one that is there."""
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
