"""What a release holds: types by genre, lengths, difficulties, splits."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence

from communique.labels import FAMILY_OF, Rhetoric
from communique.records import Document
from communique.report.grids import Grid
from communique.report.site.charts import Dot, dots
from communique.report.site.matrices import matrix
from communique.report.site.sections import Page, Section, Table
from communique.report.site.svg import Chart
from communique.report.tables import NOTHING
from communique.stats import counts
from communique.tokens import tokens

PLACE = "statistics.html"

ATTRIBUTED = ("nested", "implicit-speaker", "joint", "far-speaker")
CLAIMED = ("discontinuous", "negated", "conditional", "secondary")
FORMS = ("form.direct", "form.indirect", "form.mixed")
"""Difficulties and forms, by what they are shares of."""
_SIZES = ("documents", "tokens", "entities", "mentions", "speakers", "cues", "attributions", "claims")
Counted = Mapping[str, Mapping[str, int]]


def page(splits: Mapping[str, Sequence[Document]]) -> Page:
    """Return the page of statistics, from the documents of each split."""
    documents = [document for some in splits.values() for document in some]
    by_genre = {genre: counts(some) for genre, some in _grouped(documents, lambda d: str(d.genre)).items()}
    by_split = {split: counts(some) for split, some in splits.items()}
    sections = [
        _splits(by_split),
        _types(by_genre),
        _lengths(documents),
        _shares(by_genre),
    ]
    return Page(PLACE, "statistics", sections, "statistics.html")


def _grouped(documents: Iterable[Document], name: Callable[[Document], str]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in documents:
        found.setdefault(name(document), []).append(document)
    return dict(sorted(found.items()))


def _splits(counted: Counted) -> Section:
    rows = [[name, *(f"{of.get(name, 0):,}" for of in counted.values())] for name in _SIZES]
    rows += [
        [f"genre: {name}", *(str(of.get(f"genre.{name}", 0)) for of in counted.values())] for name in _genres(counted)
    ]
    return Section("splits", "Splits", (), (), [Table("What each split holds", Grid(["", *counted], rows, 1))])


def _genres(counted: Counted) -> list[str]:
    return sorted({name.removeprefix("genre.") for of in counted.values() for name in of if name.startswith("genre.")})


def _types(by_genre: Counted) -> Section:
    labels = [*map(str, Rhetoric), *(["untyped"] if any("claims.untyped" in of for of in by_genre.values()) else [])]
    cells = {
        f"{genre} ({of['claims']})": [_cell(of.get(f"claims.{name}", 0), of["claims"]) for name in labels]
        for genre, of in by_genre.items()
    }
    about = "Rows are genres with their claims, columns types; cells are percent of the row."
    chart = matrix("types-by-genre", "Types by genre, percent of a genre's claims", labels, cells, about=about)
    rows = [
        [name, *(str(of.get(f"claims.{name}", 0)) for of in by_genre.values()), str(_sum(by_genre, name))]
        for name in labels
    ]
    header = ["type", *by_genre, "all"]
    families = _families(by_genre)
    tables = [
        Table("Claims by type and genre", Grid(header, rows, 1), True),
        Table("Claims by family and genre", Grid(header, families, 1), True),
    ]
    return Section("types", "Types by genre", (), [chart], tables)


def _sum(by_genre: Counted, name: str) -> int:
    return sum(of.get(f"claims.{name}", 0) for of in by_genre.values())


def _cell(number: int, whole: int) -> tuple[float, str]:
    share = number / whole if whole else 0
    return share, f"{100 * share:.0f}" if number else ""


def _families(by_genre: Counted) -> list[list[str]]:
    members: dict[str, list[str]] = {}
    for name, family in FAMILY_OF.items():
        members.setdefault(str(family), []).append(str(name))
    return [
        [
            family,
            *(str(sum(of.get(f"claims.{name}", 0) for name in names)) for of in by_genre.values()),
            str(sum(_sum(by_genre, name) for name in names)),
        ]
        for family, names in members.items()
    ]


def _lengths(documents: Sequence[Document]) -> Section:
    by_genre = _grouped(documents, lambda document: str(document.genre))
    texts = {genre: [len(tokens(document.text)) for document in some] for genre, some in by_genre.items()}
    claims = {genre: [size for document in some for size in _claims(document)] for genre, some in by_genre.items()}
    said = ["Dots are medians, lines reach from the tenth to the ninetieth of a hundred."]
    drawn = [_quantiles("texts", "Tokens of a text", texts), _quantiles("claims", "Tokens of a claim", claims)]
    header = ["genre", *(f"{what}, {end}" for what in ("texts", "claims") for end in ("n", "10 %", "50 %", "90 %"))]
    rows = [[genre, *_ends(texts[genre]), *_ends(claims[genre])] for genre in by_genre]
    return Section("lengths", "Lengths", said, drawn, [Table("Tokens", Grid(header, rows, 1))])


def _claims(document: Document) -> list[int]:
    return [sum(len(tokens(span.text)) for span in claim.spans) for claim in document.claims]


def _quantile(sizes: Sequence[int]) -> tuple[float, float, float]:
    if len(sizes) < 2:
        return sizes[0], sizes[0], sizes[0]
    cuts = statistics.quantiles(sizes, n=10, method="inclusive")
    return cuts[0], statistics.median(sizes), cuts[-1]


def _ends(sizes: Sequence[int]) -> list[str]:
    return [str(len(sizes)), *(f"{end:,.0f}" for end in _quantile(sizes))] if sizes else ["0", *[NOTHING] * 3]


def _quantiles(name: str, title: str, sizes: Mapping[str, Sequence[int]]) -> Chart:
    rows = [
        Dot(genre, middle, low, high)
        for genre, some in sizes.items()
        if some
        for low, middle, high in [_quantile(some)]
    ]
    return dots(
        f"lengths-{name}", title, rows, unit="tokens", whiskers="from the 10th to the 90th of a hundred", most=None
    )


def _shares(by_genre: Counted) -> Section:
    columns = {name.removeprefix("form."): (name, "attributions") for name in (*FORMS, *ATTRIBUTED)} | {
        name: (name, "claims") for name in CLAIMED
    }
    cells = {
        genre: [_cell(of.get(name, 0), of[whole]) for name, whole in columns.values()] for genre, of in by_genre.items()
    }
    about = "Rows are genres, columns properties; cells are percent of the genre's attributions or claims."
    chart = matrix("difficulties", "Forms and difficulties by genre, percent", list(columns), cells, about=about)
    header = ["genre", "attributions", "claims", *columns]
    rows = [
        [genre, str(of["attributions"]), str(of["claims"]), *(str(of.get(name, 0)) for name, _ in columns.values())]
        for genre, of in by_genre.items()
    ]
    said = ["Forms and the four that follow are shares of attributions, the last four of claims."]
    return Section(
        "difficulties", "Forms and difficulties", said, [chart], [Table("Numbers", Grid(header, rows, 1), True)]
    )
