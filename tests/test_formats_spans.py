"""Prodigy, doccano, spaCy: what people do there to spans and relations comes back."""

import json
import sys
import unicodedata
import zlib

import pytest

import samples
from communique import releases
from communique.formats import doccano, prodigy, spacy
from communique.formats.common import document
from communique.labels import EntityKind, Form, Rhetoric
from communique.layer import LayerBuilder
from communique.problems import CommuniqueError
from communique.records import Entity

LINES = {"prodigy": prodigy, "doccano": doccano}
TEXT = "Orla Vint said 🚩 the lock would shut. The Tarn Council replied that it would not pay.\n"


@pytest.fixture(scope="module")
def corpus():
    return releases.load()


@pytest.fixture
def bins():
    return pytest.importorskip("spacy", reason="spaCy is not installed, so DocBin is NOT tested")


def lines(path, *records):
    path.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records), encoding="utf-8")
    return path


def written(module, tmp_path):
    path = tmp_path / "out.x"
    module.write([samples.document()], path)
    return path, json.loads(path.read_text(encoding="utf-8"))


def only(found):
    assert found.problems == []
    (item,) = found.documents
    return item


@pytest.mark.parametrize("name", LINES)
def test_the_corpus_comes_back_whole_from_lines(name, corpus, tmp_path):
    LINES[name].write(corpus, tmp_path / "x.jsonl")
    found = LINES[name].read(tmp_path / "x.jsonl")
    assert (found.documents, found.problems, found.noticed) == (corpus, [], {})


def test_tokens_of_prodigy_fit_the_spans_and_relations_name_them(corpus):
    for item in corpus:
        task = prodigy.task(item)
        words = task["tokens"]
        assert [word["id"] for word in words] == list(range(len(words)))
        assert all(item.text[word["start"] : word["end"]] == word["text"] for word in words)
        for span in task["spans"]:
            assert words[span["token_start"]]["start"] == span["start"]
            assert words[span["token_end"]]["end"] == span["end"]
        for link in task["relations"]:
            assert {"head", "child", "head_span", "child_span", "label"} == link.keys()
            assert link["head"] == link["head_span"]["token_end"]
            assert link["child_span"] in task["spans"]


def claim_of(document, words):
    return next(claim for claim in document.claims if claim.spans[0].text.startswith(words))


def test_a_label_that_was_changed_in_prodigy_is_the_type_and_all_else_stays(tmp_path):
    path, task = written(prodigy, tmp_path)
    span = next(one for one in task["spans"] if one["label"] == "threat")
    span["label"] = "warning"
    before, after = samples.document(), only(prodigy.read(lines(path, task)))
    old, new = (claim_of(document, "“We will") for document in (before, after))
    assert (old.rhetoric, new.rhetoric) == (Rhetoric.THREAT, Rhetoric.WARNING)
    assert (old.targets, old.attribution) == (new.targets, new.attribution)
    assert len(after.claims) == len(before.claims)


@pytest.mark.parametrize("name", LINES)
def test_a_relation_that_is_gone_or_new_changes_the_targets(name, tmp_path):
    path, record = written(LINES[name], tmp_path)
    kind = {"prodigy": "label", "doccano": "type"}[name]
    targets = [one for one in record["relations"] if one[kind] == "target"]
    rest = [one for one in record["relations"] if one is not targets[0]]
    before = samples.document()
    after = only(LINES[name].read(lines(path, {**record, "relations": rest})))
    assert sum(len(c.targets) for c in before.claims) - 1 == sum(len(c.targets) for c in after.claims)
    holder = next(one for one in record["relations"] if one[kind] == "holder")
    head, child = ("head_span", "child_span") if name == "prodigy" else ("from_id", "to_id")
    more = {**targets[0], child: holder[head]}
    after = only(LINES[name].read(lines(path, {**record, "relations": [*record["relations"], more]})))
    assert sum(len(c.targets) for c in before.claims) + 1 == sum(len(c.targets) for c in after.claims)


