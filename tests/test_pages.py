"""Every block of the pages is run and prints what stands there, or says why it is not run."""

import json
import re
import shlex
from pathlib import Path

import pytest

import communique
import pages
from communique import releases

RUN_HERE = (
    "README.md",
    "docs/cookbook.md",
    "docs/command-line.md",
    "docs/tutorial.md",
    "docs/tasks.md",
    "docs/releases.md",
    "docs/collections.md",
    "docs/formats.md",
    "baselines/encoder/README.md",
    "baselines/llm/README.md",
    "docs/analysis.md",
    "docs/people.md",
    "docs/guidelines.md",
    "corpus/README.md",
)
ELSEWHERE = {
    "CONTRIBUTING.md": ("console", "python"),
    "docs/howto/your-own-system.md": ("console", "python"),
    "docs/howto/label-texts.md": ("console", "python"),
    "docs/howto/label-an-archive.md": ("console", "python"),
    "docs/howto/corpus-of-your-own.md": ("console", "python"),
    "docs/howto/load.md": ("python",),
    "docs/howto/python.md": ("python",),
    "docs/howto/look-through.md": ("console",),
    "docs/howto/site.md": ("console",),
    "docs/howto/submit.md": ("console",),
    "docs/howto/language-models.md": ("console", "python"),
    "docs/howto/annotate-in-brat.md": ("console",),
    "docs/howto/annotate-in-doccano.md": ("console",),
    "docs/howto/annotate-in-inception.md": ("console",),
    "docs/howto/annotate-in-label-studio.md": ("console",),
}
"""Kinds of blocks that tests of their own run, in test_docs.py and test_howto.py."""


@pytest.fixture(scope="module")
def every_page(root) -> list[Path]:
    folders = (
        "*.md",
        "docs/**/*.md",
        "baselines/*.md",
        "baselines/*/*.md",
        "benchmarks/*.md",
        "corpus/*.md",
        "models/*.md",
    )
    return sorted(path for pattern in folders for path in root.glob(pattern))


@pytest.fixture
def folder(root, tmp_path, monkeypatch):
    """Make an empty folder but for what a checkout has, where pages are run."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("corpus", "schema"):
        (tmp_path / name).symlink_to(root / name)
    return tmp_path


@pytest.mark.parametrize("name", RUN_HERE)
def test_the_page_is_run_and_prints_what_it_says(root, folder, name):
    pages.check(root / name, folder, FOLDER="corpus")  # as the card calls where it lies


def test_the_page_on_collections_is_run_where_a_clone_is_at_hand(root, folder, clone):
    (folder / "PolNeAR").symlink_to(clone("polnear"))
    pages.check(root / "docs/collections.md", folder, "needs a clone of PolNeAR")


def test_every_block_is_run_or_says_why_not(root, every_page):
    for path in every_page:
        name = path.relative_to(root).as_posix()
        for block in pages.blocks(path):
            run = name in RUN_HERE or block.kind in ELSEWHERE.get(name, ())
            assert block.kind not in pages.RUN or run or block.mark, (name, block.line)
            assert block.mark is None or len(block.mark.split()) > 2, (name, block.line)
            assert block.kind or not re.search(r"^(\$ |communique )", block.text, re.MULTILINE), (name, block.line)


def test_blocks_that_are_not_run_have_commands_and_options_that_exist(root, every_page):
    import typer

    from communique import cli

    if not cli.app.registered_commands:
        cli._register()
    known = typer.main.get_command(cli.app).commands
    for path in every_page:
        lines = (line for block in pages.blocks(path) if block.mark for line in pages.commands(block))
        for line in (line for line in lines if line.startswith("communique ")):
            _, name, *words = shlex.split(line, comments=True)
            options = {option for given in known[name].params for option in (*given.opts, *given.secondary_opts)}
            used = {re.split("[]=]", word.strip("[]"))[0] for word in words if word.strip("[]").startswith("-")}
            assert used - {"-"} <= options | {"--help"}, (path.name, line)


def test_the_runner_tells_a_block_that_fails_or_prints_something_else(tmp_path):
    page = tmp_path / "page.md"
    for block in (
        "```console\n$ communique cite --format bibtex\nsomething else\n```\n",
        "```console\n$ communique cite no-such-release\n```\n",
        "```sh\ncommunique cite no-such-release\n```\n",
        "```python\nassert False\n```\n",
    ):
        page.write_text(block, encoding="utf-8")
        with pytest.raises(AssertionError):
            pages.check(page, tmp_path)
        page.write_text(f"<!-- not run: it is made to fail -->\n\n{block}", encoding="utf-8")
        pages.check(page, tmp_path)


def test_the_readme_is_short_and_its_record_is_in_the_corpus(root):
    page = root / "README.md"
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 150
    (told,) = (json.loads(block.text) for block in pages.blocks(page) if block.kind == "json")
    name = told.pop("id")
    (document,) = (one for one in releases.load("test") if one.id == name)
    for field, units in told.items():
        there = {unit.id: json.loads(releases.jsonl.encode(unit)) for unit in getattr(document, field)}
        assert all(unit.items() <= there[unit["id"]].items() for unit in units), field


def test_the_rows_of_the_board_in_the_readme_are_the_newest(root):
    (found,) = pages.BOARD.finditer((root / "README.md").read_text(encoding="utf-8"))
    assert found["rows"] == pages.board_rows(found["head"]) != ""


def test_the_picture_of_the_readme_is_what_its_command_draws(root):
    import runpy

    drawn = runpy.run_path(str(root / "docs/pictures/sentence.py"))["sentence"]()
    assert drawn == (root / "docs/pictures/sentence.svg").read_text(encoding="utf-8")


def test_the_index_of_the_site_leads_to_every_page(root, every_page):
    index = (root / "docs/index.md").read_text(encoding="utf-8")
    linked = {(root / "docs" / link).resolve() for link in re.findall(r"\]\(([^)#:]+)\)", index)}
    wanted = {path for path in every_page if path != root / "docs/index.md"}
    wanted |= set((root / "docs/notebooks").glob("*.ipynb"))
    assert wanted <= linked


def test_links_lead_to_files_and_headings(root, every_page):
    for path in every_page:
        words = pages.BLOCK.sub("", path.read_text(encoding="utf-8"))
        for link, heading in re.findall(r"\]\(([^)#:\s]*)(?:#([^)]*))?\)", words):
            aim = path.parent / link if link else path
            assert aim.exists(), (path.name, link)
            assert not heading or heading in anchors(aim), (path.name, link, heading)


def anchors(page: Path) -> set[str]:
    """Return the anchors that headings of a page have on GitHub and on the site."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_the_page_on_the_api_names_all_of_it(root):
    page = (root / "docs/api/communique.rst").read_text(encoding="utf-8")
    assert [name for name in communique.__all__ if not re.search(rf"(:: |\.){name}\b", page)] == []
