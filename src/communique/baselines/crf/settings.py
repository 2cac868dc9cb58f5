"""Settings of `crf`, as in ``baselines/crf/config.toml``."""

from typing import Annotated, Literal

import msgspec

from communique.baselines.settings import Above, Amount, Count, Holders, Least1, Positive, Role, Settings


class Training(Settings, frozen=True, kw_only=True):
    """One training of CRFsuite.

    Attributes
    ----------
    share : float
        By which its weights are multiplied.
    seed : int
        By which it shuffles.
    algorithm : str
        Of CRFsuite; all that follows are parameters that it has.
    """

    share: Amount
    seed: Count
    algorithm: Literal["lbfgs", "l2sgd", "ap", "pa", "arow"]
    max_iterations: Positive
    c1: Amount | msgspec.UnsetType = msgspec.UNSET
    c2: Amount | msgspec.UnsetType = msgspec.UNSET


Trainings = Annotated[tuple[Training, ...], Least1]


class Crfsuite(Settings, frozen=True, kw_only=True):
    """Trainings by role, their weights to be summed; ``default`` holds for roles that have none of their own."""

    default: Trainings
    cue: Trainings | msgspec.UnsetType = msgspec.UNSET
    source: Trainings | msgspec.UnsetType = msgspec.UNSET
    content: Trainings | msgspec.UnsetType = msgspec.UNSET
    inner: Trainings | msgspec.UnsetType = msgspec.UNSET


class Learning(Settings, frozen=True, kw_only=True):
    """How taggers are trained.

    Attributes
    ----------
    least : int
        Tokens that have a feature, at least.
    leans : tuple of float
        To choose from.
    spare : dict of str to float
        By role: lean of fragments that stand only if something is linked to them.
    rounds : int
        Times that a role is tagged.
    crfsuite : Crfsuite
        Trainings.
    """

    least: Positive
    leans: Annotated[tuple[float, ...], Least1]
    spare: dict[Role, Amount]
    rounds: Positive
    crfsuite: Crfsuite


class Linking(Settings, frozen=True, kw_only=True):
    """Inverse strength of the linker's regularisation."""

    C: Above


class CrfSettings(Settings, frozen=True, kw_only=True):
    """All of them.

    Attributes
    ----------
    seed : int
        Of the clustering.
    folds : int
        Parts of the documents that are tagged by taggers that have not seen them.
    clusters : tuple of int
        Numbers of clusters of words, coarse to fine.
    enough : int
        Tokens to learn from: with fewer ``scarce`` holds, else ``ample``.
    rows : int
        Of weights that are kept, of all taggers together the greatest.
    issued_by_rules : bool
        Whether texts that an author issues, or that are transcripts, are read by `rules`.
    """

    seed: Count
    folds: Positive
    clusters: Annotated[tuple[Positive, ...], Least1]
    enough: Count
    rows: Positive
    issued_by_rules: bool
    scarce: Learning
    ample: Learning
    linker: Linking
    holders: Holders
