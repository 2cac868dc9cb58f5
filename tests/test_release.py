"""The release of the package: steps that are done are passed over, the changelog is headed once, data stay the same."""

import json

import pytest

import samples
from communique.build import freeze


@pytest.fixture
def tool(root, monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(root / "tools"))
    monkeypatch.chdir(tmp_path)
    import release

    return release


@pytest.fixture
def steps(tool, monkeypatch):
    """Return three steps that count how often they run; the second fails while ``broken`` is there."""
    ran = []

    def step(name):
        def run(made):
            if name == "two" and tool.Path("broken").exists():
                raise SystemExit("two fails")
            ran.append(name)
            tool.Path(f"{name}.txt").write_text(f"{made.version} {len(ran)}")

        return tool.Step(name, f"what {name} is for", (f"{name}.txt",), run)

    monkeypatch.setattr(tool, "STEPS", tuple(map(step, ("one", "two", "three"))))
    return ran


def released(tool, version="1.2.3", **options):
    made = {"dry": False, "start": None, "without": ()} | options
    tool.release(tool.Release(version, "2031-01-02"), **made)


def test_a_step_that_is_done_is_passed_over_until_its_files_change(tool, steps):
    released(tool)
    released(tool)
    assert steps == ["one", "two", "three"]
    tool.Path("two.txt").write_text("other")
    released(tool)
    assert steps == ["one", "two", "three", "two"]
    released(tool, start="two", without=("three",))
    assert steps[4:] == ["two"]
    released(tool, version="1.2.4")
    assert steps[5:] == ["one", "two", "three"]


def test_a_release_goes_on_where_it_failed(tool, steps):
    tool.Path("broken").touch()
    with pytest.raises(SystemExit, match="two fails"):
        released(tool)
    tool.Path("broken").unlink()
    released(tool)
    assert steps == ["one", "two", "three"]


def test_a_dry_run_tells_and_writes_nothing(tool, steps, capsys, tmp_path):
    released(tool, dry=True)
    assert not steps
    assert not list(tmp_path.iterdir())
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in told[:3]] == [[name, "to", "do"] for name in ("one", "two", "three")]
    assert "  commit, then tag: git tag -s v1.2.3" in told


def test_the_changelog_is_headed_once(tool):
    made = tool.Release("1.2.3", "2031-01-02")
    before = "# Changes\n\n## Unreleased\n\n- New.\n\n## 1.2.2\n"
    after = "# Changes\n\n## Unreleased\n\n## 1.2.3 (2031-01-02)\n\n- New.\n\n## 1.2.2\n"
    assert tool.headed(before, made) == after
    assert tool.headed(after, made) == after
    with pytest.raises(SystemExit, match="nothing is unreleased"):
        tool.headed(after, tool.Release("1.2.4", "2031-01-03"))


def test_the_page_tells_every_step_and_what_is_left(tool, root):
    page = (root / "docs/howto/release.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ")[:2] for line in page.splitlines() if line.startswith("| `")]
    assert rows == [[f"`{step.name}`", step.told] for step in tool.STEPS]
    assert all(f". {line.format(version='X.Y.Z')}" in page for line in tool.BY_HAND)


def test_a_later_version_builds_the_same_release(tmp_path, monkeypatch):
    seeds = samples.write_seeds(tmp_path / "seeds")
    folder, written = freeze.build(seeds, tmp_path / "corpus")
    manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    assert written
    monkeypatch.setattr(freeze, "__version__", "99.0.0")
    assert freeze.build(seeds, tmp_path / "corpus") == (folder, False)
    samples.write_plan(seeds, version="0.0.2")
    newer, _ = freeze.build(seeds, tmp_path / "corpus")
    assert json.loads((newer / "MANIFEST.json").read_text(encoding="utf-8"))["builder"] == "99.0.0"
    assert manifest["builder"] != "99.0.0"
