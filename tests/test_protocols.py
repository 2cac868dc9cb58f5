"""The foreign protocols against worked examples, against their properties, and against the packages they imitate."""

import itertools
import string
import subprocess
import sys
from collections import Counter

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
import strategies
from communique import releases
from communique.problems import CommuniqueError
from communique.records import Attribution, Cue, Document, PredictedClaim, Prediction, Span, Speaker
from communique.score.evaluate import as_prediction
from communique.score.metrics import Totals
from communique.score.pairing import Pairing
from communique.score.protocols import PROTOCOLS, cofenet, nervaluate, ptc, seqeval
from communique.views import token_rows

THOUSAND = settings(max_examples=1000)
EVERY = pytest.mark.parametrize("name", PROTOCOLS)
LETTERS = " ".join(string.ascii_lowercase)
"""Token n is the letter at 2n."""


def figures(name, *pairs, draws=None):
    totals = Totals(PROTOCOLS[name].count([Pairing(*pair) for pair in pairs]))
    return list(PROTOCOLS[name].figures(totals if draws is None else totals.weighted(draws)))


def figure(name, unit, measure, *pairs, group="all"):
    (found,) = [f for f in figures(name, *pairs) if (f.unit, f.measure, f.group) == (unit, measure, group)]
    return found


def run(first, last):
    """Return the offsets of letters `first` to `last`, the last included."""
    return 2 * first, 2 * last + 1


def layer(text=LETTERS, speakers=(), cues=(), contents=(), types=()):
    """Return an annotation: places per speaker and cue, and per attribution the fragments of each claim."""

    def spans(*places):
        return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in places)

    kinds = itertools.chain(types, itertools.repeat(None))
    return Prediction(
        id="made/any",
        speakers=tuple(Speaker(id=f"s{i}", spans=spans(place)) for i, place in enumerate(speakers)),
        cues=tuple(Cue(id=f"q{i}", spans=spans(place)) for i, place in enumerate(cues)),
        attributions=tuple(
            Attribution(id=f"a{i}", speaker=None, cue=None, entities=(), form="direct", parent=None)
            for i, _ in enumerate(contents)
        ),
        claims=tuple(
            PredictedClaim(id=f"c{i}.{j}", attribution=f"a{i}", spans=spans(*claim), rhetoric=next(kinds))
            for i, claims in enumerate(contents)
            for j, claim in enumerate(claims)
        ),
    )


def gold(text=LETTERS, **units):
    return msgspec.structs.replace(strategies.as_document(layer(text, **units)), text=text)


def told(found):
    return {name: None if getattr(found, name) is None else getattr(found, name)[0] for name in NUMBERS}


NUMBERS = ("gold", "predicted", "matched", "precision", "recall", "value")


# Properties of all


@EVERY
@given(document=strategies.gold_documents())
def test_identity_scores_1(name, document):
    for found in figures(name, (document, as_prediction(document))):
        assert np.isnan(found.value[0]) if found.gold[0] == 0 else found.value[0] == pytest.approx(1)
        assert found.gold[0] == found.predicted[0] == pytest.approx(found.matched[0])


@EVERY
@given(document=strategies.gold_documents(), prediction=strategies.predictions())
def test_values_stay_in_range(name, document, prediction):
    for found in figures(name, (document, prediction)):
        assert found.matched[0] <= found.gold[0] + 1e-9
        assert np.isnan(found.value[0]) == (found.gold[0] + found.predicted[0] == 0)
        for number in (found.value, found.precision, found.recall):
            assert number is None or np.isnan(number[0]) or -1e-9 <= number[0] <= 1 + 1e-9


