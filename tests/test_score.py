import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
import strategies
from communique.problems import CommuniqueError, DataError
from communique.records import Prediction, Span
from communique.score.config import ScoreConfig
from communique.score.evaluate import as_prediction, evaluate
from communique.score.items import iou, item, merged, overlap, size
from communique.score.match import match

PLAIN = ScoreConfig()


def value(result, task, measure, unit=None, group="all"):
    found = [
        s for s in result.scores if (s.task, s.measure, s.group) == (task, measure, group) and unit in (None, s.unit)
    ]
    assert len(found) == 1, found
    return found[0]


def changed(prediction, number, **fields):
    claims = list(prediction.claims)
    claims[number] = msgspec.structs.replace(claims[number], **fields)
    return msgspec.structs.replace(prediction, claims=tuple(claims))


def test_worked_example():
    gold, given_ = samples.document(), samples.layer()
    half = given_.claims[1].spans[0]
    shorter = Span(start=half.start, end=half.start + 20, text=half.text[:20].rstrip())
    shorter = Span(start=shorter.start, end=shorter.start + len(shorter.text), text=shorter.text)
    prediction = changed(changed(given_, 0, rhetoric="warning"), 1, spans=(shorter,))
    result = evaluate([gold], [prediction], PLAIN)
    claim = value(result, "spans", "exact", "claim")
    assert (claim.gold, claim.predicted, claim.matched) == (4, 4, 3)
    assert claim.value == claim.precision == claim.recall == 0.75
    near = len(shorter.text) / len(half.text)
    assert value(result, "spans", "overlap", "claim").matched == pytest.approx(3 + near, abs=1e-6)
    assert value(result, "attribution", "strict").matched == 3
    assert value(result, "attribution", "overlap").matched == pytest.approx(3 + near ** (1 / 3), abs=1e-6)
    assert value(result, "attribution", "entity").matched == (4 if near >= 0.5 else 3)
    assert value(result, "full", "content+entity+type").matched == value(result, "full", "content").matched - 1


def test_rhetoric_is_scored_on_gold_claims_by_identity():
    gold = samples.document()
    wrong = changed(changed(samples.layer(), 0, rhetoric="warning"), 3, rhetoric="accusation", also=None)
    result = evaluate([gold], [wrong], ScoreConfig(tasks=("rhetoric",)))
    assert value(result, "rhetoric", "accuracy").value == 0.5
    assert value(result, "rhetoric", "lenient-accuracy").value == 0.75
    assert value(result, "rhetoric", "macro-f1").value == 0.5
    assert value(result, "rhetoric", "family-macro-f1").value == 0.75
    assert value(result, "rhetoric", "f1", group="type:threat").value == 0
    assert value(result, "rhetoric", "f1", group="type:offer").value is None
    assert result.confusion["threat"] == {"warning": 1}
    assert result.confusion["denial"] == {"accusation": 1}


def test_missing_documents_count_as_missed_and_are_named():
    result = evaluate(samples.documents(), [samples.layer()], PLAIN)
    assert result.missing == ("made/three", "made/two")
    assert value(result, "spans", "exact", "claim").recall == pytest.approx(4 / 7, abs=1e-6)
    assert result.confusion["appeal"] == {"none": 1}


def test_nothing_to_score_is_no_perfect_score():
    bare = msgspec.structs.replace(
        samples.document("made/two"), entities=(), speakers=(), cues=(), attributions=(), claims=()
    )
    result = evaluate([bare], [Prediction(id=bare.id)])
    for score in result.scores:
        assert (score.gold, score.predicted, score.value, score.low) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("predictions", "told"),
    [
        ([Prediction(id="made/other")], "document-unknown"),
        ([samples.layer(), samples.layer()], "document-id-duplicate"),
        ([changed(samples.layer(), 0, spans=(Span(start=900, end=910, text="x"),))], "span-outside-text"),
        ([changed(samples.layer(), 0, spans=(Span(start=0, end=4, text="Dock"),))], "span-text-mismatch"),
        ([changed(samples.layer(), 1, spans=samples.layer().claims[0].spans, attribution="a1")], "unit-duplicate"),
        ([changed(samples.layer(), 1, attribution="a9")], "claim-without-attribution"),
    ],
)
def test_faulty_predictions_are_refused_with_their_names(predictions, told):
    with pytest.raises(DataError) as error:
        evaluate([samples.document()], predictions)
    assert told in {problem.id for problem in error.value.problems}