def test_spans_made_in_prodigy_are_linked_and_what_was_refused_is_no_gold(tmp_path):
    def span(words, label):
        return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words), "label": label}

    spans = [span("Orla Vint", "Speaker"), span("Orla Vint", "Person"), span("said", "Verb of saying")]
    spans += [span("the lock would shut", "prediction"), span("pay", "NOUN")]
    task = {"text": TEXT, "spans": spans, "answer": "accept"}
    path = lines(tmp_path / "t.jsonl", task, {**task, "answer": "reject"}, {**task, "answer": "ignore"})
    found = prodigy.read(path, mapping=["Verb of saying=Cue"])
    document = only(found)
    (said,), (claim,) = document.attributions, document.claims
    assert (said.form, claim.rhetoric, claim.spans[0].text) == (Form.INDIRECT, "prediction", "the lock would shut")
    assert (document.speakers[0].spans[0].text, document.cues[0].spans[0].text) == ("Orla Vint", "said")
    assert [entity.name for entity in document.entities if entity.id in said.entities] == ["Orla Vint"]
    assert found.noticed["tasks that were rejected or ignored, left out"] == 2
    assert found.noticed["regions labelled 'NOUN', which is no label here"] == 1
    assert document.id == "t-1"


def test_what_doccano_exports_has_numbers_of_its_own_or_spans_alone(tmp_path):
    path, record = written(doccano, tmp_path)
    for one in record["entities"]:
        one["id"] += 700
    for one in record["relations"]:
        one.update(from_id=one["from_id"] + 700, to_id=one["to_id"] + 700)
    found = doccano.read(lines(path, {**record, "Comments": [{"comment": "sure?"}], "filename": "x"}))
    assert only(found) == samples.document()
    assert found.noticed == {"comments": 1}
    alone = {name: record[name] for name in ("id", "text", "communique")}
    alone["label"] = [[one["start_offset"], one["end_offset"], one["label"]] for one in record["entities"]]
    assert only(doccano.read(lines(path, alone))) == samples.document()


@pytest.mark.parametrize("name", LINES)
def test_texts_are_stored_and_offsets_follow(name, tmp_path):
    raw = unicodedata.normalize("NFD", "Édil said:\r\n“No.”")
    start = raw.index("“")
    module, key = (prodigy, "spans") if name == "prodigy" else (doccano, "entities")
    span = {"start": start, "end": len(raw), "label": "denial"}
    other = {"start_offset": start, "end_offset": len(raw), "label": "denial"}
    path = lines(tmp_path / "x.jsonl", {"text": raw, key: [span if name == "prodigy" else other], "answer": "accept"})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"}\n", b"}\r\n"))
    found = module.read(path)
    document = only(found)
    assert document.text == "Édil said:\n“No.”"
    assert [(s.start, s.text) for s in document.claims[0].spans] == [(11, "“No.”")]
    assert found.noticed["texts normalised to NFC, LF"] == 1


def test_offsets_that_doccano_counts_as_a_browser_does_are_taken_so(tmp_path):
    place = TEXT.index("the lock would shut") + 1
    one = {"id": 1, "label": "threat", "start_offset": place, "end_offset": place + len("the lock would shut")}
    found = doccano.read(lines(tmp_path / "x.jsonl", {"text": TEXT, "entities": [one]}))
    assert only(found).claims[0].spans[0].text == "the lock would shut"
    assert found.noticed["offsets in UTF-16 units"] == 1


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"text": ""}, "there is no text"),
        ({"spans": []}, "missing required field `text`"),
        ({"text": "No.", "communique": 3}, "communique is no object"),
        ({"text": "No.", "communique": {"units": [[0, 1, "Foo", "c1"]]}}, "KeyError"),
        ({"text": "No.", "spans": [{"start": 0, "end": 9, "label": "Claim"}]}, "lies outside the text of 3"),
        (
            {"text": "No.", "entities": [{"start_offset": 0, "end_offset": 9, "label": "Claim"}]},
            "lies outside the text",
        ),
        (
            {"text": "No.", "entities": [{"id": 1, "start_offset": 0, "end_offset": 2, "label": "x"}] * 2},
            "give each its",
        ),
        ([{"text": "No."}], "a JSON list; write a record a line"),
    ],
)
def test_lines_that_cannot_be_read_are_all_told_and_the_others_are_read(record, told, tmp_path):
    name = "doccano" if "entities" in (record if isinstance(record, dict) else {}) else "prodigy"
    path = lines(tmp_path / "x.jsonl", record, {"text": "Yes."}, record)
    found = LINES[name].read(path)
    assert {problem.id for problem in found.problems} == {f"{name}-malformed"}
    assert told in found.problems[0].message
    if isinstance(record, dict):
        assert [problem.line for problem in found.problems] == [1, 3]
        assert [document.text for document in found.documents] == ["Yes."]