@EVERY
@given(one=strategies.predictions(), other=strategies.predictions())
def test_exchanging_the_sides_exchanges_precision_and_recall(name, one, other):
    there = figures(name, (strategies.as_document(one), other))
    back = figures(name, (strategies.as_document(other), one))
    for a, b in zip(there, back, strict=True):
        assert (a.gold, a.predicted) == (b.predicted, b.gold)
        if a.precision is not None:
            assert a.value == pytest.approx(b.value, nan_ok=True)
            assert a.precision == pytest.approx(b.recall, nan_ok=True)


@EVERY
@given(document=strategies.gold_documents(), prediction=strategies.predictions(), random=st.randoms())
def test_order_does_not_matter(name, document, prediction, random):
    def mixed(side):
        units = ("claims", "attributions", "speakers", "cues")
        return msgspec.structs.replace(
            side, **{unit: tuple(random.sample(getattr(side, unit), len(getattr(side, unit)))) for unit in units}
        )

    there, back = PROTOCOLS[name].count([Pairing(document, prediction), Pairing(mixed(document), mixed(prediction))])
    assert there == pytest.approx(back)


@EVERY
@settings(max_examples=50)
@given(pairs=st.lists(st.tuples(strategies.gold_documents(), strategies.predictions()), min_size=2, max_size=3))
def test_counts_add_up_and_resamples_reuse_them(name, pairs):
    parts = [figures(name, pair) for pair in pairs]
    draws = np.vstack([np.ones(len(pairs)), np.eye(len(pairs))])
    for whole, rows in zip(figures(name, *pairs, draws=draws), zip(*parts, strict=True), strict=True):
        for number in ("gold", "predicted", "matched"):
            assert getattr(whole, number)[0] == pytest.approx(sum(getattr(row, number)[0] for row in rows))
        assert whole.value[1:] == pytest.approx([row.value[0] for row in rows], nan_ok=True)


@EVERY
def test_a_missing_prediction_counts_as_missed(name):
    nothing = Prediction(id="made/one")
    for found in figures(name, (samples.document(), nothing)):
        assert (found.predicted[0], found.matched[0]) == (0, 0)
        assert np.isnan(found.value[0]) if found.gold[0] == 0 else found.value[0] == 0


def test_nothing_heavy_is_imported_with_the_protocols():
    code = "import sys, communique.score.protocols; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"scipy", "tokenizers", "sklearn", "nervaluate", "seqeval", "pandas", "datasets"} & set(loaded)


# CofeNet


def test_cofenet_worked_example():
    """Gold content b-e, h-i, m; predicted b-e (exact), h-k (begin, 2 of 4), t (stray); m is missed."""
    wanted = gold(contents=[[[run(1, 4)]], [[run(7, 8)]], [[run(12, 12)]]])
    given_ = layer(contents=[[[run(1, 4)]], [[run(7, 10)]], [[run(19, 19)]]])
    exact, begin, jaccard = (
        told(figure("cofenet", "content", measure, (wanted, given_))) for measure in ("exact", "begin", "jaccard")
    )
    third = pytest.approx(1 / 3)
    assert exact == {"gold": 3, "predicted": 3, "matched": 1, "precision": third, "recall": third, "value": third}
    assert begin["value"] == pytest.approx(2 / 3)
    assert (jaccard["matched"], jaccard["precision"], jaccard["recall"]) == (1.5, None, None)
    assert jaccard["value"] == pytest.approx((1 + 1 / 2 + 0) / (3 + 1))


def test_cofenet_jaccard_lets_one_prediction_serve_two_fragments_and_is_not_symmetric():
    two, one = {"cues": [run(0, 1), run(2, 3)]}, {"cues": [run(0, 3)]}
    assert figure("cofenet", "cue", "jaccard", (gold(**two), layer(**one))).value[0] == 0.5
    assert figure("cofenet", "cue", "jaccard", (gold(**one), layer(**two))).value[0] == 0.5
    more = {"cues": [run(0, 1), run(2, 2)]}
    assert figure("cofenet", "cue", "jaccard", (gold(**more), layer(**one))).value[0] == pytest.approx(3 / 8)
    assert figure("cofenet", "cue", "jaccard", (gold(**one), layer(**more))).value[0] == 0.5


