"""B-cubed of attributions by holder, against a plain implementation and worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import samples
from communique.records import Entity
from communique.score.config import ScoreConfig
from communique.score.evaluate import as_prediction, evaluate
from communique.score.items import attributions, items
from communique.score.tasks.holders import kind_of

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven"]
TEXT = " ".join(f"Vint said {word}." for word in WORDS)


def held(*holders):
    """Return a text whose attributions are held by those whose letters are given: entities without mentions."""
    names = sorted({letter for some in holders for letter in some})
    gold = samples.made(TEXT, [("Vint", word, "x") for word in WORDS[: len(holders)]], mentions={"x": []})
    entities = tuple(Entity(id=f"e{n}", name=name, kind="person", mentions=()) for n, name in enumerate(names, 1))
    ids = {entity.name: entity.id for entity in entities}
    attributions = tuple(
        replace(item, speaker=None, entities=tuple(ids[letter] for letter in sorted(some)))
        for item, some in zip(gold.attributions, holders, strict=True)
    )
    return replace(gold, entities=entities, speakers=(), attributions=attributions)


def b_cubed(gold, predicted):
    scores = evaluate([gold], [predicted], ScoreConfig(tasks=("holders",))).scores
    (found,) = [s for s in scores if (s.measure, s.group) == ("b-cubed", "all")]
    return found.precision, found.recall, found.value


def plainly(gold, predicted):
    """Return the definition of Bagga and Baldwin for disjoint clusters, attribution by attribution."""

    def cluster(side, number):
        return {other for other, label in enumerate(side) if label == side[number]}

    both = [(cluster(gold, n), cluster(predicted, n)) for n in range(len(gold))]
    precision = sum(len(a & b) / len(b) for a, b in both) / len(both)
    recall = sum(len(a & b) / len(a) for a, b in both) / len(both)
    return precision, recall, 2 * precision * recall / (precision + recall)


letters = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("pqrs")), min_size=1, max_size=8)


@given(letters)
def test_disjoint_clusters_score_by_the_definition(pairs):
    gold, predicted = zip(*pairs, strict=True)
    found = b_cubed(held(*gold), as_prediction(held(*predicted)))
    assert found == pytest.approx(plainly(gold, predicted), abs=1e-5)


def test_joint_holders_by_hand():
    """Gold x, xy, y; predicted p, p, q.

    Precision: each shares with those of its cluster as many holders in gold, 1. Recall: the first shares one with
    itself and the second, 1; the second one of one with the first, one of two with itself, none of one with the third,
    1/2; the third none of one with the second, one with itself, 1/2.
    """
    found = b_cubed(held("x", "xy", "y"), as_prediction(held("p", "p", "q")))
    assert found == pytest.approx((1, 2 / 3, 0.8), abs=1e-6)
    back = b_cubed(held("p", "p", "q"), as_prediction(held("x", "xy", "y")))
    assert back == pytest.approx((2 / 3, 1, 0.8), abs=1e-6)


def test_two_holders_in_common_count_as_two():
    """The same two hold both; of them the prediction names one, or both."""
    gold = held("xy", "xy")
    assert b_cubed(gold, as_prediction(held("pq", "pq"))) == (1, 1, 1)
    assert b_cubed(gold, as_prediction(held("p", "p")))[:2] == (1, 0.5)


def test_what_nobody_holds_and_nobody_is_said_to_hold_is_right():
    gold = held("x", "", "")
    assert b_cubed(gold, as_prediction(gold)) == (1, 1, 1)


def test_what_is_not_predicted_lowers_recall_alone():
    gold = held("a", "a", "b", "b")
    right = as_prediction(gold)
    half = replace(right, attributions=right.attributions[:2], claims=right.claims[:2])
    assert b_cubed(gold, half) == pytest.approx((1, 0.5, 2 / 3), abs=1e-6)


def test_one_cluster_for_all_and_one_for_each():
    gold = held(*"aabb")
    assert b_cubed(gold, as_prediction(held(*"pppp")))[:2] == (0.5, 1)
    assert b_cubed(gold, as_prediction(held(*"pqrs")))[:2] == (1, 0.5)


@pytest.mark.parametrize(
    ("speaker", "holders", "kind"),
    [
        ("Orla Vint", "Orla Vint", "name"),
        ("the minister, Vint", "Orla Vint", "name"),
        ("The minister", "Orla Vint", "description"),
        ("the Minister", "Minister Vint", "name"),
        ("She", "Orla Vint", "pronoun"),
        ("they both", "Orla Vint", "pronoun"),
        ("Vint and Maro", "Vint+Maro", "joint"),
    ],
)
def test_kinds_of_speakers(speaker, holders, kind):
    gold = samples.made(
        f"{speaker} said no.", [(speaker, "no", holders)], mentions={name: [] for name in holders.split("+")}
    )
    (said,) = attributions(gold, items(gold, gold.text))
    assert kind_of(said, gold) == kind
    silent = replace(gold, attributions=(replace(gold.attributions[0], speaker=None),))
    (said,) = attributions(silent, items(silent, gold.text))
    assert kind_of(said, silent) == "implicit"
