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
from communique.score import counts as counting
from communique.score import pairs
from communique.score.counts import UNITS, span_counts, spans
from communique.score.items import iou, item
from communique.score.match import assign, match
from communique.score.sweep import overlapping

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
    golds, predictions = [gold for gold, _ in pairs], [given_ for _, given_ in pairs]
    counts = span_counts(golds, predictions)
    assert counts == list(map(spans, golds, predictions))
    assert all(map(same, counts, map(plain_counts, golds, predictions)))


@given(st.lists(st.tuples(crowded, crowded).map(annotated), max_size=3))
def test_crowded_discontinuous_repeated_and_blank_units_count_by_the_definitions(pairs):
    counts = span_counts([gold for gold, _ in pairs], [given_ for _, given_ in pairs])
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
    def counted():
        full = counting.full(gold, given_, threshold)
        return counting.attribution(gold, given_, threshold), counting.rhetoric(gold, given_), full

    swept = counted()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "near", lambda *_: None)
        assert swept == counted()


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