def test_cofenet_content_is_the_union_of_the_claims_cut_into_its_fragments():
    parted = gold(contents=[[[run(0, 2), run(8, 9)], [run(3, 5)]], [[run(3, 5)]]])
    words = [(letter, 2 * i, 2 * i + 1) for i, letter in enumerate(string.ascii_lowercase)]
    assert cofenet.fragments(parted, LETTERS, words)["content"] == {(0, 6), (8, 10), (3, 6)}


def test_cofenet_counts_identical_fragments_once():
    twice, once = {"contents": [[[run(0, 2)]], [[run(0, 2)]]]}, {"contents": [[[run(0, 2)]]]}
    for found in figures("cofenet", (gold(**twice), layer(**once))):
        assert (found.gold[0], found.predicted[0]) == ((1, 1) if found.unit == "content" else (0, 0))


def test_cofenet_fragments_are_whole_tokens():
    text = "naïve council waits"
    wanted, given_ = gold(text, cues=[(0, 13)]), layer(text, cues=[(2, 13)])
    assert figure("cofenet", "cue", "exact", (wanted, given_)).value[0] == 1


@given(strategies.gold_documents(), strategies.predictions())
def test_cofenet_measures_are_ordered(document, prediction):
    for unit in cofenet.UNITS:
        exact, begin, jaccard = (
            figure("cofenet", unit, measure, (document, prediction)) for measure in ("exact", "begin", "jaccard")
        )
        assert exact.matched <= begin.matched
        assert exact.matched <= jaccard.matched + 1e-9
        assert jaccard.matched <= jaccard.gold


# Propaganda techniques


def test_ptc_worked_example_of_the_tasks_scorer():
    """The offsets and figures that come with the scorer: its README tells P 0.964912, R 0.486864, F1 0.647181."""
    text = "x" * 800
    wanted = gold(text, contents=[[[p]] for p in [(0, 59), (171, 181), (0, 9), (115, 167), (740, 759)]])
    given_ = layer(text, contents=[[[p]] for p in [(0, 50), (161, 172), (0, 10), (115, 167)]])
    found = figure("ptc", "claim", "si", (wanted, given_))
    assert (found.gold[0], found.predicted[0]) == (4, 2)
    assert [round(float(x[0]), 6) for x in (found.precision, found.recall, found.value)] == [
        0.964912,
        0.486864,
        0.647181,
    ]


def test_ptc_recall_stays_within_1_where_predictions_overlap():
    """By the published formula two predictions of the whole of one gold span give it a recall of 2."""
    wanted = gold(contents=[[[run(0, 9)]], [[run(15, 16)]]])
    given_ = layer(contents=[[[run(0, 9)]], [[run(0, 8)]], [[run(1, 9)]]])
    places = [[claim.spans[0] for claim in side.claims] for side in (wanted, given_)]
    shared = [
        max(0, min(s.end, t.end) - max(s.start, t.start)) / (s.end - s.start) for s in places[0] for t in places[1]
    ]
    assert sum(shared) / len(wanted.claims) > 1
    assert figure("ptc", "claim", "si", (wanted, given_)).recall[0] == 0.5


