"""Learning curves: what systems reach with more storylines to learn from."""

from collections.abc import Sequence

from communique.report.grids import Grid
from communique.report.growth import Growth, Spread, header, row
from communique.report.site.charts import Line, lines
from communique.report.site.sections import Page, Section, Table, heading
from communique.report.site.svg import Chart

PLACE = "curves.html"


def page(grown: Sequence[Growth]) -> Page:
    """Return the page of learning curves."""
    return Page(PLACE, "curves", [_section(one) for one in grown], "curves.html")


def _section(growth: Growth) -> Section:
    said = [
        f"Learnt from {growth.learnt}, scored on {growth.gold} ({growth.documents} documents). Mean over sets of "
        "storylines; bars are one standard deviation. Dotted: the rules, which learn nothing.",
        f"Measured by: {growth.command}",
    ]
    drawn = [_chart(growth, figure) for figure in growth.steps[0].figures]
    table = Table(
        f"{growth.system}: percent, mean ± standard deviation",
        Grid(header(growth.steps[0].figures), [row(step) for step in growth.steps], 1),
    )
    return Section(growth.system, growth.system, said, drawn, [table], growth.signatures)


def _chart(growth: Growth, figure: str) -> Chart:
    learnt = [step for step in growth.steps if step.storylines]
    ends = [_ends(step.figures.get(figure)) for step in learnt]
    floor = next((step.figures.get(figure) for step in growth.steps if not step.storylines), None)
    level = {"rules": 100 * floor.mean} if floor else {}
    series = Line(growth.system, *map(list, zip(*ends, strict=True)))
    return lines(
        f"{growth.system}-{figure.replace(' ', '-')}",
        heading(figure),
        [str(step.storylines) for step in learnt],
        [series],
        places=[step.storylines for step in learnt],
        about="storylines learnt from",
        level=level,
    )


def _ends(found: Spread | None) -> tuple[float | None, float | None, float | None]:
    if found is None:
        return None, None, None
    mean, spread = 100 * found.mean, None if found.deviation is None else 100 * found.deviation
    return mean, None if spread is None else mean - spread, None if spread is None else mean + spread
