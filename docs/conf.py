"""Sphinx settings: the pages of the checkout as one site, ``make docs``.

The source folder is the checkout, so that a link between two pages is the same here and in a plain view of the files.
"""

import json
import re
from importlib import import_module

import msgspec

import communique
from communique.formats.common import Imported

vars(import_module("communique.formats.declared"))["Imported"] = Imported  # there for type checkers alone

project = "communique"
author = "The communique maintainers"
version = release = communique.__version__
language = "en"

root_doc = "docs/index"
include_patterns = [
    "docs/**",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DATASHEET.md",
    "SECURITY.md",
    "baselines/README.md",
    "baselines/*/README.md",
    "benchmarks/README.md",
    "models/README.md",
    "corpus/README.md",
    "corpus/CHANGELOG.md",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext", ".ipynb": "markdown"}
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_heading_anchors = 3
myst_all_links_external = False
autodoc_default_options = {"members": True, "member-order": "bysource"}
numpydoc_show_class_members = False
numpydoc_validation_checks = {"GL01", "GL06", "GL07", "SS01", "SS04", "PR02", "PR03"}
numpydoc_validation_exclude = {r"\.replace$"}
maximum_signature_line_length = 88
highlight_language = "none"
smartquotes = False
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = f"communique {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["_front"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False

_LINK = re.compile(r"\]\((?!https?:)([^)#]+\.(?:md|rst|ipynb))\)")
_PROMPT = re.compile(r"^\$ ", re.MULTILINE)


def contents(index: str) -> str:
    """Make tables of contents of a page's lists of links, one for each heading of the second level."""
    trees = []
    for section in index.split("\n## ")[1:]:
        heading, body = section.split("\n", 1)
        pages = "\n".join(_LINK.findall(body))
        trees.append(f"```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{pages}\n```\n")
    return "\n".join(trees)


def page_of(notebook: str) -> str:
    """Write a notebook's cells, with the outputs that it holds, as Markdown."""
    return "\n".join(part for cell in json.loads(notebook)["cells"] for part in _cell(cell))


def _cell(cell: dict) -> list[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return [source, ""]
    return [f"```python\n{source}\n```", "", *(_output(output) for output in cell["outputs"])]


def _output(output: dict) -> str:
    shown = output.get("data", {})
    if "text/html" in shown:
        return f"```{{raw}} html\n{''.join(shown['text/html'])}\n```\n"
    return f"```text\n{''.join(output.get('text') or shown['text/plain']).rstrip()}\n```\n"


def _read(app: object, name: str, source: list[str]) -> None:
    if name == root_doc:
        source[0] += "\n" + contents(source[0])
    elif name.startswith("docs/notebooks/"):
        source[0] = page_of(source[0])


def _signature(app: object, what: str, name: str, found: object, *rest: object) -> tuple[str, None] | None:
    return ("", None) if isinstance(found, type) and issubclass(found, msgspec.Struct) else None


def setup(app: object) -> None:
    """Read the index and notebooks as above; a record's fields stand in its docstring, not in its signature, too."""
    app.connect("source-read", _read)
    app.connect("autodoc-process-signature", _signature)