def test_ptc_flc_wants_the_label_and_divides_each_sum_by_its_own_number():
    """Threat 0-18 found half, warning 20-28 found as threat; the task's scorer gives a type precision as its recall."""
    text = "x" * 40
    wanted = gold(text, contents=[[[(0, 18)]], [[(20, 28)]]], types=["threat", "warning"])
    given_ = layer(text, contents=[[[(0, 9)]], [[(20, 28)]]], types=["threat", "threat"])
    threat = told(figure("ptc", "claim", "flc", (wanted, given_), group="type:threat"))
    assert (threat["precision"], threat["recall"], threat["value"]) == (0.5, 0.5, 0.5)
    alone = layer(text, contents=[[[(0, 9)]]], types=["threat"])
    threat = told(figure("ptc", "claim", "flc", (wanted, alone), group="type:threat"))
    assert (threat["precision"], threat["recall"]) == (1, 0.5)
    assert threat["value"] == pytest.approx(2 / 3)
    both = told(figure("ptc", "claim", "flc", (wanted, given_)))
    assert (both["precision"], both["recall"], both["value"]) == (0.5, 0.25, pytest.approx(1 / 3))
    assert figure("ptc", "claim", "si", (wanted, given_)).recall[0] == 0.75
    assert np.isnan(figure("ptc", "claim", "flc", (wanted, given_), group="type:offer").value[0])


def test_ptc_claims_without_a_type_have_no_label():
    untyped = {"contents": [[[run(0, 3)]]]}
    assert np.isnan(figure("ptc", "claim", "flc", (gold(**untyped), layer(**untyped))).value[0])
    assert figure("ptc", "claim", "si", (gold(**untyped), layer(**untyped))).value[0] == 1


places = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda p: (p[0], p[0] + p[1]))


@given(st.sets(places, max_size=6))
def test_ptc_joining_keeps_the_characters_and_parts_what_only_touches(stretches):
    found = ptc.joined(stretches)
    assert {i for s, e in found for i in range(s, e)} == {i for s, e in stretches for i in range(s, e)}
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    apart = all(a == b or a[1] <= b[0] or b[1] <= a[0] for a in stretches for b in stretches)
    assert not apart or set(found) == stretches


@given(strategies.gold_documents(), strategies.predictions())
def test_ptc_is_the_published_formula_on_joined_spans(document, prediction):
    sides = [ptc.spans(side, document.text) for side in (document, prediction)]
    counts = ptc.counts(document, prediction)
    for key in {**sides[0], **sides[1]}:
        s, t = ([set(range(*place)) for place in side.get(key, ())] for side in sides)
        assert counts[(*key, "precision")] == pytest.approx(sum(len(a & b) / len(b) for a in s for b in t))
        assert counts[(*key, "recall")] == pytest.approx(sum(len(a & b) / len(a) for a in s for b in t))


# nervaluate


@pytest.fixture(scope="module")
def evaluator():
    package = pytest.importorskip("nervaluate", reason="NOT CHECKED: nervaluate is not installed (1.2.1 is known)")
    return package.Evaluator


def spelled(spans):
    """Return labelled contiguous spans as nervaluate wants them, the end included."""
    return [{"label": label, "start": one[0][0], "end": one[-1][1] - 1} for label, one in spans]


def theirs(evaluator, wanted, given_):
    tags = sorted({label for label, _ in (*wanted, *given_)})
    found = evaluator([spelled(wanted)], [spelled(given_)], tags=tags, loader="dict").evaluate()["overall"]
    return {schema: as_counts(found[schema]) for schema in nervaluate.SCHEMAS}


def as_counts(result):
    return result.correct, result.incorrect, result.partial, result.missed, result.spurious


def ours(wanted, given_):
    counts = nervaluate.outcomes(wanted, given_)
    return {schema: tuple(counts[schema, name] for name in nervaluate.OUTCOMES) for schema in nervaluate.SCHEMAS}


def rank(outcome):
    """COR first, then the number of pairs."""
    return outcome[0], sum(outcome[:3])


def labelled(*spans):
    return [(label, ((start, end),)) for label, start, end in spans]


def in_one_piece(side):
    """Return the annotation with the first fragment of each claim alone, for nervaluate holds no other."""
    claims = tuple(msgspec.structs.replace(claim, spans=claim.spans[:1]) for claim in side.claims)
    return msgspec.structs.replace(side, claims=claims)


