"""How far two annotators of the same claims agree on their types: types layers against each other."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.score.agreement import Pair, TypeAgreement, one_type
from communique.score.intervals import DIFFERENCE, FIGURE, Clusters, interval
from communique.score.metrics import Array
from communique.typed import NONE, TypedClaim, TypesLayer

FIELDS: dict[str, Callable[[TypedClaim], str]] = {
    "rhetoric": lambda claim: claim.rhetoric or NONE,
    "also": lambda claim: claim.also or NONE,
    "conditional": lambda claim: str(claim.conditional),
    "negated": lambda claim: str(claim.negated),
}
"""What is compared; a claim without type has the label ``none``, whatever the reason."""


class FieldAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement on one label of claims.

    Attributes
    ----------
    field : str
        One of `FIELDS`.
    equal : float
        Share of the claims on which both say the same.
    equal_low, equal_high : float or None
        Its 95 % interval, by leaving out one text at a time; None for the reason that is given.
    kappa : float or None
        Cohen's kappa; None where both always say one and the same.
    low, high : float or None
        Its 95 % interval.
    reason : str or None
        Why kappa has no interval.
    """

    field: str
    equal: float
    equal_low: float | None
    equal_high: float | None
    kappa: float | None
    low: float | None
    high: float | None
    reason: str | None


class TypesAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement of two annotators of the same claims.

    Attributes
    ----------
    texts, claims : int
        What both have typed.
    fields : tuple of FieldAgreement
        Each label.
    types : tuple of TypeAgreement
        Each type, and ``none``, against all others.
    """

    texts: int
    claims: int
    fields: tuple[FieldAgreement, ...]
    types: tuple[TypeAgreement, ...]


def agree_on_types(first: Mapping[str, TypesLayer], second: Mapping[str, TypesLayer]) -> TypesAgreement:
    """Measure agreement on the texts that two annotators have typed.

    Parameters
    ----------
    first, second : mapping of str to TypesLayer
        By document, as from `communique.typed.read`.

    Raises
    ------
    CommuniqueError
        They share no claim, or a document they share has another text or other claims in one of them.
    """
    shared = sorted(first.keys() & second.keys())
    texts = [list(_matched(first[name], second[name])) for name in shared]
    if not any(texts):
        raise CommuniqueError("the two have no typed claim in common; give types layers of the same documents")
    clusters = Clusters(shared)
    pairs = [(FIELDS["rhetoric"](one), FIELDS["rhetoric"](other)) for text in texts for one, other in text]
    return TypesAgreement(
        texts=len(texts),
        claims=len(pairs),
        fields=tuple(
            _field(name, [[(of(one), of(other)) for one, other in text] for text in texts], clusters)
            for name, of in FIELDS.items()
        ),
        types=tuple(one_type(label, pairs) for label in (*Rhetoric, NONE)),
    )


def _matched(one: TypesLayer, other: TypesLayer) -> list[tuple[TypedClaim, TypedClaim]]:
    others = {claim.id: claim for claim in other.claims}
    if (one.sha256, one.spans) != (other.sha256, other.spans) or {claim.id for claim in one.claims} != set(others):
        told = f"{one.id}: the two typed other claims, or claims of another text"
        raise CommuniqueError(f"{told}; give types layers of the same documents")
    return [(claim, others[claim.id]) for claim in one.claims]


def _field(name: str, texts: Sequence[Sequence[Pair]], clusters: Clusters) -> FieldAgreement:
    labels = sorted({label for text in texts for pair in text for label in pair})
    tables = clusters.sums(np.array([_confusion(text, labels) for text in texts]))
    equal, kappa = figures(tables.reshape(-1, len(labels), len(labels)))
    number = tables.sum(axis=1)
    around, within = interval(equal, number, clusters, FIGURE), interval(kappa, number, clusters, DIFFERENCE)
    return FieldAgreement(
        field=name,
        equal=round(float(equal[0]), 6),
        equal_low=around.low,
        equal_high=around.high,
        kappa=None if np.isnan(kappa[0]) else round(float(kappa[0]), 6),
        low=within.low,
        high=within.high,
        reason=within.reason,
    )


def _confusion(pairs: Sequence[Pair], labels: Sequence[str]) -> Array:
    """Return how often each two labels were given to one claim, row by row."""
    number = {label: at for at, label in enumerate(labels)}
    cells = [number[one] * len(labels) + number[other] for one, other in pairs]
    return np.bincount(np.array(cells, dtype=np.int64), minlength=len(labels) ** 2).astype(float)


def figures(tables: Array) -> tuple[Array, Array]:
    """Return the share of equal labels and Cohen's kappa, (po - pe) / (1 - pe), of each table; NaN where undefined."""
    total = tables.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.trace(tables, axis1=1, axis2=2) / total
        expected = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
        return observed, (observed - expected) / (1 - expected)