def test_misuse_is_told():
    with pytest.raises(CommuniqueError, match="no gold documents"):
        evaluate([], [])
    with pytest.raises(CommuniqueError, match="unknown task 'typing'"):
        evaluate([samples.document()], [], ScoreConfig(tasks=("typing",)))


def test_of_two_attributions_with_one_content_each_meets_its_own():
    """One stance, hailed by some and condemned by others: the pairing must not depend on chance."""
    gold = samples.document()
    claims, attributions = list(gold.claims), list(gold.attributions)
    claims[1] = msgspec.structs.replace(claims[1], spans=claims[3].spans)
    attributions[2] = msgspec.structs.replace(attributions[2], parent=None)
    gold = msgspec.structs.replace(gold, claims=tuple(claims), attributions=tuple(attributions))
    backwards = as_prediction(gold)
    backwards = msgspec.structs.replace(
        backwards, claims=backwards.claims[::-1], attributions=backwards.attributions[::-1]
    )
    result = evaluate([gold], [backwards], PLAIN)
    assert value(result, "full", "content+entity+type").value == 1
    assert value(result, "attribution", "entity").value == 1


def test_signatures_say_what_the_number_depends_on():
    result = evaluate([samples.document()], [samples.layer()], version="9.9.9", split="test")
    signs = {score.signature for score in result.scores if score.group == "all"}
    rest = "interval:jackknife-t|scorer:1.0"
    assert f"communique|v:9.9.9|collection:made|split:test|task:full|match:one2one-iou@0.5|{rest}" in signs
    assert len(signs) == 5
    other = evaluate([samples.document()], [samples.layer()], ScoreConfig(iou=0.7))
    changed_ = {sign for sign in signs if "iou@" in sign or "holder@" in sign}
    assert {
        sign.replace("@0.5", "@0.7").replace("v:9.9.9", "v:none").replace("split:test", "split:all")
        for sign in changed_
    } <= {score.signature for score in other.scores}
    assert len(changed_) == 2


def test_intervals_are_the_same_every_time_and_stand_around_the_value():
    gold = [
        msgspec.structs.replace(samples.document("made/two"), id=f"made/{number}", storyline=None)
        for number in range(12)
    ]
    given_ = [as_prediction(document) for document in gold[:7]]
    assert evaluate(gold, given_) == evaluate(gold[::-1], given_[::-1])
    score = value(evaluate(gold, given_), "spans", "exact", "claim")
    assert 0 < score.low < score.value < score.high < 1
    assert score.reason is None


def test_few_documents_have_no_interval_and_say_why():
    few = value(evaluate(samples.documents(), [samples.layer()]), "spans", "exact", "claim")
    assert (few.low, few.high, few.reason) == (None, None, "3 documents, fewer than 10")


# Properties


@given(strategies.gold_documents())
def test_identity_scores_1(gold):
    for score in evaluate([gold], [as_prediction(gold)], PLAIN).scores:
        assert score.value in (None, 1.0)
        assert score.matched == score.gold == score.predicted or score.task == "rhetoric"


@given(strategies.gold_documents(), strategies.predictions())
def test_values_stay_in_range_and_counts_add_up(gold, given_):
    for score in evaluate([gold], [given_], ScoreConfig()).scores:
        assert score.matched <= min(score.gold, score.predicted) + 1e-6
        for figure in (score.value, score.precision, score.recall, score.low, score.high):
            assert figure is None or -1e-9 <= figure <= 1 + 1e-9


@given(strategies.gold_documents(), strategies.predictions())
def test_exchanging_the_sides_exchanges_precision_and_recall(one, other):
    tasks = ScoreConfig(tasks=("spans", "attribution"))
    there = evaluate([one], [other], tasks).scores
    back = evaluate([strategies.as_document(other)], [as_prediction(one)], tasks).scores
    for a, b in zip(there, back, strict=True):
        if a.unit == "holder" and not (one.entities and other.entities):
            continue  # holders are counted where gold names entities
        assert (a.gold, a.predicted) == (b.predicted, b.gold)
        if a.measure != "entity":
            assert a.matched == pytest.approx(b.matched, abs=1e-5)
            assert (a.precision, a.recall) == (pytest.approx(b.recall), pytest.approx(b.precision))


