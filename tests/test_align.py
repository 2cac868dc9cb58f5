import json
from itertools import pairwise, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
import strategies
from communique.quotes.align import align
from communique.quotes.find import AlignmentError, Text, candidates, quality
from communique.quotes.nearest import Hull, nearest
from communique.quotes.records import Quote, QuotedDocument


def one(text, **attribution):
    fields = {"id": "x", "entities": ["e"], "form": "indirect", **attribution}
    entity = {"id": "e", "name": "E", "kind": "person", "mentions": attribution.pop("mentions", [])}
    fields.pop("mentions", None)
    quoted = {"id": "d", "entities": [entity], "attributions": [fields]}
    return align(text, msgspec.convert(quoted, QuotedDocument))


def claim(quote, number=1):
    return {"id": f"k{number}", "quote": quote, "rhetoric": "assertion"}


def test_offsets_are_code_points_of_the_words_quoted():
    found = samples.layer()
    for unit in (*found.speakers, *found.cues, *found.claims):
        for span in unit.spans:
            assert samples.TEXT[span.start : span.end] == span.text
    assert [claim.rhetoric for claim in found.claims] == ["threat", "assertion", "commitment", "denial"]
    assert [len(claim.spans) for claim in found.claims] == [1, 1, 1, 2]
    assert found.attributions[2].parent == "c2"


def test_of_equal_words_those_nearest_to_each_other_are_meant():
    text = "He said no. The mayor said yes. She said no.\n"
    found = one(text, speaker="She", cue="said", claims=[claim("no")])
    assert [found.cues[0].spans[0].start, found.claims[0].spans[0].start] == [text.rindex("said"), text.rindex("no")]


def test_words_outside_of_each_other_go_before_nearer_ones_that_overlap():
    said, inside, beside = ((0, 10),), ((2, 4),), ((12, 14),)
    assert nearest([[said], [inside, beside]]) == (said, beside)
    assert Hull([said]).take([inside, beside]) == beside
    assert nearest([[said], [inside]]) == (said, inside)


@pytest.mark.parametrize(("quote", "start"), [({"quote": "no", "at": 2}, 13), ({"quote": "no", "nth": 3}, 16)])
def test_line_and_number_decide(quote, start):
    text = "no, he said.\nno no\n"
    assert one(text, cue="said", claims=[claim(quote)]).claims[0].spans[0].start == start


def test_marks_dashes_and_white_space_may_differ_words_may_not():
    text = "She said: “It’s  over — all\nof it.”\n"
    found = one(text, cue="said", claims=[claim('"It\'s over - all of it."')])
    assert found.claims[0].spans[0].text == "“It’s  over — all\nof it.”"
    with pytest.raises(AlignmentError, match="not in the text"):
        one(text, cue="said", claims=[claim("It is over")])


