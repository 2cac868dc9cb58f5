"""Documents to look through: a page that opens as a file, with filters, search, and every claim over its text."""

import shutil
from pathlib import Path

from communique.report.explorer import facets, scripts
from communique.report.explorer.entries import entry
from communique.report.explorer.shown import Shown, of_release, pairings
from communique.report.site.html import Frame, page

__all__ = ["PLACE", "Shown", "of_release", "write"]
PLACE = "explorer/index.html"
"""Where the page stands in a site."""
TEMPLATE = "explorer.html"
_STATIC = Path(__file__).parent / "static"
SCRIPTS = (
    "dom.js",
    "data.js",
    "address.js",
    "filter.js",
    "search.js",
    "text.js",
    "claim.js",
    "list.js",
    "reader.js",
    "explorer.js",
)
"""In the order in which they are run."""


def write(folder: Path, frame: Frame, shown: Shown, place: str = PLACE) -> None:
    """Write the page with its data.

    Parameters
    ----------
    folder : Path
        Of the site; it is there, and has the style that `communique.report.site.html.write_style` writes.
    frame : Frame
        Of the site's pages.
    shown : Shown
        What is looked through.
    place : str, optional
        Where the page shall stand below the folder; scripts and data stand beside it.

    Raises
    ------
    DataError
        Predictions are faulty or of other documents.
    """
    target = folder / place
    data = target.parent / "data"
    data.mkdir(parents=True, exist_ok=True)
    entries = [
        entry(document, annotated, predicted, shown.system, shown.splits.get(document.id))
        for document, annotated, predicted in pairings(shown)
    ]
    index = {
        "chunk": scripts.CHUNK,
        "facets": facets.described([one.row[-1] for one in entries]),
        "families": facets.families(),
        "system": shown.system if shown.predictions is not None else None,
        "documents": [one.row for one in entries],
    }
    (data / "index-0.js").write_bytes(scripts.script("index", 0, index))
    scripts.write(data, "texts", [one.text for one in entries])
    scripts.write(data, "documents", [one.record for one in entries])
    for name in ("explorer.css", *SCRIPTS):
        shutil.copyfile(_STATIC / name, target.parent / name)
    target.write_bytes(page(TEMPLATE, frame, place, scripts=SCRIPTS, system=index["system"]))
