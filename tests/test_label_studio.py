"""Label Studio: whose annotation is read, where its offsets stand, and what people make of it in the tool."""

import json
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
import strategies
from communique import admission
from communique.formats import label_studio
from communique.formats.drawn import ROLES
from communique.formats.keys import KINDS
from communique.labels import Form, Rhetoric
from communique.problems import CommuniqueError
from communique.validation import validate_documents

TEXT = "Warden Tilda Brask said the ferry would stop.\nShe warned that tolls would rise."


def region(*told, **more):
    """Return the results of a region: its key, words and label, then what is said in boxes and choices."""
    return list(results(*told, **more))


def results(key, words, label, text=TEXT, start=None, **boxes):
    start = text.index(words) if start is None else start
    place = {"start": start, "end": start + len(words), "text": words}
    yield {"id": key, "from_name": "label", "type": "labels", "value": {**place, "labels": [label]}}
    for name, said in boxes.items():
        kind, field = ("choices", "choices") if name in ("rhetoric", "also", "flags") else ("textarea", "text")
        yield {"id": key, "from_name": name, "type": kind, "value": {**place, field: [said]}}


def joined(one, other):
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right"}


def annotation(*regions, **fields):
    return {"result": [result for several in regions for result in several], **fields}


SPEAKER, CUE = region("s", "Warden Tilda Brask", "Speaker"), region("q", "said", "Cue")
CLAIM = region("c", "the ferry would stop", "Claim")


def task(*annotations, text=TEXT, **fields):
    return {"id": 7, "data": {"text": text}, "annotations": list(annotations), **fields}