@pytest.mark.parametrize(
    ("there", "quoted"),
    [
        *((f"cross{dash}border", "cross-border") for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"),
        ("lock — ours — stays", "lock -- ours -- stays"),
        ("nego\u00adtia\u00adtions", "negotiations"),
        ("the\u200b lock\u200b \u200bstays", "the lock stays"),
        ("the \u200f(lock)\u200e", "the (lock)"),
        ("\u2068the\u2069 lock", "the lock"),
        ("we wait … here", "we wait ... here"),
        ("we wait ... here", "we wait … here"),
        ("„no lock“", '"no lock"'),
        ("‚no‘ lock", "'no' lock"),
    ],
)
def test_what_nobody_can_type_may_differ(there, quoted):
    text = f"She said {there}.\n"
    assert quality(Text(text), quoted) == "repaired"
    seen = there.strip("\u2068\u200e")
    assert Text(text).find(quoted) == [(text.index(seen), text.index(seen) + len(seen))]


def test_a_part_of_an_ellipsis_is_not_found():
    assert Text("We wait… Here.").find("wait.") == []
    assert Text("We wait… Here.").find("wait") == [(3, 7)]


def test_a_soft_hyphen_ends_no_word():
    assert Text("nego\u00adtiate nego").find("nego") == [(11, 15)]


ODD = st.text(alphabet='ab“"-—–… \n.\u00ad\u200b\u200f', max_size=30)


@given(ODD, st.data())
def test_words_of_a_text_are_found_where_they_stand(text, data):
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    words = text[start:end]
    if words and not set(words[0] + words[-1]) & set(" \n\u00ad\u200b\u200f-—–.…"):
        places = Text(text).find(words)
        assert (start, end) in places or all(quality_of(text, place) for place in places)
        assert places


def quality_of(text, place):
    """Say whether a place is of whole words, which go before parts of words."""
    return not any(0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() for at in place)


def test_every_refused_quote_is_listed():
    with pytest.raises(AlignmentError) as error:
        one("He said no.\n", speaker="She", cue="said", claims=[claim("no")], mentions=["nobody"])
    assert "She" in str(error.value)
    assert "nobody" in str(error.value)


@pytest.mark.parametrize(
    "quote", [{"quote": "no", "at": 3}, {"quote": "no", "nth": 2}, {"quote": "no", "at": 1, "nth": 2}]
)
def test_a_place_that_does_not_exist_is_refused(quote):
    with pytest.raises(AlignmentError):
        candidates(Text("He said no.\n"), msgspec.convert(quote, Quote))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda q: q["attributions"][0].update(entities=["zz"]), "no entity 'zz'"),
        (lambda q: q["attributions"][0]["claims"][0].update(targets=["zz"]), "no entity 'zz'"),
        (lambda q: q["attributions"][2].update(parent="zz"), "no claim 'zz'"),
        (lambda q: q["entities"][0].update(id="t"), "entity 't' is given 2 times"),
        (lambda q: q["attributions"][1]["claims"][0].update(id="k1"), "claim 'k1' is given 2 times"),
    ],
)
def test_ids_that_lead_nowhere_are_refused(change, told):
    plain = json.loads(json.dumps(samples.QUOTED))
    change(plain)
    with pytest.raises(AlignmentError, match=told):
        align(samples.TEXT, msgspec.convert(plain, QuotedDocument))


def test_whole_words_come_before_parts_of_words():
    assert Text("Armorian Armor").find("Armor") == [(9, 14)]
    assert Text("Armorian").find("Armor") == [(0, 5)]


def test_bare_mentions_are_every_occurrence_but_not_inside_a_longer_one():
    text = "The council met. Then the council of Tarn spoke: the council said no.\n"
    quoted = {
        "id": "d",
        "entities": [
            {"id": "a", "name": "A", "kind": "group", "mentions": ["the council"]},
            {"id": "b", "name": "B", "kind": "group", "mentions": ["the council of Tarn"]},
        ],
        "attributions": [
            {"id": "x", "cue": "said", "entities": ["a"], "form": "indirect", "claims": [claim("no")]},
        ],
    }
    found = align(text, msgspec.convert(quoted, QuotedDocument))
    assert {e.name: [text[s:t] for s, t in e.mentions] for e in found.entities} == {
        "A": ["The council", "the council"],
        "B": ["the council of Tarn"],
    }


def mentioned(text, **mentions):
    entities = [{"name": name, "kind": "group", "mentions": several} for name, several in mentions.items()]
    found = align(text, msgspec.convert({"id": "d", "entities": entities}, QuotedDocument))
    return {e.name: [place[0] for place in e.mentions] for e in found.entities}


INSIDE = "The Tarn Court sat.\nTarn and the Tarn Court: Tarn.\n"


@pytest.mark.parametrize(
    ("own", "places"),
    [
        (["Tarn"], [20, 45]),
        ([{"quote": "Tarn", "at": 1}], [4]),
        ([{"quote": "Tarn", "at": 2}], [20, 45]),
        ([{"quote": "Tarn", "at": 2, "nth": 2}], [33]),
        (["Tarn", {"quote": "Tarn", "at": 1}], [4, 20, 45]),
    ],
)
def test_a_mention_in_a_longer_one_of_another_is_kept_where_it_is_meant(own, places):
    found = mentioned(INSIDE, Tarn=own, Court=["The Tarn Court", "the Tarn Court"])
    assert found == {"Tarn": places, "Court": [0, 29]}


