"""Figures with margins in points, their grids and names; matplotlib's own ticks would take most of the time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from communique.report.site.svg import INK, LINE, MUTED, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GAP = 4
"""Points between a name and what it stands beside."""


def canvas(
    width: float, height: float, left: float, *, right: float = 14, top: float = 8, bottom: float = 24
) -> "tuple[Figure, Axes]":
    """Return a figure with bare axes whose margins are in points."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72))
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    axes = figure.add_axes(box)
    axes.set_axis_off()
    return figure, axes


def room(names: Iterable[str]) -> float:
    """Return the points that the longest of names takes."""
    return 12 + 6.2 * max((len(label(name)) for name in names), default=0)


def steps(most: float) -> list[float]:
    """Return round numbers from 0 to at most ``most``."""
    from matplotlib.ticker import MaxNLocator

    return [step for step in map(float, MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(0, most)) if step <= most]


def columns(axes: "Axes", ticks: Mapping[float, str], *, grid: bool = True) -> None:
    """Write words under places of the x axis, over lines that go up from them."""
    low, high = axes.get_ylim()
    _lines(axes, [[(place, low), (place, high)] for place in ticks] if grid else [])
    _lines(axes, [[(end, low) for end in axes.get_xlim()]])
    for place, words in ticks.items():
        below = -_GAP / _points(axes)[1]
        where = axes.get_xaxis_transform()
        axes.text(place, below, label(words), ha="center", va="top", color=MUTED, transform=where)


def heights(axes: "Axes", ticks: Sequence[float]) -> None:
    """Write numbers beside places of the y axis, and draw lines across from them."""
    low, high = axes.get_xlim()
    _lines(axes, [[(low, place), (high, place)] for place in ticks])
    beside(axes, {place: f"{place:g}" for place in ticks}, colour=MUTED)


def beside(axes: "Axes", names: Mapping[float, str], *, colour: str = INK, size: float = 10) -> None:
    """Write names on the left of places of the y axis."""
    left, where = -_GAP / _points(axes)[0], axes.get_yaxis_transform()
    for place, words in names.items():
        axes.text(left, place, label(words), ha="right", va="center", color=colour, size=size, transform=where)


def _lines(axes: "Axes", ends: Sequence[Sequence[tuple[float, float]]]) -> None:
    from matplotlib.collections import LineCollection

    axes.add_collection(LineCollection(ends, colors=LINE, linewidths=0.6, zorder=0), autolim=False)


def _points(axes: "Axes") -> tuple[float, float]:
    box = axes.get_window_extent()
    return 72 * box.width / axes.figure.dpi, 72 * box.height / axes.figure.dpi
