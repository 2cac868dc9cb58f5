"""Tasks and protocols by the modules that declare them: nothing else names them, and one more is one module more."""

import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import communique
import samples
from communique import jsonl
from communique.cli.scores import Protocol, Task
from communique.score import declared, tasks
from communique.score.config import KNOWN, PROTOCOLS, TASKS

MODULE = '''
"""How many sources are found."""

from collections import Counter

from communique.score.metrics import of_units
from communique.score.task import Earned, Judged, Task


def judge(pairing):
    """Judge speakers by their words."""
    said = Counter(span.text for unit in pairing.predicted.speakers for span in unit.spans)
    words = [" ".join(span.text for span in unit.spans) for unit in pairing.gold.speakers]
    return Judged([Earned("source", (), {"words": float(word in said)}) for word in words], {"source": said.total()})


TASK = Task(
    name="sources",
    order=9,
    wanted="the words of speakers",
    match="words",
    headlines={("source", "words"): "F1 of sources"},
    figures=of_units({"source": ("words",)}),
    judge=judge,
)
'''


def choices(run, command, option):
    """Return what the help of a command offers for an option."""
    _, out, _ = run(command, "--help")
    words = re.sub(r"[│\s]+", " ", out)
    return re.search(rf"{option} <([a-z|]+)>", words)[1].split("|")


@pytest.mark.parametrize("command", ["evaluate", "compare"])
def test_the_command_line_offers_what_is_declared(run, monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "400")
    assert sorted(choices(run, command, "--task")) == sorted([*TASKS, "all"])
    assert sorted(choices(run, command, "--protocol")) == sorted(PROTOCOLS)


def test_choices_are_named_as_tasks_are():
    assert sorted(Task) == sorted([*TASKS, "all"])
    assert sorted(Protocol) == sorted(PROTOCOLS)
    assert not set(TASKS) & set(PROTOCOLS)


@pytest.mark.parametrize("name", KNOWN)
def test_a_task_is_named_as_its_module_is_and_tells_its_headlines(name):
    task = KNOWN[name]
    assert task.name == name
    assert task.headlines
    assert task.judge or task.count
    assert "|" not in task.match


def test_tasks_come_in_the_order_they_declare():
    orders = [task.order for task in TASKS.values()]
    assert orders == sorted(orders)
    assert list(TASKS) == ["spans", "attribution", "holders", "rhetoric", "full"]


def rows(page):
    """Return the cells of the first table of a page."""
    table = re.search(r"(?:^\|.*\n)+", page.read_text(encoding="utf-8"), re.MULTILINE)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_page_of_tasks_names_exactly_those_declared(root):
    assert [row[0].strip("`") for row in rows(root / "docs" / "tasks.md")] == list(TASKS)


def test_a_task_more_is_a_module_more(tmp_path):
    package = tmp_path / "communique"
    shutil.copytree(Path(communique.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    place = Path(inspect.getfile(tasks)).parent.relative_to(Path(communique.__file__).parent)
    (package / place / "sources.py").write_text(MODULE, encoding="utf-8")
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    jsonl.write(tmp_path / "pred.jsonl", [samples.layer("made/one")])

    def told(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "communique", *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    out = told("evaluate", "gold.jsonl", "pred.jsonl", "--task", "sources")
    assert re.search(r"sources +source +words +all +100\.0 +\d+\.\d +\d+\.\d +– +6 +3", out), out
    assert "|task:sources|match:words|interval:jackknife-t|scorer:" in out
    assert "sources" in told("evaluate", "gold.jsonl", "pred.jsonl")
    assert "F1 of sources" in told("compare", "gold.jsonl", "pred.jsonl", "pred.jsonl", "--task", "sources")


def test_names_are_told_without_importing_what_they_name():
    code = "import sys; from communique.score import declared as d; d.names(d.TASKS); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in loaded if name.startswith((f"{declared.TASKS}.", "numpy"))]
