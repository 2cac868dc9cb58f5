"""The leaderboard: files of predictions, registered systems, and what stands already."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from communique import baselines, jsonl, releases, resources
from communique.baselines import without_entities
from communique.cli.scores import bench
from communique.problems import CommuniqueError, DataError
from communique.records import Document, Prediction
from communique.report import bench as running
from communique.report.bench import run, write, written
from communique.report.submitted import parsed, submitted
from communique.report.tables import board, headline
from communique.score.evaluate import as_prediction


@pytest.fixture(scope="module")
def dev() -> list[Document]:
    return releases.part("newest:dev")[0]


@pytest.fixture
def run_counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the systems that are run, as they come to be."""
    names: list[str] = []
    monkeypatch.setattr(running, "run", lambda name, *others: names.append(name) or run(name, *others))
    return names


def file(folder: Path, name: str, predictions: list[Prediction]) -> Path:
    path = folder / name
    jsonl.write(path, predictions)
    return path


def test_gold_typed_is_an_answer_to_rhetoric_alone(tmp_path, dev):
    (result,) = submitted("gold", [file(tmp_path, "g.jsonl", [as_prediction(d) for d in dev])])
    assert {score.task for score in result.scores} == {"rhetoric"}
    assert headline(result, "rhetoric", "claim", "accuracy").value == 1


def test_gold_attributions_with_entities_and_without_types_are_an_answer_to_holders(tmp_path, dev):
    untyped = [replace(without_entities(d), entities=d.entities, attributions=d.attributions) for d in dev]
    (result,) = submitted("held", [file(tmp_path, "h.jsonl", untyped)])
    assert {score.task for score in result.scores} == {"holders"}
    assert headline(result, "holders", "attribution", "holder").value == 1


def test_claims_that_are_not_golds_are_an_answer_from_text(tmp_path, dev):
    (result,) = submitted("empty", [file(tmp_path, "e.jsonl", [Prediction(id=d.id) for d in dev])])
    assert {score.task for score in result.scores} == {"spans", "attribution", "full"}
    assert headline(result, "full", "claim", "content").value == 0


def test_a_system_may_bring_one_file_for_each(tmp_path, dev):
    typed = file(tmp_path, "t.jsonl", [as_prediction(d) for d in dev])
    found = file(tmp_path, "f.jsonl", [Prediction(id=d.id) for d in dev])
    (result,) = submitted("both", [found, typed])
    assert [*dict.fromkeys(score.task for score in result.scores)] == ["spans", "attribution", "rhetoric", "full"]
    assert sum(sum(row.values()) for row in result.confusion.values()) == sum(len(d.claims) for d in dev)
    with pytest.raises(CommuniqueError, match="answer the same task"):
        submitted("both", [found, found])


def test_what_a_file_leaves_out_counts_as_missed(tmp_path, dev):
    (result,) = submitted("some", [file(tmp_path, "s.jsonl", [Prediction(id=dev[0].id)])])
    assert result.missing == tuple(document.id for document in dev[1:])


def test_what_could_not_be_paired_is_told_of_every_file(tmp_path, dev):
    held = [replace(without_entities(d), entities=d.entities, attributions=d.attributions) for d in dev[1:]]
    typed = [as_prediction(d) for d in dev[2:]]
    files = [file(tmp_path, "h.jsonl", held), file(tmp_path, "t.jsonl", typed)]
    (result,) = submitted("some", files)
    assert [note.partition(":")[0] for note in result.notes] == ["holders", "rhetoric"]
    assert submitted("some", files[::-1])[0].notes == result.notes


def test_a_file_of_both_parts_is_scored_on_both(tmp_path, dev):
    test = releases.part("newest:test")[0]
    results = submitted("two", [file(tmp_path, "b.jsonl", [Prediction(id=d.id) for d in (*test, *dev)])])
    assert [result.gold.partition(":")[2] for result in results] == ["dev", "test"]


