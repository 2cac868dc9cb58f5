"""Data as scripts: pages that are opened as files may load these, and nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

CHUNK = 50
"""Documents of a file."""
_ESCAPED = {ord("<"): "\\u003c", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What would end a script, or a line of one; in JSON it stands in strings alone."""


def script(kind: str, number: int, content: Any) -> bytes:
    """Return a script that hands data to the page.

    Parameters
    ----------
    kind : str
        What it is.
    number : int
        Which file of them.
    content : object
        What `msgspec` can write as JSON.
    """
    data = msgspec.json.encode(content).decode("utf-8").translate(_ESCAPED)
    return f'communique.add("{kind}", {number}, {data});\n'.encode()


def write(folder: Path, kind: str, items: Sequence[Any]) -> None:
    """Write data in files of `CHUNK` items each, ``KIND-0.js`` and on."""
    for number, first in enumerate(range(0, len(items), CHUNK)):
        (folder / f"{kind}-{number}.js").write_bytes(script(kind, number, items[first : first + CHUNK]))
