"""Charts as SVG in a page: no style of their own, text stays text, colours are the page's in light and in dark."""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

from communique.extras import library
from communique.problems import one_line

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

INK, MUTED, LINE, PAGE = "#000001", "#000002", "#000003", "#000004"
BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE, GREY = (f"#00001{n}" for n in range(7))
_NAMES = ("ink", "muted", "line", "page", "blue", "vermillion", "green", "purple", "sky", "orange", "grey")
_COLOURS = (INK, MUTED, LINE, PAGE, BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE, GREY)
_OF_THE_PAGE = {colour: f"var(--{name})" for colour, name in zip(_COLOURS, _NAMES, strict=True)}
"""What charts are drawn in stands for the colours that ``style.css`` names."""
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "communique",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "figure.facecolor": "none",
    "hatch.linewidth": 0.7,
    "legend.frameon": False,
}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_FONT = re.compile(r"(?:(?P<weight>\w+) )?(?P<size>[\d.]+)px .*")
_LONGEST = 22


class Chart(NamedTuple):
    """A drawn chart; ``title`` and ``description`` say in words what is drawn, ``wide`` that it fills the page."""

    title: str
    description: str
    svg: "Markup"
    wide: bool = False


@contextmanager
def settings() -> Iterator[None]:
    """Draw in one way, whatever the user's own settings are.

    Raises
    ------
    CommuniqueError
        The libraries of the extra ``site`` are not there.
    """
    matplotlib = library("matplotlib", "site", "charts need matplotlib")
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def label(words: str) -> str:
    """Return words as a chart can hold them: on one line, cut where they are long."""
    told = _NO_XML.sub("\ufffd", one_line(words))
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


def drawn(name: str, title: str, description: str, draw: "Callable[[], Figure]", *, wide: bool = False) -> Chart:
    """Return a chart.

    Parameters
    ----------
    name : str
        Of small letters, digits and hyphens; the chart's own on its page.
    title, description : str
        What is drawn, for those who do not see it.
    draw : callable
        Makes the figure, in colours of this module.
    wide : bool, optional
        Whether it is as wide as the page.
    """
    from markupsafe import Markup

    file = io.BytesIO()
    with settings():
        draw().savefig(file, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    root = ElementTree.fromstring(file.getvalue())
    _clean(root, name, wide=wide)
    for number, (tag, words) in enumerate({"title": title, "desc": description}.items()):
        told = ElementTree.Element(tag, {"id": f"{name}-{tag}"})
        told.text = _NO_XML.sub("\ufffd", one_line(words))
        root.insert(number, told)
    source = ElementTree.tostring(root, encoding="unicode")
    return Chart(title, description, Markup(source), wide)


def _clean(root: ElementTree.Element, name: str, *, wide: bool) -> None:
    width, height = (float(root.attrib.pop(side).removesuffix("pt")) for side in ("width", "height"))
    used = set(re.findall(r"#([\w-]+)", " ".join(v for e in root.iter() for v in e.attrib.values())))
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SPACE)
        for child in [one for one in element if one.tag in (f"{_SPACE}metadata", f"{_SPACE}style")]:
            element.remove(child)
        _attributes(element, name, used)
    _flatten(root)
    root.attrib = ({"width": f"{width:.0f}", "height": f"{height:.0f}"} if wide else {}) | {
        "viewBox": f"0 0 {width:g} {height:g}",
        "class": "drawn",
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
    }


def _flatten(element: ElementTree.Element) -> None:
    """Put what stands in groups without attributes in their place, and drop the white space between elements."""
    children: list[ElementTree.Element] = []
    for child in element:
        _flatten(child)
        children += list(child) if child.tag == "g" and not child.attrib else [child]
    element[:] = children
    element.tail = None
    if element.tag not in ("text", "title", "desc"):
        element.text = None


def _attributes(element: ElementTree.Element, name: str, used: set[str]) -> None:
    style = element.attrib.pop("style", "")
    for key, value in [*element.attrib.items(), *_styled(style)]:
        element.set(key, _OF_THE_PAGE.get(value, value))
    own = element.attrib.pop("id", "")
    if own in used:
        element.set("id", f"{name}-{own}")
    if link := element.attrib.pop(_LINK, ""):
        element.set("href", f"#{name}-{link[1:]}")
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    for key in ("clip-path", "fill"):
        if "url(#" in element.get(key, ""):
            element.set(key, element.attrib[key].replace("url(#", f"url(#{name}-"))


def _styled(style: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, map(str.strip, style.split(";"))):
        key, _, value = (one.strip() for one in part.partition(":"))
        if key == "font" and (font := _FONT.fullmatch(value)):
            yield "font-size", font["size"]
            yield from [("font-weight", font["weight"])] if font["weight"] else []
        elif key not in ("font", "font-family"):
            yield key, value
