"""Answers of language models: JSON found among anything, read as far as it goes, in time that grows linearly."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.quotes.lenient import described, objects
from communique.quotes.reading import Answer, chosen, document, pruned

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=4), one, max_size=3), max_leaves=9
)
OBJECTS = st.dictionaries(st.text(max_size=4), VALUES, min_size=1, max_size=4)
PROSE = st.text(st.sampled_from("abc .,:{[]}\n"), max_size=20)


@given(OBJECTS, st.booleans(), st.none() | st.integers(0, 3))
def test_json_is_read_as_it_is(value, ascii_, indent):
    content = json.dumps(value, ensure_ascii=ascii_, indent=indent)
    assert objects(f"So: {content} it is") == [(value, None)]


@given(OBJECTS, PROSE, PROSE)
def test_json_is_found_among_prose(value, before, after):
    assert (value, None) in objects(f"{before}\n{json.dumps(value)}{after}")


@given(st.lists(st.dictionaries(st.sampled_from(["id", "b"]), LEAVES, min_size=1), min_size=1, max_size=4), st.data())
def test_of_what_is_cut_off_the_whole_items_of_its_lists_are_kept(items, data):
    content = json.dumps({"items": items})
    cut = data.draw(st.integers(len('{"items": ['), len(content) - 1))
    ((value, fault),) = objects(content[:cut])[:1]
    whole = [n for n in range(len(items) + 1) if len(json.dumps({"items": items[:n]})[:-2]) <= cut]
    assert (value["items"], fault is None) == (items[: max(whole)], False)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('{"a": 1,}', [{"a": 1}]),
        ('{"a": [1, 2,], "b": {},}', [{"a": [1, 2], "b": {}}]),
        ('{"a": 1 "b": 2}', [{"a": 1, "b": 2}]),
        ('{{"a": 1}}', [{"a": 1}]),
        ('{"a": True, "b": None}', [{"a": True, "b": None}]),
        ('{"a": "x\ny\tz"}', [{"a": "x\ny\tz"}]),
        (r'{"a": "it\'s \“so\”"}', [{"a": "it's “so”"}]),
        ('{"a": "he said "no" to it", "b": 1}', [{"a": 'he said "no" to it', "b": 1}]),
        (r'{"a": "\ud83d"}', [{"a": "\ufffd"}]),
        (r'{"a": "\ud83d\ude42"}', [{"a": "🙂"}]),
        ("{} {x} { }", []),
        ('{"a": ' + "9" * 5000 + "}", []),
        ('{"a": ' + "[" * 5000, [{"a": []}]),
    ],
)
def test_what_models_write_instead_of_json_is_understood(content, found):
    assert [one.value for one in objects(content)] == found


def test_a_fault_is_told_with_its_line():
    content = '{"a":\n1,\n"b": oops}'
    ((_, fault),) = objects(content)
    assert described(content, fault) == "no JSON on line 3 of the answer, before 'oops}'"
    assert described(content, len(content)) == "cut off before its end"


def test_behind_a_fault_reading_goes_on_with_what_is_whole():
    items = [{"id": name, "claims": [{"quote": "x"}]} for name in "abc"]
    content = json.dumps({"attributions": items, "entities": [{"name": "n", "kind": "state"}]})
    answer = chosen(content.replace('"id": "b"', '"id": b b'))
    assert [item["id"] for item in answer.value["attributions"]] == ["a", "c"]
    assert answer.value["entities"] == [{"name": "n", "kind": "state"}]
    assert "before 'b b" in answer.fault


def test_the_last_full_answer_is_meant():
    one, other = (json.dumps({"attributions": [{"cue": word}]}) for word in ("x", "y"))
    for content in (
        f"{one} no: {other}",
        f'{other} {{"entities": []}}',
        f"{one}</think>{other}",
        f"{other}</think>none",
    ):
        assert chosen(content).value["attributions"][0]["cue"] == "y"
    assert chosen(f'<think>{one}</think>{{"attributions": []}}').value == {"attributions": []}
    assert chosen('{"notes": []} {"claims": [], "entities": ["e"]}') is None


@given(OBJECTS | st.fixed_dictionaries({"attributions": VALUES, "entities": VALUES}))
def test_any_object_is_read_or_refused(value):
    made, faults = document(Answer(value, None, frozenset()), id="d")
    assert made is not None or faults
    assert made is None or pruned(pruned(made)) == pruned(made)


def test_references_to_nothing_are_pruned():
    claims = [{"id": "c", "quote": "x", "targets": ["e", "f"]}]
    value = {"attributions": [{"entities": ["e", "f"], "parent": "d", "claims": claims}]}
    value["entities"] = [{"id": "e", "name": "E", "kind": "state"}]
    made, faults = document(Answer(value, None, frozenset()), id="d")
    (item,) = pruned(made).attributions
    assert (faults, item.entities, item.parent, item.claims[0].targets) == ([], ("e",), None, ("e",))


PIECES = [
    "{",
    '{"',
    '{"a":',
    '{"a":1,',
    '{"a" ',
    '{"a":"',
    '{"a":"x" ',
    '{"a":[',
    '"{',
    '{"\\"',
    '{"a":{} x',
    "</think>",
]
PIECES += [
    '{"attributions":[{"claims":1} x ',
    '{"attributions":1} ',
    '{"a":"b" "',
    '{"entities":"  "  ',
    '{"a":9',
    '{"a":"b"c"',
]


@pytest.mark.parametrize("piece", PIECES)
def test_reading_takes_about_as_long_as_the_answer_is(piece):
    start = time.process_time()
    chosen(piece * (300_000 // len(piece)) + '"}')
    assert time.process_time() - start < 5