@pytest.mark.parametrize("ids", [["train/unknown"], []])
def test_a_file_of_other_texts_is_refused(tmp_path, ids):
    path = file(tmp_path, "x.jsonl", [Prediction(id=name) for name in ids])
    with pytest.raises(CommuniqueError, match=r"x\.jsonl: predicts no part"):
        submitted("x", [path])


def test_faults_are_told_with_file_and_line(tmp_path, dev):
    path = file(tmp_path, "twice.jsonl", [Prediction(id=dev[0].id)] * 2)
    with pytest.raises(DataError, match=r"twice\.jsonl:2"):
        submitted("x", [path])


@pytest.mark.parametrize(
    "option", ["x", "=f", "a/b=f", "..=f", "x=", "rules=f", "annotators=f", "-x=f", "README.md=f", "CRF=f"]
)
def test_names_that_cannot_stand_on_the_board(option):
    with pytest.raises(CommuniqueError, match=r"NAME=FILE|taken on the board"):
        parsed(option)


def test_the_board_keeps_what_was_written_before(tmp_path, dev):
    write(run("majority"), tmp_path)
    write(submitted("mine", [file(tmp_path, "m.jsonl", [as_prediction(d) for d in dev])]), tmp_path)
    systems = [row[1] for row in board(written(tmp_path), "rhetoric").rows]
    known = ["floor", "majority", "rules", "linear"]
    assert systems == [*known, "mine", *known]
    assert "| mine |" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_packaged_results_stand_beside_on_the_same_part_alone(tmp_path, dev):
    write(submitted("mine", [file(tmp_path, "m.jsonl", [Prediction(id=d.id) for d in dev])]), tmp_path)
    packaged = written(resources.folder("baselines"))
    beside = [result for result in written(tmp_path) if result.system != "mine"]
    assert beside == [result for result in packaged if result.gold == f"{releases.listed()[-1]}:dev"]


def test_a_result_in_the_folder_goes_before_the_packaged_one(tmp_path):
    own = [msgspec.structs.replace(result, documents=0) for result in written(resources.folder("baselines"))]
    write(own, tmp_path)
    assert written(tmp_path) == own


def test_only_what_is_asked_for_is_run_and_once(tmp_path, run_counted):
    bench(output=tmp_path, only=["rules", "majority", "rules"])
    assert run_counted == ["rules", "majority"]


def test_a_failure_loses_no_finished_system(tmp_path):
    with pytest.raises(CommuniqueError, match="no baseline 'nothing'"):
        bench(output=tmp_path, only=["majority", "nothing"])
    assert [path.parts[-4] for path in tmp_path.glob("*/results/*/test.json")] == ["majority"]


PLUGIN = """
from communique.baselines.majority import Majority
class Mine(Majority):
    name = "mine"
"""


def plugin(folder: Path, entry: str, module: str = PLUGIN) -> None:
    (folder / "plug.py").write_text(module, encoding="utf-8")
    info = folder / "plug-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plug\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[communique.baselines]\n{entry}\n", encoding="utf-8")


def test_an_installed_package_brings_a_baseline(tmp_path, monkeypatch):
    plugin(tmp_path, "mine = plug:Mine")
    monkeypatch.syspath_prepend(tmp_path)
    assert baselines.known()[-1] == "mine"
    model = baselines.create("mine").fit(releases.part("newest:dev")[0])
    model.save(tmp_path / "model")
    assert type(baselines.load(tmp_path / "model")).__name__ == "Mine"


