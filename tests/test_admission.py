"""What `validate` refuses comes in nowhere: by file, by release, by import, by hydrate, from Python."""

import json
import time

import msgspec
import pytest

import samples
from communique import admission, jsonl, layers, releases
from communique.baselines.inputs import sources
from communique.baselines.llm import Llm
from communique.build import ingest
from communique.duplicates import Met
from communique.formats import cas, conll, huggingface, label_studio
from communique.formats.brat import folder as brat
from communique.labels import Split
from communique.problems import DataError
from communique.records import Attribution, Claim, Entity, Span
from communique.report.bench import run as bench
from communique.score.agreement import agree
from communique.score.evaluate import as_prediction, evaluate
from communique.validation import validate_documents, validate_paths

changed = msgspec.structs.replace


def leading_nowhere(document):
    """Return a document whose first attribution names a speaker that is not there."""
    first, *others = document.attributions
    return changed(document, attributions=(changed(first, speaker="s99"), *others))


def shifted(document):
    """Return a document whose first claim says what stands elsewhere."""
    first, *others = document.claims
    span = changed(first.spans[0], start=first.spans[0].start + 1, end=first.spans[0].end + 1)
    return changed(document, claims=(changed(first, spans=(span,)), *others))


BAD = {"reference-unknown": leading_nowhere, "span-text-mismatch": shifted}


@pytest.fixture
def bad(tmp_path):
    """Return a file whose second line is faulty."""
    path = tmp_path / "bad.jsonl"
    one, two, _ = samples.documents()
    jsonl.write(path, [two, leading_nowhere(one)])
    return path


