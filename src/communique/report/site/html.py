"""Pages in one layout and one style: templates are filled, and all that comes from data is escaped."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from communique.problems import plain
from communique.report.citation import Cited
from communique.report.citation_forms import as_text

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE = "style.css"
_HERE = Path(__file__).parent
TEMPLATES = (_HERE / "templates", _HERE.parent / "explorer" / "templates")
"""Where templates are looked for, in this order; their names are one set."""


class Frame(NamedTuple):
    """What every page of a folder says around its own.

    Attributes
    ----------
    name : str
        Of the site, shown at the top of every page.
    menu : sequence of (str, str)
        Places of pages below the folder, as ``explorer/index.html``, and their names.
    cited : Cited or None
        The release, for the footer.
    """

    name: str
    menu: Sequence[tuple[str, str]] = ()
    cited: Cited | None = None


@cache
def environment() -> "Environment":
    """Return the templates, which escape whatever they are filled with."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    found.globals["as_text"] = as_text
    return found


def page(template: str, frame: Frame, place: str, *, within: str = "", **said: Any) -> bytes:
    """Return a page that extends ``layout.html``.

    Parameters
    ----------
    template : str
        Name of a file in one of `TEMPLATES`. It fills the blocks ``title`` and ``main``, and ``head`` for scripts and
        styles of its own; ``root`` leads from the page to the folder, as ``../`` or nothing.
    frame : Frame
        Site, menu and release.
    place : str
        Where the page will stand below the folder; its place in the menu is marked.
    within : str, optional
        Place of the page in the menu that this one belongs to.
    **said
        What else the template is filled with. Escaped, unless it is `markupsafe.Markup`.
    """
    root = "../" * place.count("/")
    filled = environment().get_template(template).render(frame=frame, place=place, within=within, root=root, **said)
    return filled.encode("utf-8", "replace")


def write_style(folder: Path) -> None:
    """Write the style that every page of a folder has, as ``style.css``."""
    (folder / STYLE).write_bytes((_HERE / STYLE).read_bytes())
