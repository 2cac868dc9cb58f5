"""The committed results: made anew to the byte, and of this scorer alone."""

import msgspec
import pytest

from communique import resources
from communique.collection import listed
from communique.report import real
from communique.report.bench import BOARD, run, write, written
from communique.score.config import SCORER
from communique.score.evaluate import Evaluation


@pytest.fixture
def old(tmp_path):
    """Return a folder with a result of this scorer and one of an older one."""
    for name, scorer in (("rules", SCORER), ("floor", "0.1.0")):
        held = resources.folder("baselines") / name / "results" / "0.1.0" / "dev.json"
        path = tmp_path / name / "results" / "0.1.0" / "dev.json"
        path.parent.mkdir(parents=True)
        path.write_bytes(held.read_bytes().replace(b"scorer:" + SCORER.encode(), b"scorer:" + scorer.encode()))
    return tmp_path


@pytest.mark.parametrize("name", ["floor", "rules"])
def test_results_are_made_anew_to_the_byte(root, tmp_path, name):
    write(run(name), tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in sorted(tmp_path.glob("*/results/*/*.json"))}
    assert [path.name for path in made] == ["dev.json", "test.json"]
    for path, words in made.items():
        assert (root / "baselines" / path).read_bytes() == words, path


def test_the_board_is_that_of_the_results(root, tmp_path):
    results = [msgspec.json.decode(p.read_bytes(), type=Evaluation) for p in (root / "baselines").glob("*/results/*/*")]
    write(results, tmp_path)
    assert (tmp_path / BOARD).read_bytes() == (root / "baselines" / BOARD).read_bytes()


def test_results_of_another_scorer_are_left_off_and_told(old, run):
    path = old / "floor" / "results" / "0.1.0" / "dev.json"
    mine = msgspec.json.decode(path.read_bytes(), type=Evaluation)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(mine, system="mine")))
    assert "mine" not in {result.system for result in written(old)}
    code, out, _ = run("leaderboard", old)
    assert code == 0
    assert f"floor/results/0.1.0/dev.json is of another scorer than {SCORER} and left out" in " ".join(out.split())
    assert "mine" not in out


def test_a_folder_of_outdated_results_alone_has_none(old, run):
    (old / "rules" / "results" / "0.1.0" / "dev.json").unlink()
    code, _, err = run("leaderboard", old)
    assert (code, "no results here; make them with communique bench" in err) == (2, True)


def test_the_page_says_what_is_left_off(old):
    write([], old)
    page = (old / BOARD).read_text(encoding="utf-8")
    assert f"is of another scorer than {SCORER} and left out" in page.replace("\\", "")
    assert "scorer:0.1.0" not in page


def real_results(root):
    return sorted((root / "baselines").glob("*/results/*@*/*.json"))


def test_real_results_are_of_the_layers_that_are_here(root):
    versions = {(one.version(split), split) for one in listed() for split in one.about.splits}
    for path in real_results(root):
        assert (path.parent.name, path.stem) in versions, f"{path}: of another layer; score it anew and delete this one"


def test_every_collection_stands_on_the_board(root):
    held = {path.parent.name for path in (root / "baselines").glob("rules/results/*/*.json")}
    for one in listed():
        assert {one.version(split) for split in one.about.splits if split != "train"} <= held


@pytest.mark.parametrize("name", [one.about.name for one in listed()])
def test_real_results_are_made_anew_to_the_byte(root, clone, tmp_path, name):
    given = [real.joined(f"{name}={clone(name)}")]
    for system in ("floor", "rules", "annotators"):
        write(real.run(system, "newest", given), tmp_path)
    made = sorted(tmp_path.glob("*/results/*@*/*.json"))
    assert made
    for path in made:
        assert (root / "baselines" / path.relative_to(tmp_path)).read_bytes() == path.read_bytes(), path