@given(strategies.gold_documents(), strategies.predictions(), st.randoms(use_true_random=False))
def test_order_does_not_matter(gold, given_, random):
    def shuffled(units):
        return tuple(random.sample(units, len(units)))

    mixed = msgspec.structs.replace(
        given_, **{name: shuffled(getattr(given_, name)) for name in ("claims", "attributions", "speakers", "cues")}
    )
    for one, other in zip(
        evaluate([gold], [given_], PLAIN).scores, evaluate([gold], [mixed], PLAIN).scores, strict=True
    ):
        assert (one.gold, one.predicted) == (other.gold, other.predicted)
        assert one.matched == pytest.approx(other.matched, abs=1e-5)


@given(st.data())
def test_splitting_and_adding_equals_the_whole(data):
    drawn = [data.draw(strategies.gold_documents(f"made/{i}")) for i in range(3)]
    golds = [msgspec.structs.replace(gold, collection=gold.id) for gold in drawn]
    given_ = [data.draw(strategies.predictions(f"made/{i}")) for i in range(3)]
    config = ScoreConfig(tasks=("spans", "attribution", "full"))
    whole = [score for score in evaluate(golds, given_, config).scores if score.group == "all"]
    parts = [
        [s for s in evaluate([g], [p], config).scores if s.group == "all"] for g, p in zip(golds, given_, strict=True)
    ]
    for rows in zip(whole, *parts, strict=True):
        if rows[0].measure in ("macro-f1", "family-macro-f1"):
            continue
        assert rows[0].gold == sum(row.gold for row in rows[1:])
        assert rows[0].matched == pytest.approx(sum(row.matched for row in rows[1:]), abs=1e-5)


@given(strategies.gold_documents(), strategies.predictions())
def test_a_needless_cue_never_raises_precision(gold, given_):
    words = [s for s in strategies.TOKENS if s not in {(c.spans[0].start, c.spans[-1].end) for c in given_.cues}]
    wanted = {(c.spans[0].start, c.spans[-1].end) for c in gold.cues}
    wrong = next(place for place in words if place not in wanted)
    more = msgspec.structs.replace(
        given_,
        cues=(*given_.cues, msgspec.structs.replace(samples.layer().cues[0], id="qq", spans=(strategies.span(wrong),))),
    )
    before, after = (value(evaluate([gold], [p], PLAIN), "spans", "exact", "cue") for p in (given_, more))
    assert (after.precision or 0) <= (before.precision or 0) + 1e-9


stretches = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda p: (p[0], p[0] + p[1])), max_size=4)


@given(stretches, stretches)
def test_overlap_is_that_of_character_sets(one, other):
    a, b = merged(one), merged(other)
    left, right = ({i for s, e in x for i in range(s, e)} for x in (a, b))
    assert (size(a), overlap(a, b)) == (len(left), len(left & right))
    assert iou(a, b) == pytest.approx(len(left & right) / len(left | right) if left & right else 0)


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_matching_is_the_best_there_is(table):
    table = np.array(table)
    found = match(range(len(table)), range(4), lambda i, j: float(table[i, j]))
    assert len({i for i, _, _ in found}) == len({j for _, j, _ in found}) == len(found)
    best = max(
        sum(table[i, j] for i, j in enumerate(order[: len(table)])) for order in itertools.permutations(range(4))
    )
    assert sum(w for _, _, w in found) == best


def test_white_space_at_edges_does_not_count():
    text = "a  word "
    assert item([Span(start=1, end=8, text=text[1:8])], text) == ((3, 7),)


@given(strategies.gold_documents())
def test_cutting_a_claim_never_beats_the_claim(gold):
    layer = as_prediction(gold)
    long = next((c for c in layer.claims if len(c.spans) == 1 and " " in c.spans[0].text), None)
    if long is None:
        return
    s = long.spans[0]
    cut = s.start + s.text.index(" ")
    first, second = (
        Span(start=s.start, end=cut, text=s.text[: cut - s.start]),
        Span(start=cut + 1, end=s.end, text=s.text[cut - s.start + 1 :]),
    )
    pieces = [msgspec.structs.replace(long, id=f"x{i}", spans=(part,)) for i, part in enumerate((first, second))]
    broken = msgspec.structs.replace(layer, claims=(*(c for c in layer.claims if c.id != long.id), *pieces))
    try:
        after = value(evaluate([gold], [broken], PLAIN), "spans", "overlap", "claim")
    except DataError:
        return
    assert after.value <= value(evaluate([gold], [layer], PLAIN), "spans", "overlap", "claim").value
