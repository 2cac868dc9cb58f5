import json
import re

import msgspec
import pytest
from hypothesis import given

import samples
import strategies
from communique import jsonl, layers, releases
from communique.labels import EntityKind, Form, Genre, Rhetoric

LABELS = {str(label) for labels in (EntityKind, Form, Genre, Rhetoric) for label in labels}


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from (word for value in node.values() for word in strings(value))
    elif isinstance(node, list):
        yield from (word for value in node for word in strings(value))


def words(name):
    return re.findall(r"\w+", name.casefold())


def without_names(document):
    """Return a document with the entity names a layer can give back."""
    return layers.hydrate(layers.dehydrate(document), document.text)


@given(strategies.gold_documents())
def test_a_layer_and_its_text_make_the_document(document):
    back = without_names(document)
    plain = [msgspec.structs.replace(e, name="") for e in document.entities]
    assert [msgspec.structs.replace(e, name="") for e in back.entities] == plain
    assert msgspec.structs.replace(back, entities=document.entities) == document
    assert without_names(back) == back


def test_the_release_comes_back_but_for_capitals_and_marks_in_names():
    for document in releases.load():
        back = without_names(document)
        for one, other in zip(document.entities, back.entities, strict=True):
            assert words(other.name) == words(one.name)
        assert msgspec.structs.replace(back, entities=document.entities) == document


def test_a_layer_holds_no_word_of_its_text():
    """Every string in a layer is an id, a label, a hash, catalogued metadata or a name that the text does not spell."""
    for document in releases.load():
        plain = json.loads(jsonl.encode(layers.dehydrate(document)))
        known = {
            document.id,
            document.collection,
            document.storyline,
            document.stratum,
            *strings(json.loads(jsonl.encode(document.provenance))),
        }
        names = {entity.name for entity in document.entities}
        for word in strings(plain):
            free = word in LABELS | known or re.fullmatch(r"[esqac]\d+|[0-9a-f]{64}|en|\d{4}-\d\d-\d\d", word)
            unspelled = word in names and not re.search(rf"\b{re.escape(word)}\b", document.text)
            assert free or unspelled, word


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ivel Republic", "Ivel Republic"),
        ("Tarn Council", [102, 114]),
        ("TARN COUNCIL", [102, 114]),
        ("Tarn", [102, 106]),
        ("Tar", "Tar"),
        ("the treasurer Édil Maro", "the treasurer Édil Maro"),
        ("who added that the Tarn Council had promised", None),
        ("🚩🚩", "🚩🚩"),
    ],
)
def test_a_name_is_its_place_or_a_label_but_no_stretch_of_the_text(name, kept):
    one = samples.document()
    assert one.text[102:114] == "Tarn Council"
    spoken = msgspec.structs.replace(one.entities[0], name=name, mentions=())
    document = msgspec.structs.replace(
        one,
        entities=(spoken,),
        speakers=(),
        attributions=tuple(msgspec.structs.replace(item, entities=("e1",), speaker=None) for item in one.attributions),
        claims=tuple(msgspec.structs.replace(claim, targets=()) for claim in one.claims),
    )
    layer = layers.dehydrate(document)
    assert json.loads(jsonl.encode(layer))["entities"][0]["name"] == kept
    told = name if isinstance(kept, str) else "Tarn Council"[: len(name)] if kept else layers.NAMELESS
    assert layers.hydrate(layer, document.text).entities[0].name == told


def test_commands_take_a_corpus_apart_and_join_it_again(tmp_path, run):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    for name, (text, *_) in samples.SOURCES.items():
        path = tmp_path / "copy" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert run("dehydrate", tmp_path / "gold.jsonl", "-o", tmp_path / "layer.jsonl")[0] == 0
    words = (tmp_path / "layer.jsonl").read_text(encoding="utf-8")
    assert "lock" not in words.replace('"storyline":"lock"', "")
    code, _, _ = run("hydrate", tmp_path / "layer.jsonl", tmp_path / "copy", "-o", tmp_path / "back.jsonl")
    assert code == 0
    back = (tmp_path / "back.jsonl").read_text(encoding="utf-8")
    assert back == (tmp_path / "gold.jsonl").read_text(encoding="utf-8")
    assert run("validate", tmp_path / "back.jsonl")[0] == 0


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_text("Other.\n"), "text-differs"),
        (lambda path: path.unlink(), "text-missing"),
        (lambda path: path.write_bytes(b"\xff\xfe"), "encoding-not-utf8"),
    ],
)
def test_a_text_that_differs_is_refused_by_name(tmp_path, run, spoil, told):
    jsonl.write(tmp_path / "layer.jsonl", map(layers.dehydrate, samples.documents()))
    for name, (text, *_) in samples.SOURCES.items():
        (tmp_path / "copy" / "made").mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / f"{name}.txt").write_text(text, encoding="utf-8")
    spoil(tmp_path / "copy" / "made" / "two.txt")
    code, out, err = run("hydrate", tmp_path / "layer.jsonl", tmp_path / "copy", "-o", tmp_path / "back.jsonl")
    assert code == 1
    assert told in out + err
    assert "two" in out
    assert not (tmp_path / "back.jsonl").exists()


def test_misuse_is_told(tmp_path, run):
    assert run("hydrate", "nothing", tmp_path, "-o", tmp_path / "x.jsonl")[0] == 2
