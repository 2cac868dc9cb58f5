"""Agreement between annotators as tables."""

from collections.abc import Iterator

from rich.table import Table

from communique.agreement import Agreement
from communique.report.tables import NOTHING, score_table


def agreement_tables(result: Agreement) -> Iterator[Table]:
    """Yield the tables of an agreement: types as a whole, each type, spans and attributions."""
    whole = _table("types", "kappa", "alpha", "family kappa", "matched claims", "documents")
    figures = [_figure(value) for value in (result.kappa, result.alpha, result.family_kappa)]
    whole.add_row("all", *figures, str(result.matched), str(result.documents))
    yield whole
    types = _table("type", "kappa", "first", "second", "both")
    for item in result.types:
        types.add_row(item.type, _figure(item.kappa), str(item.first), str(item.second), str(item.both))
    yield types
    yield score_table(result.scores)


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left")
    return table


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"
