"""What is compared cannot be won by doing nothing, and does not depend on how things are listed."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import samples
import strategies
from communique import baselines, releases
from communique.baselines import Source, without_entities, without_types
from communique.records import Entity, Prediction, Span, Speaker
from communique.score.config import KNOWN, TASKS, ScoreConfig
from communique.score.evaluate import as_prediction, evaluate

PLAIN = ScoreConfig()
GOLD = releases.load(release="0.1.0")
RIGHT = [as_prediction(document) for document in GOLD]
HELD = [
    ("attribution", "holder", "entity"),
    ("full", "claim", "content+entity"),
    ("full", "claim", "content+entity+type"),
]
GIVEN = ("holders", "attribution", "holder")


def figures(gold, predictions, config=PLAIN):
    scores = evaluate(gold, predictions, config).scores
    return {(one.task, one.unit, one.measure): one.value for one in scores if one.group == "all"}


def held_by(prediction, names):
    """Return a prediction whose attributions are held by others: of each the function gives the entities."""
    return replace(prediction, attributions=tuple(replace(a, entities=names(a)) for a in prediction.attributions))


def rotated(prediction, _):
    ids = [entity.id for entity in prediction.entities]
    following = dict(zip(ids, [*ids[1:], *ids[:1]], strict=True))
    return held_by(prediction, lambda item: tuple(following[name] for name in item.entities))


def silent(prediction, _):
    nobody = Entity(id="e1", name="nobody", kind="unknown", mentions=())
    claims = tuple(replace(claim, targets=()) for claim in prediction.claims)
    return replace(held_by(prediction, lambda _: ("e1",)), entities=(nobody,), claims=claims)


def whole_text(prediction, gold):
    place = (len(gold.text) - len(gold.text.lstrip()), len(gold.text.rstrip()))
    speaker = Speaker(id="s1", spans=(Span(start=place[0], end=place[1], text=gold.text[slice(*place)]),))
    attributions = tuple(replace(item, speaker="s1") for item in prediction.attributions)
    return replace(prediction, speakers=(speaker,), attributions=attributions)


def everybody(prediction, _):
    everyone = tuple(entity.id for entity in prediction.entities)
    return held_by(prediction, lambda _: everyone)


def test_gold_is_right_in_everything():
    for key, value in figures(GOLD, RIGHT).items():
        assert value == 1 or key[2] in ("ece", "brier"), key
    bare = [held_by(one, lambda _: ()) for one in RIGHT[:3]]
    gold = [replace(d, attributions=tuple(replace(a, entities=()) for a in d.attributions)) for d in GOLD[:3]]
    assert {figures(gold, bare)[key] for key in (*HELD, GIVEN)} == {1}, "nobody holds them, in a document with entities"


@pytest.mark.parametrize("attack", [rotated, silent, whole_text, everybody], ids=lambda attack: attack.__name__)
def test_what_says_nothing_of_holders_wins_nothing(attack):
    found = figures(GOLD, [attack(*pair) for pair in zip(RIGHT, GOLD, strict=True)])
    for key in HELD:
        assert found[key] <= 0.05, key
    assert found.get(GIVEN, 0) <= 0.05


def test_a_right_pronoun_with_the_wrong_entity_or_none_is_wrong():
    """Two speak in turn, the second by a pronoun: whose it is must be said, not where it stands."""
    text = "Vint said no. Maro said yes. She said it again."
    gold = samples.made(text, [("Vint", "no", "v"), ("Maro", "yes", "m"), ("She", "it again", "v")])
    right = as_prediction(gold)
    names = {entity.name: entity.id for entity in right.entities}

    def of_the_pronoun(*entities):
        last = right.attributions[-1]
        return replace(right, attributions=(*right.attributions[:-1], replace(last, entities=entities)))

    for entities, expected in (
        ((names["v"],), 1),
        ((names["m"],), 2 / 3),
        ((), 2 / 3),
        ((names["v"], names["m"]), 2 / 3),
    ):
        found = figures([gold], [of_the_pronoun(*entities)])
        assert found["attribution", "holder", "entity"] == pytest.approx(expected, abs=1e-6), entities
        assert found[GIVEN] == pytest.approx(expected, abs=1e-6), entities


def test_half_of_a_joint_speaker_is_wrong():
    text = "Vint and Maro said no."
    gold = samples.made(text, [("Vint and Maro", "no", "v+m")], mentions={"v": ["Vint"], "m": ["Maro"]})
    right = as_prediction(gold)
    half = held_by(right, lambda item: item.entities[:1])
    assert (figures([gold], [right])[GIVEN], figures([gold], [half])[GIVEN]) == (1, 0)
    assert figures([gold], [half])["attribution", "holder", "entity"] == 0


def test_a_speaker_counts_by_any_words_that_name_its_holder():
    text = "Vint said no. She said yes."
    gold = samples.made(text, [("Vint", "no", "v"), ("She", "yes", "v")])
    right = as_prediction(gold)
    elsewhere = tuple(replace(item, speaker=right.attributions[0].speaker) for item in right.attributions)
    found = figures([gold], [replace(right, attributions=elsewhere, speakers=right.speakers[:1])])
    assert found["attribution", "holder", "entity"] == 1
    assert found["attribution", "triple", "strict"] == 0.5


def test_triples_count_by_the_mean_of_their_overlaps():
    text = "Orla Vint said no to all of it."
    gold = samples.made(text, [("Orla Vint", "no to all of it", "v")])
    shorter = samples.made(text, [("Vint", "no to all", "v")])
    found = figures([gold], [as_prediction(shorter)])
    assert found["attribution", "triple", "overlap"] == pytest.approx((4 / 9 * 9 / 15) ** (1 / 3), abs=1e-6)
    silent_ = replace(as_prediction(gold), speakers=(), attributions=(replace(gold.attributions[0], speaker=None),))
    assert figures([gold], [silent_])["attribution", "triple", "overlap"] == 0


def test_the_whole_text_as_speaker_and_cue_is_no_triple():
    found = [whole_text(*pair) for pair in zip(RIGHT, GOLD, strict=True)]
    cued = [
        replace(
            one,
            cues=(
                msgspec.convert(
                    {"id": "q1", "spans": msgspec.to_builtins(one.speakers[0].spans)}, type(RIGHT[0].cues[0])
                ),
            ),
            attributions=tuple(replace(item, cue="q1") for item in one.attributions),
        )
        for one in found
    ]
    assert figures(GOLD, cued)["attribution", "triple", "overlap"] < 0.1


def predicted(name, documents, train):
    model = baselines.create(name).fit(train)
    for tasks, known in (
        (("spans", "attribution", "full"), None),
        (("holders",), without_entities),
        (("rhetoric",), without_types),
    ):
        sources = [Source(id=d.id, text=d.text, layer=known(d) if known else None) for d in documents]
        yield ScoreConfig(tasks=tasks), model.predict(sources)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_floor_is_below_the_rules_in_every_headline(split):
    gold, train = releases.load(split), releases.load("train")
    floor, rules = (
        {k: v for config, found in predicted(name, gold, train) for k, v in figures(gold, found, config).items()}
        for name in ("floor", "rules")
    )
    for task in TASKS.values():
        for unit, measure in task.headlines:
            low, high = floor[task.name, unit, measure], rules[task.name, unit, measure]
            assert low < high, (task.name, unit, measure)


# Order


def listed(layer, rng):
    """Return a layer with everything listed in another order."""
    groups = ("entities", "speakers", "cues", "attributions", "claims")
    return replace(
        layer, **{name: tuple(rng.sample(getattr(layer, name), len(getattr(layer, name)))) for name in groups}
    )


def everything(gold, predictions):
    return [evaluate(gold, predictions, ScoreConfig(tasks=(task,)), breakdown=True).scores for task in KNOWN]


@given(st.lists(strategies.gold_documents(), min_size=2, max_size=2), strategies.predictions(), st.integers(0, 99))
def test_no_figure_depends_on_the_order_of_units_or_documents(drawn, given_, seed):
    rng = random.Random(seed)
    gold = [replace(one, id=f"made/{number}") for number, one in enumerate(drawn)]
    found = [replace(given_, id="made/0"), replace(as_prediction(drawn[0]), id="made/1")]
    mixed = [listed(one, rng) for one in rng.sample(gold, 2)], [listed(one, rng) for one in rng.sample(found, 2)]
    assert everything(gold, found) == everything(*mixed)


def test_of_two_claims_with_equal_words_each_meets_its_own():
    """One stance, a threat to some and a warning to others: full F1 was .5 or .0 by the order of the claims."""
    text = "Vint said we will shut the lock. Maro heard it."
    claim = "we will shut the lock"
    gold = samples.made(text, [("Vint", claim, "v"), ("Maro", claim, "m")], types=["threat", "warning"])
    right = as_prediction(gold)
    for number in range(20):
        mixed = listed(right, random.Random(number))
        found = figures([listed(gold, random.Random(100 + number))], [mixed])
        assert {found[key] for key in (*HELD, GIVEN)} == {1}


@pytest.mark.parametrize("halves", [("no to all", "of it"), ("of it", "no to all")])
def test_halves_of_a_claim_earn_the_same_in_any_order(halves):
    text = "Vint said no to all of it."
    gold = samples.made(text, [("Vint", "no to all of it", "v")])
    parts = samples.made(text, [("Vint", half, "v") for half in halves])
    scores = {(s.task, s.unit, s.measure): s.matched for s in evaluate([gold], [as_prediction(parts)], PLAIN).scores}
    assert scores["full", "claim", "content"] == 1
    assert scores["spans", "claim", "overlap"] == pytest.approx(9 / 15, abs=1e-6)


def test_a_document_without_prediction_is_missed_whole():
    found = figures(GOLD[:2], [RIGHT[0]])
    assert all(value < 1 for key, value in found.items() if value is not None and key[2] not in ("ece", "brier"))
    assert figures(GOLD[:1], [Prediction(id=GOLD[0].id)])[GIVEN] == 0
