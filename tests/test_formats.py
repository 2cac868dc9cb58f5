"""Foreign formats: what they can hold comes back, what they cannot is said."""

import csv
import json
import sys
from inspect import signature
from itertools import pairwise

import datasets
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
import strategies
from communique import layers, releases
from communique.canonical import canonical
from communique.formats import Format, able, cas, conll, declared, events, huggingface, known, label_studio, named
from communique.formats.brat import folder as brat
from communique.formats.common import headline, spans
from communique.problems import CommuniqueError
from communique.validation import validate_documents

WHOLE = {"label-studio": label_studio, "cas": cas, "huggingface": huggingface}
READ_ONLY = {"gum", "plover", "polnear", "unsc"}
ANNOTATION = ("entities", "speakers", "cues", "attributions", "claims")


def there_and_back(module, documents, folder):
    path = folder / {label_studio: "tasks.json", conll: "all.conll"}.get(module, "out")
    module.write(documents, path)
    found = module.read(path)
    assert found.problems == []
    return sorted(found.documents, key=lambda d: d.id)


@pytest.fixture(scope="module")
def corpus():
    return sorted(releases.load(), key=lambda d: d.id)


@pytest.mark.parametrize("name", WHOLE)
def test_the_corpus_comes_back_whole(name, corpus, tmp_path):
    assert there_and_back(WHOLE[name], corpus, tmp_path) == corpus


def renamed(document, names):
    """Return a document whose claims are called otherwise."""
    claims = tuple(msgspec.structs.replace(c, id=names[c.id]) for c in document.claims)
    items = tuple(msgspec.structs.replace(a, parent=names.get(a.parent)) for a in document.attributions)
    return msgspec.structs.replace(document, claims=claims, attributions=items)


@pytest.mark.parametrize("form", ["E{}", "rst-{}", "rst-7-{}", "edu-{}"])
def test_ids_that_people_gave_to_claims_come_back(form, tmp_path):
    before = samples.document()
    document = renamed(before, {c.id: form.format(90 - n) for n, c in enumerate(before.claims)})
    assert canonical(document) == document
    assert any(item.parent for item in document.attributions)
    for number, module in enumerate(WHOLE.values()):
        assert there_and_back(module, [document], tmp_path / str(number)) == [document]
    (back,) = there_and_back(conll, [document], tmp_path)
    assert [(c.id, c.spans) for c in back.claims] == [(c.id, c.spans) for c in document.claims]
    (back,) = there_and_back(brat, [document], tmp_path / "b")
    assert [c.id for c in back.claims] == [c.id for c in before.claims], "brat has no place for them"
    assert layers.hydrate(layers.dehydrate(document), document.text) == document


def test_other_ids_are_numbered_anew():
    before = samples.document()
    names = {c.id: f"region {n}" for n, c in enumerate(before.claims)}
    assert canonical(renamed(before, names)) == before


@pytest.mark.parametrize(
    ("title", "line", "kept"),
    [
        ("Lock Shut", "Lock Shut.", True),
        ("‘Lock’  Shut", "'Lock' Shut", True),
        ("Vint: ‘No Way’", "Vint: ‘No Way.’", True),
        ("Lock shut; council at odds", "Lock shut; ", True),
        ("Lock shut by...", "Lock shut by the council.", True),
        ("Lock shut by", "Lock shut by the council.", False),
        ("Lock shut, council at odds", "Lock shut", False),
        ("Lock shut", "The council met.", False),
        ("", ".", False),
        (None, "Lock shut", False),
    ],
)
def test_a_title_is_the_first_line_but_for_its_edges(title, line, kept):
    assert headline(title, f"{line}\nMore.") == (line if kept else None)


def test_brat_holds_the_annotation_of_the_corpus(corpus, tmp_path):
    for before, after in zip(corpus, there_and_back(brat, corpus, tmp_path), strict=True):
        assert after.text == before.text
        for name in ANNOTATION:
            assert getattr(after, name) == getattr(before, name)