def test_spacy_opens_the_file_and_finds_each_unit_in_its_group(bins, corpus, tmp_path):
    spacy.write(corpus, tmp_path / "x.spacy")
    docs = list(bins.tokens.DocBin().from_disk(tmp_path / "x.spacy").get_docs(bins.blank("en").vocab))
    for item, doc in zip(corpus, docs, strict=True):
        assert doc.text == item.text
        for name in ("speakers", "cues", "claims"):
            told = [(unit.id, span.text) for unit in getattr(item, name) for span in unit.spans]
            assert [(span.id_, span.text) for span in doc.spans[name]] == told
        assert [s.label_ for s in doc.spans["claims"]] == [str(c.rhetoric) for c in item.claims for _ in c.spans]
        mentions = [(place, e.kind.value.capitalize()) for e in item.entities for place in e.mentions]
        assert [((s.start_char, s.end_char), s.label_) for s in doc.spans["mentions"]] == mentions
    found = spacy.read(tmp_path / "x.spacy")
    assert (found.documents, found.problems, found.noticed) == (corpus, [], {})
    before = (tmp_path / "x.spacy").read_bytes()
    spacy.write(corpus, tmp_path / "x.spacy")
    assert (tmp_path / "x.spacy").read_bytes() == before


def test_spans_that_a_program_changes_in_spacy_come_back(bins, tmp_path):
    spacy.write([samples.document()], tmp_path / "x.spacy")
    tool = bins.blank("en")
    (doc,) = bins.tokens.DocBin().from_disk(tmp_path / "x.spacy").get_docs(tool.vocab)
    kept = [span for span in doc.spans["claims"] if span.label_ != "threat"]
    more = doc.char_span(doc.text.index("Lock"), doc.text.index(" deepens"), label="concern")
    doc.spans["claims"] = [*kept, more]
    doc.spans["sc"] = [doc[0:1]]
    doc.set_ents([bins.tokens.Span(doc, 4, 6, label="PERSON")])
    other = tool.make_doc("Nothing here.")
    other.cats["news"] = 1.0
    bins.tokens.DocBin(store_user_data=True, docs=[doc, other]).to_disk(tmp_path / "y.spacy")
    found = spacy.read(tmp_path / "y.spacy")
    assert found.problems == []
    after, second = found.documents
    assert len(after.claims) == len(samples.document().claims)
    assert claim_of(after, "Lock").rhetoric == "concern"
    assert all(claim.rhetoric != "threat" for claim in after.claims)
    assert (second.id, second.text) == ("y-2", "Nothing here.")
    assert found.noticed["regions labelled '', which is no label here"] == 1
    assert found.noticed["named entities outside span groups"] == 1
    assert found.noticed["categories of documents"] == 1


def test_a_language_that_spacy_does_not_know_is_split_all_the_same(bins, tmp_path):
    from msgspec.structs import replace

    document = replace(samples.document(), language="zxx")
    spacy.write([document], tmp_path / "x.spacy")
    assert only(spacy.read(tmp_path / "x.spacy")) == document


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cut off"),
        (b"PK\x03\x04", "incorrect header check"),
        (zlib.compress(b"\xc1"), "no DocBin of spaCy 3"),
        (zlib.compress(b"{}" * 5)[:-3], "cut off"),
        (zlib.compress(b"\0" * (6 << 20)), "unpacks to far more than it is"),
    ],
)
def test_a_file_that_is_no_docbin_is_told(content, told, bins, tmp_path):
    (tmp_path / "x.spacy").write_bytes(content)
    (problem,) = spacy.read(tmp_path / "x.spacy").problems
    assert (problem.id, told in problem.message) == ("spacy-malformed", True), problem.message