def read(folder, *tasks, **options):
    (folder / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    found = label_studio.read(folder / "tasks.json", **options)
    assert validate_documents({"x": found.documents}, {}) == []
    return found


def shape(document):
    """Return speaker, cue and claims of each attribution, in words."""
    units = {u.id: [span.text for span in u.spans] for u in (*document.speakers, *document.cues, *document.claims)}
    return [
        (
            units.get(item.speaker),
            units.get(item.cue),
            [units[c.id] for c in document.claims if c.attribution == item.id],
        )
        for item in document.attributions
    ]


WHOLE = [(["Warden Tilda Brask"], ["said"], [["the ferry would stop"]])]


def test_what_is_made_in_the_tool_is_linked_to_the_nearest(tmp_path):
    found = read(tmp_path, task(annotation(SPEAKER, CUE, CLAIM)))
    assert shape(found.documents[0]) == WHOLE
    assert found.noticed == {"attributions with the nearest cue": 1, "attributions with the nearest speaker": 1}


def test_boxes_and_relations_go_before_nearness(tmp_path):
    late = region("q2", "warned", "Cue"), region("s2", "She", "Speaker")
    far = annotation(SPEAKER, CUE, CLAIM, *late, [joined("q2", "c"), joined("q2", "s2")])
    assert shape(read(tmp_path, task(far)).documents[0]) == [(["She"], ["warned"], [["the ferry would stop"]])]
    boxed = [
        region(r[0]["id"], r[0]["value"]["text"], r[0]["value"]["labels"][0], attribution="1") for r in (*late, CLAIM)
    ]
    found = read(tmp_path, task(annotation(SPEAKER, CUE, *boxed)))
    assert shape(found.documents[0]) == [(["She"], ["warned"], [["the ferry would stop"]])]
    assert found.noticed == {"speakers and cues of no attribution": 2}


def test_mentions_are_holders_targets_and_one_by_words_or_relations(tmp_path):
    found = read(
        tmp_path,
        task(
            annotation(
                SPEAKER,
                CUE,
                CLAIM,
                region("p", "Warden Tilda Brask", "Person"),
                region("p2", "She", "Person"),
                region("f", "ferry", "Institution"),
                [joined("p", "p2"), joined("c", "f")],
            )
        ),
    )
    (document,) = found.documents
    person, ferry = document.entities
    assert (person.name, person.mentions, ferry.name) == ("Warden Tilda Brask", ((0, 18), (46, 49)), "ferry")
    assert document.attributions[0].entities == (person.id,)
    assert document.claims[0].targets == (ferry.id,)


def exported(folder, document=None):
    document = document or samples.document()
    label_studio.write([document], folder / "t.json")
    return document, json.loads((folder / "t.json").read_text(encoding="utf-8"))[0]


def test_what_is_added_to_an_exported_task_stays(tmp_path):
    document, whole = exported(tmp_path)
    text = whole["data"]["text"] = f"{document.text}Oda Mirr muses that rain helps.\n"
    whole["annotations"][0]["result"] += [
        *region("n1", "Oda Mirr", "Speaker", text),
        *region("n2", "muses", "Cue", text),
        *region("n3", "that rain helps", "Claim", text, rhetoric="prediction"),
    ]
    (back,) = read(tmp_path, whole).documents
    assert shape(back)[-1] == (["Oda Mirr"], ["muses"], [["that rain helps"]])
    assert len(back.claims) == len(document.claims) + 1
    assert back.attributions[:-1] == document.attributions


def names(result):
    """Return the ids of the regions that a result is about; the tool takes a region's relations away with it."""
    return [result[name] for name in ("id", "from_id", "to_id") if name in result]


def test_what_is_taken_away_is_given_to_nobody_else(tmp_path):
    document, whole = exported(tmp_path)
    gone = document.claims[0]
    alone = sum(c.attribution == gone.attribution for c in document.claims) == 1
    results = whole["annotations"][0]["result"]
    key = f"{gone.id}-"
    whole["annotations"][0]["result"] = [r for r in results if not any(str(n).startswith(key) for n in names(r))]
    (back,) = read(tmp_path, whole).documents
    assert len(back.claims) == len(document.claims) - 1
    assert len(back.attributions) == len(document.attributions) - alone


def attributed(*attributions, units):
    whole = task(annotation(*units))
    whole["data"]["communique"] = {
        "attributions": [{"form": "indirect", "entities": []} | item for item in attributions]
    }
    return whole


def test_a_speaker_whose_claims_are_gone_speaks_nowhere_else(tmp_path):
    units = [region("c", "tolls", "Claim", attribution="a1"), region("s", "Warden", "Speaker", unit="s1")]
    found = read(tmp_path, attributed({"id": "a1"}, {"id": "a2", "speaker": "s1"}, units=units))
    assert shape(found.documents[0]) == [(None, None, [["tolls"]])]
    found = read(tmp_path, attributed({"id": "a1"}, units=units))
    assert shape(found.documents[0]) == [(["Warden"], None, [["tolls"]])]


def test_what_is_new_goes_with_what_is_new(tmp_path):
    units = [
        region("q", "warned", "Cue", unit="q1"),
        region("c", "tolls", "Claim", unit="c1", attribution="a1"),
        region("n", "would rise", "Claim"),
        region("m", "said", "Cue"),
    ]
    found = read(tmp_path, attributed({"id": "a1", "cue": "q1"}, units=units))
    assert sorted(shape(found.documents[0])) == [(None, ["said"], [["would rise"]]), (None, ["warned"], [["tolls"]])]


def test_mentions_of_equal_words_may_be_of_two_entities(tmp_path):
    first, second = TEXT.index("would"), TEXT.rindex("would")
    words = [region(n, "would", "Group", start=i, unit=n) for n, i in (("one", first), ("two", second))]
    assert first < second
    assert len(read(tmp_path, task(annotation(*words))).documents[0].entities) == 2


def test_targets_are_named_by_unit_name_or_words(tmp_path):
    for target in ("k", "The Ferry Board", "FERRY"):
        units = [
            region("k", "ferry", "Institution", unit="k", name="The Ferry Board"),
            region("c", "stop", "Claim", targets=target),
        ]
        (document,) = read(tmp_path, task(annotation(*units))).documents
        assert (document.claims[0].targets, document.entities[0].name) == (("e1",), "The Ferry Board")


def changed(whole, unit, name, old, new, last=True):
    found = [r for r in whole["annotations"][0]["result"] if str(r.get("id")).rpartition("-")[0] == unit]
    found = [r for r in found if r["from_name"] == name]
    field = {"label": "labels", "rhetoric": "choices"}.get(name, "text")
    result = found[-1 if last else 0]
    assert result["value"][field] == [old]
    result["value"][field] = [new]
    return len(found)


def test_a_type_changed_on_any_fragment_wins(tmp_path):
    document, whole = exported(tmp_path)
    claim = next(c for c in document.claims if len(c.spans) > 1)
    assert changed(whole, claim.id, "rhetoric", claim.rhetoric, "concession") > 1
    (back,) = read(tmp_path, whole).documents
    assert [c.rhetoric for c in back.claims if c.spans == claim.spans] == [Rhetoric.CONCESSION]


def test_flags_taken_away_are_gone(tmp_path):
    plain = samples.document()
    claim = msgspec.structs.replace(plain.claims[0], conditional=True, negated=True)
    _, whole = exported(tmp_path, msgspec.structs.replace(plain, claims=(claim, *plain.claims[1:])))
    results = whole["annotations"][0]["result"]
    whole["annotations"][0]["result"] = [r for r in results if r.get("from_name") != "flags"]
    (back,) = read(tmp_path, whole).documents
    assert [(c.conditional, c.negated) for c in back.claims if c.spans == claim.spans] == [(False, False)]


@pytest.mark.parametrize("last", [True, False])
def test_kind_and_name_changed_at_any_mention_win(tmp_path, last):
    plain = samples.document()
    entity = msgspec.structs.replace(plain.entities[0], mentions=((0, 4), *plain.entities[0].mentions))
    _, whole = exported(tmp_path, msgspec.structs.replace(plain, entities=(entity, *plain.entities[1:])))
    assert changed(whole, entity.id, "label", entity.kind.capitalize(), "Outlet", last) > 1
    changed(whole, entity.id, "name", entity.name, "The Lantern", last)
    (back,) = read(tmp_path, whole).documents
    assert [(e.name, e.kind) for e in back.entities if e.mentions == entity.mentions] == [("The Lantern", "outlet")]


def test_a_speaker_moved_to_other_words_is_held_by_who_is_mentioned_there(tmp_path):
    facts = {
        "entities": [{"id": "e1", "name": "Brask", "kind": "person"}, {"id": "e2", "name": "ferry", "kind": "group"}],
        "attributions": [{"id": "a1", "speaker": "s1", "cue": "q1", "entities": ["e1"], "form": "indirect"}],
    }
    for words, holder in (("ferry", "e2"), ("She", "e1")):
        units = [
            region("x", words, "Speaker", unit="s1"),
            region("q", "said", "Cue", unit="q1"),
            region("c", "tolls", "Claim", unit="c1", attribution="a1"),
            region("p", "Warden Tilda Brask", "Person", unit="e1"),
            region("f", "ferry", "Group", unit="e2"),
        ]
        whole = task(annotation(*units))
        whole["data"]["communique"] = facts
        found = read(tmp_path, whole)
        assert found.problems == []
        (document,) = found.documents
        assert document.attributions[0].entities == (holder,)
        assert found.noticed["speakers taken as a mention of their holder"] == (words == "She")


OUTER = TEXT.partition(".")[0]
NESTED = [
    region("s", "Warden Tilda Brask", "Speaker", unit="s1"),
    region("t", "She", "Speaker", unit="s2"),
    region("q", "said", "Cue", unit="q1"),
    region("c", OUTER, "Claim", unit="c1", attribution="a1", form="indirect"),
    region("d", "the ferry would stop", "Claim", unit="c2", attribution="a2", form="indirect"),
    region("p", "Warden Tilda Brask", "Person", unit="e1"),
    region("f", "ferry", "Group", unit="e2"),
    [joined("t", "c"), joined("s", "d"), joined("q", "d"), joined("d", "c")],
]


def inner(document):
    """Return the attribution of the claim that lies in another."""
    return next(item for item in document.attributions if item.id == document.claims[1].attribution)


def worked_on(folder, *drawn, gone=()):
    """Return an exported task after relations were drawn, and those with a label that was written taken away."""
    document, whole = exported(folder, read(folder, task(annotation(*NESTED))).documents[0])
    said = inner(document)
    assert (said.speaker, said.cue, said.entities, said.parent) == ("s1", "q1", ("e1",), "c1")
    results = [r for r in whole["annotations"][0]["result"] if r.get("labels", [""])[0] not in gone]
    whole["annotations"][0]["result"] = [*results, *drawn]
    found = read(folder, whole)
    assert found.problems == []
    return found.documents[0]


def relation(one, other, *labels):
    return {**joined(one, other), "labels": list(labels)}


def test_each_part_of_an_attribution_can_be_taken_away(tmp_path):
    whole = inner(worked_on(tmp_path))
    for role, field, empty in (
        ("speaker", "speaker", None),
        ("cue", "cue", None),
        ("holder", "entities", ()),
        ("parent", "parent", None),
    ):
        back = inner(worked_on(tmp_path, gone=[role]))
        assert [getattr(back, name) for name in ("speaker", "cue", "entities", "parent")] == [
            empty if name == field else getattr(whole, name) for name in ("speaker", "cue", "entities", "parent")
        ]


def test_each_part_of_an_attribution_can_be_given(tmp_path):
    for gone in ((), ("speaker",)):
        document = worked_on(tmp_path, relation("s2-1", "c2-1", "speaker"), gone=gone)
        assert (["She"], ["said"], [["the ferry would stop"]]) in shape(document)
    drawn = relation("c2-1", "e2-1", "holder")
    assert inner(worked_on(tmp_path, drawn)).entities == ("e1", "e2")
    instead = worked_on(tmp_path, drawn, gone=["holder"])
    assert inner(instead).entities == ("e2",), "what people say goes before who is mentioned in the words"
    assert worked_on(tmp_path, relation("c2-1", "e2-1", "target")).claims[1].targets == ("e2",)
    again = worked_on(tmp_path, relation("c2-1", "c1-1"), gone=["parent"])
    assert inner(again).parent == "c1"


def test_the_outer_of_two_claims_is_the_parent_however_the_arrow_points(tmp_path):
    outer, inner = region("c", "the ferry would stop", "Claim"), region("d", "would stop", "Claim")
    for pair in (("c", "d"), ("d", "c")):
        (document,) = read(tmp_path, task(annotation(outer, inner, [joined(*pair)]))).documents
        assert {item.id: item.parent for item in document.attributions} == {"a1": None, "a2": "c1"}


def test_a_region_that_is_gone_takes_no_part_of_an_attribution_along(tmp_path):
    document, whole = exported(tmp_path)
    for entity in document.entities:
        first = f"{entity.id}-1"
        results = [r for r in whole["annotations"][0]["result"] if first not in names(r)]
        edited = {**whole, "annotations": [{"result": results}]}
        found = read(tmp_path, edited)
        assert [len(a.entities) for a in found.documents[0].attributions] == [1] * len(document.attributions)


@pytest.mark.parametrize("every", [True, False])
def test_the_form_is_what_any_claim_says_other_than_before(tmp_path, every):
    document, whole = exported(tmp_path)
    mixed = next(item for item in document.attributions if item.form == "direct")
    own = [c.id for c in document.claims if c.attribution == mixed.id]
    said = [r for r in whole["annotations"][0]["result"] if r.get("from_name") == "form"]
    said = [r for r in said if str(r["id"]).rpartition("-")[0] in own]
    for result in said if every else said[-1:]:
        result["value"]["choices"] = ["Mixed"]
    (back,) = read(tmp_path, whole).documents
    assert [item.form for item in back.attributions if item.id == mixed.id] == ["mixed"]
    assert [i.form for i in back.attributions if i.id != mixed.id] == [
        i.form for i in document.attributions if i.id != mixed.id
    ]


def test_what_was_exported_without_relations_is_read_as_it_was(tmp_path):
    document, whole = exported(tmp_path)
    del whole["data"]["communique"]["links"]
    whole["annotations"][0]["result"] = [r for r in whole["annotations"][0]["result"] if r["type"] != "relation"]
    assert read(tmp_path, whole).documents == [document]


def test_units_of_different_kinds_may_have_one_name(tmp_path):
    labels = {"Warden": "Speaker", "said": "Cue", "the ferry would stop": "Claim", "ferry": "Group"}
    units = [region(w, w, label, unit="1", attribution="1") for w, label in labels.items()]
    found = read(tmp_path, task(annotation(*units)))
    assert found.problems == []
    assert shape(found.documents[0]) == [(["Warden"], ["said"], [["the ferry would stop"]])]


@pytest.mark.parametrize(
    ("fields", "noticed"),
    [
        (
            {"annotations": [annotation(CLAIM, was_cancelled=True)]},
            "tasks with nothing but cancelled annotations, left out",
        ),
        ({"annotations": [], "predictions": [annotation(CLAIM)]}, "tasks with predictions alone, left out"),
        ({"annotations": []}, "tasks that nobody annotated, left out"),
    ],
)
def test_tasks_without_an_annotation_are_no_gold(tmp_path, fields, noticed):
    found = read(tmp_path, task() | fields)
    assert (found.documents, found.problems, found.noticed[noticed]) == ([], [], 1)


def test_an_annotation_of_nothing_is_one(tmp_path):
    assert [d.claims for d in read(tmp_path, task(annotation())).documents] == [()]


def test_the_annotator_can_be_chosen(tmp_path):
    other = region("c", "tolls would rise", "Claim")
    tasks = task(
        annotation(CLAIM, completed_by=3, was_cancelled=True),
        annotation(CLAIM, completed_by={"id": 5, "email": "o@brask.example"}),
        annotation(other, completed_by=2),
        annotation(CLAIM, completed_by=2),
    )

    def said(who):
        found = read(tmp_path, tasks, annotator=who)
        return [(d.id, d.claims[0].spans[0].text) for d in found.documents]

    assert said("first") == said("5") == said("o@brask.example") == [("7", "the ferry would stop")]
    assert said("2") == [("7", "tolls would rise")]
    assert said("all") == [("7@5", "the ferry would stop"), ("7@2", "tolls would rise")]
    with pytest.raises(CommuniqueError, match="no annotation by '3'; say first, all"):
        said("3")


def test_agreement_of_two_annotators_by_command(tmp_path, run):
    both = task(annotation(SPEAKER, CUE, CLAIM, completed_by=1), annotation(SPEAKER, CUE, CLAIM, completed_by=2))
    (tmp_path / "t.json").write_text(json.dumps([both]), encoding="utf-8")
    for who in ("1", "2"):
        assert (
            run("import", "label-studio", tmp_path / "t.json", "-o", tmp_path / f"{who}.jsonl", "--annotator", who)[0]
            == 0
        )
    code, out, _ = run("agreement", tmp_path / "1.jsonl", tmp_path / "2.jsonl")
    assert code == 0
    assert "100.0" in out


def test_other_names_are_mapped(tmp_path):
    results = [
        {**r, "from_name": "act" if r["from_name"] == "rhetoric" else "spans"}
        for r in region("c", "the ferry would stop", "Zitat", rhetoric="Drohung")
    ]
    whole = {"data": {"article": TEXT}, "annotations": [annotation(results)]}
    found = read(tmp_path, whole, mapping=["article=text", "Zitat=Claim", "act=rhetoric", "Drohung=threat"])
    assert [c.rhetoric for c in found.documents[0].claims] == ["threat"]
    assert "name the text's field with --map NAME=text" in read(tmp_path, whole).problems[0].message
    found = read(tmp_path, whole, mapping=["article=text"])
    assert found.noticed["regions labelled 'Zitat', which is no label here"] == 1
    assert found.noticed["answers under 'act', which is not read"] == 1
    with pytest.raises(CommuniqueError, match="is not SEEN=MEANT"):
        read(tmp_path, whole, mapping=["Zitat"])


@pytest.mark.parametrize(
    ("kind", "said", "rhetoric"),
    [("choices", ["Threat"], "threat"), ("taxonomy", [["statement", "prediction"]], "prediction")],
)
def test_types_in_capitals_and_taxonomies_are_read(tmp_path, kind, said, rhetoric):
    typed = {"id": "c", "from_name": "rhetoric", "type": kind, "value": {**CLAIM[0]["value"], kind: said}}
    assert [c.rhetoric for c in read(tmp_path, task(annotation(CLAIM, [typed]))).documents[0].claims] == [rhetoric]


def test_answers_about_the_whole_text_are_counted(tmp_path):
    genre = {"id": "z", "from_name": "genre", "type": "choices", "value": {"choices": ["wire"]}}
    found = read(tmp_path, task(annotation(CLAIM, [genre])))
    assert len(found.documents[0].claims) == 1
    assert found.noticed["answers about no stretch of text"] == 1


COUNTS = {
    "code points": lambda text: text,
    "UTF-16 units": lambda text: "".join(letter * (1 + (letter > "\uffff")) for letter in text),
    "code points that take CR LF as one": lambda text: text.replace("\r\n", "\n"),
    "code points that take a line feed as two": lambda text: text.replace("\r\n", "\n").replace("\n", "\\n"),
}


@pytest.mark.parametrize("count", COUNTS)
@given(before=st.text("ab \n🚢", max_size=8), crlf=st.booleans())
def test_words_show_how_offsets_count(count, before, crlf, tmp_path_factory):
    raw = f"Omit {before} said {TEXT}".replace("\n", "\r\n" if crlf else "\n")
    words = "stop.\r\nShe" if crlf else "stop.\nShe"
    start, end = (len(COUNTS[count](raw[:at])) for at in (raw.index(words), raw.index(words) + len(words)))
    shown = words.replace("\r\n", "\n").replace("\n", "\\n")
    value = {"start": start, "end": end, "text": shown, "labels": ["Claim"]}
    found = read(
        tmp_path_factory.mktemp("x"), task(annotation([{"id": "c", "type": "labels", "value": value}]), text=raw)
    )
    assert [[s.text for s in c.spans] for c in found.documents[0].claims] == [["stop.\nShe"]]


def test_without_words_the_count_that_cuts_no_words_is_taken(tmp_path):
    text = f"🚢 {TEXT}"
    value = {"start": 27, "end": 47, "labels": ["Claim"]}
    assert text[27:47].startswith("he ferry")
    found = read(tmp_path, task(annotation([{"id": "c", "type": "labels", "value": value}]), text=text))
    assert found.documents[0].claims[0].spans[0].text == "the ferry would stop"


def test_words_that_stand_elsewhere_are_refused(tmp_path):
    (problem,) = read(tmp_path, task(annotation(region("c", "the ferry", "Claim", start=27)))).problems
    assert "says 'the ferry', the text has ' ferry wo' there; mend the offsets" in problem.message


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        ('[{"text": "No.", "id": 7, "label": []}]', "as in a JSON-MIN export; export as JSON"),
        ('{"id": 7, "data": {"text": "No."}}', "put tasks in one JSON list"),
        ('{"id": 7, "data": {}}\n{"id": 8, "data": {}}', "put tasks in one JSON list"),
        ("-DOCSTART- -X- O\nNo -X- _ O\n", "columns of CONLL2003, which lose the text; export as JSON"),
        (json.dumps([task(annotation(region("c", "tolls", "Claim", rhetoric="bluff")))]), "the sixteen are threat, "),
        (
            json.dumps([task(annotation([{"type": "hypertextlabels", "value": {"start": "/p[1]", "end": "/p[1]"}}]))]),
            "show it by Text, not HyperText or Paragraphs",
        ),
    ],
)
def test_advice_mends_what_is_wrong(tmp_path, content, advice):
    (tmp_path / "t.json").write_text(content, encoding="utf-8")
    (problem,) = label_studio.read(tmp_path / "t.json").problems
    assert advice in problem.message


