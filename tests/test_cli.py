import csv
import io
import json
import os
import re
import subprocess
import sys

import msgspec
import pytest

import communique
import samples
from communique import jsonl
from communique.cli import app
from communique.records import Prediction
from communique.score.tasks import TASKS

GROUPS = {
    "Corpus": ["start", "build", "validate", "stats", "show"],
    "Annotate": ["ask", "answers", "align", "import", "agreement"],
    "Label": ["train", "predict", "label"],
    "Score": ["evaluate", "score", "compare", "bench", "leaderboard"],
    "Share": ["verify", "diff", "cite", "submission", "export", "collections", "hydrate", "dehydrate", "site"],
    "This installation": ["doctor"],
}
COMMANDS = [command for commands in GROUPS.values() for command in commands]
HEAVY = {"datasets", "numpy", "pandas", "pyarrow", "sklearn", "scipy", "spacy", "torch", "rich"}
COMPLETED = """
import sys
from communique.cli import main
sys.argv = ["communique"]
try:
    main()
finally:
    print(*sorted(sys.modules))
"""


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


def test_the_help_groups_commands_in_the_order_in_which_one_goes(run):
    code, out, _ = run("--help")
    panels = re.findall(r"^╭─ (.+?) ─+╮\n(.*?)^╰", out, re.M | re.S)[1:]
    assert (code, [title for title, _ in panels]) == (0, [*GROUPS])
    assert {title: re.findall(r"^│ (\w+)", commands, re.M) for title, commands in panels} == GROUPS


def test_commands_are_registered_once_however_often_they_run(run):
    run("--version")
    known = len(app.registered_commands)
    run("--version")
    assert len(app.registered_commands) == known


def test_the_version_is_told(run):
    assert run("--version") == (0, f"communique {communique.__version__}\n", "")


def test_completion_knows_choices_and_imports_nothing_heavy():
    told = {"COMP_WORDS": "communique cite --format ", "COMP_CWORD": "3", "_COMMUNIQUE_COMPLETE": "complete_bash"}
    command = [sys.executable, "-c", COMPLETED]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **told})
    *choices, modules = done.stdout.splitlines()
    assert choices == ["text", "bibtex", "apa", "cff", "datacite"]
    assert not HEAVY & set(modules.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["agreement", "nowhere", "nowhere"],
        ["answers", "nowhere", "-o", "x"],
        ["ask", "nowhere", "--for", "types", "-o", "x"],
        ["bench", "--predictions", "nothing", "-o", "x"],
        ["cite", "--json", "--format", "cff"],
        ["collections", "more"],
        ["compare", "newest:dev", "x", "y"],
        ["dehydrate", "nowhere", "-o", "x"],
        ["diff", "nowhere"],
        ["doctor", "more"],
        ["export", "nothing", "newest:dev", "-o", "x"],
        ["hydrate", "nothing", ".", "-o", "x"],
        ["import", "nothing", "x", "-o", "y"],
        ["label", "nowhere", "-o", "x"],
        ["show", "newest:dev", "--release", "0.1.0"],
        ["start", "nowhere", "-o", "x"],
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


def test_predict_says_what_it_wrote(files, run):
    code, out, err = run("predict", "rules", files / "gold.jsonl", "-o", files / "out.jsonl")
    claims = sum(len(one.claims) for one in jsonl.read(files / "out.jsonl", Prediction))
    told = f"holds predictions for 3 texts with {claims} claims\n"
    assert (code, out, err) == (0, f"{files / 'out.jsonl'} {told}", "")
    assert run("predict", "rules", files / "gold.jsonl")[2] == f"standard output {told}"


@pytest.fixture
def fields(root):
    """Return by command what the page says that ``--json`` prints."""
    rows = re.findall(r"^\| (`.+) \| .+ \| (.+) \|$", (root / "docs/command-line.md").read_text(encoding="utf-8"), re.M)
    return {name: re.findall("`([a-z0-9_]+)`", told) for name, told in rows}


def test_json_has_the_fields_that_the_page_names(files, run, fields):
    gold, predicted = files / "gold.jsonl", files / "pred.jsonl"
    for name, arguments in {
        "`evaluate`": [gold, predicted],
        "`compare`": [gold, predicted, predicted, "--rounds", 2],
        "`leaderboard`, `bench`": [],
        "`agreement` of documents": [gold, gold],
        "`diff`": [gold, gold],
        "`collections`": [],
        "`cite`": ["0.1.0"],
        "`label`": [gold, "-o", files / "out", "--model", "rules"],
    }.items():
        command = re.match("`([a-z]+)`", name)[1]
        code, out, err = run(command, *arguments, "--json")
        told = json.loads(out)
        assert (code, err, out.count("\n")) == (0, "", 1), command
        assert set(told) <= set(fields[name]), command
        inner = {"quotes", "invention_rate", *told.get("found", ())}
        assert {field for field in fields[name] if field not in told} <= inner, command
    assert set(json.loads(run("stats", gold, "--json")[1])) == {"made"}
    (files / "bad.jsonl").write_text("{}\n")
    for command, told in (("validate", gold), ("validate", files / "bad.jsonl"), ("verify", "0.1.0")):
        code, out, _ = run(command, told, "--json")
        problems = json.loads(out)
        assert (code, bool(problems)) == ((1, True) if told == files / "bad.jsonl" else (0, False))
        assert all(set(one) == set(fields["`validate`, `verify`"]) for one in problems)


def test_the_json_of_the_leaderboard_is_what_its_csv_says(run):
    scores = json.loads(run("leaderboard", "--json")[1])["scores"]
    rows = list(csv.DictReader(io.StringIO(run("leaderboard", "--format", "csv")[1])))
    assert [row["signature"] for row in rows] == [one["signature"] for one in scores]
    assert [row["value"] for row in rows] == ["" if one["value"] is None else str(one["value"]) for one in scores]


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
