import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.score.intervals import (
    DIFFERENCE,
    FEWEST_CLUSTERS,
    FEWEST_DOCUMENTS,
    Clusters,
    Interval,
    interval,
    jackknife,
)
from communique.score.randomisation import exchanged

T_9 = 2.2621571628
"""The 97.5th percentile of Student's distribution with 9 degrees of freedom, from printed tables."""
MATCHED, GOLD, PREDICTED = range(3)


def f1(sums):
    whole = sums[:, GOLD] + sums[:, PREDICTED]
    return np.divide(2 * sums[:, MATCHED], whole, out=np.full(len(sums), np.nan), where=whole > 0)


def told(table, groups=None):
    clusters = Clusters(range(len(table)) if groups is None else groups)
    sums = clusters.sums(np.array(table, dtype=float))
    return interval(f1(sums), sums[:, GOLD], clusters)


def ends(found):
    return found.low, found.high, found.error


@st.composite
def tables(draw, fewest=FEWEST_DOCUMENTS, most=25):
    def row():
        gold, predicted = draw(st.integers(0, 6)), draw(st.integers(0, 6))
        return [draw(st.floats(0, 1)) * min(gold, predicted), gold, predicted]

    return np.array([row() for _ in range(draw(st.integers(fewest, most)))], dtype=float)


# What is left out


def test_sums_are_those_of_all_and_of_all_but_each_cluster():
    clusters = Clusters(["b", "a", "b", None])
    table = np.array([[1.0, 0.5], [2, 0], [4, 0.25], [8, 0]])
    assert clusters.number == 3
    assert clusters.sums(table).tolist() == [[15, 0.75], [10, 0], [13, 0.75], [7, 0.75]]


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=20))
def test_documents_of_a_cluster_always_weigh_the_same(groups):
    clusters = Clusters(groups)
    weights = clusters.sums(np.eye(len(groups)))
    assert weights.shape == (1 + len(set(groups)), len(groups))
    assert set(weights[0]) == {1}
    for row in weights[1:]:
        assert len({group for group, weight in zip(groups, row, strict=True) if weight == 0}) == 1
        assert len({(group, weight) for group, weight in zip(groups, row, strict=True)}) == len(set(groups))


def test_a_cluster_counts_as_one_document_of_its_sums():
    random = np.random.default_rng(4)
    table = np.column_stack((random.integers(0, 3, 24), random.integers(3, 6, 24), random.integers(3, 6, 24)))
    groups = np.repeat(np.arange(12), 2)
    merged = table[::2] + table[1::2]
    assert told(table, groups.tolist()) == told(merged)
    assert told(table, groups.tolist()) != told(table)


@settings(max_examples=50)
@given(tables(), st.randoms(), st.data())
def test_the_order_of_documents_changes_nothing(table, random, data):
    groups = data.draw(st.lists(st.integers(0, 9), min_size=len(table), max_size=len(table)))
    order = list(range(len(table)))
    random.shuffle(order)
    one, other = told(table, groups), told(table[order], [groups[i] for i in order])
    assert one.reason == other.reason
    if one.reason is None:
        assert ends(one) == pytest.approx(ends(other), abs=2e-6)


# The interval


def test_an_accuracy_by_hand():
    right = [3, 2, 4, 4, 0, 1, 4, 3, 4, 2]
    clusters = Clusters(range(10))
    sums = clusters.sums(np.array([[r, 4.0] for r in right]))
    found = interval(sums[:, 0] / sums[:, 1], sums[:, 1], clusters)
    shares = [r / 4 for r in right]
    mean = sum(shares) / 10
    deviations = [share - mean for share in shares]
    error = math.sqrt(sum(d * d for d in deviations) / 9 / 10)
    growth = sum(d**3 for d in deviations) / (6 * sum(d * d for d in deviations) ** 1.5)
    slope = 1 / (mean * (1 - mean))
    by_hand = [math.log(mean / (1 - mean)) + slope * error * t / (1 - growth * t) for t in (-T_9, T_9)]
    assert found.error == pytest.approx(error)
    assert growth < -0.01
    assert (found.low, found.high) == pytest.approx([1 / (1 + math.exp(-x)) for x in by_hand], abs=1e-6)
    assert found.reason is None


@settings(max_examples=200)
@given(tables())
def test_ends_lie_within_bounds_and_around_the_value(table):
    found = told(table)
    if found.reason is None:
        value = round(float(f1(table.sum(axis=0)[None])[0]), 6)
        assert 0 <= found.low <= value <= found.high <= 1
        assert found.low < found.high
        assert found.error > 0
    else:
        assert ends(found) == (None, None, None)


@settings(max_examples=100)
@given(tables(12, 12), tables(12, 12))
def test_a_difference_turned_round_has_its_interval_turned_round(one, other):
    other[:, GOLD] = one[:, GOLD]
    clusters = Clusters(range(12))
    first, second = (clusters.sums(table) for table in (one, other))
    difference = f1(second) - f1(first)
    there, back = (interval(values, first[:, GOLD], clusters, DIFFERENCE) for values in (difference, -difference))
    assert there.reason == back.reason
    if there.reason is None:
        assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=2e-6)
        assert there.error == pytest.approx(back.error)
        assert -1 <= there.low <= round(float(difference[0]), 6) <= there.high <= 1


def test_bounds_scale_the_interval():
    values = np.array([0.3, 0.25, 0.31, 0.33, 0.28, 0.35])
    low, high, error, _ = jackknife(values)
    wide = jackknife(2 * values, (0, 2))
    assert (wide.low, wide.high, wide.error) == pytest.approx((2 * low, 2 * high, 2 * error), abs=2e-6)


