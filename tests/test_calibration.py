import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
from communique import score
from communique.labels import Rhetoric
from communique.problems import DataError
from communique.score.calibration import BINS
from communique.score.config import ScoreConfig
from communique.score.evaluate import as_prediction, evaluate

PLAIN = ScoreConfig()
TYPES = list(Rhetoric)


def certain(chances):
    """Return gold documents, and predictions of their claims with the probabilities given, in turn."""
    golds = samples.documents()
    turn = iter(chances)
    layers = []
    for document in golds:
        layer = as_prediction(document)
        claims = tuple(msgspec.structs.replace(c, probabilities=next(turn, None)) for c in layer.claims)
        layers.append(msgspec.structs.replace(layer, claims=claims))
    return golds, layers


def figures(golds, layers, config=PLAIN):
    scores = score.rhetoric(golds, layers, config).scores
    return {s.measure: s for s in scores if s.measure in ("ece", "brier") and s.group == "all"}


def gold_types():
    return [claim.rhetoric for document in samples.documents() for claim in document.claims]


weights = st.lists(st.floats(0, 1), min_size=16, max_size=16).filter(lambda values: sum(values) > 0.01)
distributions = weights.map(lambda w: {label: x / sum(w) for label, x in zip(TYPES, w, strict=True)})
seven = st.lists(distributions, min_size=7, max_size=7)


@given(seven)
def test_both_figures_stay_in_range_and_are_those_of_the_definition(chances):
    chances = [{label: min(1.0, p) for label, p in one.items()} for one in chances]
    found = figures(*certain(chances))
    tops = [max(TYPES, key=one.get) for one in chances]
    bins = {}
    for one, top, gold in zip(chances, tops, gold_types(), strict=True):
        bins.setdefault(min(int(one[top] * BINS), BINS - 1), []).append((one[top], top == gold))
    gaps = [abs(sum(right for _, right in part) - sum(sure for sure, _ in part)) for part in bins.values()]
    errors = [sum((one[t] - (t == gold)) ** 2 for t in TYPES) for one, gold in zip(chances, gold_types(), strict=True)]
    assert found["ece"].value == pytest.approx(sum(gaps) / 7, abs=1e-5)
    assert found["brier"].value == pytest.approx(sum(errors) / 7, abs=1e-5)
    assert 0 <= found["ece"].value <= 1
    assert 0 <= found["brier"].value <= 2
    assert (found["ece"].gold, found["ece"].matched) == (
        7,
        sum(a == b for a, b in zip(tops, gold_types(), strict=True)),
    )


@given(seven)
def test_the_document_order_is_nothing(chances):
    golds, layers = certain(chances)
    there, back = figures(golds, layers), figures(golds[::-1], layers)
    for name in ("ece", "brier"):
        assert there[name].value == pytest.approx(back[name].value, abs=2e-6)


def test_certainty_on_right_labels_is_0_and_on_wrong_ones_the_worst():
    right = figures(*certain([{label: 1.0} for label in gold_types()]), ScoreConfig())
    wrong = figures(*certain([{next(t for t in TYPES if t != label): 1.0} for label in gold_types()]))
    assert [s.value for s in right.values()] == [0, 0]
    assert [wrong[name].value for name in ("ece", "brier")] == [1, 2]


def test_only_claims_with_probabilities_count():
    golds, layers = certain([{label: 0.75} for label in gold_types()[:3]])
    found = figures(golds, layers, ScoreConfig())
    assert {s.gold for s in found.values()} == {3}
    assert found["ece"].value == pytest.approx(0.25)
    assert found["brier"].value == pytest.approx(0.0625)


def test_the_interval_of_each_figure_stays_within_its_own_bounds():
    """Brier scores reach 2: an interval of shares would end at 1."""
    texts = [msgspec.structs.replace(samples.document("made/two"), id=f"made/{n}", storyline=None) for n in range(12)]
    layers = []
    for number, document in enumerate(texts):
        layer = as_prediction(document)
        chances = {Rhetoric.THREAT: 1.0} if number < 10 else {Rhetoric.APPEAL: 0.5}
        claims = tuple(msgspec.structs.replace(claim, probabilities=chances) for claim in layer.claims)
        layers.append(msgspec.structs.replace(layer, claims=claims))
    found = figures(texts, layers)
    for name, most in (("ece", 1), ("brier", 2)):
        assert 0 < found[name].low < found[name].value < found[name].high < most
    assert found["brier"].high > 1


def test_without_probabilities_there_is_no_figure():
    found = figures(samples.documents(), samples.documents())
    assert {(s.value, s.low, s.gold, s.predicted) for s in found.values()} == {(None, None, 0, 0)}


def test_a_claim_that_is_not_of_gold_is_left_out():
    golds, layers = certain([{label: 1.0} for label in gold_types()])
    moved = [msgspec.structs.replace(claim, spans=layers[0].speakers[0].spans) for claim in layers[0].claims[:1]]
    layers[0] = msgspec.structs.replace(layers[0], claims=(*moved, *layers[0].claims[1:]))
    assert figures(golds, layers)["brier"].gold == 6


def test_probabilities_that_exceed_one_are_refused_with_their_place():
    golds, layers = certain([{Rhetoric.THREAT: 0.7, Rhetoric.DENIAL: 0.7}])
    with pytest.raises(DataError, match=r"c1: the probabilities of its types add up to 1\.400"):
        evaluate(golds, layers)
