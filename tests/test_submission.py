"""What a row of the board must bring, as docs/howto/submit.md says and `communique submission` checks."""

import json
import re
import shlex
import shutil

import pytest

from communique.report.submission import CARD, FIELDS, checked

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OLDER = ("0.2.0", "0.1.0")
"""The page's release, and one that is as good and has fewer texts."""


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs/howto/submit.md").read_text(encoding="utf-8").replace(*OLDER)


@pytest.fixture(scope="module")
def submitted(page, root, tmp_path_factory):
    """Return a submission that is complete, as the page makes one."""
    folder = tmp_path_factory.mktemp("submitted") / "nearest"
    folder.mkdir()
    (card,) = (block for kind, block in BLOCK.findall(page) if kind == "toml")
    (folder / CARD).write_text(card, encoding="utf-8")
    return folder


@pytest.fixture
def sent(submitted, tmp_path):
    """Return a copy that a test may spoil."""
    return shutil.copytree(submitted, tmp_path / "nearest")


def test_the_commands_of_the_page_print_what_it_says(page, submitted, run, monkeypatch):
    monkeypatch.chdir(submitted.parent)
    for block in (block for kind, block in BLOCK.findall(page) if kind == "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *shown = part.splitlines()
            code, out, err = run(*shlex.split(line)[1:])
            wanted = [row for row in shown if row != "…"]
            assert (code, out.splitlines()[: len(wanted)]) == (0, wanted), err
    board = submitted.parent / "board"
    assert "| nearest |" in (board / "README.md").read_text(encoding="utf-8")
    _, out, _ = run("submission", "nearest")
    (result,) = json.loads(f"[{(board / 'nearest/results/0.1.0/test.json').read_text(encoding='utf-8')}]")
    shown = {tuple(line.split()[1:4]): line.split()[4] for line in out.splitlines() if line.startswith("0.1.0:test")}
    scores = {(s["task"], s["unit"], s["measure"]): s["value"] for s in result["scores"] if s["group"] == "all"}
    assert shown == {key: f"{100 * scores[key]:.1f}" for key in shown}
    assert ("full", "claim", "content+entity+type") in shown


def test_the_page_says_what_the_check_wants(page):
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert [(name.strip("`"), told) for name, told in rows] == [(name, told) for name, (_, told) in FIELDS.items()]


def test_what_is_missing_is_told_in_the_words_of_the_page(page, sent, run, monkeypatch):
    monkeypatch.chdir(sent.parent)
    kept = [line for line in (sent / CARD).read_text().splitlines() if not line.startswith(("saw_test", "cost"))]
    (sent / CARD).write_text("\n".join(kept), encoding="utf-8")
    (wanted,) = (block for kind, block in BLOCK.findall(page) if kind == "text")
    assert run("submission", "nearest") == (1, wanted, "")
    code, out, _ = run("submission", "nearest", "--json")
    assert (code, json.loads(out)["faults"], json.loads(out)["scores"]) == (1, wanted.splitlines(), [])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('saw_test = "no"', "saw_test is 'no', not true or false"),
        ('trained_on = " "', "trained_on is empty"),
        ('release = "9.9.9"', "there is no release '9.9.9'"),
        ('name = "rules"', "'rules' is taken on the board"),
        ('predictions = ["other.jsonl"]', "other.jsonl is missing"),
        ('predictions = ["../found.jsonl"]', "cannot name a file below"),
        ("predictions = []", "predictions is empty"),
        ('seed = "13"', "'seed' is no field of a card"),
        ("cost = ", "is no TOML"),
    ],
)
def test_a_card_that_will_not_do_is_told(sent, line, told):
    field = line.split(" = ")[0]
    kept = [one for one in (sent / CARD).read_text().splitlines() if not one.startswith(f"{field} ")]
    (sent / CARD).write_text("\n".join([*kept, line]), encoding="utf-8")
    (sent / "found.jsonl").touch()
    _, results, faults = checked(sent)
    assert not results
    assert len(faults) == 1
    assert told in faults[0]


def test_predictions_that_leave_test_out_are_told(sent, run, tmp_path):
    assert run("predict", "rules", "0.1.0:dev", "-o", sent / "found.jsonl")[0] == 0
    assert checked(sent)[2] == [f"{sent}: predicts nothing of test; the board compares systems there"]
    assert run("predict", "rules", "0.1.0:test", "-o", sent / "found.jsonl")[0] == 0
    lines = (sent / "found.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (sent / "found.jsonl").write_text("".join(lines[1:]), encoding="utf-8")
    (fault,) = checked(sent)[2]
    assert f"1 of {len(lines)} texts of test are in no file: {json.loads(lines[0])['id']};" in fault


def test_a_folder_without_a_card_is_told(tmp_path, run):
    code, out, _ = run("submission", tmp_path)
    assert (code, f"{CARD} is missing; write one with name, version" in out) == (1, True)
    assert run("submission", tmp_path / "nowhere")[0] == 2
