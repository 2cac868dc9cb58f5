"""What a package index shows: README.md, whose links into the project are paths there, as no address of it is known."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"!?\[(?P<words>[^]\n]+)\]\((?P<path>[^):\s]+)\)")
_NOTE = "\nPaths are those of the project; what they name is in the package as well, under `communique/data`.\n"


class Pages(MetadataHookInterface):
    """Gives the page without links that lead nowhere."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the page."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": _LINK.sub(_path, text) + _NOTE}


def _path(link: re.Match[str]) -> str:
    words, path = link["words"], link["path"].partition("#")[0]
    return f"`{path}`" if words == path or not path else f"{words} (`{path}`)"
