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
LABELLING = PAGE.with_name("label-texts.md")
CORPUS = PAGE.with_name("corpus-of-your-own.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^(`{3,4})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def installed(folder: Path, project: str) -> None:
    """Lay a package's metadata beside its module, as an installer would."""
    table = re.search(r'\[project\.entry-points\."(?P<group>.+)"\]\n(?P<line>\w+) = "(?P<value>.+)"', project)
    info = folder / "nearest-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nearest\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{table['group']}]\n{table['line']} = {table['value']}\n")


def run(line: str, folder: Path) -> str:
    name, *arguments = shlex.split(line)
    command = {"communique": ["-m", "communique"], "python": []}[name]
    told = subprocess.run(
        [sys.executable, *command, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])},
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


def test_every_block_of_the_page_on_labelling_works_and_prints_what_it_says(tmp_path):
    for kind, block in BLOCK.findall(LABELLING.read_text(encoding="utf-8")):
        if kind == "python":
            (tmp_path / block.split()[1]).write_text(block, encoding="utf-8")
        elif kind == "console":
            told = []
            for line in block.splitlines():
                if line.startswith("$ "):
                    told = [row.rstrip() for row in run(line.removeprefix("$ "), tmp_path).splitlines()]
                else:
                    assert line == told.pop(0)
    code, refusal = refused(tmp_path)
    assert code == 1
    written = "\n".join(
        path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.suffix in (".csv", ".txt")
    )
    for kind, block in BLOCK.findall(LABELLING.read_text(encoding="utf-8")):
        if kind in ("text", "csv"):
            assert all(line in f"{refusal}\n{written}".splitlines() for line in block.splitlines()), block


def refused(folder: Path) -> tuple[int, str]:
    """Ask anew, and return the first line of what is told about forms that nobody filled in."""
    run("communique ask newest:dev --for types -o first --batch 60 --force", folder)
    command = [sys.executable, "-m", "communique", "answers", "first", "-o", "never.jsonl"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not (folder / "never.jsonl").exists()
    return told.returncode, told.stdout.splitlines()[0]


def test_every_block_of_the_page_on_a_corpus_works_and_prints_what_it_says(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    seeds, refused = tmp_path / "seeds", ""
    for _, kind, block in FENCED.findall(CORPUS.read_text(encoding="utf-8")):
        if kind == "python":
            (tmp_path / block.split()[1]).write_text(block, encoding="utf-8")
        elif kind == "text":
            command = [sys.executable, "-m", "communique", "build", "--seeds", "seeds", "--corpus", "corpus"]
            refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stderr
            assert set(block.splitlines()) <= set(refused.splitlines())
            assert not (tmp_path / "corpus").exists()
        elif kind in ("json", "markdown"):
            (seeds / ("release.json" if kind == "json" else "about.md")).write_text(block, encoding="utf-8")
        elif kind == "console":
            printed(block, tmp_path)
    assert refused


def printed(block: str, folder: Path) -> None:
    """Run the commands of a block, and hold what they print against it; an ellipsis stands for any lines."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, *shown = part.splitlines()
        told = "\n".join(row.rstrip() for row in run(line, folder).splitlines())
        wanted = "\n".join(re.escape(row) if row != "…" else r"(?:.*\n)*?.*" for row in shown)
        assert re.match(rf"{wanted}(?:\n|$)", told), f"{line}: {told}"
