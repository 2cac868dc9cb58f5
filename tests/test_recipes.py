"""The recipes of CONTRIBUTING.md: in a copy of the package with what a recipe adds, its commands print what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pages
from communique import layers
from communique.quotes import align
from communique.records import Claim


@pytest.fixture(scope="module")
def recipes(root) -> dict[str, str]:
    sections = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## ")[1:]
    return dict(section.split("\n", 1) for section in sections)


@pytest.fixture
def copied(root, tmp_path) -> Path:
    shutil.copytree(root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(root / "tests/cases/valid", tmp_path / "tests/cases/valid")
    (tmp_path / "tests/cases/invalid").mkdir()
    for name in ("corpus", "baselines", "schema"):
        (tmp_path / name).symlink_to(root / name)
    return tmp_path


def written(folder: Path, recipe: str, module: str) -> None:
    """Write a recipe's code into a module: a new one, or at the end of one that is there."""
    code = next(block for block in blocks(folder, recipe) if block.kind == "python").text
    assert f"`src/communique/{module}`" in recipe
    with (folder / "src/communique" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{code}" if file.tell() else code)


def blocks(folder: Path, recipe: str) -> list[pages.Block]:
    page = folder / "recipe.md"
    page.write_text(recipe, encoding="utf-8")
    return list(pages.blocks(page))


def changed(file: Path, old: str, new: str) -> None:
    code = file.read_text(encoding="utf-8")
    assert code.count(old) == 1
    file.write_text(code.replace(old, new), encoding="utf-8")


def followed(folder: Path, recipe: str) -> None:
    """Run a recipe's commands in the copy."""
    for block in blocks(folder, recipe):
        if block.kind == "python" and (named := re.match(r"# (\w+\.py)\n", block.text)):
            (folder / named[1]).write_text(block.text, encoding="utf-8")
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:] if block.kind == "console" else ():
            line, *shown = part.splitlines()
            told = told_in(folder, line)
            assert not shown or pages.holds(shown, told), told


def told_in(folder: Path, line: str) -> str:
    name, *words = shlex.split(line)
    command = [sys.executable, *(["-m", name] if name == "communique" else []), *words]
    environment = os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0 or done.stdout, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("name", "module"), [("A measure is one file", "score/tasks/cues.py"), ("A format is one file", "formats/turns.py")]
)
def test_what_a_measure_or_a_format_adds_is_one_file(copied, recipes, name, module):
    written(copied, recipes[name], module)
    followed(copied, recipes[name])


def test_what_a_check_adds_is_one_function_and_a_bad_file(copied, recipes):
    recipe = recipes["A check is one function"]
    written(copied, recipe, "checks.py")
    call = re.search(r"`(yield from _\w+\(layer\))`", recipe)[1]
    last = "    yield from _claims(layer)\n"
    changed(copied / "src/communique/checks.py", last, f"{last}    {call}\n")
    followed(copied, recipe)


def test_what_a_baseline_adds_is_one_class_and_a_line(copied, recipes):
    recipe = recipes["A baseline is one class"]
    written(copied, recipe, "baselines/cuewise.py")
    line = re.search(r'`("cuewise": "\S+",)`', recipe)[1]
    changed(copied / "src/communique/baselines/__init__.py", "_CLASSES = {\n", f"_CLASSES = {{\n    {line}\n")
    followed(copied, recipe)


def test_every_field_of_a_claim_is_taken_along_in_layers_and_in_quotes():
    fields = set(Claim.__struct_fields__)
    assert fields - {"spans"} == set(layers._CLAIM)
    assert fields - {"id", "attribution", "spans"} == set(align._LABELS)