def test_conll_holds_spans_and_links_and_settles_at_once(corpus, tmp_path):
    once = there_and_back(conll, corpus, tmp_path)
    assert there_and_back(conll, once, tmp_path) == once
    kept = 0
    for before, after in zip(corpus, once, strict=True):
        assert after.text == before.text
        known = {(claim.spans, claim.rhetoric) for claim in before.claims}
        assert {(claim.spans, claim.rhetoric) for claim in after.claims} <= known
        kept += len(after.claims)
    assert kept >= 0.95 * sum(len(document.claims) for document in corpus)


@pytest.mark.parametrize("name", ["label-studio", "cas"])
@settings(max_examples=60)
@given(document=strategies.gold_documents())
def test_any_document_comes_back_whole(name, document, tmp_path_factory):
    assert there_and_back(WHOLE[name], [document], tmp_path_factory.mktemp("x")) == [document]


@settings(max_examples=100)
@given(document=strategies.gold_documents())
def test_any_document_settles_in_columns(document, tmp_path_factory):
    folder = tmp_path_factory.mktemp("x")
    once = there_and_back(conll, [document], folder)
    assert there_and_back(conll, once, folder) == once
    assert validate_documents({"x": once}, {}) == []


def test_label_studio_offsets_in_utf16_units_are_converted(tmp_path):
    document = samples.document()
    label_studio.write([document], tmp_path / "tasks.json")
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    for value in (result["value"] for result in tasks[0]["annotations"][0]["result"] if "value" in result):
        for name in ("start", "end"):
            value[name] = len(document.text[: value[name]].encode("utf-16-le")) // 2
    (tmp_path / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    found = label_studio.read(tmp_path / "tasks.json")
    assert found.documents == [document]
    assert found.noticed["offsets in UTF-16 units"] > 0


def test_label_studio_tasks_of_others_need_only_text_and_regions(tmp_path):
    value = {"start": 3, "end": 5, "text": "no", "labels": ["Claim"]}
    result = {"from_name": "label", "to_name": "text", "type": "labels", "value": value}
    task = {"id": 7, "data": {"text": "He no."}, "annotations": [{"result": [result]}]}
    (tmp_path / "t.json").write_text(json.dumps([task]))
    (document,) = label_studio.read(tmp_path / "t.json").documents
    assert [span.text for claim in document.claims for span in claim.spans] == ["no"]
    assert document.claims[0].rhetoric is None


def test_cas_counts_utf16_units_in_the_file(tmp_path):
    document = samples.document()
    cas.write([document], tmp_path)
    xmi = (tmp_path / "made" / "one.xmi").read_text(encoding="utf-8")
    last = document.claims[-1].spans[-1]
    assert f'end="{last.end + 1}"' in xmi, "the flag before it is two units"


def test_cas_with_a_document_type_is_refused(tmp_path):
    cas.write([samples.document("made/two")], tmp_path)
    path = tmp_path / "made" / "two.xmi"
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
    path.write_text(evil + path.read_text(encoding="utf-8").split("?>", 1)[-1], encoding="utf-8")
    found = cas.read(tmp_path)
    assert (found.documents, [p.id for p in found.problems]) == ([], ["cas-malformed"])


def test_plain_columns_are_read_and_linked_to_the_nearest(tmp_path):
    rows = ["He B-speaker O O", "said O B-cue O", "no O O B-claim", "way O O I-claim", "", "Yes O O B-claim"]
    (tmp_path / "plain.conll").write_text("\n".join(row.replace(" ", "\t") for row in rows))
    found = conll.read(tmp_path / "plain.conll")
    (document,) = found.documents
    assert document.text == "He said no way\nYes\n"
    assert [[s.text for s in c.spans] for c in document.claims] == [["no way"], ["Yes"]]
    assert [item.cue for item in document.attributions] == ["q1", "q1"]
    assert found.noticed["claims attributed to the nearest cue and speaker"] == 2


def test_events_are_one_row_per_holder_and_target(tmp_path):
    events.write(samples.documents(), tmp_path / "e.csv")
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    threat = rows[0]
    who = [threat[name] for name in ("date", "source", "action", "plover", "cameo", "target")]
    assert who == ["2031-04-01", "Orla Vint", "threat", "THREATEN", "13", "Tarn Council"]
    start, end = map(int, threat["offsets"].split("-"))
    assert samples.TEXT[start:end] == "“We will shut the lock,”"
    assert rows[3]["offsets"].count(";") == 1


def test_events_cells_are_no_formulas(tmp_path):
    document = samples.document()
    evil = msgspec.structs.replace(document.entities[0], name="=1+1")
    events.write([msgspec.structs.replace(document, entities=(evil, *document.entities[1:]))], tmp_path / "e.csv")
    assert ",'=1+1," in (tmp_path / "e.csv").read_text(encoding="utf-8")


def test_parquet_loads_as_a_dataset(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    huggingface.write(samples.documents(), tmp_path / "hub")
    rows = datasets.load_dataset(str(tmp_path / "hub"), "claims", split="train")
    assert rows.features["label"].int2str(rows[0]["label"]) == "threat"
    assert len(rows) == 7


def test_parquet_from_pandas_is_read(corpus, tmp_path):
    from pyarrow import parquet

    huggingface.write(corpus[:4], tmp_path / "hub")
    frame = parquet.read_table(tmp_path / "hub" / "documents.parquet").to_pandas()
    frame["genre"] = frame["genre"].astype(float)
    frame.iloc[[2, 0, 1]].to_parquet(tmp_path / "some.parquet")
    found = huggingface.read(tmp_path / "some.parquet")
    assert found.problems == []
    assert found.documents == [corpus[2], corpus[0], corpus[1]]
    assert found.noticed == {"index columns of pandas": 1}


def test_unknown_columns_and_labels_of_parquet_are_told_in_words(corpus, tmp_path):
    from pyarrow import parquet

    huggingface.write(corpus[:1], tmp_path / "hub")
    frame = parquet.read_table(tmp_path / "hub" / "documents.parquet").to_pandas()
    frame.assign(mood="x").to_parquet(tmp_path / "more.parquet", index=False)
    (problem,) = huggingface.read(tmp_path / "more.parquet").problems
    assert "unknown columns mood; leave them out" in problem.message
    frame.assign(genre=99).to_parquet(tmp_path / "genre.parquet", index=False)
    (problem,) = huggingface.read(tmp_path / "genre.parquet").problems
    assert "99 is no label of genre" in problem.message


@pytest.mark.parametrize("form", declared().values(), ids=lambda form: form.name)
def test_every_format_says_what_it_cannot_hold(form):
    assert form.read or form.write
    assert form.place
    assert all(isinstance(told, str) and told for told in form.loses)
    taken = signature(form.read).parameters if form.read else {}
    assert {option.keyword or option.name for option in form.options} == set(taken) - {next(iter(taken), "")}


def test_every_module_beside_the_helpers_declares_a_format(root):
    folder = root / "src" / "communique" / "formats"
    held = {path.stem for path in folder.iterdir() if path.suffix in ("", ".py")} - {"__init__", "__pycache__"}
    assert {form.name.replace("-", "_") for form in declared().values()} == held - {
        "common",
        "declared",
        "keys",
        "attributing",
        "drawn",
        "regions",
        "settling",
        "offsets",
        "fragments",
        "spanned",
    }


@pytest.mark.parametrize(("command", "action"), [("import", "read"), ("export", "write")])
def test_help_tells_what_formats_declare(command, action, run):
    code, out, _ = run(command, "--help")
    words = " ".join(out.replace("│", " ").split())
    assert code == 0
    assert ", ".join(form.name for form in able(action)) + "." in words
    options = [(form, option) for form in able("read") for option in form.options] if command == "import" else []
    for form, option in options:
        assert f"{form.name}: {option.help}" in words
    assert "{" not in words.replace("{FORMAT}", "").replace("{SRC}", "")


PLUGIN = """
from communique.formats import Format
FORMAT = Format(name="mine", place="nothing", read=print)
OTHER = type("Other", (), {"name": "mine"})
"""


def plugin(folder, entry, module=PLUGIN):
    (folder / "plug.py").write_text(module, encoding="utf-8")
    info = folder / "plug-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plug\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[communique.formats]\n{entry}\n", encoding="utf-8")


def test_an_installed_package_brings_a_format(tmp_path, monkeypatch):
    plugin(tmp_path, "mine = plug:FORMAT")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "plug", raising=False)
    assert known() == (*declared(), "mine")
    assert named("mine", "read").place == "nothing"
    assert "mine" in {form.name for form in able("read")} - {form.name for form in able("write")}
    with pytest.raises(CommuniqueError, match="mine cannot be written; these can: brat, "):
        named("mine", "write")