@pytest.mark.parametrize("action", ["read", "write"])
def test_without_spacy_there_is_one_sentence_and_nothing_is_written(action, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(CommuniqueError, match=r"pip install 'communique\[spacy\]'"):
        spacy.read(tmp_path / "x.spacy") if action == "read" else spacy.write([], tmp_path / "x.spacy")
    assert not list(tmp_path.iterdir())


def made(text, mentions=(), claim=None):
    """Return a document of one entity and, if it is placed, one claim."""
    builder = LayerBuilder("made/x", text)
    holders = builder.entities([Entity(id="e1", name="Vint", kind=EntityKind.PERSON, mentions=mentions)])
    if claim:
        builder.claim(builder.attribution(entities=holders), [claim])
    return document(builder.canonical(), text)


@pytest.mark.parametrize("name", LINES)
def test_places_that_were_written_are_not_taken_for_a_browser_s(name, tmp_path):
    item = made("🚩 xab yc", claim=(3, 7))
    assert item.claims[0].spans[0].text == "ab y", "in UTF-16 units these offsets would cut no word"
    LINES[name].write([item], tmp_path / "x.jsonl")
    found = LINES[name].read(tmp_path / "x.jsonl")
    assert (only(found), found.noticed) == (item, {})


def test_a_blank_at_the_edge_of_a_mention_is_a_word_of_its_own(bins, tmp_path):
    item = made("Orla Vint said no.", mentions=((4, 9), (5, 10)), claim=(15, 17))
    spacy.write([item], tmp_path / "x.spacy")
    assert only(spacy.read(tmp_path / "x.spacy")) == item


@pytest.mark.parametrize("name", LINES)
def test_one_speaker_of_two_holders_keeps_them_apart(name, tmp_path):
    text = "They said yes. They said no."
    builder = LayerBuilder("made/x", text)
    for number in (1, 2):
        mention = ((0, 4),)
        builder.entities([Entity(id=f"e{number}", name=f"N{number}", kind=EntityKind.GROUP, mentions=mention)])
    speaker = builder.speaker([(0, 4)])
    for number, place in ((1, (10, 13)), (2, (25, 27))):
        builder.claim(builder.attribution(speaker, entities=[f"e{number}"]), [place])
    item = document(builder.canonical(), text)
    LINES[name].write([item], tmp_path / "x.jsonl")
    assert only(LINES[name].read(tmp_path / "x.jsonl")) == item


def test_two_claims_in_one_place_keep_their_types_in_any_order(tmp_path):
    builder = LayerBuilder("made/x", "Pay or leave.")
    for rhetoric, conditional in ((Rhetoric.THREAT, True), (Rhetoric.DEMAND, False)):
        builder.claim(builder.attribution(), [(0, 12)], rhetoric=rhetoric, conditional=conditional)
    item = document(builder.canonical(), "Pay or leave.")
    record = doccano.line(item)
    record["entities"].reverse()
    assert only(doccano.read(lines(tmp_path / "x.jsonl", record))) == item


@pytest.mark.parametrize("role", ["speaker", "cue", "holder"])
def test_a_speaker_cue_or_holder_whose_relation_was_deleted_is_none(role, tmp_path):
    path = tmp_path / "d.jsonl"
    doccano.write([samples.document()], path)
    line = json.loads(path.read_text(encoding="utf-8"))
    before = doccano.read(path).documents[0]
    line["relations"] = [one for one in line["relations"] if one["type"] != role]
    path.write_text(json.dumps(line), encoding="utf-8")
    after = doccano.read(path).documents[0]
    had, has = (
        [bool(item.entities if role == "holder" else getattr(item, role)) for item in found.attributions]
        for found in (before, after)
    )
    assert sum(has) < sum(had)
