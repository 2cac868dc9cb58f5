"""Agreement between annotators as tables."""

from collections.abc import Iterator

from rich.table import Table

from communique.report.tables import NOTHING, Grid, score_table, terminal
from communique.score.agreement import Agreement


def agreement_tables(result: Agreement) -> Iterator[Table]:
    """Yield the tables of an agreement: types as a whole, each type, spans and attributions."""
    whole = [_figure(value) for value in (result.kappa, result.alpha, result.family_kappa)]
    header = ["types", "kappa", "alpha", "family kappa", "matched claims", "texts", "annotators"]
    counted = map(str, (result.matched, result.texts, result.annotators))
    yield terminal(Grid(header, [["all", *whole, *counted]], 1))
    types = [[item.type, _figure(item.kappa), *map(str, (item.first, item.second, item.both))] for item in result.types]
    yield terminal(Grid(["type", "kappa", "first", "second", "both"], types, 1))
    yield score_table(result.scores)


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"