COMMANDS = {
    "evaluate": lambda bad, out: ("evaluate", bad, bad),
    "compare": lambda bad, out: ("compare", bad, bad, bad),
    "stats": lambda bad, out: ("stats", bad),
    "show": lambda bad, out: ("show", bad),
    "train": lambda bad, out: ("train", "majority", "--data", bad, "-o", out),
    "predict": lambda bad, out: ("predict", "rules", bad),
    "export": lambda bad, out: ("export", "conll", bad, "-o", out),
    "dehydrate": lambda bad, out: ("dehydrate", bad, "-o", out),
    "agreement": lambda bad, out: ("agreement", bad, bad),
    "agreement of versions": lambda bad, out: ("agreement", bad),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses_what_validate_refuses_at_its_line(name, bad, tmp_path, run):
    told = str(validate_paths([bad])[0].message)
    code, out, err = run(*COMMANDS[name](bad, tmp_path / "out"))
    assert code == 1
    assert f"{bad}:2: {told} [document/reference-unknown]" in out + err
    assert not (tmp_path / "out").exists()


def test_answers_are_not_aligned_with_texts_of_faulty_documents(bad, tmp_path, run):
    (tmp_path / "a.json").write_text(json.dumps(samples.QUOTED))
    code, _, err = run("align", tmp_path / "a.json", "--texts", bad, "-o", tmp_path / "out.jsonl")
    assert (code, "bad.jsonl:2" in err) == (1, True)


@pytest.mark.parametrize("name", BAD)
def test_files_releases_and_gold_are_held_to_the_same_checks(name, tmp_path):
    document = BAD[name](samples.document())
    wanted = [problem.message for problem in validate_documents({"x": [document]}, {})]
    assert wanted
    jsonl.write(tmp_path / "bad.jsonl", [document])
    good = samples.document()
    for call in (
        lambda: releases.part(str(tmp_path / "bad.jsonl")),
        lambda: list(sources(str(tmp_path / "bad.jsonl"))),
        lambda: evaluate([document], [as_prediction(good)]),
        lambda: agree({"a": [document], "b": [good]}),
        lambda: agree({"a": [good], "b": [document]}),
    ):
        with pytest.raises(DataError) as error:
            call()
        assert [(problem.line, problem.message) for problem in error.value.problems] == [(1, told) for told in wanted]


@pytest.fixture
def release(tmp_path):
    """Return a release's folder, its manifest says nothing of its files."""
    plain = {"name": "communique", "version": "0.0.1", "schema": "v1", "builder": "0", "files": []}
    plain["counts"] = {split: {"made": {"documents": 1}} for split in Split}
    (tmp_path / "MANIFEST.json").write_text(json.dumps(plain | {"inputs_sha256": "0" * 64}))
    for split, document in zip(Split, samples.documents(), strict=True):
        jsonl.write(tmp_path / f"{split}.jsonl", [document])
    return tmp_path


def test_a_release_is_checked_whenever_it_is_read(release):
    assert releases.load(release=str(release)) == samples.documents()
    jsonl.write(release / "dev.jsonl", [leading_nowhere(samples.document("made/two"))])
    for call in (lambda: releases.load("dev", str(release)), lambda: releases.part(f"{release}:all")):
        with pytest.raises(DataError, match=r"dev\.jsonl:1: .*there is no speaker 's99'"):
            call()


def test_an_id_stands_once_in_a_file_and_in_a_release(release, tmp_path):
    jsonl.write(release / "test.jsonl", [samples.document()])
    assert releases.load("test", str(release))
    with pytest.raises(DataError, match=r"test\.jsonl:1: id 'made/one' stands on .*train\.jsonl:1 already"):
        releases.load(release=str(release))
    with pytest.raises(DataError, match="document-id-duplicate"):
        evaluate([samples.document(), samples.document()], [])


def test_the_layers_of_annotators_are_checked_where_they_are_scored(release):
    (release / "annotators").mkdir()
    for number, document in enumerate((samples.document("made/two"), leading_nowhere(samples.document("made/two")))):
        jsonl.write(release / "annotators" / f"{number}.jsonl", [document])
    with pytest.raises(DataError, match=r"1\.jsonl:1: .*'s99'"):
        bench("annotators", str(release))


def test_the_examples_of_a_saved_llm_are_checked(tmp_path):
    from communique.baselines.base import load_card

    model = Llm({"model": "m", "examples": 1}).fit([samples.document()])
    model.save(tmp_path)
    jsonl.write(tmp_path / "examples.jsonl", [leading_nowhere(samples.document())])
    with pytest.raises(DataError, match=r"examples\.jsonl:1: .*'s99'"):
        Llm.load(tmp_path, load_card(tmp_path))


def test_annotations_of_every_annotator_are_checked_when_they_are_read(tmp_path):
    seeds = samples.write_seeds(tmp_path / "seeds")
    ann = seeds / "annotations" / "second" / "made" / "two.ann"
    ann.write_text(ann.read_text(encoding="utf-8") + "T99\tSpeaker 0 3\tThe\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        ingest.documents(seeds, "second")
    assert [(problem.file, problem.id) for problem in error.value.problems] == [(str(ann), "unit-unused")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", ""), ("text", None), ("language", "English"), ("date", "soon"), ("id", "a\ud800")],
)
def test_what_no_file_could_hold_is_refused_from_python(field, value):
    with pytest.raises(DataError, match=r"gold:1: .*schema/schema-mismatch"):
        evaluate([changed(samples.document(), **{field: value})], [])


def test_offsets_below_zero_are_outside_the_text():
    document = samples.document("made/two")
    words = document.text[-5:-1]
    claim = changed(document.claims[0], spans=(Span(start=-5, end=-1, text=words),))
    assert {p.id for p in validate_documents({"x": [changed(document, claims=(claim,))]}, {})} == {"span-outside-text"}


# Hydrate


def made_layer(**changes):
    return changed(layers.dehydrate(samples.document()), **changes)


def outside():
    layer = made_layer()
    return changed(layer, claims=(changed(layer.claims[0], spans=((10_000, 10_009),)), *layer.claims[1:]))


def test_a_layer_whose_offsets_lie_outside_its_text_is_refused_at_its_line(tmp_path, run):
    jsonl.write(tmp_path / "l.jsonl", [made_layer(id="made/first"), outside()])
    for name in ("first", "one"):
        (tmp_path / f"{name}.txt").write_text(samples.TEXT, encoding="utf-8")
    code, out, err = run("hydrate", tmp_path / "l.jsonl", tmp_path, "-o", tmp_path / "out.jsonl")
    assert code == 1
    assert f"{tmp_path / 'l.jsonl'}:2: made/one: c1: span [10000, 10009) is not within" in out + err
    assert not (tmp_path / "out.jsonl").exists()
    with pytest.raises(DataError, match=r"layer made/one:1: .*span-outside-text"):
        layers.hydrate(outside(), samples.TEXT)


def test_a_name_that_the_text_spells_over_two_lines_comes_back_on_one(tmp_path):
    at = samples.TEXT.index("deepens")
    place = (at, at + len("deepens\nMinister"))
    layer = made_layer()
    entity = changed(layer.entities[0], name=place, mentions=(place, *layer.entities[0].mentions))
    found = layers.hydrate(changed(layer, entities=(entity, *layer.entities[1:])), samples.TEXT)
    assert found.entities[0].name == "deepens Minister"


def test_a_layer_given_twice_is_a_problem(tmp_path):
    (tmp_path / "one.txt").write_text(samples.TEXT, encoding="utf-8")
    found, problems = layers.join([(1, made_layer()), (2, made_layer())], "l.jsonl", tmp_path)
    assert len(found) == 1
    assert {(problem.id, problem.line) for problem in problems} == {("document-id-duplicate", 2), ("text-duplicate", 2)}


# Importers


def studio(documents, tmp_path):
    label_studio.write(documents, tmp_path / "t.json")
    return label_studio.read(tmp_path / "t.json")


def columns(documents, tmp_path):
    conll.write(documents, tmp_path / "t.conll")
    return conll.read(tmp_path / "t.conll")


def in_folder(module):
    def there_and_back(documents, tmp_path):
        module.write(documents, tmp_path)
        return module.read(tmp_path)

    return there_and_back


FORMATS = {
    "label-studio": studio,
    "conll": columns,
    "brat": in_folder(brat),
    "cas": in_folder(cas),
    "huggingface": in_folder(huggingface),
}


def overlapping(document):
    first, *others = document.claims
    more = changed(
        first, id="c9", spans=(changed(first.spans[0], start=first.spans[0].start + 1, text=first.spans[0].text[1:]),)
    )
    return changed(document, claims=(first, more, *others))


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"conll"}))
def test_importers_name_contradictions_as_validate_does(name, tmp_path):
    document = overlapping(samples.document())
    assert {problem.id for problem in validate_documents({"x": [document]}, {})} == {"claims-overlap"}
    found = FORMATS[name]([document], tmp_path)
    assert found.documents == []
    assert {problem.id for problem in found.problems} == {"claims-overlap"}


