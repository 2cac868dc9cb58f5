"""The how-to pages do what they say: every block is written or run, in order, in an empty folder."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

PAGE = Path(__file__).parent.parent / "docs/howto/your-own-system.md"
LABELLING = PAGE.with_name("label-texts.md")
CORPUS = PAGE.with_name("corpus-of-your-own.md")
ARCHIVE = PAGE.with_name("label-an-archive.md")
SITE = PAGE.with_name("site.md")
FILED = re.compile(r"^`(releases/\S+)`\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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


def told_of(line: str, folder: Path) -> tuple[str, str]:
    """Run a command and return what it prints and what it counts."""
    command = [sys.executable, "-m", "communique", *shlex.split(line)[1:]]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert told.returncode == 0, f"{line}: {told.stderr}"
    return told.stdout, told.stderr


def work_in_label_studio(folder: Path) -> None:
    """Write the exports of the two projects: what the page says was done there, in the form that the tool gives it."""
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    results = tasks[0]["annotations"][0]["result"]
    results.remove(next(r for r in results if r.get("labels") == ["speaker"]))
    edited = json.loads(json.dumps(tasks))
    next(r for r in edited[0]["annotations"][0]["result"] if r.get("from_name") == "rhetoric")["value"]["choices"] = [
        "concession"
    ]
    (folder / "project-1.json").write_text(json.dumps(edited), encoding="utf-8")
    for task, other in zip(tasks, edited, strict=True):
        both = (task["annotations"][0], other["annotations"][0])
        task["annotations"] = [one | {"completed_by": who} for who, one in enumerate(both, 1)]
    (folder / "project-2.json").write_text(json.dumps(tasks), encoding="utf-8")


def work_in_brat(folder: Path) -> None:
    """Copy the export for a second annotator, and mark one more claim in the first text of the first."""
    shutil.copytree(folder / "brat", folder / "second")
    path = min((folder / "brat").rglob("*.ann"))
    text = path.with_suffix(".txt").read_text(encoding="utf-8")
    word = re.search(r"\w+", text)[0]
    with path.open("a", encoding="utf-8") as file:
        file.write(f"T9999\tClaim {text.index(word)} {text.index(word) + len(word)}\t{word}\n")


def work_in_inception(folder: Path) -> None:
    """Lay a project's export as INCEpTION does, with two annotators; the second called one claim otherwise."""
    for path in sorted((folder / "cas").rglob("*.xmi")):
        name = "-".join(path.relative_to(folder / "cas").parts)
        place = folder / "annotation" / name
        place.mkdir(parents=True)
        for who in ("anna", "bert", "INITIAL_CAS"):
            shutil.copy(path, place / f"{who}.xmi")
        shutil.copy(folder / "cas" / "TypeSystem.xml", place)
    path = min((folder / "annotation").rglob("bert.xmi"))
    words = path.read_text(encoding="utf-8")
    claim = re.search(r'<custom:Claim [^>]*rhetoric="(\w+)"', words)
    assert claim[1] != "concession"
    path.write_text(words[: claim.start(1)] + "concession" + words[claim.end(1) :], encoding="utf-8")


def work_in_doccano(folder: Path) -> None:
    """Write the export of the project: what the page says was done there, with the tool's own numbers."""
    lines = [json.loads(line) for line in (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()]
    first = lines[0]
    next(one for one in first["entities"] if one["label"].islower())["label"] = "concession"
    first["relations"].remove(next(one for one in first["relations"] if one["type"] == "target"))
    for line in lines:
        for one in line["entities"]:
            one["id"] += 700
        for one in line["relations"]:
            one.update(from_id=one["from_id"] + 700, to_id=one["to_id"] + 700)
        line["Comments"] = []
    (folder / "admin.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "work"),
    [
        ("annotate-in-doccano", work_in_doccano),
        ("annotate-in-label-studio", work_in_label_studio),
        ("annotate-in-brat", work_in_brat),
        ("annotate-in-inception", work_in_inception),
    ],
)
def test_every_command_of_the_pages_on_tools_prints_what_stands_there(page, work, tmp_path):
    text = PAGE.with_name(f"{page}.md").read_text(encoding="utf-8")
    blocks = [block for kind, block in BLOCK.findall(text) if kind == "console"]
    counted = ""
    for number, block in enumerate(blocks):
        if number == 1:
            work(tmp_path)
        told: list[str] = []
        for line in block.splitlines():
            if line.startswith("$ "):
                out, err = told_of(line.removeprefix("$ "), tmp_path)
                told, counted = [row.rstrip() for row in out.splitlines()], counted + err
            else:
                assert line == told.pop(0)
    for block in (block for kind, block in BLOCK.findall(text) if kind == "text"):
        assert all(line in counted.splitlines() for line in block.splitlines()), counted


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


def test_every_block_of_the_page_on_archives_works_and_prints_what_it_says(tmp_path):
    page = ARCHIVE.read_text(encoding="utf-8")
    (tmp_path / "releases").mkdir()
    for name, text in FILED.findall(page):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(list((tmp_path / "releases").iterdir())) == 5
    rest = BLOCK.findall(FILED.sub("", page))
    for block in (block for kind, block in rest if kind == "python"):
        (tmp_path / block.split()[1]).write_text(block, encoding="utf-8")
    for block in (block for kind, block in rest if kind == "console"):
        printed(block, tmp_path)
    (named,) = (block for kind, block in rest if kind == "text")
    assert told_of("communique label releases more.jsonl -o more --model rules", tmp_path)[1] == named


def test_the_command_of_the_page_on_sites_writes_the_pages_it_lists(tmp_path):
    page = SITE.read_text(encoding="utf-8")
    for block in (block for kind, block in BLOCK.findall(page) if kind == "console"):
        printed(block, tmp_path)
    written = {path.stem for path in tmp_path.glob("site/*.html")} | {"overview", "explorer"}
    assert set(re.findall(r"^\| (\w+) \|", page, re.MULTILINE)) - {"page"} <= written
    assert (tmp_path / "site/explorer/index.html").is_file()


def printed(block: str, folder: Path) -> None:
    """Run the commands of a block, and hold what they print against it; an ellipsis stands for any lines."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, *shown = part.splitlines()
        told = "\n".join(row.rstrip() for row in run(line, folder).splitlines())
        wanted = "\n".join(re.escape(row) if row != "…" else r"(?:.*\n)*?.*" for row in shown)
        assert re.match(rf"{wanted}(?:\n|$)", told), f"{line}: {told}"
