"""Pretrained encoders in local folders: weights as safetensors only, nothing is downloaded."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from communique.extras import install
from communique.problems import CommuniqueError

VARIABLE = "COMMUNIQUE_ENCODER"
HEADS = "heads.safetensors"
_ATTENTION = frozenset(("attention_probs_dropout_prob", "attention_dropout"))
"""Dropout that is left out: on a CPU it takes a third of the time."""
_LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
_WANTED = "a folder with config.json, tokenizer.json and model.safetensors"


def located(parameters: Mapping[str, Any]) -> Path:
    """Return the folder of the checkpoint that the parameters name, or else the environment.

    Parameters
    ----------
    parameters : mapping
        ``checkpoint`` is a folder, or empty.

    Raises
    ------
    CommuniqueError
        Neither names one.
    """
    name = parameters["checkpoint"] or os.environ.get(VARIABLE)
    if not name:
        raise CommuniqueError(f"encoder has no checkpoint to start from; set {VARIABLE} or `checkpoint` to {_WANTED}")
    return Path(name)


def tokenizer(folder: Path) -> Any:
    """Return the tokenizer of a folder, a ``transformers.PreTrainedTokenizerBase``.

    Parameters and errors are those of `encoder`.
    """
    with _reading(folder):
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(folder, **_LOCAL)


def encoder(folder: Path) -> Any:
    """Return the encoder of a folder, a ``transformers.PreTrainedModel`` with weights of 32 bits.

    Parameters
    ----------
    folder : Path
        As written by ``save_pretrained`` of transformers.

    Raises
    ------
    CommuniqueError
        torch or transformers is not installed, or the folder holds no checkpoint with weights as safetensors.
    """
    with _reading(folder):
        from transformers import AutoConfig, AutoModel

        config = AutoConfig.from_pretrained(folder, **_LOCAL)
        for name in _ATTENTION.intersection(vars(config)):
            setattr(config, name, 0.0)
        return AutoModel.from_pretrained(folder, config=config, use_safetensors=True, dtype="float32", **_LOCAL)


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    _installed()
    if not list(folder.glob("*.safetensors")):
        found = "only pickled ones, which could run code" if list(folder.glob("*.bin")) else "none at all"
        raise CommuniqueError(f"{folder}: holds no weights as safetensors, {found}; give {_WANTED}")
    try:
        with _quiet():
            yield
    except Exception as error:
        raise CommuniqueError(f"{folder}: cannot be read: {error}; give {_WANTED}") from error


def write(folder: Path, tokenizer: Any, net: Any) -> None:
    """Write a network.

    Parameters
    ----------
    folder : Path
        For its encoder, the tokenizer, and a file for all its other weights.
    tokenizer : transformers.PreTrainedTokenizerBase
        Of the checkpoint.
    net : torch.nn.ModuleDict
        Its ``encoder`` is a model of transformers.
    """
    from safetensors.torch import save_file

    with _quiet():
        tokenizer.save_pretrained(folder)
        net["encoder"].save_pretrained(folder)
    own = {name: weight for name, weight in net.state_dict().items() if not name.startswith("encoder.")}
    save_file({name: weight.contiguous() for name, weight in own.items()}, folder / HEADS)


def restore(folder: Path, net: Any) -> None:
    """Read into a network the weights that `write` put beside its encoder.

    Raises
    ------
    CommuniqueError
        They are missing, damaged or of another network.
    """
    from safetensors.torch import load_file

    try:
        net.load_state_dict({**net.state_dict(), **load_file(folder / HEADS)})
    except Exception as error:
        raise CommuniqueError(f"{folder / HEADS}: cannot be read: {error}; train the model again") from error


def device(name: str) -> str:
    """Return the device to compute on: for ``auto`` a GPU where there is one, else the CPU."""
    import torch

    return ("cuda" if torch.cuda.is_available() else "cpu") if name == "auto" else name


def _installed() -> None:
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        raise CommuniqueError(f"encoder needs {' and '.join(missing)}; install it with {install('encoder')}")


@contextmanager
def _quiet() -> Iterator[None]:
    """Let transformers show its progress on a terminal only."""
    logging: Any = import_module("transformers.utils.logging")
    shown = logging.is_progress_bar_enabled()
    if not sys.stderr.isatty():
        logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