@pytest.mark.parametrize("name", ["label-studio", "conll", "huggingface"])
def test_importers_name_a_document_that_stands_twice(name, tmp_path):
    found = FORMATS[name]([samples.document(), samples.document()], tmp_path)
    assert len(found.documents) == 1
    assert "document-id-duplicate" in {problem.id for problem in found.problems}


def test_composed_texts_stand_once_and_supplied_ones_once_for_each_annotator(tmp_path):
    other = changed(samples.document(), id="made/other")
    found = studio([samples.document(), other], tmp_path)
    assert {problem.id for problem in found.problems} == {"text-duplicate", "words-shared"}
    supplied = [
        changed(document, id=name, provenance=changed(document.provenance, origin="supplied"))
        for name, document in (("a@x", samples.document()), ("a@y", samples.document()))
    ]
    supplied = msgspec.convert(msgspec.to_builtins(supplied), list[type(other)])
    assert studio(supplied, tmp_path).documents == supplied
    assert validate_documents({"x": supplied}, {}) == []
    assert {p.id for p in validate_documents({"x": supplied}, {Split.TRAIN: supplied})} >= {"text-duplicate"}


def test_a_document_whose_words_are_another_s_is_named_by_the_importer(tmp_path):
    longer = samples.TEXT + "More was not said.\n"
    document = changed(samples.document(), id="made/longer", text=longer)
    found = studio([samples.document(), document], tmp_path)
    assert [(problem.id, problem.line) for problem in found.problems] == [("words-shared", 2)]


NO_WAY = "The  mayor said no way now.\n"


def task(*regions, text=NO_WAY, **facts):
    results = []
    for number, (label, words, said) in enumerate(regions):
        start = text.index(words)
        value = {"start": start, "end": start + len(words), "text": words}
        one = {"id": f"r{number}", "to_name": "text"}
        results.append({**one, "from_name": "label", "type": "labels", "value": {**value, "labels": [label]}})
        for name, what in said.items():
            results.append({**one, "from_name": name, "type": "textarea", "value": {**value, "text": [what]}})
    return {"data": {"text": text, "communique": facts}, "annotations": [{"result": results}]}


def imported(tmp_path, *tasks):
    (tmp_path / "t.json").write_text(json.dumps(tasks))
    found = label_studio.read(tmp_path / "t.json")
    assert validate_documents({"x": found.documents}, {}) == []
    return found


