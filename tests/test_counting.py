"""Rules of counting one by one, each on the smallest case that tells it from its neighbour."""

import pytest
from msgspec.structs import replace

import samples
from communique.records import Entity, Span
from communique.score.config import ScoreConfig
from communique.score.entities import aligned
from communique.score.evaluate import as_prediction, evaluate
from communique.score.groups import grouper
from communique.score.items import merged
from communique.score.task import Earned

TALK = "Vint said no. The clerk said yes."
ECHO = "Vint and Maro said no."


def matched(gold, prediction, *tasks):
    """Return what is matched, by task, unit and measure, of all documents and in no group."""
    scores = evaluate([gold], [prediction], ScoreConfig(tasks=tasks)).scores
    return {(s.task, s.unit, s.measure): s.matched for s in scores if s.group == "all"}


def supported(gold, prediction, *tasks):
    scores = evaluate([gold], [prediction], ScoreConfig(tasks=tasks)).scores
    return {(s.task, s.unit, s.measure): s.gold for s in scores if s.group == "all"}


def entity(name, *mentions):
    return Entity(id=f"{name}!", name=name, kind="person", mentions=mentions)


def echo(types=("assertion", "assertion")):
    """Return a text in which two say the same words, each for himself."""
    return samples.made(ECHO, [("Vint", "no", "v"), ("Maro", "no", "m")], types=[*types])


# Stretches


def test_a_stretch_of_no_characters_is_none():
    assert merged([(3, 3)]) == ()
    assert merged([(1, 2), (5, 5)]) == ((1, 2),)


def test_stretches_that_touch_are_one():
    assert merged([(2, 4), (0, 2)]) == ((0, 4),)


# Content


@pytest.mark.parametrize(("words", "found"), [("a no", 1), ("no", 0)])
def test_content_is_found_at_half_of_the_union_and_not_below(words, found):
    """Of 8 characters 4 are half."""
    text = "Vint said no, a no."
    gold = samples.made(text, [("Vint", "no, a no", "v")])
    start = text.index(", a no") + 6 - len(words)
    (claim,) = gold.claims
    part = replace(claim, spans=(Span(start=start, end=start + len(words), text=words),))
    prediction = as_prediction(replace(gold, claims=(part,)))
    assert matched(gold, prediction, "full")["full", "claim", "content"] == found
    assert matched(gold, prediction, "attribution")["attribution", "holder", "entity"] == found


# Holders


def test_words_that_name_another_name_no_holder():
    """The prediction has the right entity and says it by words with which gold names somebody else."""
    gold = samples.made(TALK, [("Vint", "no", "v"), ("The clerk", "yes", "c")])
    right = as_prediction(gold)
    clerk = right.attributions[1].speaker
    misnamed = tuple(replace(item, speaker=clerk) for item in right.attributions)
    found = matched(gold, replace(right, attributions=misnamed, speakers=right.speakers[1:]), "attribution", "full")
    assert found["attribution", "holder", "entity"] == 1
    assert found["full", "claim", "content+entity"] == 1


def test_of_equal_contents_each_goes_to_its_holder_whatever_comes_first():
    """The prediction leaves one speaker out, which moves his attribution to the front."""
    gold = echo()
    right = as_prediction(gold)
    last = {entity.id for entity in right.entities if entity.name == "m"}
    bare = tuple(
        replace(item, speaker=None if last & {*item.entities} else item.speaker) for item in right.attributions
    )
    used = {item.speaker for item in bare}
    prediction = replace(right, attributions=bare, speakers=tuple(s for s in right.speakers if s.id in used))
    found = matched(gold, prediction, "attribution", "full")
    assert found["attribution", "holder", "entity"] == 2
    assert found["full", "claim", "content+entity+type"] == 2


def test_one_triple_is_the_answer_to_one_attribution():
    """Two hold what is said in the same words of speaker and claim; one such attribution is predicted."""
    gold = samples.made(ECHO, [("Vint and Maro", "no", "v"), ("Vint and Maro", "no", "m")])
    right = as_prediction(gold)
    one = replace(right, attributions=right.attributions[:1], claims=right.claims[:1])
    assert matched(gold, one, "attribution")["attribution", "triple", "strict"] == 1
    assert matched(gold, right, "attribution")["attribution", "triple", "strict"] == 2


def test_in_a_collection_without_entities_nobody_is_asked_for():
    gold = samples.made(TALK, [("Vint", "no", "v"), ("The clerk", "yes", "c")])
    silent = replace(gold, entities=(), attributions=tuple(replace(item, entities=()) for item in gold.attributions))
    found = supported(silent, as_prediction(silent), "attribution", "holders", "full")
    assert found["attribution", "triple", "strict"] == 2
    assert found["attribution", "holder", "entity"] == 0
    assert found["holders", "attribution", "holder"] == 0
    assert found["full", "claim", "content"] == 0


# Entities


@pytest.mark.parametrize(("start", "found"), [(4, {"Maro!": "Vint!"}), (5, {}), (6, {})])
def test_mentions_are_one_at_half_of_their_union_and_not_below(start, found):
    assert aligned([entity("Vint", (0, 8))], [entity("Maro", (start, 8))], []) == found


def test_mentions_decide_before_attributions_and_names():
    gold = [entity("Vint", (0, 4), (10, 14)), entity("Maro", (20, 24))]
    guess = [entity("Maro", (0, 4), (10, 14), (20, 24))]
    assert aligned(gold, guess, [(frozenset({"Maro!"}), frozenset({"Maro!"}))]) == {"Maro!": "Vint!"}


# Groups


@pytest.mark.parametrize("facet", ["nested", "implicit-speaker"])
def test_what_several_attributions_share_is_in_a_group_if_one_of_them_is(facet):
    gold = samples.made(ECHO, [("Vint", "no", "v"), ("Maro", "no", "m")])
    one, other = gold.attributions
    changed = {"nested": {"parent": "c9"}, "implicit-speaker": {"speaker": None}}[facet]
    groups = grouper(replace(gold, attributions=(replace(one, **changed), other)))
    found = [groups(Earned("claim", owners, {})) for owners in ((one.id, other.id), (one.id,), (other.id,))]
    assert [f"{facet}:yes" in some for (some,) in found] == [True, True, False]


# Types


def test_of_claims_with_equal_words_and_other_ids_the_speaker_tells_which_is_which():
    """Their types are exchanged: what the speakers have not said is not theirs."""
    gold, exchanged = echo(["threat", "warning"]), echo(["warning", "threat"])
    given = as_prediction(exchanged)
    renamed = replace(given, claims=tuple(replace(claim, id=f"x{claim.id}") for claim in given.claims))
    assert matched(gold, renamed, "rhetoric")["rhetoric", "claim", "accuracy"] == 0
    given = as_prediction(gold)
    renamed = replace(given, claims=tuple(replace(claim, id=f"x{claim.id}") for claim in given.claims))
    assert matched(gold, renamed, "rhetoric")["rhetoric", "claim", "accuracy"] == 2


def test_a_type_is_predicted_as_often_as_it_is_said():
    gold, guess = echo(["threat", "warning"]), echo(["warning", "warning"])
    scores = evaluate([gold], [as_prediction(guess)], ScoreConfig(tasks=("rhetoric",))).scores
    found = {s.group: (s.gold, s.predicted, s.precision) for s in scores if s.group.startswith("type:")}
    assert (found["type:threat"], found["type:warning"]) == ((1, 0, None), (1, 2, 0.5))