def test_a_mention_in_a_longer_one_of_another_is_kept_where_there_is_no_other():
    assert mentioned("The Tarn Court sat.\n", Tarn=["Tarn"], Court=["The Tarn Court"])["Tarn"] == [4]


def test_a_mention_in_a_longer_one_of_the_same_is_part_of_that():
    assert mentioned(INSIDE, Court=["Tarn Court", "The Tarn Court", {"quote": "the Tarn Court", "at": 2}]) == {
        "Court": [0, 29]
    }


def test_ids_and_form_that_are_left_out_are_filled_in():
    text = "“No,” said Orla Vint of Tarn. Tarn had promised that it would pay.\n"
    quoted = {
        "id": "d",
        "entities": [{"name": "Orla Vint", "kind": "person"}, {"name": "Tarn", "kind": "state", "mentions": ["Tarn"]}],
        "attributions": [
            {"speaker": "Orla Vint", "entities": ["Orla Vint"], "claims": [{"quote": "“No,”", "targets": ["Tarn"]}]},
            {"id": "a1", "entities": ["Tarn"], "claims": [{"quote": "that it would pay"}]},
        ],
    }
    found = align(text, msgspec.convert(quoted, QuotedDocument))
    assert [item.form for item in found.attributions] == ["direct", "indirect"]
    assert [item.entities for item in found.attributions] == [("e1",), ("e2",)]
    assert [(claim.attribution, claim.targets) for claim in found.claims] == [("a1", ("e2",)), ("a2", ())]


def test_the_nearest_occurrence_is_found_wherever_it_lies():
    lines = [f"He said it would rise by {number} points." for number in range(142)]
    for number in (5, 60, 141):
        quoted = one("\n".join(lines), speaker="He", cue="said", claims=[claim(f"it would rise by {number} points")])
        start = len("\n".join(lines[:number])) + 1
        assert (quoted.speakers[0].spans[0].start, quoted.cues[0].spans[0].start) == (start, start + 3)


STRETCHES = st.lists(st.integers(0, 60), min_size=1, max_size=7, unique=True)


@given(st.lists(st.tuples(st.integers(1, 5), STRETCHES), min_size=1, max_size=3))
def test_no_combination_is_better_than_the_nearest(drawn):
    options = [[((start, start + length),) for start in sorted(starts)] for length, starts in drawn]
    assert cost(nearest(options)) == min(map(cost, product(*options)))


def cost(chosen):
    spans = sorted(span for stretch in chosen for span in stretch)
    overlaps = sum(one[1] > other[0] for one, other in pairwise(spans))
    return overlaps, max(end for _, end in spans) - spans[0][0]


def test_a_speaker_is_a_mention_of_its_holder():
    found = samples.layer("made/three")
    assert [samples.THIRD_TEXT[s:t] for s, t in found.entities[0].mentions] == ["a guard at the Ivel gate", "He"]


@given(strategies.predictions().filter(lambda layer: all(c.spans for c in layer.claims)))
def test_quoting_an_annotation_with_its_lines_finds_words_that_stand_there(layer):
    spoken = {unit.id: [span.text for span in unit.spans] for unit in (*layer.speakers, *layer.cues)}
    quoted = {
        "id": layer.id,
        "entities": [{"id": e.id, "name": e.name, "kind": e.kind} for e in layer.entities],
        "attributions": [
            {
                "id": a.id,
                "speaker": spoken.get(a.speaker),
                "cue": spoken.get(a.cue),
                "entities": a.entities,
                "form": a.form,
                "claims": [
                    {"id": c.id, "quote": [s.text for s in c.spans]} for c in layer.claims if c.attribution == a.id
                ],
            }
            for a in layer.attributions
        ],
    }
    found = align(strategies.TEXT, msgspec.convert(json.loads(json.dumps(quoted)), QuotedDocument))
    assert sorted(s.text for c in found.claims for s in c.spans) == sorted(
        s.text for c in layer.claims for s in c.spans
    )


@given(st.text(alphabet="ab “”\"'-—\n", max_size=30), st.text(alphabet="ab \"'-", min_size=1, max_size=3))
def test_finding_never_raises_and_stays_in_the_text(text, words):
    for start, end in Text(text).find(words) if words.strip() else []:
        assert 0 <= start < end <= len(text)
