"""Files that are cut, coded or nested otherwise than they should be: one sentence each, never a traceback."""

import hashlib
import json
import unicodedata

import msgspec
import pytest

import samples
from communique import baselines, jsonl
from communique.baselines.base import Source
from communique.baselines.linear import Fitted
from communique.baselines.llm.answers import AnswerError
from communique.baselines.llm.answers import read as answered
from communique.build import ingest
from communique.formats import brat as standoff
from communique.formats import cas, conll, label_studio
from communique.formats.brat import folder as brat
from communique.problems import CommuniqueError, DataError
from communique.quotes.align import align
from communique.quotes.find import AlignmentError
from communique.quotes.records import QuotedDocument
from communique.records import Document
from communique.report.bench import written
from communique.validation import validate_documents, validate_paths

DEEP = "[" * 2000 + "]" * 2000
OBJECTS = '{"a":' * 2000 + "1" + "}" * 2000
LONG = "9" * 4500


def sound(found):
    assert found.problems == []
    assert validate_documents({"x": found.documents}, {}) == []
    return found.documents


# Windows, byte order marks, decomposed letters

RAW = "Maire Orla Vint said the port would close.\nShe warned that fées would rise.\n"
UNITS = {"T1": ("Speaker", "Maire Orla Vint"), "T2": ("Attribution", "said"), "T3": ("Claim", "the port would close")}
UNITS |= {"T4": ("Attribution", "warned"), "T5": ("Claim", "that fées would rise")}
EVENTS = "E1\tAttribution:T2 Speaker:T1 Content:T3\nE2\tAttribution:T4 Content:T5\n"
EVENTS += "A1\tForm E1 indirect\nA2\tForm E2 indirect\n"


def ann_of(text):
    lines = (
        f"{key}\t{label} {text.index(words)} {text.index(words) + len(words)}\t{words}\n"
        for key, (label, words) in units_of(text).items()
    )
    return "".join(lines) + EVENTS


def units_of(text):
    shown = unicodedata.is_normalized("NFC", text)
    return UNITS if shown else {k: (label, unicodedata.normalize("NFD", words)) for k, (label, words) in UNITS.items()}