def unambiguous(wanted, given_):
    """Say whether no span overlaps two of the other side, so that there is but one way to pair them."""
    near = [[a[1][0][0] < b[1][0][1] and b[1][0][0] < a[1][0][1] for b in given_] for a in wanted]
    return all(sum(row) <= 1 for row in [*near, *zip(*near, strict=True)])


crowded = st.tuples(st.integers(0, 8), st.integers(1, 6)).map(lambda p: (p[0], p[0] + p[1]))
labelled_spans = st.lists(
    st.tuples(st.sampled_from("XY"), crowded).map(lambda p: (p[0], (p[1],))), min_size=2, max_size=3, unique=True
)


@THOUSAND
@given(document=strategies.gold_documents(), prediction=strategies.predictions())
def test_nervaluate_agrees_where_pairs_are_clear_and_never_counts_more(evaluator, document, prediction):
    wanted, given_ = (nervaluate.labelled(in_one_piece(side), document.text) for side in (document, prediction))
    mine, package = ours(wanted, given_), theirs(evaluator, wanted, given_)
    for schema in nervaluate.SCHEMAS:
        assert rank(mine[schema]) >= rank(package[schema])
        assert sum(mine[schema][:4]) == len(wanted) == sum(package[schema][:4])
    assert not unambiguous(wanted, given_) or mine == package


@THOUSAND
@given(wanted=labelled_spans, given_=labelled_spans)
def test_nervaluate_at_the_best_of_all_orders_is_ours(evaluator, wanted, given_):
    orders = itertools.product(itertools.permutations(wanted), itertools.permutations(given_))
    found = [theirs(evaluator, one, other) for one, other in orders]
    mine = ours(wanted, given_)
    for schema in nervaluate.SCHEMAS:
        assert mine[schema] == max((package[schema] for package in found), key=rank)


def test_nervaluate_figures_are_those_of_the_package(evaluator):
    wanted = labelled(("X", 0, 10), ("Y", 20, 30), ("X", 40, 50), ("Y", 60, 70))
    given_ = labelled(("X", 0, 10), ("X", 20, 30), ("X", 41, 50), ("Y", 80, 90))
    assert ours(wanted, given_) == {
        "strict": (1, 2, 0, 1, 1),
        "exact": (2, 1, 0, 1, 1),
        "partial": (2, 0, 1, 1, 1),
        "ent_type": (2, 1, 0, 1, 1),
    }
    package = evaluator([spelled(wanted)], [spelled(given_)], tags=["X", "Y"]).evaluate()["overall"]
    for found in nervaluate.figures(Totals([nervaluate.outcomes(wanted, given_)])):
        result = package[found.measure]
        assert as_counts(result) == ours(wanted, given_)[found.measure]
        assert (result.precision, result.recall) == (found.precision[0], found.recall[0])
        assert result.f1 == pytest.approx(found.value[0])
        assert (result.possible, result.actual) == (found.gold[0], found.predicted[0])


def test_nervaluate_disagrees_by_the_order_of_predictions(evaluator):
    """The first prediction takes the gold span that the second one hits exactly."""
    wanted, near, exact = labelled(("X", 0, 10)), *[labelled(("X", 0, end)) for end in (9, 10)]
    for schema in ("strict", "exact", "partial"):
        assert theirs(evaluator, wanted, exact + near)[schema][0] == 1
        assert theirs(evaluator, wanted, near + exact)[schema][0] == 0
    assert ours(wanted, near + exact) == ours(wanted, exact + near) == theirs(evaluator, wanted, exact + near)


def test_nervaluate_disagrees_by_the_order_of_gold(evaluator):
    """One prediction overlaps both gold spans, the other one of them; the first gold span in the list is taken."""
    left, right = labelled(("X", 0, 4)), labelled(("X", 5, 9))
    given_ = labelled(("X", 2, 8), ("X", 1, 3))
    assert theirs(evaluator, left + right, given_)["partial"] == (0, 0, 1, 1, 1)
    assert theirs(evaluator, right + left, given_)["partial"] == (0, 0, 2, 0, 0)
    assert ours(left + right, given_)["partial"] == (0, 0, 2, 0, 0)


