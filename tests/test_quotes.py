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
