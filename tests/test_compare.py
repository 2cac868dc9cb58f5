import itertools
import json
import re
from collections import Counter
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
import strategies
from communique import jsonl
from communique.problems import CommuniqueError
from communique.records import Prediction
from communique.report.compare import difference_grid, sentence, tells_apart
from communique.score.compare import Difference, compare
from communique.score.config import TASKS, ScoreConfig
from communique.score.evaluate import as_prediction, evaluate
from communique.score.intervals import DIFFERENCE, Clusters, interval
from communique.score.pairing import Pairing
from communique.score.protocols import PROTOCOLS
from communique.score.randomisation import exchanged, holm, randomisation_p
from communique.score.repeats import comparable
from communique.score.task import counted

QUICK = ScoreConfig(rounds=60)
NAMES = [f"made/{number}" for number in range(3)]
golds = st.tuples(*map(strategies.gold_documents, NAMES)).map(list)
systems = st.tuples(*map(strategies.predictions, NAMES)).map(list)
TWELVE = [f"made/{number:02}" for number in range(12)]


def against(*told, **more):
    return compare(*told, **more).differences


def figures(found):
    return [(one.difference, one.low, one.high, one.z) for one in found]


def chances(found):
    return [(one.randomisation_p, one.randomisation_holm) for one in found]


def counts(gold, predictions):
    """Return what the task full counts in each document."""
    return [counted(TASKS["full"].judge(Pairing(*pair))) for pair in zip(gold, predictions, strict=True)]


@settings(max_examples=25)
@given(golds, systems)
def test_a_system_does_not_differ_from_itself(gold, given_):
    for one in against(gold, [("a", given_), ("b", given_)], QUICK):
        if one.difference is not None:
            assert (one.difference, one.low, one.high, one.z) == (0, None, None, None)
            assert one.reason
            assert chances([one]) == [(1, 1)]


def twelve(layers):
    """Return as many documents as intervals take, of the layers in turn."""
    return [msgspec.structs.replace(layers[n % len(layers)], id=name) for n, name in enumerate(TWELVE)]


@settings(max_examples=25)
@given(golds.map(twelve), systems.map(twelve), systems.map(lambda found: twelve(found[:2])))
def test_exchanging_the_systems_negates_the_differences(gold, one, other):
    there = against(gold, [("a", one), ("b", other)], QUICK)
    back = against(gold, [("b", other), ("a", one)], QUICK)
    for (d, low, high, z), (e, other_low, other_high, other_z) in zip(figures(there), figures(back), strict=True):
        assert (d is None) == (e is None)
        if d is not None:
            assert d == pytest.approx(-e, abs=2e-6)
            assert (low is None) == (other_low is None) == (z is None) == (other_z is None)
            assert low is None or (low, high, z) == pytest.approx((-other_high, -other_low, -other_z), abs=3e-6)
    assert chances(there) == chances(back)


@settings(max_examples=25)
@given(golds, systems, systems)
def test_values_are_those_of_evaluate(gold, one, other):
    found = against(gold, [("a", one), ("b", other)], QUICK)
    compared = [name for name in TASKS if name in {d.task for d in found}]
    assert {"spans", "attribution", "full"} <= set(compared)
    assert [(d.task, d.unit, d.measure) for d in found] == [(t, *key) for t in compared for key in TASKS[t].headlines]
    for given_, name in ((one, "base_value"), (other, "system_value")):
        scores = [s for task in compared for s in evaluate(gold, given_, ScoreConfig(tasks=(task,))).scores]
        told = {(s.task, s.unit, s.measure): s.value for s in scores if s.group == "all"}
        assert [getattr(d, name) for d in found] == [told[d.task, d.unit, d.measure] for d in found]


p_values = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@given(p_values)
def test_holm_raises_p_values_and_keeps_their_order(values):
    corrected = holm(values)
    assert all(low <= high <= 1 for low, high in zip(values, corrected, strict=True))
    ranked = [corrected[i] for i in np.argsort(values, kind="stable")]
    assert ranked == sorted(ranked)
    assert min(corrected) == pytest.approx(min(1, len(values) * min(values)))