def test_nervaluate_disagrees_by_the_order_of_predictions_for_types_too(evaluator):
    wanted, wrong, right = labelled(("X", 0, 10)), labelled(("Y", 0, 10)), labelled(("X", 2, 9))
    assert theirs(evaluator, wanted, wrong + right)["ent_type"] == (0, 1, 0, 0, 1)
    assert (
        theirs(evaluator, wanted, right + wrong)["ent_type"]
        == (1, 0, 0, 0, 1)
        == ours(wanted, wrong + right)["ent_type"]
    )


def test_nervaluate_reads_half_open_ends_as_included(evaluator):
    """Given half-open offsets, as most libraries have them, spans that only touch overlap."""
    wanted, given_ = labelled(("X", 0, 5)), labelled(("X", 5, 9))
    raw = [[[{"label": "X", "start": s, "end": e}] for s, e in [place]] for place in ((0, 5), (5, 9))]
    found = evaluator(*raw, tags=["X"]).evaluate()["overall"]
    assert as_counts(found["partial"]) == (0, 0, 1, 0, 0)
    assert theirs(evaluator, wanted, given_)["partial"] == (0, 0, 0, 1, 1) == ours(wanted, given_)["partial"]


def test_nervaluate_ignores_an_overlap_below_one_percent_of_gold(evaluator):
    wanted, given_ = labelled(("X", 0, 101)), labelled(("X", 100, 103))
    assert theirs(evaluator, wanted, given_)["partial"] == (0, 0, 0, 1, 1)
    assert theirs(evaluator, given_, wanted)["partial"] == (0, 0, 1, 0, 0)
    assert ours(wanted, given_)["partial"] == ours(given_, wanted)["partial"] == (0, 0, 1, 0, 0)


def test_nervaluate_counts_repeats(evaluator):
    once = {"cues": [run(0, 3)]}
    assert theirs(evaluator, labelled(("cue", 0, 7)), labelled(("cue", 0, 7)) * 2)["strict"] == (1, 0, 0, 0, 1)
    repeated = layer(cues=[run(0, 3), run(0, 3)])
    assert figure("nervaluate", "span", "strict", (gold(**once), repeated)).predicted[0] == 1


def test_nervaluate_has_no_discontinuous_spans(evaluator):
    """Its nearest spelling is a span for each fragment, so that one claim counts twice."""
    parted = {"contents": [[[run(0, 3), run(8, 9)]]]}
    (claim,) = nervaluate.labelled(gold(**parted), LETTERS)
    pieces = [("claim", (place,)) for place in claim[1]]
    assert theirs(evaluator, pieces, pieces[:1])["strict"] == (1, 0, 0, 1, 0)
    assert ours([claim], pieces[:1])["strict"] == (0, 1, 0, 0, 0)


def test_nervaluate_tables_by_label_do_not_add_up_to_its_overall(evaluator):
    """The labels are set apart before spans are paired: a wrong label is INC overall, MIS and SPU by label."""
    sides = [spelled(labelled((label, 0, 5))) for label in "XY"]
    found = evaluator([sides[0]], [sides[1]], tags=["X", "Y"]).evaluate()
    assert as_counts(found["overall"]["strict"]) == (0, 1, 0, 0, 0)
    assert as_counts(found["entities"]["X"]["strict"]) == (0, 0, 0, 1, 0)
    assert as_counts(found["entities"]["Y"]["strict"]) == (0, 0, 0, 0, 1)
    assert ours(labelled(("X", 0, 5)), labelled(("Y", 0, 5)))["strict"] == (0, 1, 0, 0, 0)


