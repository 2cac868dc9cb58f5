"""Comparisons of systems: a table, and what they say in words."""

from collections.abc import Sequence

from communique.report.grids import SPREAD, Grid
from communique.report.tables import NOTHING, percent
from communique.score.compare import Difference
from communique.score.config import KNOWN

LEVEL = 0.05
"""Corrected p-values below this tell systems apart, if the interval of the difference leaves out 0 as well."""


def difference_grid(differences: Sequence[Difference]) -> Grid:
    """Return one row per comparison: both figures, the difference in points with its interval, z and p-values."""
    header = ["task", "figure", "first", "second", "first value", "second value", "difference", SPREAD, "z"]
    header += ["p", "p corrected"]
    return Grid(header, [_row(found) for found in differences], 4, 1)


def _row(found: Difference) -> list[str]:
    spread = f"{_points(found.low)} to {_points(found.high)}" if found.low is not None else NOTHING
    z = NOTHING if found.z is None else f"{found.z:.2f}"
    values = [percent(found.base_value), percent(found.system_value), _points(found.difference), spread, z]
    chances = [_chance(p) for p in (found.randomisation_p, found.randomisation_holm)]
    return [found.task, _name(found), found.base, found.system, *values, *chances]


def sentence(found: Difference) -> str:
    """Return in plain English what the data can and cannot tell of a difference."""
    if found.difference is None:
        return f"{found.system} and {found.base} cannot be compared on {_name(found)}: there is nothing to score."
    if found.low is None:
        told = f"There is no interval of the difference between {found.system} and {found.base} on {_name(found)}"
        return f"{told}, {_points(found.difference)} points, and so no verdict: {found.reason} ({_tested(found)})."
    return _verdict(found)


def _verdict(found: Difference) -> str:
    low, high, tested = _points(found.low), _points(found.high), _tested(found)
    if tells_apart(found):
        size = f"{abs(100 * (found.difference or 0)):.1f} points {'better' if (found.difference or 0) > 0 else 'worse'}"
        return (
            f"{found.system} is {size} than {found.base} on {_name(found)} (95 % interval {low} to {high}, {tested})."
        )
    told = f"These {found.documents} documents cannot tell {found.system} from {found.base} on {_name(found)}"
    size = f"the difference is {_points(found.difference)} points"
    return f"{told}: {size}, the interval reaches from {low} to {high} ({tested})."


def tells_apart(found: Difference) -> bool:
    """Say whether the corrected p-value of the randomisation and the interval both rule out chance."""
    if found.low is None or found.high is None or found.randomisation_holm is None:
        return False
    return found.randomisation_holm < LEVEL and not found.low <= 0 <= found.high


def _tested(found: Difference) -> str:
    corrected = f" after correction for {found.comparisons} comparisons" if found.comparisons > 1 else ""
    p = _chance(found.randomisation_holm)
    return f"p {p if p.startswith('<') else f'= {p}'}{corrected}"


def _name(found: Difference) -> str:
    return KNOWN[found.task].headlines[found.unit, found.measure]


def _points(value: float | None) -> str:
    return NOTHING if value is None else f"{round(100 * value, 1) + 0.0:+.1f}"


def _chance(p: float | None) -> str:
    if p is None:
        return NOTHING
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")
