"""Sdist and wheel, the wheel used outside the checkout: package, release, schema and baselines travel with them."""

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile

import pytest

SCRIPT = """
import json, communique, communique.resources
from communique import baselines
documents = communique.load("train")
rows = communique.load_dataset("claims", split="train")
model = baselines.create("linear").fit(documents[:4])
print(json.dumps({
    "file": communique.__file__,
    "data": str(communique.resources.folder("corpus")),
    "documents": len(documents),
    "rows": len(rows),
    "claims": sum(len(document.claims) for document in documents),
}))
"""


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """Build the sdist, and out of it, as pip does that is given one, the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(command, check=True)
    return folder


def outside(installed, tmp_path, *arguments):
    env = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "HF_DATASETS_CACHE": str(tmp_path / "cache"),
        "HF_HUB_OFFLINE": "1",
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_the_installed_package_brings_its_release(installed, tmp_path):
    done = outside(installed, tmp_path, "-c", SCRIPT)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["file"].startswith(str(installed))
    assert told["data"].startswith(str(installed))
    assert told["documents"] > 0
    assert told["rows"] == told["claims"]


def test_the_installed_command_verifies_and_validates(installed, tmp_path):
    done = outside(installed, tmp_path, "-m", "communique", "verify")
    assert (done.returncode, "is intact" in done.stdout) == (0, True), done.stderr
    digest = done.stdout.split()[-1]
    assert digest in (installed / "communique" / "data" / "corpus" / "DIGESTS").read_text(encoding="utf-8")
    cited = outside(installed, tmp_path, "-m", "communique", "cite")
    assert (cited.returncode, digest in cited.stdout) == (0, True), cited.stderr
    assert outside(installed, tmp_path, "-m", "communique", "leaderboard").returncode == 0


def test_layers_travel_without_what_each_annotator_said(wheel, root):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if "/data/layers/" in name}
    there = {path for path in (root / "seeds" / "layers").glob("*/*.json*") if path.is_file()}
    expected = {f"communique/data/layers/{path.parent.name}/{path.name}" for path in there}
    assert names == expected
    assert {
        f"communique/data/layers/polnear/{name}" for name in ("collection.json", "dev.jsonl", "train.jsonl")
    } <= names


def test_the_installed_command_lists_collections_and_joins_a_clone(installed, tmp_path, root):
    listed = outside(installed, tmp_path, "-m", "communique", "collections")
    assert (listed.returncode, "networkdynamics/PolNeAR" in listed.stdout) == (0, True), listed.stderr
    joined = outside(installed, tmp_path, "-m", "communique", "hydrate", "gum", str(root / "docs"), "-o", "x")
    assert (joined.returncode, "clone amir-zeldes/gum from GitHub" in joined.stderr) == (2, True), joined.stderr


def test_the_pages_travel_and_the_links_of_the_readme_lead_to_them(wheel, root):
    names = {name.removeprefix("communique/data/") for name in zipfile.ZipFile(wheel).namelist()}
    assert {"DATASHEET.md", "CITATION.cff"} | {
        p.relative_to(root).as_posix() for p in (root / "docs").rglob("*.md")
    } <= names
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", (root / "README.md").read_text(encoding="utf-8"))
    assert links
    assert set(links) <= names


def test_the_page_of_a_package_index_has_no_link_that_leads_nowhere(wheel):
    (name,) = (name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".dist-info/METADATA"))
    told = zipfile.ZipFile(wheel).read(name).decode("utf-8")
    assert "Description-Content-Type: text/markdown" in told
    assert "# communique: who claimed what, and how" in told
    assert [link for link in re.findall(r"\]\(([^)]*)\)", told) if not link.startswith("https://")] == []
    assert "`docs/tasks.md`" in told


def test_what_pages_are_made_of_travels(wheel, root):
    names = set(zipfile.ZipFile(wheel).namelist())
    here = root / "src/communique/report"
    made_of = [path for part in ("site", "explorer") for path in (here / part).rglob("*.*") if path.suffix != ".pyc"]
    assert {path.relative_to(root / "src").as_posix() for path in made_of} <= names
    assert "communique/data/baselines/linear/growth/0.3.0.json" in names


def test_the_tasks_for_the_harness_travel(installed, tmp_path):
    told = outside(installed, tmp_path, "-m", "communique.harness")
    folder = installed / "communique" / "harness" / "tasks"
    assert (told.returncode, told.stdout) == (0, f"{folder}\n"), told.stderr
    assert (folder / "communique_full.yaml").is_file()


def test_the_sdist_has_what_tests_and_builds_read(wheel):
    (sdist,) = wheel.parent.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert {"seeds/catalog.jsonl", "tests/samples.py", "tools/outside.py", "docs/tasks.md", "LICENSE-DATA"} <= names
    assert not [name for name in names if name.startswith((".git/", "build/", "dist/")) or "__pycache__" in name]


def test_nothing_but_the_package_enters_site_packages(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"communique"}
