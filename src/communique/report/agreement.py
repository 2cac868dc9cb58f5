"""Agreement between annotators as tables."""

from collections.abc import Iterable, Iterator

from communique.report.grids import SPREAD, Grid
from communique.report.tables import NOTHING, score_grid
from communique.score.agreement import Agreement, TypeAgreement
from communique.score.type_agreement import TypesAgreement


def agreement_grids(result: Agreement) -> Iterator[Grid]:
    """Yield the tables of an agreement: types as a whole, each type, spans and attributions."""
    whole = [_figure(value) for value in (result.kappa, result.alpha, result.family_kappa)]
    header = ["types", "kappa", "alpha", "family kappa", "matched claims", "texts", "annotators"]
    counted = map(str, (result.matched, result.texts, result.annotators))
    yield Grid(header, [["all", *whole, *counted]], 1)
    yield _types(result.types)
    yield score_grid(result.scores)


def types_agreement_grids(result: TypesAgreement) -> Iterator[Grid]:
    """Yield the tables of an agreement on the types of the same claims: each label, each type."""
    header = ["label", "equal", SPREAD, "kappa", SPREAD, "claims", "texts"]
    rows = [
        [
            one.field,
            _figure(one.equal),
            _interval(one.equal_low, one.equal_high),
            _figure(one.kappa),
            _interval(one.low, one.high),
            *map(str, (result.claims, result.texts)),
        ]
        for one in result.fields
    ]
    yield Grid(header, rows, 1)
    yield _types(result.types)


def _types(types: Iterable[TypeAgreement]) -> Grid:
    rows = [[item.type, _figure(item.kappa), *map(str, (item.first, item.second, item.both))] for item in types]
    return Grid(["type", "kappa", "first", "second", "both"], rows, 1)


def _interval(low: float | None, high: float | None) -> str:
    return NOTHING if low is None or high is None else f"{low:.3f}–{high:.3f}"


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"