CLAIM = ("Claim", "no way", {"unit": "c1", "attribution": "a1"})


@pytest.mark.parametrize(
    ("regions", "facts", "noticed"),
    [
        ([CLAIM, ("Claim", "no way", {"unit": "c2", "attribution": "a1"})], {}, "claims given twice"),
        (
            [CLAIM, ("Cue", "said", {"unit": "q1"})],
            {"attributions": [{"id": "a1"}, {"id": "a2", "cue": "q1"}]},
            "speakers and cues of no attribution",
        ),
        ([CLAIM, ("Claim", "  ", {"unit": "c2", "attribution": "a1"})], {}, "spans of white space"),
        ([CLAIM], {"title": "no way"}, "titles that are not the first line"),
        ([CLAIM], {"collection": "The\nwire "}, "names set on one line"),
        (
            [CLAIM, ("Person", "mayor", {"unit": "e1"})],
            {"entities": [{"id": "e1", "name": "A\tB "}]},
            "names set on one line",
        ),
        (
            [(*CLAIM[:2], CLAIM[2] | {"rhetoric": "denial", "also": "denial"})],
            {},
            "secondary types that say nothing more",
        ),
        (
            [
                CLAIM,
                ("Claim", "now", {"unit": "c2", "attribution": "a2"}),
                ("Speaker", "The", {"unit": "s1"}),
                ("Speaker", "The", {"unit": "s2"}),
            ],
            {"attributions": [{"id": "a1", "speaker": "s1"}, {"id": "a2", "speaker": "s2"}]},
            "speakers given twice",
        ),
    ],
)
def test_what_is_merely_odd_is_set_right_and_counted(tmp_path, regions, facts, noticed):
    found = imported(tmp_path, task(*regions, **facts))
    assert found.problems == []
    assert found.documents[0].claims[0].spans[0].text == "no way"
    assert found.noticed == {noticed: 1}


def test_a_reference_that_leads_nowhere_is_told_in_words(tmp_path):
    found = imported(tmp_path, task(CLAIM, attributions=[{"id": "a1", "entities": ["e7"]}]))
    (problem,) = found.problems
    assert (problem.line, problem.id) == (1, "label-studio-malformed")
    assert "there is no entity 'e7'" in problem.message


def test_a_cue_that_triggers_two_events_is_one_cue(tmp_path):
    text = "He said yes and no.\n"
    lines = ["T1\tAttribution 3 7\tsaid", "T2\tClaim 8 11\tyes", "T3\tClaim 16 18\tno"]
    lines += ["E1\tAttribution:T1 Content:T2", "E2\tAttribution:T1 Content:T3"]
    lines += ["A1\tForm E1 indirect", "A2\tForm E2 indirect"]
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "a.ann").write_text("".join(f"{line}\n" for line in lines))
    found = brat.read(tmp_path)
    assert found.problems == []
    assert [item.cue for item in found.documents[0].attributions] == ["q1", "q1"]


def test_what_is_merely_odd_in_brat_files_is_counted(tmp_path):
    brat.write([samples.document("made/two")], tmp_path)
    path = tmp_path / "made" / "two.ann"
    path.write_text(path.read_text(encoding="utf-8") + "T99\tSpeaker 44 50\tNobody\n", encoding="utf-8")
    found = brat.read(tmp_path)
    assert (found.problems, len(found.documents)) == ([], 1)
    assert found.noticed == {"speakers and cues of no attribution": 1}


def test_file_names_with_control_characters_are_no_ids(tmp_path):
    (tmp_path / "a\x1b.txt").write_text("He said yes.\n")
    (tmp_path / "a\x1b.ann").write_text("")
    assert [problem.id for problem in brat.read(tmp_path).problems] == ["control-character"]


# Letters of ids and names


def with_id(document, name):
    return changed(document, id=name)


def with_entity(document, name):
    return changed(document, entities=(changed(document.entities[0], name=name), *document.entities[1:]))


def with_publisher(document, name):
    return changed(document, provenance=changed(document.provenance, publisher=name))


def with_unit(document, name):
    old = document.speakers[0].id
    attributions = [changed(a, speaker=name if a.speaker == old else a.speaker) for a in document.attributions]
    speakers = (changed(document.speakers[0], id=name), *document.speakers[1:])
    return changed(document, speakers=speakers, attributions=tuple(attributions))