@pytest.mark.parametrize(
    ("entry", "name", "told"),
    [
        ("mine = plug:NOTHING", "mine", "the package plug: its format 'mine' cannot be loaded"),
        ("hers = plug:FORMAT", "hers", "its name is 'mine'"),
        ("brat = plug:FORMAT", "brat", "several formats are named 'brat'"),
        ("mine = plug:OTHER", "mine", "is no communique.formats.Format"),
    ],
)
def test_broken_and_clashing_formats_of_packages_are_named(tmp_path, monkeypatch, entry, name, told):
    plugin(tmp_path, entry)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "plug", raising=False)
    with pytest.raises(CommuniqueError, match=told):
        named(name, "read")
    assert isinstance(named("cas", "read"), Format)
    assert "mine" not in {form.name for form in able("read")}


@pytest.mark.parametrize(("name", "action"), [("events", "read"), ("polnear", "write"), ("odt", "read")])
def test_what_a_format_cannot_do_is_misuse(name, action):
    with pytest.raises(CommuniqueError, match=name):
        named(name, action)


@pytest.mark.parametrize("name", sorted(set(declared()) - READ_ONLY - {"events"}))
def test_import_and_export_by_command(name, tmp_path, run):
    if name == "spacy":
        pytest.importorskip("spacy", reason="spaCy is not installed, so DocBin is NOT tested")
    target = tmp_path / {"conll": "x.conll", "label-studio": "x.json"}.get(name, "x")
    code, out, _ = run("export", name, "newest:dev", "-o", target)
    assert code == 0
    assert out.count("not held: ") == len(named(name, "read").loses)
    code, _, _ = run("import", name, target, "-o", tmp_path / "back.jsonl")
    assert code == 0
    assert run("validate", tmp_path / "back.jsonl")[0] == 0


