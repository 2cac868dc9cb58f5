import io
import json
import os
import re
import subprocess
import sys

import msgspec
import pytest

import samples
from communique import jsonl
from communique.records import Prediction
from communique.score.tasks import TASKS

COMMANDS = [
    "build",
    "verify",
    "cite",
    "validate",
    "stats",
    "diff",
    "show",
    "align",
    "collections",
    "hydrate",
    "dehydrate",
    "ask",
    "answers",
    "train",
    "predict",
    "evaluate",
    "bench",
    "leaderboard",
    "agreement",
]


@pytest.fixture
def files(tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    jsonl.write(tmp_path / "pred.jsonl", [samples.layer(name) for name in samples.SOURCES])
    (tmp_path / "texts").mkdir()
    for name, (text, *_) in samples.SOURCES.items():
        (tmp_path / "texts" / f"{name.split('/')[1]}.txt").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "Usage" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["verify", "9.9.9"],
        ["verify", "--release"],
        ["verify", "--against", "c82032606c6830d"],
        ["verify", "--against", "nothing hexadecimal"],
        ["cite", "9.9.9"],
        ["cite", "--format", "html"],
        ["validate"],
        ["validate", "nowhere.jsonl"],
        ["stats", "nowhere"],
        ["stats", "newest:tset"],
        ["show", "no/such/document"],
        ["align", "nowhere", "--texts", ".", "-o", "x"],
        ["train", "oracle", "-o", "x"],
        ["predict", "nowhere", "x.txt"],
        ["predict", "rules", "nowhere.txt"],
        ["evaluate", "nowhere.jsonl", "x"],
        ["evaluate", "newest:test", "nowhere.jsonl"],
        ["evaluate", "newest:test", "x", "--task", "typing"],
        ["leaderboard", "nowhere"],
        ["build", "--seeds", "nowhere"],
    ],
)
def test_misuse_ends_with_2_one_message_and_no_traceback(run, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert code == 2
    assert err.strip()
    assert "Traceback" not in out + err
    assert list(tmp_path.iterdir()) == []


def test_predict_takes_documents_texts_folders_and_standard_input(files, run, monkeypatch):
    def ids(out):
        return [msgspec.json.decode(line, type=Prediction).id for line in out.splitlines()]

    assert ids(run("predict", "rules", files / "gold.jsonl")[1]) == list(samples.SOURCES)
    assert ids(run("predict", "rules", files / "texts" / "two.txt")[1]) == ["two"]
    assert ids(run("predict", "rules", files / "texts")[1]) == ["one", "three", "two"]
    stdin = io.TextIOWrapper(io.BytesIO(samples.TEXT.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert ids(run("predict", "rules", "-")[1]) == ["stdin"]
    code, _, err = run("predict", "rules", files / "texts", "--given-claims")
    assert (code, "brings no claims" in err) == (2, True)


def test_train_predict_evaluate_agree_with_each_other(files, run):
    code, _, _ = run("train", "linear", "-o", files / "model", "--data", files / "gold.jsonl")
    assert code == 0
    code, _, _ = run("predict", files / "model", files / "gold.jsonl", "--given-claims", "-o", files / "out.jsonl")
    assert code == 0
    code, out, _ = run("evaluate", files / "gold.jsonl", files / "out.jsonl", "--task", "rhetoric", "--json")
    assert code == 0
    accuracy = next(s for s in json.loads(out)["scores"] if s["measure"] == "accuracy")
    assert accuracy["value"] > 0.5
    assert accuracy["gold"] == 7


def test_evaluate_prints_support_interval_and_signature(files, run):
    code, out, _ = run("evaluate", files / "gold.jsonl", files / "pred.jsonl")
    assert code == 0
    assert re.search(r"spans +claim +exact +all +100\.0 +100\.0 +100\.0 +– +7 +7", out)
    assert out.count("communique|v:none|collection:made|split:gold|task:") == len(TASKS)


@pytest.mark.parametrize("protocol", ["cofenet", "ptc", "nervaluate", "seqeval"])
def test_foreign_protocols_have_intervals_and_signatures_too(files, run, protocol):
    code, out, _ = run("evaluate", files / "gold.jsonl", files / "pred.jsonl", "--protocol", protocol)
    assert code == 0
    assert f"|task:{protocol}|match:{protocol}|interval:jackknife-t|" in out
    assert re.search(r"100\.0 +– +\d", out), "three documents are too few for an interval"


def test_faulty_predictions_end_with_1_and_their_place(files, run):
    text = (files / "pred.jsonl").read_text(encoding="utf-8").replace('"start":58', '"start":59', 1)
    (files / "pred.jsonl").write_text(text, encoding="utf-8")
    code, _, err = run("evaluate", files / "gold.jsonl", files / "pred.jsonl")
    assert (code, "span-text-mismatch" in err, "pred.jsonl:1" in err) == (1, True, True)


def test_nothing_is_half_written(files, run):
    bad = (files / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    (files / "gold.jsonl").write_text("\n".join([*bad[:2], bad[2][:50]]) + "\n", encoding="utf-8")
    code, _, _ = run("predict", "rules", files / "gold.jsonl", "-o", files / "out.jsonl")
    assert code == 1
    assert not list(files.glob("*out.jsonl*"))


def test_stats_count_what_is_there(files, run):
    code, out, _ = run("stats", files / "gold.jsonl", "--json")
    counted = json.loads(out)["made"]
    assert code == 0
    assert (counted["documents"], counted["claims"], counted["claims.denial"]) == (3, 7, 2)
    assert (counted["nested"], counted["discontinuous"], counted["genre.wire"]) == (1, 1, 3)


def test_show_prints_the_text_and_every_claim(files, run):
    code, out, _ = run("show", files / "gold.jsonl")
    assert code == 0
    assert "We will shut the lock" in out
    assert "c3 in c2" in out
    assert "denial + accusation" in out


def test_show_does_not_let_a_text_command_the_terminal(tmp_path, run):
    document = samples.document("made/two")
    evil = msgspec.structs.replace(document, text=document.text + "\x1b]0;title\x07 \x9b2J [bold]x[/bold]\n")
    jsonl.write(tmp_path / "evil.jsonl", [evil])
    code, out, _ = run("show", tmp_path / "evil.jsonl")
    assert code == 0
    assert not {"\x1b", "\x07", "\x9b"} & set(out)
    assert "[bold]x[/bold]" in out


def test_agreement_tells_kappa_and_alpha(files, run):
    code, out, _ = run("agreement", files / "gold.jsonl", files / "gold.jsonl")
    assert code == 0
    assert re.search(r"all +1\.000 +1\.000 +1\.000 +7 +3", out)


def test_output_in_a_pipe_is_plain(files):
    done = subprocess.run(
        [sys.executable, "-m", "communique", "show", files / "gold.jsonl"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
