"""The pages on loading and on Python: each block is run, and prints what stands under it."""

import contextlib
import io
import re
from pathlib import Path

import datasets
import pytest

DOCS = Path(__file__).parent.parent / "docs" / "howto"
BLOCK = re.compile(r"^```python\n(.*?)^```\n\n(?:^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
IMPORTED = re.compile(r"^(?:import|from) (\w+)")


def blocks(page):
    return BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))


def library(code):
    """Return what a block imports."""
    return IMPORTED.match(code)[1]


def holds(said, printed):
    """Say whether what is printed is what is said, which ends with ``…`` where more is left out."""
    told, _, more = said.partition("…\n")
    return (printed.startswith(told) if "…\n" in said else printed == told) and not more


@pytest.mark.parametrize(("code", "said"), [pytest.param(*one, id=library(one[0])) for one in blocks("load.md")])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_tool_reads_a_release_as_the_page_says(code, said, root, tmp_path, monkeypatch):
    name = library(code)
    pytest.importorskip(name, reason=f"{name} is not here: its block of docs/howto/load.md is not run")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.chdir(root)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {})
    assert holds(said, printed.getvalue())


def test_the_page_on_python_is_one_program_that_prints_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for code, said in blocks("python.md"):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, names)
        assert printed.getvalue() == said
    assert (tmp_path / "pred.jsonl").is_file()
