"""The one assembler of annotations, and the one reading of quotation marks."""

import msgspec
import pytest

from communique.baselines.shared.attributions import Frame, assemble
from communique.checks import unit_faults
from communique.labels import Form
from communique.layer import LayerBuilder, form_of, spans_at
from communique.quotes.align import align
from communique.quotes.records import QuotedDocument
from communique.records import Entity

TEXT = "Vint said the lock was “no road”. Maro said “no.”"
VINT, MARO, FIRST, SECOND = (0, 4), (34, 38), (10, 32), (44, 49)


@pytest.mark.parametrize(
    ("fragments", "form"),
    [
        (["“no,”"], "direct"),
        (['"no."'], "direct"),
        (["‘no’"], "direct"),
        (["«no».", "„no“"], "direct"),
        (["it was “no”"], "mixed"),
        (["“no” it was"], "mixed"),
        (["“no,”", "that no"], "mixed"),
        (["that no"], "indirect"),
        (["the lock's road"], "indirect"),
        ([], "indirect"),
    ],
)
def test_form_is_read_off_the_quotation_marks(fragments, form):
    assert form_of(fragments) == form


def test_units_are_numbered_as_they_come_and_equal_words_are_one():
    builder = LayerBuilder("a", TEXT)
    first = builder.attribution(builder.speaker([VINT]), builder.cue([(5, 9)]))
    second = builder.attribution(builder.speaker([VINT]), builder.cue([(39, 43)]), form=Form.INDIRECT)
    assert builder.speaker([]) is None
    assert builder.cue([VINT]) == "q3"
    builder.claim(second, [SECOND])
    builder.claim(first, [FIRST])
    layer = builder.layer()
    assert [unit.id for unit in (*layer.speakers, *layer.cues)] == ["s1", "q1", "q2", "q3"]
    assert [(a.id, a.speaker, a.cue, a.form) for a in layer.attributions] == [
        ("a1", "s1", "q1", "mixed"),
        ("a2", "s1", "q2", "indirect"),
    ]
    assert [(c.id, c.attribution) for c in layer.claims] == [("c1", "a2"), ("c2", "a1")]
    assert [c.attribution for c in builder.canonical().claims] == ["a1", "a2"]


def test_units_with_keys_stay_apart_even_without_words():
    builder = LayerBuilder("a", TEXT)
    keys = [builder.speaker(places, key) for key, places in {"x": [VINT], "y": [VINT], "": []}.items()]
    assert keys == ["x", "y", ""]
    assert [(unit.id, unit.spans) for unit in builder.layer().speakers] == [
        ("x", spans_at([VINT], TEXT)),
        ("y", spans_at([VINT], TEXT)),
        ("", ()),
    ]


def test_claims_of_one_id_are_both_kept_for_the_checks():
    builder = LayerBuilder("a", TEXT)
    for place in (FIRST, SECOND):
        builder.claim(builder.attribution(key="x"), [place], "c")
    layer = builder.layer()
    assert [claim.id for claim in layer.claims] == ["c", "c"]
    assert [item.id for item in layer.attributions] == ["x", "x"]


def test_entities_are_told_by_their_ids():
    builder = LayerBuilder("a", TEXT)
    vint = Entity(id="e9", name="Vint", kind="person", mentions=(VINT,))
    assert builder.entities(iter([vint])) == ("e9",)
    assert builder.layer().entities == (vint,)


@pytest.mark.parametrize(
    ("place", "form"), [((10, 32), "mixed"), ((44, 49), "direct"), ((10, 22), "indirect"), ((23, 32), "direct")]
)
def test_systems_read_forms_as_importers_do(place, form):
    made = assemble("a", TEXT, [Frame((), (VINT,), ((place,),))], lambda _, said: ((), [()] * len(said)))
    assert [item.form for item in made.attributions] == [form]


def test_a_cue_that_two_quoted_attributions_share_is_one():
    said = {"cue": "said", "speaker": "Vint", "entities": ["e1"], "form": "indirect", "at": 1}
    quoted = {
        "id": "a",
        "entities": [{"id": "e1", "name": "Vint", "kind": "person", "mentions": ["Vint"]}],
        "attributions": [
            said | {"id": f"a{number}", "claims": [{"id": f"c{number}", "quote": words, "rhetoric": "assertion"}]}
            for number, words in enumerate(("the lock was shut", "the road was open"), 1)
        ],
    }
    text = "Vint said the lock was shut and the road was open."
    layer = align(text, msgspec.convert(quoted, QuotedDocument))
    assert [item.cue for item in layer.attributions] == ["q1", "q1"]
    assert list(unit_faults(layer)) == []
