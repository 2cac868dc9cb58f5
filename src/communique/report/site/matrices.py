"""Charts of many numbers: matrices whose cells are shaded, and hold the number."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from communique.report.site.scales import beside, canvas, room
from communique.report.site.svg import BLUE, INK, LINE, Chart, drawn, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def matrix(
    name: str,
    title: str,
    header: Sequence[str],
    rows: Mapping[str, Sequence[tuple[float, str]]],
    *,
    diagonal: bool = False,
    about: str = "",
) -> Chart:
    """Return cells, each of a share in [0, 1] that shades it, and of words; a ``diagonal`` is framed as right."""
    side, left, right = 25, room(rows), 30
    width = left + side * len(header) + right

    def draw() -> "Figure":
        top = 14 + 5.2 * max(len(label(one)) for one in header)
        figure, axes = canvas(width, top + 18 * len(rows) + 4, left, right=right, top=top, bottom=4)
        axes.set(xlim=(0, len(header)), ylim=(len(rows), 0))
        for x, words in enumerate(header):
            axes.text(x + 0.4, -0.25, label(words), rotation=60, ha="left", va="bottom", rotation_mode="anchor", size=9)
        beside(axes, {y + 0.5: name for y, name in enumerate(rows)}, size=9)
        for y, cells in enumerate(rows.values()):
            for x, (_, words) in enumerate(cells):
                axes.text(x + 0.5, y + 0.53, words, ha="center", va="center", fontsize=8) if words else None
        _shades(axes, list(rows.values()))
        _frames(axes, len(header), len(rows), diagonal)
        return figure

    return drawn(name, title, about or "The table beside it has the numbers.", draw, wide=True)


def _shades(axes: "Axes", rows: Sequence[Sequence[tuple[float, str]]]) -> None:
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import to_rgba

    shaded = [(x, y, share) for y, cells in enumerate(rows) for x, (share, _) in enumerate(cells) if share]
    corners = [[(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)] for x, y, _ in shaded]
    faces = [to_rgba(BLUE, round(0.62 * share**0.7, 2)) for _, _, share in shaded]
    axes.add_collection(PolyCollection(corners, facecolors=faces, linewidths=0), autolim=False)


def _frames(axes: "Axes", columns: int, rows: int, diagonal: bool) -> None:
    """Draw the lines between cells, and frames around those of the diagonal."""
    from matplotlib.collections import LineCollection, PolyCollection

    across = [[(0, y), (columns, y)] for y in range(rows + 1)] + [[(x, 0), (x, rows)] for x in range(columns + 1)]
    axes.add_collection(LineCollection(across, colors=LINE, linewidths=0.5), autolim=False)
    if diagonal:
        cells = [[(n, n), (n + 1, n), (n + 1, n + 1), (n, n + 1)] for n in range(min(rows, columns))]
        look = PolyCollection(cells, facecolors="none", edgecolors=INK, linewidths=1.2)
        axes.add_collection(look, autolim=False)