def test_nervaluate_drops_labels_it_was_not_told(evaluator):
    sides = [spelled(labelled((label, 0, 5))) for label in "XY"]
    assert as_counts(evaluator([sides[0]], [sides[1]], tags=["X"]).evaluate()["overall"]["strict"]) == (0, 0, 0, 1, 0)


def test_nervaluate_gives_nothing_0_and_cannot_guess_the_loader_of_it(evaluator):
    with pytest.raises(IndexError):
        evaluator([[]], [[]], tags=["X"])
    assert evaluator([[]], [[]], tags=["X"], loader="dict").evaluate()["overall"]["strict"].f1 == 0
    assert all(np.isnan(found.value[0]) for found in figures("nervaluate", (gold(), layer())))


def test_nervaluate_keeps_partial_credit_over_documents_and_gives_it_once_a_span(evaluator):
    """Older versions lost the credit when documents were merged; 1.2.1 does not, and agrees."""
    wanted, given_ = labelled(("X", 0, 10)), labelled(("X", 0, 4), ("X", 5, 9))
    assert theirs(evaluator, wanted, given_)["partial"] == ours(wanted, given_)["partial"] == (0, 0, 1, 0, 1)
    found = evaluator([spelled(wanted)] * 2, [spelled(given_)] * 2, tags=["X"]).evaluate()["overall"]["partial"]
    (mine,) = [
        f for f in nervaluate.figures(Totals([nervaluate.outcomes(wanted, given_)] * 2)) if f.measure == "partial"
    ]
    assert (found.precision, found.recall) == (mine.precision[0], mine.recall[0]) == (0.25, 0.5)


# seqeval


@pytest.fixture(scope="module")
def package():
    return pytest.importorskip("seqeval", reason="NOT CHECKED: seqeval is not installed (1.2.2 is known)")


def their_chunks(tags, mode):
    from seqeval.metrics.sequence_labeling import get_entities
    from seqeval.scheme import IOB2, Entities

    if mode == "strict":
        return {(e.tag, e.start, e.end) for e in Entities([tags], IOB2).entities[0]}
    return {(kind, start, end + 1) for kind, start, end in get_entities(tags)}


def their_figures(true, predicted, mode):
    from seqeval.metrics import sequence_labeling, v1
    from seqeval.scheme import IOB2

    options = {"average": "micro", "zero_division": 0}
    if mode == "strict":
        return v1.precision_recall_fscore_support(true, predicted, scheme=IOB2, **options)
    return sequence_labeling.precision_recall_fscore_support(true, predicted, **options)


def lines(side, cuts):
    """Return the annotation over a text whose words are parted by line feeds at some places."""
    text = "".join("\n" if x == " " and i in cuts else x for i, x in enumerate(strategies.TEXT))
    return msgspec.structs.replace(side, text=text)


def nested(side, random):
    """Return the annotation with some attributions within the first claim."""
    if not side.claims:
        return side
    parents = [random.choice([None, side.claims[0].id]) for _ in side.attributions]
    items = zip(side.attributions, parents, strict=True)
    return msgspec.structs.replace(side, attributions=tuple(msgspec.structs.replace(a, parent=p) for a, p in items))


tag_lists = st.lists(st.sampled_from(["O", "B-x", "I-x", "B-y", "I-y"]), min_size=1, max_size=12)
cut_places = st.sets(st.sampled_from([i for i, x in enumerate(strategies.TEXT) if x == " "]), max_size=8)


@pytest.mark.parametrize("mode", seqeval.MODES)
@THOUSAND
@given(tags=tag_lists)
def test_seqeval_finds_the_same_chunks_in_any_tags(package, mode, tags):
    assert seqeval.chunks(tags, mode) == their_chunks(tags, mode)