def test_a_byte_order_mark_is_skipped(tmp_path):
    (tmp_path / "t.json").write_text(json.dumps([task(annotation(CLAIM))]), encoding="utf-8-sig")
    assert len(label_studio.read(tmp_path / "t.json").documents) == 1


def test_columns_of_the_tool_are_read_as_columns(tmp_path, run):
    (tmp_path / "x.conll").write_text("-DOCSTART- -X- O\nNo -X- _ B-Claim\n", encoding="utf-8")
    code, _, _ = run("import", "conll", tmp_path / "x.conll", "-o", tmp_path / "out.jsonl")
    (document,) = admission.documents(tmp_path / "out.jsonl")
    assert code == 0
    assert [claim.spans[0].text for claim in document.claims] == ["No"]


@given(document=strategies.gold_documents())
def test_no_region_has_a_dot_in_its_id(document):
    named = msgspec.structs.replace(
        document, claims=tuple(msgspec.structs.replace(c, id=f"x.{c.id}") for c in document.claims)
    )
    results = [r for r in label_studio.writing.task(named)["annotations"][0]["result"] if r["type"] != "relation"]
    assert not [r["id"] for r in results if "." in r["id"]]
    assert {r["id"] for r in results if r["from_name"] == "label"} == {r["id"] for r in results}
    assert len({r["id"] for r in results}) == sum(r["from_name"] == "label" for r in results)


def test_the_configuration_asks_only_what_a_label_has():
    view = ElementTree.fromstring(label_studio.writing.configuration())
    colours = [label.get("background") for label in view.iter("Label")]
    assert len(set(colours)) == len(colours) == 3 + len(KINDS)
    asked = {}
    for part in view.findall("View"):
        assert (part.get("visibleWhen"), part.get("whenTagName")) == ("region-selected", "label")
        heading, control = part
        assert heading.tag == "Header"
        assert heading.get("value")
        asked[control.get("name")] = part.get("whenLabelValue")
    assert asked["rhetoric"] == asked["also"] == asked["flags"] == asked["targets"] == "Claim"
    assert asked["name"].split(",") == list(KINDS)
    options = {c.get("name"): [o.get("value") for o in c] for c in view.iter("Choices")}
    assert set(options["rhetoric"]) - set(options["also"]) == {"assertion"}
    assert options["form"] == list(Form)
    assert [one.get("value") for one in view.iter("Relation")] == [*ROLES, "target"]
