"""The notebooks, run: ``python tests/notebooks.py`` writes their outputs anew, in the files."""

import os
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

FOLDER = Path(__file__).resolve().parent.parent / "docs/notebooks"
FILES = sorted(FOLDER.glob("*.ipynb"))


def executed(path: Path) -> Any:
    """Run a notebook in a kernel of its own, and return it with what its cells give, without times."""
    notebook = nbformat.read(path, as_version=4)
    config = Config({"KernelManager": {"transport": "ipc"}})
    notebook = NotebookClient(notebook, timeout=300, config=config).execute()
    for cell in notebook.cells:
        cell.metadata.clear()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def outputs(notebook: Any) -> list[Any]:
    """Return what the cells of a notebook give, in their order."""
    return [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def main() -> None:
    """Write every notebook anew."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for path in FILES:
        nbformat.write(executed(path), path)


if __name__ == "__main__":
    main()