@pytest.mark.parametrize("mode", seqeval.MODES)
@settings(max_examples=200)
@given(
    pairs=st.lists(st.lists(st.tuples(*[st.sampled_from(["O", "B-x", "I-x"])] * 2), min_size=1), min_size=1, max_size=5)
)
def test_seqeval_figures_of_ill_formed_tags_agree(package, mode, pairs):
    true, predicted = ([[pair[side] for pair in row] for row in pairs] for side in (0, 1))
    counts = Counter()
    for one, other in zip(true, predicted, strict=True):
        wanted, given_ = seqeval.chunks(one, mode), seqeval.chunks(other, mode)
        numbers = zip(("gold", "predicted", "matched"), (len(wanted), len(given_), len(wanted & given_)), strict=True)
        counts.update({("cue", mode, name): number for name, number in numbers})
    agree(next(f for f in seqeval.figures(Totals([counts])) if (f.unit, f.measure) == ("cue", mode)), true, predicted)


def agree(found, true, predicted):
    precision, recall, f1, support = their_figures(true, predicted, found.measure)
    assert support == found.gold[0]
    mine = [np.nan_to_num(number[0]) for number in (found.precision, found.recall, found.value)]
    assert mine == pytest.approx([precision, recall, f1], abs=1e-12)


@THOUSAND
@given(strategies.gold_documents(), strategies.predictions(), cut_places, st.randoms())
def test_seqeval_agrees_on_the_rows_of_the_tokens_table(package, document, prediction, cuts, random):
    document, prediction = lines(nested(document, random), cuts), nested(prediction, random)
    other = msgspec.structs.replace(strategies.as_document(prediction), text=document.text)
    rows = [list(token_rows(side)) for side in (document, other)]
    for found in figures("seqeval", (document, prediction)):
        agree(found, *([list(getattr(row, found.unit)) for row in side] for side in rows))


@given(strategies.gold_documents(), strategies.predictions(), cut_places)
def test_seqeval_modes_give_one_figure_for_annotations(document, prediction, cuts):
    default, strict = figures("seqeval", (lines(document, cuts), prediction))[:2]
    assert told(default) == pytest.approx(told(strict), nan_ok=True)


def test_seqeval_modes_differ_where_a_tag_continues_nothing():
    assert seqeval.chunks(["O", "I-x", "I-x", "B-x"]) == {("x", 1, 3), ("x", 3, 4)}
    assert seqeval.chunks(["O", "I-x", "I-x", "B-x"], "strict") == {("x", 3, 4)}
    assert seqeval.chunks(["B-x", "I-y"]) == {("x", 0, 1), ("y", 1, 2)}
    assert seqeval.chunks(["B-x", "I-y"], "strict") == {("x", 0, 1)}


def test_seqeval_worked_example():
    """A claim over two paragraphs is a chunk in each; of overlapping claims the longer is kept."""
    text = LETTERS[:19] + "\n" + LETTERS[20:]
    wanted = gold(text, contents=[[[run(7, 11)]], [[run(20, 21)]]])
    given_ = layer(text, contents=[[[run(7, 11)]], [[run(8, 9)]], [[run(20, 22)]]])
    found = told(figure("seqeval", "claim", "strict", (wanted, given_)))
    assert (found["gold"], found["predicted"], found["matched"], found["value"]) == (3, 3, 2, pytest.approx(2 / 3))


# The committed corpus


def test_protocols_stand_beside_our_own_figures_on_the_release():
    documents: list[Document] = [document for split in ("dev", "test") for document in releases.load(split, "0.1.0")]
    pairs = [(document, as_prediction(document)) for document in documents]
    for name in PROTOCOLS:
        assert {1.0} == {round(float(f.value[0]), 9) for f in figures(name, *pairs) if f.gold[0]}


@pytest.mark.parametrize("tag", ["X-cue", "E-cue", "B-", "I-", "B", "b-cue", "", "o", "Bcue"])
def test_chunks_are_of_tags_that_are_known(tag):
    with pytest.raises(CommuniqueError, match=f"tag '{tag}' of token 1 is neither O, B-type nor I-type"):
        seqeval.chunks(["O", tag, "I-cue"])
