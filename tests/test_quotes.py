"""Answers in quotes: what is found, mended, ambiguous, invented."""

import json

import msgspec
import pytest

import samples
from communique.quotes.align import align, repaired
from communique.quotes.find import Text, quality
from communique.quotes.records import QuotedDocument


def answer(**changes):
    plain = json.loads(json.dumps(samples.QUOTED))
    for path, value in changes.items():
        node = plain["attributions"]
        *keys, last = path.split("_")
        for key in keys:
            node = node[int(key) if key.isdigit() else key]
        node[last] = value
    return msgspec.convert(plain, QuotedDocument)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("“We will shut the lock,”", "exact"),
        ('"We will shut the lock,"', "repaired"),
        ("We  will\nshut", "repaired"),
        ("the", "ambiguous"),
        ("We shall shut the lock", "invented"),
        (["“Not one coin,”", "“was ever promised.”"], "exact"),
        (["“was ever promised.”", "“Not one coin,”"], "invented"),
    ],
)
def test_how_a_quote_is_found(words, kind):
    assert quality(Text(samples.TEXT), words if isinstance(words, str) else tuple(words)) == kind


def test_what_is_invented_is_dropped_and_counted():
    kept, counts = repaired(samples.TEXT, answer(**{"0_claims_0_quote": "We shall open it", "3_cue": "shouted"}))
    assert counts.invented == 2
    assert [item.id for item in kept.attributions] == ["x2", "x3", "x4"]
    found = align(samples.TEXT, kept)
    assert len(found.claims) == 3
    assert found.attributions[-1].cue is None


def test_a_nested_attribution_outlives_its_invented_parent():
    kept, _ = repaired(samples.TEXT, answer(**{"1_claims_0_quote": "nothing of the kind"}))
    assert {item.id: item.parent for item in kept.attributions}["x3"] is None


def test_nothing_is_dropped_from_a_faithful_answer():
    quoted = answer()
    kept, counts = repaired(samples.TEXT, quoted)
    assert kept == quoted
    assert (counts.invented, counts.repaired) == (0, 0)
    assert counts.exact > 0


def test_the_command_counts_and_the_counts_travel(tmp_path, run):
    plain = json.loads(json.dumps(samples.QUOTED))
    plain["attributions"][0]["claims"][0]["quote"] = "We shall open it"
    (tmp_path / "answers.jsonl").write_text(json.dumps(plain) + "\n", encoding="utf-8")
    from communique import jsonl

    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    arguments = ("align", tmp_path / "answers.jsonl", "--texts", tmp_path / "gold.jsonl", "-o", tmp_path / "pred.jsonl")
    code, out, _ = run(*arguments)
    assert (code, "quote-not-found" in out, (tmp_path / "pred.jsonl").exists()) == (1, True, False)
    code, out, _ = run(*arguments, "--drop")
    assert code == 0
    assert "1 invented of" in out
    line = json.loads((tmp_path / "pred.jsonl").read_text(encoding="utf-8"))
    assert line["quotes"]["invented"] == 1
    code, out, _ = run("evaluate", tmp_path / "gold.jsonl", tmp_path / "pred.jsonl", "--task", "spans")
    assert (code, "1 invented of" in out) == (0, True)
    code, out, _ = run("evaluate", tmp_path / "gold.jsonl", tmp_path / "pred.jsonl", "--task", "spans", "--json")
    result = json.loads(out)
    assert result["quotes"] == line["quotes"]
    assert result["invention_rate"] == pytest.approx(1 / sum(line["quotes"].values()), abs=1e-6)


ANSWER = {"attributions": [{"claims": [{"quote": "to wait"}]}]}


@pytest.fixture
def answers(tmp_path):
    """Return a function that writes answers about the second text, each with its own changes, and its text."""
    (tmp_path / "texts/made").mkdir(parents=True)
    (tmp_path / "texts/made/two.txt").write_text(samples.SECOND_TEXT, encoding="utf-8")

    def write(*changes, around=("", "")):
        lines = "".join(json.dumps({"id": "made/two", **ANSWER, **change}) + "\n" for change in changes)
        (tmp_path / "answers.jsonl").write_text(f"{around[0]}{lines}{around[1]}", encoding="utf-8")
        return (tmp_path / "answers.jsonl", "--texts", tmp_path / "texts", "-o", tmp_path / "pred.jsonl")

    return write


FAULTY = [
    ({"spoken": 1}, "unknown field `spoken`"),
    ({"id": "made/nine"}, "nine.txt"),
    ({"attributions": [{"claims": [{"quote": "to row"}]}]}, "not in the text"),
    ({"attributions": [{"id": "x", "parent": "k", "claims": [{"id": "k", "quote": "to wait"}]}]}, "leads back"),
    ({}, "annotated twice"),
]


def test_every_faulty_line_is_told_and_nothing_is_written(answers, tmp_path, run):
    code, out, _ = run("align", *answers({}, *(change for change, _ in FAULTY)))
    assert (code, (tmp_path / "pred.jsonl").exists()) == (1, False)
    told = {line.split(":")[1]: line for line in out.splitlines()}
    assert {number: words in told[str(number)] for number, (_, words) in enumerate(FAULTY, 2)} == dict.fromkeys(
        range(2, 7), True
    )