READY = """
import msgspec
from communique.baselines import Baseline
from communique.baselines.base import save_card
from communique.baselines.settings import Positive, Settings, read
from communique.records import Prediction

class Knobs(Settings, frozen=True, kw_only=True):
    times: Positive = 1

class Ready(Baseline):
    name = "ready"
    tasks = ("spans",)
    untrained = True
    settings_type = Knobs

    def __init__(self, parameters=None):
        self.settings = read(Knobs, self.name, parameters)
        self.done = 0

    def fit(self, documents):
        return self

    def predict(self, sources):
        found = [Prediction(id=source.id) for source in sources]
        self.done += len(found) * self.settings.times
        return found

    def summary(self):
        return f"{self.done} are done"

    def save(self, folder):
        save_card(folder, self.name, msgspec.to_builtins(self.settings))

    @classmethod
    def load(cls, folder, card):
        return cls(card.parameters)
"""


def test_a_package_brings_a_baseline_that_needs_no_training_can_be_set_and_tells_what_it_did(
    tmp_path, monkeypatch, run
):
    plugin(tmp_path, "ready = plug:Ready", READY)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "plug", raising=False)
    (tmp_path / "text.txt").write_text("He said no.\n", encoding="utf-8")
    code, out, err = run("predict", "ready", tmp_path / "text.txt")
    wrote = "standard output holds predictions for 1 texts with 0 claims\n"
    assert (code, json.loads(out)["id"], err) == (0, "text", f"{wrote}1 are done\n")
    assert run("train", "ready", "-o", tmp_path / "m", "--data", "newest:dev", "--set", "times=3")[0] == 0
    assert run("predict", tmp_path / "m", tmp_path / "text.txt")[2] == f"{wrote}3 are done\n"
    code, _, err = run("train", "ready", "-o", tmp_path / "n", "--set", "time=3")
    assert (code, err) == (2, "communique: ready: there is no setting `time`; do you mean `times`?\n")


def test_a_package_whose_baseline_lacks_a_member_is_told_which(tmp_path, monkeypatch):
    plugin(tmp_path, "bare = plug:Bare", "class Bare:\n    name = 'bare'\n    untrained = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "plug", raising=False)
    with pytest.raises(CommuniqueError, match=r"'bare' has no revision, .*no summary; derive its class from"):
        baselines.create("bare")


@pytest.mark.parametrize(
    ("entry", "name", "told"),
    [
        ("mine = plug:Nothing", "mine", "the package plug: its baseline 'mine' cannot be loaded"),
        ("mine = nowhere:Mine", "mine", "the package plug: its baseline 'mine' cannot be loaded"),
        ("hers = plug:Mine", "hers", "its name is 'mine'"),
        ("rules = plug:Mine", "rules", "several baselines are named 'rules'"),
        ("mine = plug:Mine", "other", "there is no baseline 'other'"),
    ],
)
def test_broken_and_clashing_packages_are_named(tmp_path, monkeypatch, entry, name, told):
    plugin(tmp_path, entry)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(CommuniqueError, match=told):
        baselines.create(name)
    assert baselines.create("majority").name == "majority"


def test_a_package_that_fails_on_import_stops_nothing_else(tmp_path):
    plugin(tmp_path, "mine = plug:Mine", "raise RuntimeError('no')")
    told = subprocess.run(
        [sys.executable, "-m", "communique", "train", "mine", "-o", str(tmp_path / "m")],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path)},
        check=False,
    )
    assert (told.returncode, "Traceback" in told.stderr, "package plug" in told.stderr) == (2, False, True)


def test_bench_writes_over_no_readme_and_no_file_of_somebody_else(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("bench", "--only", "majority")
    assert (code, "name the folder for results with -o" in err) == (2, True)
    (tmp_path / "README.md").write_text("# My project\n", encoding="utf-8")
    code, _, err = run("bench", "--only", "majority", "-o", tmp_path)
    assert (code, "README.md is there" in err) == (2, True)
    (tmp_path / "README.md").unlink()
    mine = tmp_path / "majority" / "results" / releases.listed()[-1] / "test.json"
    mine.parent.mkdir(parents=True)
    mine.write_text('{"mine": 1}\n')
    code, _, err = run("bench", "--only", "majority", "-o", tmp_path)
    assert (code, "test.json is there" in err) == (2, True)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["test.json"]