def test_values_at_a_bound_are_told_without_a_warning():
    found = jackknife(np.array([0.0, 0.1, 0.0, 0.0, 0.0, 0.0]))
    assert 0 == found.low < found.high <= 1
    close = jackknife(np.array([0.9990, 0.9989, 0.9991, 0.9990, 0.9992, 0.9988]))
    assert 0.997 < close.low < 0.999 < close.high < 1


# No interval, and why


def rows(carrying, empty=0, matched=None):
    return [[i % 3 if matched is None else matched, 2, 2] for i in range(carrying)] + [[0, 0, 0]] * empty


@pytest.mark.parametrize(
    ("table", "groups", "reason"),
    [
        (rows(0, 12), None, "nothing to score"),
        (rows(FEWEST_DOCUMENTS - 1), None, "9 documents, fewer than 10"),
        (rows(1), None, "1 document, fewer than 10"),
        (rows(FEWEST_CLUSTERS - 1, 20), None, "gold in 5 documents, fewer than 6"),
        ([[0, 0, 1]] * 20, None, "gold in 0 documents, fewer than 6"),
        (rows(20), [i // 4 for i in range(20)], "gold in 5 clusters, fewer than 6"),
        (rows(20), [0] * 20, "gold in 1 cluster, fewer than 6"),
        (rows(12, matched=2), None, "the same whichever document is left out"),
        (rows(12, matched=0), None, "the same whichever document is left out"),
        (rows(24, matched=1), [i // 2 for i in range(24)], "the same whichever cluster is left out"),
        (rows(FEWEST_DOCUMENTS), None, None),
        (rows(FEWEST_CLUSTERS, 20), None, None),
        (rows(20), [i % 6 for i in range(20)], None),
    ],
)
def test_reasons(table, groups, reason):
    found = told(table, groups)
    assert found.reason == reason
    assert (found.low is None) == (reason is not None)


def test_a_figure_that_one_document_defines_has_no_interval():
    values = np.array([0.5, *[0.4] * 11, np.nan])
    found = interval(values, np.array([12.0, *[11.0] * 12]), Clusters(range(12)))
    assert found == Interval(reason="nothing to score without a certain document")


def test_sums_of_overlaps_that_differ_in_their_last_bits_do_not_vary():
    values = np.array([0.3, *[0.1 + 0.2] * 12])
    assert values[0] != values[1]
    assert "the same" in str(interval(values, np.array([12.0, *[11.0] * 12]), Clusters(range(12))).reason)


# Coverage: of 95 %, and not of the 90 to 92 % of percentile bootstraps at this size


def lengths(random, number):
    """Return gold units of documents, whose standard deviation is half their mean."""
    return 1 + random.negative_binomial(4, 4 / 30, number)


def documents(random, number):
    """Return counts of documents that a system reads some of well and others badly."""
    gold = lengths(random, number)
    matched = random.binomial(gold, random.beta(0.7, 1.2, number))
    return np.column_stack((matched, gold, matched + random.poisson(gold / 3)))


def test_twelve_documents_are_covered_in_95_of_100():
    random = np.random.default_rng(13)
    right = 0.7 / (0.7 + 1.2)
    truth = 2 * right / (1 + right + 1 / 3)
    found = [told(documents(random, 12)) for _ in range(2500)]
    shares = np.mean([(one.low > truth, one.high < truth) for one in found], axis=0)
    assert 0.935 < 1 - shares.sum() < 0.97
    assert min(shares) > 0.008


def test_differences_are_covered_in_95_of_100():
    random = np.random.default_rng(17)
    clusters = Clusters(range(12))
    hits = []
    for _ in range(2500):
        gold = lengths(random, 12)
        matched = [random.binomial(gold, random.beta(a, 1.2, 12)) for a in (0.7, 1.4)]
        first, second = (clusters.sums(np.column_stack((m, gold, gold)).astype(float)) for m in matched)
        found = interval(f1(second) - f1(first), first[:, GOLD], clusters, DIFFERENCE)
        hits.append(found.low <= 1.4 / 2.6 - 0.7 / 1.9 <= found.high)
    assert 0.935 < np.mean(hits) < 0.97


def test_twelve_storylines_are_covered_where_their_documents_are_alike():
    random = np.random.default_rng(19)
    truth, groups = 0.5, [i // 5 for i in range(60)]
    hits = {"clusters": [], "documents": []}
    for _ in range(1500):
        matched = random.binomial(8, np.repeat(random.beta(2, 2, 12), 5))
        table = np.column_stack((matched, np.full((60, 2), 8)))
        for name, found in (("clusters", told(table, groups)), ("documents", told(table))):
            hits[name].append(found.low <= truth <= found.high)
    assert 0.935 < np.mean(hits["clusters"]) < 0.98
    assert np.mean(hits["documents"]) < 0.8


# Randomisation


def test_a_cluster_is_swapped_as_a_whole():
    groups = ["b", "a", "b", "c", "a", "b"]
    swaps = np.concatenate(list(exchanged(groups, 1200, 1)))
    assert swaps.shape == (1200, 6)
    assert np.array_equal(swaps[:, 0], swaps[:, 2])
    assert np.array_equal(swaps[:, 0], swaps[:, 5])
    assert np.array_equal(swaps[:, 1], swaps[:, 4])
    assert len(np.unique(swaps, axis=0)) == 8
    assert np.array_equal(swaps, np.concatenate(list(exchanged(groups, 1200, 1))))


def test_documents_that_stand_alone_are_swapped_each():
    alone = np.concatenate(list(exchanged(range(4), 500, 1)))
    assert len(np.unique(alone, axis=0)) == 16
    assert np.array_equal(alone, np.concatenate(list(exchanged(["d", "c", "b", "a"], 500, 1))))