def test_with_drop_the_good_lines_are_written_and_the_others_told(answers, tmp_path, run):
    code, out, err = run("align", *answers({"spoken": 1}, {}, {"id": "made/nine"}), "--drop")
    assert code == 0
    assert ("answers.jsonl:1: " in err, "answers.jsonl:3: " in err, "1 exact" in out) == (True, True, True)
    assert [json.loads(line)["id"] for line in (tmp_path / "pred.jsonl").read_text().splitlines()] == ["made/two"]


def test_with_drop_and_nothing_good_nothing_is_written(answers, tmp_path, run):
    code, _, err = run("align", *answers({"attributions": [{"spoken": 1}]}), "--drop")
    assert (code, "spoken" in err, (tmp_path / "pred.jsonl").exists()) == (1, True, False)


def test_a_fence_around_answers_is_passed_over(answers, run, tmp_path):
    assert run("align", *answers({}, around=("\ufeff```json\n", "```\n")))[0] == 0
    as_file = tmp_path / "answer.json"
    as_file.write_text(f"```json\n{json.dumps({'id': 'made/two', **ANSWER}, indent=1)}\n```\n", encoding="utf-8")
    assert run("align", as_file, "--texts", tmp_path / "texts", "-o", tmp_path / "pred.jsonl")[0] == 0


RAW = {
    "thoughts": '<think>{{id}} is {{"entities": []}}</think> {}',
    "prose": "Here you are: {} That is {{all}}.",
    "comma": "{},",
}


@pytest.mark.parametrize("around", RAW.values(), ids=RAW)
def test_raw_answers_are_read_as_llm_reads_them(answers, run, tmp_path, around):
    said = {"id": "made/two", "attributions": [{"id": 1, "form": None, "at": "1", **ANSWER["attributions"][0]}]}
    arguments = answers()
    arguments[0].write_text(around.format(json.dumps(said).replace("}]", "},]")) + "\n", encoding="utf-8")
    assert run("align", *arguments)[0] == 0
    (line,) = (tmp_path / "pred.jsonl").read_text(encoding="utf-8").splitlines()
    assert [claim["spans"][0]["text"] for claim in json.loads(line)["claims"]] == ["to wait"]


def test_with_drop_a_fault_costs_its_attribution_and_is_told_without_drop_all(answers, run, tmp_path):
    faulty = {
        "attributions": [
            *ANSWER["attributions"],
            {"claims": [], "parent": 1},
            {"entities": ["x"], **ANSWER["attributions"][0]},
        ]
    }
    arguments = answers(faulty)
    code, out, _ = run("align", *arguments)
    assert (code, "$.attributions[1]: claims is missing" in out, (tmp_path / "pred.jsonl").exists()) == (1, True, False)
    code, _, err = run("align", *arguments, "--drop")
    assert (code, "$.attributions[1]: claims is missing" in err) == (0, True)
    assert (tmp_path / "pred.jsonl").exists()


def test_several_documents_in_one_answer_are_refused_not_lost(answers, run, tmp_path):
    one, other = ({"id": name, **ANSWER} for name in ("made/one", "made/two"))
    (tmp_path / "both.json").write_text(json.dumps([one, other]), encoding="utf-8")
    answers()
    assert (
        run("align", tmp_path / "both.json", "--texts", tmp_path / "texts", "-o", tmp_path / "pred.jsonl", "--drop")[0]
        == 1
    )


def test_lines_are_counted_as_they_stand_in_the_file(answers, run):
    _, out, _ = run("align", *answers({"id": "made/nine"}, around=("\n\n", "")))
    assert "answers.jsonl:3: " in out


def test_texts_may_be_those_of_a_release(tmp_path, run):
    from communique import releases

    document = releases.load("dev")[0]
    words = document.claims[0].spans[0].text
    quoted = {"id": document.id, "attributions": [{"claims": [{"quote": words}]}]}
    (tmp_path / "answers.jsonl").write_text(json.dumps(quoted) + "\n", encoding="utf-8")
    answers = ("align", tmp_path / "answers.jsonl", "--texts", "newest:dev", "-o")
    assert run(*answers, tmp_path / "pred.jsonl")[0] == 0
    assert run(*answers, tmp_path / "brat")[0] == 0
    assert (tmp_path / "brat" / f"{document.id}.ann").is_file()
    code, out, _ = run("agreement", tmp_path / "pred.jsonl", tmp_path / "pred.jsonl", "--texts", "newest:dev", "--json")
    assert (code, json.loads(out)["texts"]) == (0, 1)


def test_what_align_wrote_is_valid_and_is_compared_with_its_texts(answers, tmp_path, run):
    run("align", *answers({}))
    pred = tmp_path / "pred.jsonl"
    assert run("validate", pred)[0] == 0
    code, out, _ = run("agreement", pred, pred, "--texts", tmp_path / "texts", "--json")
    assert (code, json.loads(out)["texts"]) == (0, 1)
    code, _, err = run("agreement", pred, pred)
    assert (code, "--texts" in err) == (2, True)


def test_a_document_that_is_predicted_twice_is_refused(answers, tmp_path, run):
    run("align", *answers({}))
    pred = tmp_path / "pred.jsonl"
    pred.write_text(pred.read_text() * 2, encoding="utf-8")
    for path in (pred, answers({}, {})[0]):
        code, out, _ = run("validate", path)
        assert (code, f"{path}:2: " in out, "document-id-duplicate" in out) == (1, True, True)
