"""The how-to pages do what they say: every block is written or run, in order, in an empty folder."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema

PAGE = Path(__file__).parent.parent / "docs/howto/your-own-system.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def installed(folder: Path, project: str) -> None:
    """Lay a package's metadata beside its module, as an installer would."""
    table = re.search(r'\[project\.entry-points\."(?P<group>.+)"\]\n(?P<line>\w+) = "(?P<value>.+)"', project)
    info = folder / "nearest-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nearest\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{table['group']}]\n{table['line']} = {table['value']}\n")


def run(line: str, folder: Path) -> str:
    name, *arguments = shlex.split(line)
    assert name == "communique"
    told = subprocess.run(
        [sys.executable, "-m", "communique", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, f"{line}: {told.stderr}"
    return told.stdout


def test_every_block_of_the_page_works(tmp_path):
    told = {}
    for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python":
            (tmp_path / block.split()[1]).write_text(block, encoding="utf-8")
        elif kind == "toml":
            installed(tmp_path, block)
        elif kind == "json":
            schema = json.loads((PAGE.parents[2] / "schema/v1/prediction.schema.json").read_text(encoding="utf-8"))
            jsonschema.validate(json.loads(block), schema)
        else:
            told |= {line: run(line.removeprefix("$ "), tmp_path) for line in block.splitlines()}
    board = (tmp_path / "board/README.md").read_text(encoding="utf-8")
    assert "| mine |" in board
    assert "| crf |" in board
    assert "| nearest |" in board
    assert any("macro-f1" in out for out in told.values())