@given(p_values, st.randoms())
def test_holm_does_not_depend_on_the_order(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    corrected = holm(values)
    assert holm([values[i] for i in order]) == pytest.approx([corrected[i] for i in order])


def test_holm_worked_example():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


# A slow reference in plain Python: whole documents are copied and swapped, exact fractions are added


def plain_f1(documents):
    total = Counter()
    for counts in documents:
        total.update({what: Fraction(counts["claim", what]) for what in ("gold", "predicted", "content")})
    whole = total["gold"] + total["predicted"]
    return 2 * total["content"] / whole if whole else None


def less(one, other):
    return None if None in (one, other) else other - one


def swapped(one, other, swap):
    """Return the difference of the systems after they have exchanged the documents marked in swap."""
    pairs = [(b, a) if marked else (a, b) for a, b, marked in zip(one, other, swap, strict=True)]
    return less(plain_f1([a for a, _ in pairs]), plain_f1([b for _, b in pairs]))


def thinned(document, random, keep):
    layer = as_prediction(document)
    claims = tuple(claim for claim in layer.claims if random.random() < keep)
    roots = tuple(msgspec.structs.replace(item, parent=None) for item in layer.attributions)
    return msgspec.structs.replace(layer, claims=claims, attributions=roots)


def small():
    random = np.random.default_rng(10)
    names = [(name, f"{name}/{i}", f"line {i}") for i in range(8) for name in samples.SOURCES]
    gold = [msgspec.structs.replace(samples.document(name), id=new, storyline=line) for name, new, line in names]
    gold.sort(key=lambda document: document.id)
    return gold, [[thinned(document, random, keep) for document in gold] for keep in (0.5, 0.8)]


def test_p_values_and_interval_are_those_of_the_slow_reference():
    gold, (first, second) = small()
    config = ScoreConfig(tasks=("full",), rounds=1200, seed=3)
    found = against(gold, [("a", first), ("b", second)], config)[0]
    one, other = counts(gold, first), counts(gold, second)
    observed = less(plain_f1(one), plain_f1(other))
    assert observed != 0
    without = [
        less(*(plain_f1([c for n, c in enumerate(side) if gold[n].storyline != left]) for side in (one, other)))
        for left in dict.fromkeys(document.storyline for document in gold)
    ]
    swaps = np.concatenate(list(exchanged([document.storyline for document in gold], 1200, 3)))
    extreme = sum(abs(swapped(one, other, swap)) >= abs(observed) for swap in swaps)
    assert 0 < extreme < 1200
    assert found.difference == pytest.approx(float(observed), abs=1e-6)
    assert found.randomisation_p == pytest.approx((extreme + 1) / 1201, abs=1e-6)
    spread = interval(
        np.array([observed, *without], dtype=float),
        np.array([2.0, *[1.0] * len(without)]),
        Clusters([document.storyline for document in gold]),
        DIFFERENCE,
    )
    assert spread.low < observed < spread.high
    assert (found.low, found.high) == (spread.low, spread.high)
    error = np.sqrt((len(without) - 1) / len(without) * sum((float(observed - d)) ** 2 for d in without))
    assert found.z == pytest.approx(float(observed) / error, abs=1e-5)


def test_randomisation_comes_near_the_exact_permutation_test():
    gold, (first, second) = small()
    gold = [msgspec.structs.replace(document, storyline=None) for document in gold[:6]]
    one, other = counts(gold, first[:6]), counts(gold, second[:6])
    observed = less(plain_f1(one), plain_f1(other))
    ways = [swapped(one, other, swap) for swap in itertools.product((False, True), repeat=len(gold))]
    exact = sum(abs(way) >= abs(observed) for way in ways) / len(ways)
    found = against(gold, [("a", first[:6]), ("b", second[:6])], ScoreConfig(tasks=("full",)))[0]
    assert found.randomisation_p == pytest.approx(exact, abs=0.02)


def test_exchanges_are_paired_seeded_and_of_the_right_shape():
    swaps = list(exchanged(range(7), 2300, 1))
    assert [part.shape for part in swaps] == [(1000, 7), (1000, 7), (300, 7)]
    assert set(np.unique(np.concatenate(swaps))) == {0, 1}
    assert all(map(np.array_equal, swaps, exchanged(range(7), 2300, 1)))
    assert not np.array_equal(swaps[0], next(exchanged(range(7), 2300, 2)))


def test_documents_of_a_storyline_are_exchanged_together():
    (swaps,) = exchanged(["a", "b", "a", "c", "b"], 200, 1)
    assert np.array_equal(swaps[:, 0], swaps[:, 2])
    assert np.array_equal(swaps[:, 1], swaps[:, 4])
    assert not np.array_equal(swaps[:, 0], swaps[:, 1])
    assert not np.array_equal(swaps[:, 0], swaps[:, 3])


def test_a_storyline_that_is_won_whole_is_won_once():
    """Twelve documents apart are twelve wins, p < .001; in two storylines they are two, p about .5."""
    gold = many(12)
    right = [as_prediction(document) for document in gold]
    lines = [msgspec.structs.replace(d, storyline="ab"[n % 2]) for n, d in enumerate(gold)]
    config = ScoreConfig(tasks=("full",), rounds=2000)
    apart, together = (against(documents, [("a", []), ("b", right)], config)[0] for documents in (gold, lines))
    assert (apart.documents, apart.clusters, together.documents, together.clusters) == (12, 12, 12, 2)
    assert apart.randomisation_p < 0.005
    assert together.randomisation_p == pytest.approx(0.5, abs=0.05)
    assert together.reason == "gold in 2 clusters, fewer than 6"


def test_p_values_without_any_round_claim_nothing():
    assert randomisation_p(0.3, np.full(5, np.nan)) == 1


# What is said


def many(count):
    return [
        msgspec.structs.replace(samples.document("made/two"), id=f"made/{i:02}", storyline=None) for i in range(count)
    ]


def test_a_clear_difference_is_told_in_points_and_corrected():
    gold = many(30)
    right = [as_prediction(document) for document in gold]
    config = ScoreConfig(tasks=("full",), rounds=2000)
    found = against(gold, [("A", right[:15]), ("B", right), ("C", right[:15])], config, version="9.9.9", split="test")
    assert [one.system for one in found] == ["B"] * 3 + ["C"] * 3
    assert {one.comparisons for one in found} == {6}
    assert re.fullmatch(
        r"B is 33\.3 points better than A on full F1 "
        r"\(95 % interval \+\d+\.\d to \+\d+\.\d, p = \.00\d after correction for 6 comparisons\)\.",
        sentence(found[2]),
    )
    assert sentence(found[5]) == (
        "There is no interval of the difference between C and A on full F1, +0.0 points, and so no verdict: "
        "the same whichever document is left out (p = 1.000 after correction for 6 comparisons)."
    )
    back = against(gold, [("B", right), ("A", right[:15])], ScoreConfig(tasks=("full",), rounds=2000))
    assert "A is 33.3 points worse than B on full F1 (95 % interval -" in sentence(back[2])
    sign = found[0].signature
    assert "|v:9.9.9|collection:made|split:test|task:full|" in sign
    assert sign.endswith("|interval:jackknife-t|test:randomisation:2000,seed:13,holm:6|scorer:1.0")


def test_few_documents_are_said_to_tell_little():
    gold = samples.documents()
    right = [as_prediction(document) for document in gold]
    told = sentence(against(gold, [("A", right[:2]), ("B", right)], ScoreConfig(tasks=("full",)))[2])
    assert told.startswith("There is no interval of the difference between B and A on full F1, +")
    assert "points, and so no verdict: 3 documents, fewer than 10 (p = " in told
    assert told.endswith("after correction for 3 comparisons).")


def test_nothing_to_score_is_no_comparison():
    bare = msgspec.structs.replace(
        samples.document("made/two"), entities=(), speakers=(), cues=(), attributions=(), claims=()
    )
    found = against([bare], [("A", []), ("B", [])], QUICK)
    assert {one.comparisons for one in found} == {0}
    for one in found:
        assert one.difference is one.z is one.randomisation_p is one.randomisation_holm is None
        assert sentence(one).endswith("there is nothing to score.")


def test_an_interval_alone_does_not_tell_systems_apart():
    one = msgspec.convert(
        dict(task="full", unit="claim", measure="content", base="A", system="B", base_value=0.1, system_value=0.2)
        | dict(difference=0.1, low=0.01, high=0.2, randomisation_holm=0.2, documents=30, clusters=30, comparisons=4)
        | dict(signature="s"),
        Difference,
    )
    assert "cannot tell B from A on content F1: the difference is +10.0 points" in sentence(one)
    sure = msgspec.structs.replace(one, randomisation_holm=0.0002)
    assert sentence(sure).endswith("(95 % interval +1.0 to +20.0, p < .001 after correction for 4 comparisons).")
    alone = msgspec.structs.replace(sure, comparisons=1)
    assert sentence(alone).endswith("p < .001).")
    assert len(difference_grid([one]).rows[0]) == len(difference_grid([one]).header)


def test_misuse_is_told():
    gold = samples.documents()
    with pytest.raises(CommuniqueError, match="two or more systems, here are 1"):
        compare(gold, [("A", [])])
    with pytest.raises(CommuniqueError, match="0 rounds"):
        compare(gold, [("A", []), ("B", [])], ScoreConfig(rounds=0))
    with pytest.raises(CommuniqueError, match="no gold documents"):
        compare([], [("A", []), ("B", [])])
    with pytest.raises(CommuniqueError, match="B:1: made/nowhere"):
        compare(gold, [("A", []), ("B", [Prediction(id="made/nowhere")])])


# The command


@pytest.fixture
def files(tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    jsonl.write(tmp_path / "a.jsonl", [samples.layer("made/one")])
    jsonl.write(tmp_path / "b.jsonl", [samples.layer(name) for name in samples.SOURCES])
    return tmp_path


def test_compare_prints_a_table_sentences_and_signatures(files, run):
    code, out, _ = run("compare", files / "gold.jsonl", files / "a.jsonl", files / "b.jsonl", "--rounds", 200)
    assert code == 0
    assert out.count("There is no interval of the difference") == 14
    assert out.count("3 documents, fewer than 10") == 14
    assert out.count("communique|v:none|collection:made|split:gold|task:") == 5


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_compare_takes_what_others_publish(files, run, protocol):
    code, out, _ = run(
        *("compare", files / "gold.jsonl", files / "a.jsonl", files / "b.jsonl", "--rounds", 200, "--json"),
        *("--protocol", protocol),
    )
    rows = json.loads(out)["differences"]
    assert code == 0
    assert [(row["task"], row["unit"], row["measure"]) for row in rows] == [
        (protocol, *key) for key in PROTOCOLS[protocol].headlines
    ]
    assert all(f"|task:{protocol}|match:{protocol}|" in row["signature"] for row in rows)
    for name, file in (("base_value", "a"), ("system_value", "b")):
        out = run("evaluate", files / "gold.jsonl", files / f"{file}.jsonl", "--protocol", protocol, "--json")[1]
        told = {(s["unit"], s["measure"]): s["value"] for s in json.loads(out)["scores"] if s["group"] == "all"}
        assert [row[name] for row in rows] == [told[row["unit"], row["measure"]] for row in rows]
    assert max(row["difference"] or 0 for row in rows) > 0


def test_an_interval_apart_from_0_and_a_small_p_are_both_needed():
    fields = dict(task="full", unit="claim", measure="content", base="A", system="B", documents=30, clusters=30)
    known = dict(base_value=0.1, system_value=0.2, difference=0.1, comparisons=1, signature="s")
    for low, p, apart in ((0.01, 0.049, True), (0.01, 0.05, False), (-0.01, 0.01, False), (None, 0.01, False)):
        high = None if low is None else 0.2
        one = Difference(**fields, **known, low=low, high=high, randomisation_holm=p, reason="why")
        assert tells_apart(one) == apart


def test_compare_writes_json_with_numbers_and_sentences(files, run):
    arguments = ("compare", files / "gold.jsonl", files / "a.jsonl", files / "b.jsonl", "--task", "full", "--json")
    code, out, _ = run(*arguments)
    rows = json.loads(out)["differences"]
    assert code == 0
    assert [row["measure"] for row in rows] == ["content", "content+entity", "content+entity+type"]
    assert all(row["difference"] > 0 and row["sentence"] and row["signature"] for row in rows)
    assert run(*arguments)[1] == out


def test_what_is_left_out_is_told_in_one_sentence_that_names_the_systems(files, run):
    """The first repeats the claims of one document of three, the second has claims of its own."""
    own = samples.layer("made/one")
    claims = (*own.claims[:-1], shortened(own.claims[-1]))
    jsonl.write(files / "b.jsonl", [msgspec.structs.replace(own, claims=claims)])
    arguments = ("compare", files / "gold.jsonl", files / "a.jsonl", files / "b.jsonl", "--rounds", 20)
    notes = json.loads(run(*arguments, "--json")[1])["notes"]
    (told,) = (note for note in notes if "left out" in note)
    mend = "predict with --given-attributions or --given-claims to compare them"
    own = "has attributions and claims of its own"
    assert told == f"holders and rhetoric are left out: {files / 'b.jsonl'} {own}; {mend}"
    assert not [note for note in notes if note.startswith(f"{files / 'a.jsonl'}: rhetoric")], "it is not compared"
    out = run(*arguments)[1]
    assert all(note in out for note in notes)


def test_tasks_that_the_same_systems_lack_share_a_sentence(gold_with_two_systems):
    tasks, pairings = gold_with_two_systems
    kept, notes = comparable(tasks, [("a", pairings), ("b", pairings)])
    assert [task.name for task in tasks if task not in kept] == ["holders", "rhetoric"]
    mend = "predict with --given-attributions or --given-claims to compare them"
    assert [*notes] == [f"holders and rhetoric are left out: a and b have attributions and claims of their own; {mend}"]


@pytest.fixture
def gold_with_two_systems():
    gold = samples.document("made/one")
    own = samples.layer("made/one")
    kept = tuple(one for one in own.attributions if one.id != own.attributions[0].id)
    claims = tuple(shortened(claim) for claim in own.claims if claim.attribution != own.attributions[0].id)
    cues = tuple(msgspec.structs.replace(cue, spans=(shorter(cue.spans[0]),)) for cue in own.cues)
    layer = msgspec.structs.replace(own, attributions=kept, claims=claims, cues=cues)
    return [*TASKS.values()], [Pairing(gold, layer)]


def shorter(span):
    return msgspec.structs.replace(span, end=span.end - 1, text=span.text[:-1])


def test_what_a_system_leaves_unanswered_is_told_of_it(files, run):
    jsonl.write(files / "b.jsonl", [samples.layer("made/one")])
    arguments = ("compare", files / "gold.jsonl", files / "a.jsonl", files / "b.jsonl", "--rounds", 20)
    notes = json.loads(run(*arguments, "--json")[1])["notes"]
    assert any(n.startswith(f"{files / 'b.jsonl'}: rhetoric: ") and "have no predicted partner" in n for n in notes)


def shortened(claim):
    """Return a claim without the last word of its last fragment."""
    last = claim.spans[-1]
    words = last.text.rsplit(" ", 1)[0]
    cut = msgspec.structs.replace(last, end=last.start + len(words), text=words)
    return msgspec.structs.replace(claim, spans=(*claim.spans[:-1], cut))


def test_one_system_is_misuse(files, run):
    code, _, err = run("compare", files / "gold.jsonl", files / "a.jsonl")
    assert (code, "two or more systems" in err) == (2, True)
