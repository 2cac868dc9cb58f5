"""Settings of `encoder`, as in ``baselines/encoder/config.toml``."""

from typing import Annotated, Literal

import msgspec

from communique.baselines.settings import Above, Amount, Count, Holders, Least1, Positive, Role, Settings, Share

Part = Annotated[float, msgspec.Meta(ge=0, lt=1)]


class Types(Settings, frozen=True, kw_only=True):
    """Of the network that types claims: what is not said is as for the others."""

    epochs: Positive
    rate: Above
    head_rate: Above
    batch: Positive | msgspec.UnsetType = msgspec.UNSET
    averaged: Count | msgspec.UnsetType = msgspec.UNSET
    least_steps: Count | msgspec.UnsetType = msgspec.UNSET
    warm_up: Share | msgspec.UnsetType = msgspec.UNSET
    decay: Amount | msgspec.UnsetType = msgspec.UNSET


class EncoderSettings(Settings, frozen=True, kw_only=True):
    """All of them.

    Attributes
    ----------
    checkpoint : str
        Folder of the encoder to start from; empty for that of ``COMMUNIQUE_ENCODER``.
    device : str
        As of torch, or ``auto``: a GPU where there is one.
    threads : int
        0 for as many as torch would have.
    precision : {"auto", "float32", "bfloat16"}
        How exactly encoders compute; ``auto``: in bfloat16 where the device has instructions for it.
    networks : int
        How many are trained, and label together.
    seed : int
        Of everything that is drawn.
    window, overlap : int
        Pieces of a window, and pieces that two windows of a paragraph share.
    batch : int
        Windows, or claims, of a step of training.
    pieces : int
        Pieces, padding included, that are read together in labelling.
    epochs, averaged, least_steps, rate, head_rate, warm_up, decay
        As of `training.descend`.
    dropout : float
        Before the heads.
    width : int
        Of the linker's hidden layer.
    missed : tuple of float
        Of each network the share of the annotated stretches that may not be chosen; the first ``networks`` are taken.
    held_out : int
        One in so many documents is not learnt from, but tells how far roles lean.
    leans : tuple of float
        To choose from.
    spare : dict of str to float
        By role: lean of stretches that stand only if something is linked to them.
    """

    checkpoint: str
    device: str
    threads: Count
    precision: Literal["auto", "float32", "bfloat16"]
    networks: Positive
    seed: Count
    window: Annotated[int, msgspec.Meta(ge=8)]
    overlap: Count
    batch: Positive
    pieces: Positive
    epochs: Positive
    averaged: Count
    least_steps: Count
    rate: Above
    head_rate: Above
    warm_up: Share
    decay: Amount
    dropout: Part
    width: Positive
    missed: Annotated[tuple[Part, ...], Least1]
    held_out: Annotated[int, msgspec.Meta(ge=2)]
    leans: Annotated[tuple[float, ...], Least1]
    spare: dict[Role, Amount]
    types: Types
    holders: Holders

    def __post_init__(self) -> None:
        """Refuse windows that share all they hold, and more networks than are told apart."""
        if self.overlap >= self.window - 4:
            raise ValueError(f"an overlap of {self.overlap} leaves nothing of a window of {self.window}; lessen it")
        if self.networks > len(self.missed):
            raise ValueError(f"{self.networks} networks need as many shares in `missed`, which has {len(self.missed)}")
