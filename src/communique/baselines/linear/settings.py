"""Settings of `linear`, as in ``baselines/linear/config.toml``."""

import re
from typing import Annotated, Literal

import msgspec

from communique.baselines.settings import Above, Amount, Count, Positive, Settings


class Classifier(Settings, frozen=True, kw_only=True):
    """Of the support vector machine: inverse strength of the regularisation, and whether types weigh alike."""

    C: Above
    class_weight: Literal["balanced"] | None = None


class Block(Settings, frozen=True, kw_only=True):
    """One block of TF-IDF features.

    Attributes
    ----------
    column : str
        Of a claim.
    analyzer : str
        What its features are: characters, words, or signs with blanks between them.
    ngrams : tuple of int
        Shortest and longest run of them.
    min_df : int
        Claims that have a feature, at least.
    weight : float
        By which the block is multiplied.
    """

    column: Literal["claim", "cue", "context", "signs", "decision"]
    analyzer: Literal["char", "char_wb", "word", "sign"]
    ngrams: tuple[Positive, Positive]
    min_df: Positive
    weight: Amount

    def __post_init__(self) -> None:
        """Refuse runs that end before they begin."""
        if self.ngrams[0] > self.ngrams[1]:
            raise ValueError(f"ngrams of {self.ngrams[0]} to {self.ngrams[1]} are none; give the shorter first")


class Trust(Settings, frozen=True, kw_only=True):
    """Weight of what the rules say, by what they decide by."""

    cue: Amount
    content: Amount


class LinearSettings(Settings, frozen=True, kw_only=True):
    """All of them.

    Attributes
    ----------
    seed : int
        Of the support vector machine.
    temperatures : tuple of float
        To choose from.
    trust : Trust
        In the rules.
    doubt : float
        Claims that are added to those of each decision of the rules.
    balance : float
        0 where claims weigh alike, 1 where types do.
    blocks : dict of str to Block
        Features, by name.
    signs : dict of str to str
        Patterns, by name of the sign that a claim has whose words match.
    """

    seed: Count
    temperatures: Annotated[tuple[Above, ...], msgspec.Meta(min_length=1)]
    trust: Trust
    doubt: Above
    balance: Amount
    classifier: Classifier
    blocks: Annotated[dict[str, Block], msgspec.Meta(min_length=1)]
    signs: dict[str, str]

    def __post_init__(self) -> None:
        """Refuse patterns that are none."""
        for name, pattern in self.signs.items():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"setting `signs.{name}` is no pattern: {error}") from error
