"""`communique score`: answers of any kind, with the figures of align and evaluate."""

import gzip
import json

import pytest

import samples
from communique import jsonl
from communique.answered import is_scorable
from communique.score.evaluate import as_prediction

EMPTY = '{"id":"made/two","entities":[],"attributions":[]}\n'


@pytest.fixture
def gold(tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    return tmp_path / "gold.jsonl"


def answer(quoted, **changed):
    return {name: value for name, value in {**quoted, **changed}.items() if name != "id"}


@pytest.fixture
def answers(tmp_path):
    """Return answers of which one is whole, one invents a claim and a type, and one is none."""
    named = {"speaker": "The Reed Assembly", "cue": "urged", "claims": [{"quote": "to wait", "rhetoric": "shouting"}]}
    invented = [{"claims": [{"quote": "that nobody said"}]}, named]
    lines = [
        {"id": "made/two", "answer": json.dumps(answer(samples.SECOND_QUOTED, attributions=invented))},
        {"id": "made/one", "answer": f"Well:\n```json\n{json.dumps(answer(samples.QUOTED))}\n```"},
        {"id": "made/three", "answer": "I would rather not."},
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_score_prints_what_align_and_evaluate_print(gold, answers, run, tmp_path):
    code, _, faults = run("align", answers, "--texts", gold, "-o", tmp_path / "pred.jsonl", "--drop")
    assert (code, faults.count("\n")) == (0, 2)
    for options in ([], ["--task", "full", "--format", "csv"], ["--protocol", "cofenet"]):
        wanted = run("evaluate", gold, tmp_path / "pred.jsonl", *options)[1].replace("pred.jsonl", "answers.jsonl")
        assert run("score", gold, answers, *options) == (0, wanted, faults)
    told = json.loads(run("score", gold, answers, "--json", "-o", tmp_path / "kept.jsonl")[1])
    assert told | {"system": ""} == json.loads(run("evaluate", gold, tmp_path / "pred.jsonl", "--json")[1]) | {
        "system": ""
    }
    assert (tmp_path / "kept.jsonl").read_bytes() == (tmp_path / "pred.jsonl").read_bytes()
    assert (told["missing"], told["quotes"]["invented"]) == (["made/three"], 1)


def test_packed_answers_are_scored_under_their_name(gold, answers, run, tmp_path):
    packed = tmp_path / "more.jsonl.gz"
    packed.write_bytes(gzip.compress(answers.read_bytes()))
    told, wanted = (json.loads(run("score", gold, path, "--json")[1]) for path in (packed, answers))
    assert (told.pop("system"), wanted.pop("system")) == ("more.jsonl", "answers.jsonl")
    assert told == wanted


def test_a_folder_of_quotes_is_scored(gold, run, tmp_path):
    for name, (_, quoted, *_) in samples.SOURCES.items():
        path = tmp_path / "answers" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(quoted), encoding="utf-8")
    told = json.loads(run("score", gold, tmp_path / "answers", "--task", "full", "--json")[1])
    assert {s["value"] for s in told["scores"] if s["measure"] == "content+entity+type"} == {1.0}


def test_what_evaluate_takes_is_scored_as_it_is(gold, run, tmp_path):
    jsonl.write(tmp_path / "pred.jsonl", map(as_prediction, samples.documents()))
    (tmp_path / "labels.csv").write_text("id,label\nmade/two#c1,appeal\n", encoding="utf-8")
    (tmp_path / "labels.jsonl").write_text('{"id":"made/two#c1","label":"appeal"}\n', encoding="utf-8")
    for name in ("pred.jsonl", "labels.csv", "labels.jsonl"):
        assert run("score", gold, tmp_path / name) == run("evaluate", gold, tmp_path / name)
        code, _, err = run("score", gold, tmp_path / name, "-o", tmp_path / "kept.jsonl")
        assert (code, "is scored as it is; leave out -o" in err) == (2, True)


@pytest.mark.parametrize(
    ("lines", "scorable"),
    [
        (EMPTY, True),
        (EMPTY + json.dumps(samples.QUOTED), False),
        ("\n" + EMPTY + json.dumps({"id": "made/one", "claims": []}), True),
        (EMPTY + json.dumps({"id": "made/one", "claims": [], "speakers": [], "cues": []}), True),
        ('{"id":"made/one","answer":"{}"}', False),
        ("no JSON", False),
    ],
)
def test_a_text_without_claims_does_not_tell_quotes_from_predictions(lines, scorable, tmp_path):
    (tmp_path / "first.jsonl").write_text(lines, encoding="utf-8")
    assert is_scorable(tmp_path / "first.jsonl") is scorable


def test_answers_that_hold_nothing_are_told(gold, run, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text('{"id":"made/one","answer":"No."}\n{"id":"made/none","answer":"{}"}\n', encoding="utf-8")
    code, out, err = run("score", gold, path)
    assert (code, out) == (1, "")
    assert f"{path}:1: the answer holds no JSON object" in err
    assert run("score", gold, path, "-o", tmp_path / "kept.jsonl")[0] == 1
    assert not (tmp_path / "kept.jsonl").exists()
    assert run("score", gold, tmp_path / "nowhere.jsonl")[0] == 2
    code, _, err = run("score", gold, path, "-o", tmp_path / "folder")
    assert (code, "folder is no .jsonl; leave out -o, or name a .jsonl" in err) == (2, True)
