import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
import strategies
from communique import score
from communique.score.config import TASKS, ScoreConfig
from communique.score.evaluate import as_prediction, evaluate
from communique.score.groups import FACETS
from communique.score.labels import MEASURES

PLAIN = ScoreConfig()


def broken_down(gold, predicted, config=PLAIN):
    whole, parts = {}, {}
    for one in evaluate(gold, predicted, config, breakdown=True).scores:
        facet = one.group.partition(":")[0]
        if one.group == "all":
            whole[one.task, one.unit, one.measure] = one
        elif facet in FACETS and one.measure != "f1":
            parts.setdefault((one.task, one.unit, one.measure, facet), {})[one.group] = one
    return whole, parts


def holds(claim, spans):
    return all(any(one.start <= span.start and span.end <= one.end for one in claim.spans) for span in spans)


@st.composite
def nested(draw, name):
    """Return a gold document in which some attributions stand within claims of others."""
    gold = draw(strategies.gold_documents(name))
    attributions = []
    for item in gold.attributions:
        said = [span for claim in gold.claims if claim.attribution == item.id for span in claim.spans]
        above = [None, *(claim.id for claim in gold.claims if claim.attribution < item.id and holds(claim, said))]
        attributions.append(msgspec.structs.replace(item, parent=draw(st.sampled_from(above))))
    return msgspec.structs.replace(gold, attributions=tuple(attributions))


@given(nested("made/any"), nested("made/more"), strategies.predictions(), strategies.predictions("made/more"))
def test_the_groups_of_a_facet_add_up_to_the_whole(one, other, given_, more):
    whole, parts = broken_down([one, other], [given_, more])
    for (task, unit, measure, facet), groups in parts.items():
        all_ = whole[task, unit, measure]
        assert sum(score.gold for score in groups.values()) == all_.gold, (task, unit, measure, facet)
        assert sum(score.matched for score in groups.values()) == pytest.approx(all_.matched, abs=1e-5)


@given(nested("made/any"), strategies.predictions())
def test_every_figure_is_broken_down_by_every_facet(gold, given_):
    whole, parts = broken_down([gold], [given_])
    left = {"macro-f1", "family-macro-f1", "ece", "brier", "b-cubed"}
    figures = [key for key, one in whole.items() if one.gold and key[1] not in MEASURES and key[2] not in left]
    own = {"type": "full", "speaker": "holders"}
    facets = [(*key, facet) for key in figures for facet in FACETS if own.get(facet, key[0]) == key[0]]
    assert sorted(parts) == sorted(facets)


@given(nested("made/any"), strategies.predictions())
def test_a_group_has_recall_alone(gold, given_):
    _, parts = broken_down([gold], [given_], ScoreConfig())
    for groups in parts.values():
        for one in groups.values():
            assert one.precision is one.predicted is None
            assert one.value == one.recall == pytest.approx(one.matched / one.gold, abs=1e-5)
            assert one.low is None or 0 <= one.low <= one.high <= 1


@given(nested("made/any"), strategies.predictions())
def test_the_order_of_units_is_nothing(gold, given_):
    turned = {name: getattr(gold, name)[::-1] for name in ("speakers", "cues", "attributions", "claims")}
    there, back = (
        [(s.task, s.unit, s.measure, s.group, s.gold) for s in evaluate([one], [given_], PLAIN, breakdown=True).scores]
        for one in (gold, msgspec.structs.replace(gold, **turned))
    )
    assert there == back


@given(strategies.gold_documents(), strategies.predictions())
def test_without_breakdown_nothing_changes(gold, given_):
    plain = evaluate([gold], [given_], PLAIN).scores
    more = evaluate([gold], [given_], PLAIN, breakdown=True).scores
    assert [one for one in more if one in plain] == list(plain)
    assert not [one for one in plain if one.predicted is None]


def test_worked_example():
    gold, given_ = samples.documents(), [samples.layer("made/one")]
    _, parts = broken_down(gold, given_)

    def told(task, unit, measure, facet):
        return {name.partition(":")[2]: (s.matched, s.gold) for name, s in parts[task, unit, measure, facet].items()}

    assert told("full", "claim", "content", "form") == {"direct": (2, 3), "indirect": (2, 4)}
    assert told("full", "claim", "content", "nested") == {"no": (3, 6), "yes": (1, 1)}
    assert told("full", "claim", "content", "discontinuous") == {"no": (3, 6), "yes": (1, 1)}
    assert told("attribution", "triple", "strict", "implicit-speaker") == {"no": (4, 7)}
    assert told("full", "claim", "content+entity+type", "type")["denial"] == (1, 2)
    assert told("rhetoric", "claim", "accuracy", "form") == {"direct": (2, 3), "indirect": (2, 4)}
    assert told("holders", "attribution", "holder", "speaker") == {"name": (4, 6), "pronoun": (0, 1)}
    assert told("spans", "speaker", "exact", "form") == {"direct": (1, 2), "indirect": (1, 3), "mixed": (1, 1)}


def test_a_span_that_several_attributions_share_is_mixed_and_yes():
    gold = samples.document()
    unsaid = msgspec.structs.replace(gold.attributions[1], speaker=None, cue=gold.attributions[0].cue)
    gold = msgspec.structs.replace(
        gold,
        cues=tuple(cue for cue in gold.cues if cue.id != gold.attributions[1].cue),
        attributions=(gold.attributions[0], unsaid, *gold.attributions[2:]),
    )
    _, parts = broken_down([gold], [as_prediction(gold)])
    assert parts["spans", "cue", "exact", "form"]["form:mixed"].gold == 1
    assert parts["spans", "cue", "exact", "implicit-speaker"]["implicit-speaker:yes"].gold == 1


def test_each_task_has_its_function():
    gold, layers = samples.documents(), [samples.layer(name) for name in samples.SOURCES]
    for task in TASKS:
        config = ScoreConfig(tasks=("spans",), iou=0.6)
        found = getattr(score, task)(gold, layers, config, version="9.9.9", split="dev", breakdown=True)
        assert found == evaluate(
            gold, layers, ScoreConfig(tasks=(task,), iou=0.6), version="9.9.9", split="dev", breakdown=True
        )
        assert {s.task for s in found.scores} == {task}
        alone = getattr(score, task)(gold[0], layers[0])
        assert alone == getattr(score, task)([gold[0]], [gold[0]])
        assert "interval:jackknife-t|" in alone.scores[0].signature
