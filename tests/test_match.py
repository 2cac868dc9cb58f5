import itertools
from collections import Counter

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

import samples
import strategies
from communique.records import Cue, Prediction, Span
from communique.score import pairing, sweep
from communique.score.items import iou, item, merged
from communique.score.match import assign, match, ranked
from communique.score.pairing import Pairing
from communique.score.sweep import overlapping
from communique.score.task import counted
from communique.score.tasks import TASKS, spans
from communique.score.tasks.spans import UNITS

LETTERS = "ab cd\u00a0🚩e\nf  gh" * 3


def dense(gold, predicted, weight):
    """Match by one table of all pairs."""
    table = np.array([[weight(g, p) for p in predicted] for g in gold]).reshape(len(gold), len(predicted))
    return [(i, j, table[i, j]) for i, j in zip(*linear_sum_assignment(table, maximize=True), strict=True)]


def plain_counts(gold, predicted):
    """Count spans unit by unit, from the definitions alone."""
    counts = Counter()
    for unit, kind in zip(UNITS, ("speakers", "cues", "claims"), strict=True):
        wanted, given_ = ({item(one.spans, gold.text) for one in getattr(side, kind)} for side in (gold, predicted))
        counts[unit, "gold"], counts[unit, "predicted"] = len(wanted), len(given_)
        counts[unit, "exact"] = len(wanted & given_)
        counts[unit, "overlap"] = sum(near for _, _, near in dense(sorted(wanted), sorted(given_), iou))
    return counts


def same(one, other):
    return one.keys() == other.keys() and all(abs(one[key] - other[key]) < 1e-9 for key in one)


def annotated(layers):
    """Return a document of `LETTERS` and a prediction with these cues: lists of fragments, possibly faulty."""
    gold, given_ = (
        tuple(
            Cue(id=f"q{i}", spans=tuple(Span(start=s, end=e, text=LETTERS[s:e]) for s, e in unit))
            for i, unit in enumerate(layer)
        )
        for layer in layers
    )
    document = msgspec.structs.replace(samples.document(), text=LETTERS, speakers=(), claims=(), cues=gold)
    return document, Prediction(id=document.id, cues=given_)


stretches = st.tuples(st.integers(0, len(LETTERS)), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair)))
faulty = st.tuples(st.integers(0, len(LETTERS) + 2), st.integers(0, len(LETTERS) + 2))
crowded = st.lists(st.lists(stretches | faulty, min_size=1, max_size=3), max_size=9)
tables = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, 3]), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


@given(st.lists(st.tuples(strategies.gold_documents(), strategies.predictions()), max_size=4))
def test_documents_counted_at_once_count_as_one_by_one(pairs):
    pairings = [Pairing(*pair) for pair in pairs]
    counts = spans.counts(pairings)
    assert counts == [spans.counts([one])[0] for one in pairings]
    assert all(map(same, counts, itertools.starmap(plain_counts, pairs)))
    assert all(same(+count, +counted(spans.judge(one))) for count, one in zip(counts, pairings, strict=True))


@given(st.lists(st.tuples(crowded, crowded).map(annotated), max_size=3))
def test_crowded_discontinuous_repeated_and_blank_units_count_by_the_definitions(pairs):
    counts = spans.counts([Pairing(*pair) for pair in pairs])
    assert all(same(found, plain_counts(*pair)) for found, pair in zip(counts, pairs, strict=True))


@given(tables)
def test_assignment_has_the_weight_of_the_best_table_and_is_one_to_one(table):
    table = np.array(table, dtype=float)
    rows, columns = np.nonzero(table)
    chosen = assign(rows, columns, table[rows, columns])
    assert len(set(rows[chosen])) == len(set(columns[chosen])) == len(chosen)
    assert table[rows[chosen], columns[chosen]].sum() == table[linear_sum_assignment(table, maximize=True)].sum()


@given(tables, st.randoms(use_true_random=False))
def test_candidates_change_nothing_where_they_hold_all_that_weighs(table, random):
    weighing = [(i, j) for i, row in enumerate(table) for j, w in enumerate(row) if w]
    random.shuffle(weighing)

    def weight(i, j):
        return table[i][j]

    sides = range(len(table)), range(len(table[0]))
    assert match(*sides, weight, weighing) == match(*sides, weight)