@pytest.mark.parametrize(("option", "value"), [("--annotator", "all"), ("--part", "dev"), ("--layer", "conflicts")])
def test_options_of_other_formats_are_refused(option, value, tmp_path, run):
    code, _, err = run("import", "brat", tmp_path, "-o", tmp_path / "out.jsonl", option, value)
    assert (code, err.strip()) == (2, f"communique: brat has no {option}; leave it out, see docs/formats.md")


def test_an_import_without_documents_writes_nothing(tmp_path, run):
    (tmp_path / "tasks.json").write_text("[]")
    code, _, err = run("import", "label-studio", tmp_path / "tasks.json", "-o", tmp_path / "out.jsonl")
    assert code in (1, 2)
    assert "no document" in err or "tasks" in err
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("name", sorted(set(declared()) - {"events"}))
def test_importing_nothing_is_told_and_writes_nothing(name, tmp_path, run):
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "empty", tmp_path / "nowhere"):
        code, _, err = run("import", name, source, "-o", tmp_path / "out.jsonl")
        assert code in (1, 2)
        assert "Traceback" not in err
    assert not (tmp_path / "out.jsonl").exists()


def test_ids_do_not_lead_out_of_the_folder(tmp_path):
    evil = msgspec.structs.replace(samples.document("made/two"), id="../../evil")
    for module in (brat, cas):
        with pytest.raises(CommuniqueError, match="it leads out of it"):
            module.write([evil], tmp_path / "out")
        assert list(tmp_path.iterdir()) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), max_size=5))
def test_spans_are_sorted_apart_and_trimmed(pairs):
    text = "ab cd\n ef  gh ij kl mn op"
    places = [(start, min(len(text), start + length)) for start, length in pairs]
    found = spans(places, text)
    assert all(one.end < other.start for one, other in pairwise(found))
    assert all(span.text == text[span.start : span.end] == span.text.strip() != "" for span in found)
    wanted = {i for start, end in places for i in range(start, end) if not text[i].isspace()}
    assert wanted <= {i for span in found for i in range(span.start, span.end)}