PLACES = {
    "id": with_id,
    "unit": with_unit,
    "entity": with_entity,
    "collection": lambda document, name: changed(document, collection=name),
    "storyline": lambda document, name: changed(document, storyline=name),
    "publisher": with_publisher,
}
LETTERS = [
    "\x00",
    "\t",
    "\n",
    "\x1b",
    "\x7f",
    "\x85",
    "\x9b",
    "\u061c",
    "\u200f",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("letter", [*LETTERS, "\ud800"])
def test_control_characters_in_names_are_refused(place, letter):
    problems = validate_documents({"x": [PLACES[place](samples.document(), f"a{letter}b")]}, {})
    assert {(problem.id, problem.level) for problem in problems} == {("control-character", "document")}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", [" a", "a ", "\u00a0", " "])
def test_names_do_not_begin_or_end_in_white_space(place, name):
    problems = validate_documents({"x": [PLACES[place](samples.document(), name)]}, {})
    assert {(problem.id, problem.level) for problem in problems} == {("edge-space", "document")}


@pytest.mark.parametrize("name", ["Édil Maro", "محمد", "Jean\u00a0Luc", "🚩", "a\u200db"])
def test_other_letters_are_names(name):
    assert validate_documents({"x": [with_entity(samples.document(), name)]}, {}) == []


def test_predictions_have_no_control_characters_in_names_either(tmp_path):
    layer = samples.layer()
    bad = changed(layer, entities=(changed(layer.entities[0], name="a\x1b[2J"), *layer.entities[1:]))
    jsonl.write(tmp_path / "p.jsonl", [bad])
    assert {problem.id for problem in validate_paths([tmp_path / "p.jsonl"])} == {"control-character"}


# Many units


def test_many_claims_nested_deep_are_checked_in_time():
    """20,000 units take about a second; going through all of them for each would take minutes."""
    count = 20_000
    text = " ".join(["word"] * count) + "\n"
    words = [Span(start=5 * n, end=5 * n + 4, text="word") for n in range(count)]
    whole = Span(start=0, end=2_999, text=text[:2_999])
    document = changed(
        samples.document("made/two"),
        text=text,
        cues=(),
        entities=(Entity(id="e1", name="x", kind="group", mentions=tuple((s.start, s.end) for s in words)),),
        speakers=(changed(samples.document().speakers[0], id="s1", spans=tuple(words[:1])),),
        attributions=tuple(
            Attribution(
                id=f"a{n}", speaker="s1", cue=None, entities=("e1",), form="direct", parent=f"c{n - 1}" if n else None
            )
            for n in range(count)
        ),
        claims=tuple(
            Claim(
                id=f"c{n}",
                attribution=f"a{n}",
                spans=(whole,),
                rhetoric=None,
                also=None,
                targets=(),
                conditional=False,
                negated=False,
            )
            for n in range(count)
        ),
    )
    document = msgspec.convert(msgspec.to_builtins(document), type(document))
    start = time.monotonic()
    assert list(admission.faults(document)) == []
    assert time.monotonic() - start < 20


def test_cycles_of_parents_are_told_and_what_leads_into_them_is_not():
    document = samples.document()
    a1, a2, a3, a4 = document.attributions
    owner = {item.attribution: item.id for item in document.claims}
    ring = (changed(a1, parent=owner[a2.id]), changed(a2, parent=owner[a1.id]), changed(a3, parent=owner[a1.id]), a4)
    problems = validate_documents({"x": [changed(document, attributions=ring)]}, {})
    assert [p.message.split(": ")[1] for p in problems if p.id == "parent-cycle"] == ["a1", "a2"]


def test_versions_of_a_composed_text_by_several_annotators_are_let_in_but_into_no_release():
    named = [msgspec.structs.replace(samples.document(), id=f"made/one@{name}") for name in "ab"]
    met = Met()
    assert [list(met.faults(("f", number), one)) for number, one in enumerate(named)] == [[], []]
    met = Met()
    assert [[name for name, _ in met.faults(("f", n), one, once=True)] for n, one in enumerate(named)] == [
        [],
        ["text-duplicate"],
    ]
    other = msgspec.structs.replace(samples.document(), id="made/other@a")
    assert {name for name, _ in met.faults(("f", 3), other)} == {"text-duplicate", "words-shared"}
