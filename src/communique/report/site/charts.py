"""Charts of few numbers: dots with whiskers, lines, stacked bars; each also told apart without colour."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from communique.report.site.scales import beside, canvas, columns, heights, room, steps
from communique.report.site.svg import (
    BLUE,
    GREEN,
    GREY,
    MUTED,
    ORANGE,
    PAGE,
    PURPLE,
    SKY,
    VERMILLION,
    Chart,
    drawn,
    label,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 340
"""Points that a chart is wide: a phone's width, and half of a page's."""
_ROW = 19
KINDS = {"floor": (GREY, "o"), "system": (BLUE, "s"), "reference": (VERMILLION, "D")}
"""Colour and marker by what a dot stands for."""
SERIES = (
    (BLUE, "s", "-"),
    (VERMILLION, "D", "--"),
    (GREEN, "^", "-."),
    (PURPLE, "v", ":"),
    (ORANGE, "P", "-"),
    (SKY, "X", "--"),
    (GREY, "o", ":"),
)
"""Colour, marker and dashes of lines, in their order."""
STACK = ((BLUE, 0.85, ""), (SKY, 0.75, "//"), (ORANGE, 0.6, ".."), (GREY, 0.25, ""))
"""Colour, opacity and hatch of what is stacked, in its order."""


class Dot(NamedTuple):
    """A row of dots: a value between ``low`` and ``high``, where these are known; ``kind`` is one of `KINDS`."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "system"


class Line(NamedTuple):
    """A line through values, each with its ends where they are known."""

    name: str
    values: Sequence[float | None]
    lows: Sequence[float | None] = ()
    highs: Sequence[float | None] = ()


def dots(
    name: str,
    title: str,
    rows: Sequence[Dot],
    *,
    unit: str = "%",
    whiskers: str = "95 % intervals",
    most: float | None = 100,
) -> Chart:
    """Return a row for each dot, from the top; dotted lines stand where floors are."""
    told = "; ".join(f"{row.name} {_spoken(row)}" for row in rows)

    def draw() -> "Figure":
        figure, axes = canvas(WIDTH, 32 + _ROW * len(rows), room(row.name for row in rows))
        end = most or _beyond(rows)
        axes.set(xlim=(0, end), ylim=(len(rows) - 0.5, -0.5))
        columns(axes, {step: f"{step:g}" for step in steps(end)})
        beside(axes, {place: row.name for place, row in enumerate(rows)})
        for place, row in enumerate(rows):
            _dot(axes, place, row)
        return figure

    return drawn(name, title, f"Dots in {unit}, in brackets {whiskers}: {told}.", draw)


def _beyond(rows: Sequence[Dot]) -> float:
    return 1.05 * max([end for row in rows for end in (row.value, row.high) if end], default=1)


def _spoken(row: Dot) -> str:
    if row.value is None:
        return "–"
    return _short(row.value) + (f" ({_short(row.low)} to {_short(row.high)})" if row.low is not None else "")


def _dot(axes: "Axes", place: int, row: Dot) -> None:
    colour, marker = KINDS[row.kind]
    if row.value is None:
        return
    if row.kind == "floor":
        axes.plot([row.value] * 2, axes.get_ylim(), color=colour, linewidth=1, linestyle=":")
    if row.low is not None and row.high is not None:
        axes.plot([row.low, row.high], [place, place], color=colour, linewidth=2, solid_capstyle="butt")
    face = PAGE if row.kind == "floor" else colour
    axes.plot([row.value], [place], marker, color=colour, markersize=6, markerfacecolor=face, clip_on=False, zorder=3)


