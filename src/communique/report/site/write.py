"""The whole site: what it is made of, and where it is written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from communique import releases, resources
from communique.folders import replacing_folder
from communique.labels import Split
from communique.records import Document
from communique.report import explorer, growth
from communique.report.citation import Cited, cited
from communique.report.citation_forms import FORMS
from communique.report.site import beside, boards, counts, html, learning, rungs, types
from communique.report.site.html import Frame
from communique.report.site.results import Part, shown
from communique.report.site.sections import Page
from communique.score.tasks import TASKS

INDEX = "index.html"
ABOUT = {
    boards.PLACE: "what systems reach, by task and by part of the data, with intervals and floors",
    rungs.PLACE: "where claims are lost on the way from text to holder and type",
    types.PLACE: "F1 of each type, and what is taken for what",
    beside.PLACE: "annotators beside people beside systems",
    learning.PLACE: "what more texts to learn from are worth",
    counts.PLACE: "types by genre, lengths, difficulties",
    explorer.PLACE: "every document, with speakers, cues and claims over its text",
}
"""The pages of the menu behind the first, and what they show."""
_FORMS = {"text": "In words", "bibtex": "BibTeX", "cff": "CITATION.cff"}


class Told(NamedTuple):
    """What a site tells of: a release, its citation, its documents by split, results on it, and how systems grow."""

    folder: Path
    cited: Cited
    splits: Mapping[str, Sequence[Document]]
    parts: Sequence[Part]
    grown: Sequence[growth.Growth]


def write(
    target: Path,
    release: str | None = None,
    results: Path | None = None,
    title: str | None = None,
    *,
    force: bool = False,
) -> list[str]:
    """Write a folder of pages on a release and its results.

    Parameters
    ----------
    target : Path
        The folder; an earlier site there is replaced as one thing.
    release : str, optional
        Version or folder; the newest by default.
    results : Path, optional
        Folder of baselines, as ``communique bench -o`` writes it; the packaged one by default.
    title : str, optional
        At the top of every page; name and version of the corpus by default.
    force : bool, optional
        Replace also what communique did not write there.

    Returns
    -------
    list of str
        The places of the pages in the folder.

    Raises
    ------
    CommuniqueError
        There is no such release, there are no results of it, a library is missing, or the folder holds other files.
    DataError
        The release or the results are faulty.
    """
    html.environment()
    told = _told(release, results)
    frame = Frame(title or f"{told.cited.about.name} {told.cited.version}", _menu(), told.cited)
    with replacing_folder(target, force=force, commit=INDEX) as stage:
        html.write_style(stage)
        explorer.write(stage, frame, explorer.of_release(str(told.folder)))
        pages = _pages(told)
        for place, (template, said) in pages.items():
            (stage / place).write_bytes(html.page(template, frame, place, **said))
    return [*pages, explorer.PLACE]


def _told(release: str | None, results: Path | None) -> Told:
    folder = releases.find(release)
    version = releases.label(releases.manifest(folder))
    return Told(
        folder=folder,
        cited=cited(folder),
        splits={str(split): releases.load(split, str(folder)) for split in Split},
        parts=shown(version, results),
        grown=growth.read(results or resources.folder("baselines"), version),
    )


def _menu() -> list[tuple[str, str]]:
    return [(INDEX, "overview"), *((place, place.split("/")[0].removesuffix(".html")) for place in ABOUT)]


def _pages(told: Told) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the template of each page, and what it is filled with, by the page's place."""
    tasks = list(boards.pages(told.parts))
    single = [
        boards.short(told.parts),
        rungs.page(told.parts),
        types.page(told.parts),
        beside.page(told.parts, told.folder),
        learning.page(told.grown),
        counts.page(told.splits),
    ]
    held = {"tasks": tasks, "told": TASKS}
    filled = {page.place: (page.template, _said(page) | held) for page in single}
    for page in tasks:
        filled[page.place] = (page.template, _said(page) | held | {"task": TASKS[page.name], "within": boards.PLACE})
    return {INDEX: ("index.html", _overview(told))} | filled


def _said(page: Page) -> dict[str, Any]:
    return {"name": page.name, "sections": page.sections}


def _overview(told: Told) -> dict[str, Any]:
    return {
        "about": ABOUT,
        "documents": f"{sum(map(len, told.splits.values())):,}",
        "claims": f"{sum(len(document.claims) for some in told.splits.values() for document in some):,}",
        "splits": {split: str(len(some)) for split, some in told.splits.items()},
        "short": boards.in_short(told.parts[0]),
        "citations": {_FORMS[form]: write(told.cited) for form, write in FORMS.items() if form in _FORMS},
    }