TEXTS = {
    "plain": RAW,
    "crlf": RAW.replace("\n", "\r\n"),
    "mark": f"\ufeff{RAW}",
    "decomposed": unicodedata.normalize("NFD", RAW),
    "all": "\ufeff" + unicodedata.normalize("NFD", RAW).replace("\n", "\r\n"),
}
ANNS = {
    "plain": lambda ann: ann,
    "crlf": lambda ann: ann.replace("\n", "\r\n"),
    "mark": lambda ann: f"\ufeff{ann}",
    "both": lambda ann: "\ufeff" + ann.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("counted", ["as it stands", "as it is stored"])
@pytest.mark.parametrize("ann", ANNS)
@pytest.mark.parametrize("text", TEXTS)
def test_brat_is_read_however_lines_end_and_letters_are_made(tmp_path, text, ann, counted):
    raw = TEXTS[text]
    (tmp_path / "a.txt").write_bytes(raw.encode())
    (tmp_path / "a.ann").write_bytes(ANNS[ann](ann_of(raw if counted == "as it stands" else RAW)).encode())
    found = brat.read(tmp_path)
    (document,) = sound(found)
    assert document.text == RAW
    assert [[s.text for s in claim.spans] for claim in document.claims] == [[UNITS["T3"][1]], [UNITS["T5"][1]]]
    assert found.noticed["texts normalised to NFC, LF"] == (text != "plain")


@pytest.mark.parametrize("ann", ANNS)
@pytest.mark.parametrize("text", TEXTS)
def test_seeds_are_read_however_lines_end_and_letters_are_made(tmp_path, text, ann):
    seeds = samples.write_seeds(tmp_path)
    raw = TEXTS[text].encode()
    (seeds / "made" / "two.txt").write_bytes(raw)
    (seeds / "annotations" / "gold" / "made" / "two.ann").write_bytes(ANNS[ann](ann_of(TEXTS[text])).encode())
    rows = [json.loads(line) for line in (seeds / "catalog.jsonl").read_text().splitlines()]
    rows[1] |= {"sha256": hashlib.sha256(raw).hexdigest()}
    (seeds / "catalog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    document = ingest.documents(seeds, "gold")[1]
    assert (document.text, document.claims[1].spans[0].text) == (RAW, UNITS["T5"][1])


def test_what_fits_neither_count_is_refused(tmp_path):
    raw = TEXTS["crlf"]
    with pytest.raises(standoff.BratError, match="the text has"):
        standoff.read(ann_of(RAW).replace("\tthat f", "\tthat g"), raw, "x")


def test_columns_are_read_with_mark_and_decomposed_letters(tmp_path):
    rows = ["Ré B-speaker O O", "said O B-cue O", "née O O B-claim"]
    content = "\ufeff" + unicodedata.normalize("NFD", "\r\n".join(row.replace(" ", "\t") for row in rows))
    (tmp_path / "a.conll").write_bytes(content.encode())
    (document,) = sound(conll.read(tmp_path / "a.conll"))
    assert (document.id, document.text) == ("a", "Ré said née\n")
    assert document.claims[0].spans[0].text == "née"


def test_the_text_that_columns_bring_is_stored_and_starts_follow(tmp_path):
    raw = TEXTS["all"]
    start = raw.index("warned")
    rows = ["# document = x", f"# text = {json.dumps(raw)}", f"warned\t{start}\tO\tO\tB-claim\tO\t_"]
    (tmp_path / "a.conll").write_text("\n".join(rows))
    (document,) = sound(conll.read(tmp_path / "a.conll"))
    assert (document.text, document.claims[0].spans[0].text) == (RAW, "warned")


def test_columns_do_not_start_below_zero(tmp_path):
    rows = ["# document = x", '# text = "He said no."', "no\t-3\tO\tO\tB-claim\tO\t_"]
    (tmp_path / "a.conll").write_text("\n".join(rows))
    found = conll.read(tmp_path / "a.conll")
    assert ([p.id for p in found.problems], found.documents) == (["conll-malformed"], [])


@pytest.mark.parametrize("said", ['{"claims": 5}', '{"claims": ["c1"]}', '{"speaker": ["s1"], "claims": {"c1": null}}'])
def test_columns_with_json_of_another_shape_are_named(tmp_path, said):
    rows = ["# document = x", '# text = "He said no."', f"# attribution = {said}", "no\t8\tO\tO\tB-claim\tO\tclaim=c1"]
    (tmp_path / "a.conll").write_text("\n".join(rows))
    assert {p.id for p in conll.read(tmp_path / "a.conll").problems} == {"conll-malformed"}


@pytest.mark.parametrize("text", TEXTS)
def test_cas_texts_are_stored_and_offsets_follow(tmp_path, text):
    document = samples.document("made/two")
    raw = TEXTS[text]
    at = raw.index("She warned")
    span = msgspec.structs.replace(document.claims[0].spans[0], start=at, end=at + 10, text="She warned")
    claim = msgspec.structs.replace(document.claims[0], spans=(span,))
    bare = {"speakers": (), "cues": (), "entities": ()}
    item = msgspec.structs.replace(document.attributions[0], speaker=None, cue=None, entities=())
    cas.write([msgspec.structs.replace(document, text=raw, claims=(claim,), attributions=(item,), **bare)], tmp_path)
    (found,) = sound(cas.read(tmp_path))
    assert (found.text, found.claims[0].spans[0].text) == (RAW, "She warned")


@pytest.mark.parametrize(("begin", "end"), [(40, 10), (-9, -4), (len(samples.SECOND_TEXT) - 4, 999)])
def test_annotations_outside_the_text_of_a_cas_are_named(tmp_path, begin, end):
    cas.write([samples.document("made/two")], tmp_path)
    path = tmp_path / "made" / "two.xmi"
    claim = f'<custom:Claim xmi:id="99" sofa="1" begin="{begin}" end="{end}" unit="c9" attribution="a9"/>'
    words = (
        path.read_text(encoding="utf-8").replace("<cas:View", f"{claim}<cas:View").replace('members="', 'members="99 ')
    )
    path.write_text(words, encoding="utf-8")
    found = cas.read(tmp_path)
    assert ([p.id for p in found.problems], found.documents) == (["cas-malformed"], [])


# Nested deep, numbers of thousands of digits


def hostile(value):
    """Return a document's line with a value in the place of its date."""
    line = jsonl.encode(samples.document())
    assert '"2031-04-01"' in line
    return line.replace('"2031-04-01"', value)


VALUES = {"deep": DEEP, "objects": OBJECTS, "shallower": "[" * 900 + "]" * 900, "long": LONG, "float": f"{LONG}.5"}


@pytest.mark.parametrize("value", VALUES)
def test_json_lines_of_any_depth_and_digits_are_named(tmp_path, value):
    path = tmp_path / "a.jsonl"
    for content in (hostile(VALUES[value]), VALUES[value], f'{{"extra": {VALUES[value]}}}'):
        path.write_text(f"{content}\n")
        assert {problem.id for problem in validate_paths([path])} <= {"json-malformed", "schema-mismatch"}
        assert validate_paths([path])
        with pytest.raises(DataError, match=r"json-malformed|schema-mismatch"):
            list(jsonl.read(path, Document))


def test_lines_as_deep_as_can_be_read_are_named_as_well(tmp_path):
    """Between what is read and what is refused lie depths at which only the telling goes too deep."""
    lines = ['{"id":' + '{"a":' * depth + "1" + "}" * depth + "}" for depth in range(700, 1001)]
    (tmp_path / "a.jsonl").write_text("".join(f"{line}\n" for line in lines))
    assert {problem.line for problem in validate_paths([tmp_path / "a.jsonl"])} == set(range(1, len(lines) + 1))


@pytest.mark.parametrize("value", ["deep", "objects"])
def test_lines_of_free_form_that_are_nested_deep_are_named(tmp_path, value):
    (tmp_path / "a.jsonl").write_text(f"{VALUES[value]}\n")
    with pytest.raises(DataError, match=r"a\.jsonl:1: .*json-malformed"):
        list(jsonl.read(tmp_path / "a.jsonl", object))


@pytest.mark.parametrize("value", VALUES)
def test_tasks_of_any_depth_and_digits_are_named(tmp_path, value):
    path = tmp_path / "a.json"
    label_studio.write([samples.document("made/two")], path)
    whole = path.read_text(encoding="utf-8")
    for content in (VALUES[value], f"[{VALUES[value]}]", whole.replace('"start": 0', f'"start": {VALUES[value]}', 1)):
        path.write_text(content, encoding="utf-8")
        assert {problem.id for problem in label_studio.read(path).problems} == {"label-studio-malformed"}


@pytest.mark.parametrize("value", VALUES)
def test_columns_of_any_depth_and_digits_are_named(tmp_path, value):
    path = tmp_path / "a.conll"
    for line in (
        f"# text = {VALUES[value]}",
        f"# attribution = {VALUES[value]}",
        f"no\t{VALUES[value]}\tO\tO\tO\tO\t_",
    ):
        path.write_text(f"# document = x\n{line}\n")
        assert {problem.id for problem in conll.read(path).problems} == {"conll-malformed"}


@pytest.mark.parametrize("value", VALUES)
def test_answers_of_any_depth_and_digits_are_told_to_the_model(value):
    for content in (VALUES[value], f'{{"attributions": {VALUES[value]}}}', f'{{"notes": [" ", {VALUES[value]}]}}'):
        with pytest.raises(AnswerError):
            answered(Source(id="x", text="He said no."), content, strict=True)


def test_offsets_of_thousands_of_digits_are_named_in_brat(tmp_path):
    (tmp_path / "a.txt").write_text("He said no.\n")
    (tmp_path / "a.ann").write_text(f"T1\tClaim 0 {LONG}\tHe\n")
    assert [problem.id for problem in brat.read(tmp_path).problems] == ["brat-malformed"]


# Quotes


@pytest.mark.parametrize("words", [" ", "\n", "\u00a0"])
@pytest.mark.parametrize("text", ["He said no.\n", ""])
def test_a_quote_of_white_space_stands_nowhere(words, text):
    claim = {"id": "k", "quote": words}
    item = {"id": "x", "form": "direct", "claims": [claim]}
    entity = {"id": "e", "name": "e", "kind": "group", "mentions": [words]}
    for parts in ({"attributions": [item]}, {"entities": [entity]}):
        with pytest.raises(AlignmentError, match="not in the text"):
            align(text, msgspec.convert({"id": "d", **parts}, QuotedDocument))


def test_a_name_quoted_over_two_lines_is_set_on_one():
    entity = {"id": "e", "name": " Orla\nVint\t", "kind": "person"}
    assert (
        align("No.", msgspec.convert({"id": "d", "entities": [entity]}, QuotedDocument)).entities[0].name == "Orla Vint"
    )


# Models and results of another shape

CARDS = {
    "a list": "[]",
    "a number": "3",
    "nothing": "",
    "no fields": "{}",
    "deep": f'{{"name": "majority", "version": "0.1.0", "parameters": {OBJECTS}}}',
    "majority without label": '{"name": "majority", "version": "0.1.0", "parameters": {}}',
    "majority of another label": '{"name": "majority", "version": "0.1.0", "parameters": {"label": "gossip"}}',
    "majority of a number": '{"name": "majority", "version": "0.1.0", "parameters": {"label": [3]}}',
    "linear without signs": '{"name": "linear", "version": "0.1.0", "parameters": {}}',
    "crf without weights": '{"name": "crf", "version": "0.1.0", "parameters": {}}',
    "encoder without settings": '{"name": "encoder", "version": "0.1.0", "parameters": {}}',
    "encoder with a word for a number": '{"name": "encoder", "version": "0.1.0", "parameters": {"window": "wide"}}',
    "llm of unknown settings": '{"name": "llm", "version": "0.1.0", "parameters": {"modell": "x"}}',
    "a name of a path": '{"name": "../majority", "version": "0.1.0", "parameters": {}}',
}


@pytest.mark.parametrize("card", CARDS)
def test_model_cards_of_another_shape_are_one_sentence(tmp_path, run, card):
    (tmp_path / "model.json").write_text(CARDS[card])
    with pytest.raises(CommuniqueError):
        baselines.load(tmp_path)
    (tmp_path / "a.txt").write_text("He said no.\n")
    code, _, err = run("predict", tmp_path, tmp_path / "a.txt")
    assert code in (1, 2)
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_missing_setting_is_named(tmp_path):
    (tmp_path / "model.json").write_text(CARDS["majority without label"])
    with pytest.raises(CommuniqueError, match=r"majority model cannot be read: 'label' is missing; train it again"):
        baselines.load(tmp_path)


def test_a_folder_without_json_is_told_by_its_card(tmp_path):
    (tmp_path / "model.json").write_text("[]")
    with pytest.raises(CommuniqueError, match=r"model\.json:1: is no card of a model: .*; train the model again"):
        baselines.load(tmp_path)


@pytest.mark.parametrize("weights", ["[]", '{"always": "x"}', '{"near": 1.0}', DEEP])
def test_holders_of_another_shape_are_one_sentence(tmp_path, weights):
    from communique.baselines.holders.ranking import Ranker

    (tmp_path / "holders.json").write_text(weights)
    with pytest.raises(CommuniqueError, match=r"holders\.json: cannot be read: .*; train the model again"):
        Ranker.load(tmp_path / "holders.json")


def test_a_model_of_parts_that_are_missing_is_refused(tmp_path):
    import skops.io

    baselines.create("linear").fit(samples.documents()).save(tmp_path)
    for models in ([], {}, {"features": 1}):
        skops.io.dump(models, tmp_path / "weights.skops")
        with pytest.raises(CommuniqueError, match=r"features or types are missing|holds a list"):
            baselines.load(tmp_path)


def test_a_temperature_or_a_share_of_nothing_is_refused():
    for fitted in ({"temperature": 0.0}, {"shares": {"cue:threat": {"threat": 0.0}}}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(fitted, Fitted)


@pytest.mark.parametrize("content", ["[]", "", DEEP, '{"gold": 3}', LONG])
def test_results_of_another_shape_are_one_problem(tmp_path, run, content):
    path = tmp_path / "mine" / "results" / "0.1.0" / "dev.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(DataError, match=r"dev\.json"):
        written(tmp_path)
    assert run("leaderboard", tmp_path)[0] == 1