def lines(
    name: str,
    title: str,
    ticks: Sequence[str],
    series: Sequence[Line],
    *,
    places: Sequence[float] = (),
    about: str = "",
    level: Mapping[str, float] | None = None,
) -> Chart:
    """Return lines over ``ticks``, each named at its end; ``level`` names values that are drawn across as floors."""
    told = "; ".join(f"{one.name} {', '.join(_short(value) for value in one.values)}" for one in series)
    across = "".join(f"; {one} {_short(value)}" for one, value in (level or {}).items())
    at = list(places) or [float(n) for n in range(len(ticks))]
    floors = dict(level or {})

    def draw() -> "Figure":
        names = [*(one.name for one in series), *floors]
        figure, axes = canvas(WIDTH, 230, 30, right=room(names), bottom=38 if about else 24)
        wide, most = at[-1] - at[0] or 1, _highest(series, floors)
        axes.set(xlim=(at[0] - 0.08 * wide, at[-1] + 0.05 * wide), ylim=(0, most))
        columns(axes, dict(zip(at, ticks, strict=True)), grid=False)
        heights(axes, steps(most))
        figure.text(0.5, 4 / 230, about, ha="center", color=MUTED)
        for number, one in enumerate(series):
            _line(axes, at, one, number, len(series))
        for value in floors.values():
            axes.plot(axes.get_xlim(), [value] * 2, color=GREY, linewidth=1, linestyle=":")
        _named_at_the_end(axes, [*((one.name, one.values[-1]) for one in series), *floors.items()])
        return figure

    return drawn(name, title, f"Lines over {', '.join(ticks)}, in %. {told}{across}.", draw)


def _highest(series: Sequence[Line], floors: Mapping[str, float]) -> float:
    ends = [end for one in series for some in (one.values, one.highs) for end in some if end is not None]
    return min(100, 5 + max([*ends, *floors.values()], default=95))


def _short(value: float | None) -> str:
    """Return a number as it is read out: two digits behind the point below ten, else one."""
    return "–" if value is None else f"{value:,.{2 if abs(value) < 10 else 1}f}"


def _line(axes: "Axes", at: Sequence[float], one: Line, number: int, of: int) -> None:
    colour, marker, dashes = SERIES[number % len(SERIES)]
    step = 0.015 * (at[-1] - at[0]) * (number - (of - 1) / 2)
    known = [(place + step, value) for place, value in zip(at, one.values, strict=True) if value is not None]
    axes.plot(*zip(*known, strict=True), color=colour, marker=marker, linestyle=dashes, linewidth=1.6, markersize=5)
    for place, low, high in zip(at, one.lows, one.highs, strict=False):
        if low is not None and high is not None:
            axes.plot([place + step] * 2, [low, high], color=colour, linewidth=1.2)


def _named_at_the_end(axes: "Axes", ends: Sequence[tuple[str, float | None]]) -> None:
    """Write names beside the ends of lines, apart from each other."""
    low, high = axes.get_ylim()
    apart, height, where = 0.062 * (high - low), low, axes.get_yaxis_transform()
    for name, value in sorted(((name, value) for name, value in ends if value is not None), key=lambda end: end[1]):
        height = max(height + apart, value)
        axes.text(1.02, height, label(name), va="center", size=9, transform=where)


def stack(name: str, title: str, parts: Sequence[str], rows: Mapping[str, Sequence[float]]) -> Chart:
    """Return a bar for each row, divided by what shares of it (in %) its parts have."""
    told = "; ".join(
        f"{one} {', '.join(f'{part} {_short(share)}' for part, share in zip(parts, shares, strict=True))}"
        for one, shares in rows.items()
    )

    def draw() -> "Figure":
        legend = 15 * ((len(parts) + 1) // 2)
        figure, axes = canvas(WIDTH, 32 + legend + _ROW * len(rows), room(rows), top=8 + legend)
        axes.set(xlim=(0, 100), ylim=(len(rows) - 0.5, -0.5), autoscale_on=False)
        for number, part in enumerate(parts):
            starts = [sum(shares[:number]) for shares in rows.values()]
            colour, opacity, hatch = STACK[number % len(STACK)]
            axes.barh(
                range(len(rows)),
                [shares[number] for shares in rows.values()],
                0.72,
                starts,
                label=part,
                facecolor=colour,
                alpha=opacity,
                hatch=hatch,
                edgecolor=PAGE,
                linewidth=0.8,
            )
        columns(axes, {step: f"{step:g}" for step in steps(100)}, grid=False)
        beside(axes, dict(enumerate(rows)))
        figure.legend(loc="upper left", ncols=2, fontsize=9, borderaxespad=0, handlelength=1.4, columnspacing=1.2)
        return figure

    return drawn(name, title, f"Bars of 100 %. {told}.", draw)
