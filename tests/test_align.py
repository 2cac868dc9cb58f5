import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
import strategies
from communique.quotes.align import align
from communique.quotes.find import AlignmentError, Text, candidates
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