@given(strategies.gold_documents(), strategies.predictions(), st.sampled_from([0, 0.3, 0.5, 1]))
def test_pairs_that_share_nothing_need_no_weighing(gold, given_, threshold):
    def everything():
        one = Pairing(gold, given_, threshold)
        return [counted(TASKS[name].judge(one)) for name in ("attribution", "holders", "rhetoric", "full")]

    swept = everything()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairing, "near", lambda one, other: [*itertools.product(range(len(one)), range(len(other)))])
        assert swept == everything()


@given(st.lists(stretches), st.lists(stretches))
def test_overlapping_finds_each_pair_that_shares_a_character_once(ones, others):
    columns = [np.array(side, dtype=int).reshape(-1, 2).T for side in (ones, others)]
    pairs = zip(*overlapping(*columns[0], *columns[1]), strict=True)
    shared = [
        (i, j)
        for (i, a), (j, b) in itertools.product(enumerate(ones), enumerate(others))
        if a[0] < b[1] and b[0] < a[1]
    ]
    assert sorted(pairs) == shared


hulled = st.lists(st.lists(stretches, min_size=1, max_size=2).map(merged), max_size=7)


@given(hulled, hulled, st.sampled_from([-1, 5000]))
def test_near_finds_each_pair_whose_hulls_overlap_once_one_by_one_and_in_arrays(gold, given_, few):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "_FEW", few)
        pairs = sweep.near(gold, given_)
    hulls = [[(item[0][0], item[-1][1]) for item in side] for side in (gold, given_)]
    assert sorted(pairs) == [
        (i, j)
        for (i, a), (j, b) in itertools.product(enumerate(hulls[0]), enumerate(hulls[1]))
        if a[0] < b[1] and b[0] < a[1]
    ]


def brute(table, tiers):
    """Return the greatest of (sum of the first tier, pairs, sums of the others) over all ways to pair one to one."""
    width = len(table[0])
    best = (0,) * (tiers + 1)
    for way in itertools.permutations([*range(width), *[None] * len(table)], len(table)):
        pairs = [table[i][j] for i, j in enumerate(way) if j is not None]
        if None not in pairs:
            first, *rest = (sum(column) for column in zip(*pairs, strict=True)) if pairs else (0,) * tiers
            best = max(best, (first, len(pairs), *rest))
    return best


@st.composite
def tiered(draw):
    """Return a table of tiers with many ties, and of pairs that must not be made."""
    tiers, high, wide = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    first = draw(st.sampled_from([[0, 1], [0, 1, 2], [500_000, 999_999, 1_000_000]]))
    rest = [st.integers(0, 2)] * (tiers - 1)
    cell = st.none() | st.tuples(st.sampled_from(first), *rest)
    return [draw(st.lists(cell, min_size=wide, max_size=wide)) for _ in range(high)], tiers


@given(tiered(), st.randoms(use_true_random=False))
def test_ranked_pairs_are_the_best_of_all_permutations_tier_by_tier(drawn, random):
    table, tiers = drawn
    sides = range(len(table)), range(len(table[0]))
    candidates = [(i, j) for i, row in enumerate(table) for j, cell in enumerate(row) if cell is not None]
    pairs = ranked(*sides, lambda i, j: table[i][j], candidates)
    assert pairs == sorted(pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    found = [table[i][j] for i, j in pairs]
    first, *rest = (sum(column) for column in zip(*found, strict=True)) if found else (0,) * tiers
    assert (first, len(pairs), *rest) == brute(table, tiers)
    random.shuffle(candidates)
    assert ranked(*sides, lambda i, j: table[i][j], candidates) == pairs


def test_no_lower_tier_outweighs_a_higher_however_many_pairs_there_are():
    """A chain of 200: the one way earns a step more of the first tier, the other all of the lower ones."""
    size = 200

    def tiers(i, j):
        if i == j:
            return (600_000 + (i == 0), 0, 0)
        return (600_000, 1, 1)

    chain = [(i, (i + step) % size) for i in range(size) for step in (0, 1)]
    assert ranked(range(size), range(size), tiers, chain) == [(i, i) for i in range(size)]


def test_of_equal_first_tiers_more_pairs_go_before_what_else_is_right():
    table = [[(1, 5), (1, 0)], [(0, 0)]]
    candidates = [(0, 0), (0, 1), (1, 0)]
    assert ranked(range(2), range(2), lambda i, j: table[i][j], candidates) == [(0, 1), (1, 0)]


def test_pairs_without_a_rival_are_not_weighed():
    assert ranked("ab", "xy", lambda one, other: 1 / 0, [(1, 0), (0, 1)]) == [(0, 1), (1, 0)]
