"""CAS: what INCEpTION's import checks ask, what people make of it there, and whose annotation is read."""

import json
import shutil

import cassis
import msgspec
import pytest
from hypothesis import given, settings

import samples
import strategies
from communique.formats import cas
from communique.formats.cas.types import FEATURES, LAYER, LAYERS, SENTENCE, TOKEN, TYPES, type_system
from communique.formats.drawn import ROLES
from communique.labels import Origin, Rhetoric
from communique.problems import CommuniqueError
from communique.validation import validate_documents

TEXT = "Warden Tilda Brask said the ferry would stop.\nShe warned that tolls would rise."
INVISIBLE = "\u200b\u200c\u200e\u200f\u2028\u2029\u00a0\ufeff"


def export(folder, *documents):
    cas.write(documents, folder)
    return [load(path) for path in sorted(folder.rglob("*.xmi"))]


def load(path):
    types = next(above / TYPES for above in path.parents if (above / TYPES).is_file())
    return cassis.load_cas_from_xmi(path, typesystem=cassis.load_typesystem(types))


def annotations(item):
    for layer in item.typesystem.get_types():
        yield from (one for one in item.select(layer.name) if hasattr(one, "begin") and one.type.name == layer.name)


def refusals(item):
    """Yield what INCEpTION's checks of a CAS say: edges in white space, outside any sentence; tokens across them.

    Its `AllAnnotationsStartAndEndWithCharactersCheck`, `AllAnnotationsStartAndEndWithinSentencesCheck`,
    `NegativeSizeAnnotationsCheck`, `NoZeroSizeTokensAndSentencesCheck` and `TokensAndSententencedDoNotOverlapCheck`.
    """
    sentences = [(one.begin, one.end) for one in item.select(SENTENCE)]
    for one in annotations(item):
        words, name = item.sofa_string[one.begin : one.end], one.type.name
        if words != words.strip().strip(INVISIBLE) or one.begin > one.end:
            yield f"{name} {words!r} starts or ends with whitespace"
        if name != SENTENCE and not all(any(a <= at <= b for a, b in sentences) for at in (one.begin, one.end)):
            yield f"{name} {words!r} outside any sentence"
        if name in (SENTENCE, TOKEN) and not words:
            yield f"{name} at {one.begin} without words"
        if name == TOKEN and not any(a <= one.begin and one.end <= b for a, b in sentences):
            yield f"{name} {words!r} reaches over sentences"


@settings(max_examples=25)
@given(document=strategies.gold_documents())
def test_what_is_written_passes_the_checks_of_inception(document, tmp_path_factory):
    (item,) = export(tmp_path_factory.mktemp("x"), document)
    assert list(refusals(item)) == []
    assert [one.get_covered_text() for one in item.select(f"{LAYER}Facts")] == [document.text.split()[0]]


def test_samples_pass_the_checks_of_inception_and_a_span_over_all_does_not(tmp_path):
    for item in export(tmp_path, *samples.documents()):
        assert list(refusals(item)) == []
        item.add(item.typesystem.get_type(f"{LAYER}Facts")(begin=0, end=len(item.sofa_string), json="{}"))
        assert {told.partition("' ")[2] for told in refusals(item)} >= {"starts or ends with whitespace"}


def test_layers_have_what_types_have_and_the_sixteen_types_as_tags(tmp_path):
    export(tmp_path, samples.document())
    found = {layer["name"]: layer for layer in json.loads((tmp_path / LAYERS).read_text(encoding="utf-8"))}
    for name in (*FEATURES, "Facts"):
        features = {f.name for f in type_system().get_type(f"{LAYER}{name}").features}
        assert {feature["name"] for feature in found[f"{LAYER}{name}"]["features"]} == features
    held = {feature["name"]: feature for feature in found[f"{LAYER}Claim"]["features"]}
    tags = {name: [tag["tag_name"] for tag in f["tag_set"]["tags"]] for name, f in held.items() if f["tag_set"]}
    assert tags["rhetoric"] == list(Rhetoric)
    assert set(tags["rhetoric"]) - set(tags["also"]) == {"assertion"}
    for role, kind in ROLES.items():
        slot = held[role]
        assert (slot["type"], slot["link_mode"], slot["multi_value_mode"]) == (f"{LAYER}{kind}", "WITH_ROLE", "ARRAY")
        assert [f.name for f in type_system().get_type(slot["link_type_name"]).features] == ["role", "target"]


def fresh(folder, *units, name="doc", text=TEXT):
    """Write a CAS as people make it in INCEpTION, ``(type, words, features)`` each; return its annotations."""
    types = type_system()
    item = cassis.Cas(typesystem=types)
    item.sofa_string, item.sofa_mime = text, "text/plain"
    made = []
    for kind, words, features in units:
        start = text.index(words)
        made.append(types.get_type(f"{LAYER}{kind}")(begin=start, end=start + len(words), **features))
    item.add_all(made)
    save(item, folder / f"{name}.xmi")
    types.to_xml(folder / TYPES)
    return item, made


def save(item, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    item.to_xmi(path)


def read(folder, **options):
    found = cas.read(folder, **options)
    assert found.problems == []
    assert validate_documents({"x": found.documents}, {}) == []
    return found


UNITS = [
    ("Speaker", "Warden Tilda Brask", {}),
    ("Cue", "said", {}),
    ("Claim", "the ferry would stop", {"rhetoric": "Threat", "form": "mixed", "conditional": "True"}),
    ("Speaker", "She", {}),
    ("Mention", "ferry", {"kind": "group"}),
]


def words(document):
    units = {unit.id: unit.spans[0].text for unit in (*document.speakers, *document.cues)}
    return [(units.get(item.speaker), units.get(item.cue), item.form) for item in document.attributions]


def test_units_made_in_the_tool_are_linked_to_the_nearest_and_by_slots(tmp_path):
    fresh(tmp_path, *UNITS)
    (document,) = read(tmp_path).documents
    assert words(document) == [("Warden Tilda Brask", "said", "mixed")]
    assert (document.claims[0].rhetoric, document.claims[0].conditional) == ("threat", True)
    item, made = fresh(tmp_path, *UNITS)
    fill(item, made[2], speaker=made[3], holder=made[4])
    save(item, tmp_path / "doc.xmi")
    (document,) = read(tmp_path).documents
    assert words(document) == [("She", "said", "mixed")]
    assert [entity.name for entity in document.entities if entity.id in document.attributions[0].entities] == ["ferry"]


def fill(item, claim, **targets):
    """Put units into slots of a claim, None to empty one."""
    for role, target in targets.items():
        types = item.typesystem
        slot = types.get_type(f"{LAYER}Claim{role.capitalize()}Link")
        several = [slot(role=role, target=target)] if target is not None else []
        setattr(claim, role, types.get_type("uima.cas.FSArray")(elements=several))


def test_slots_changed_and_emptied_in_the_tool_win(tmp_path):
    before = samples.document()
    (item,) = export(tmp_path, before)
    claims = {one.unit: one for one in reversed(item.select(f"{LAYER}Claim"))}
    nested = next(a for a in before.attributions if a.parent)
    own = next(c for c in before.claims if c.attribution == nested.id)
    speaker = next(s for s in item.select(f"{LAYER}Speaker") if s.unit != nested.speaker)
    fill(item, claims[own.id], speaker=speaker, cue=None, parent=None, holder=None)
    for one in item.select(f"{LAYER}Claim"):
        if one.unit == own.id:
            one.form = "direct"
    save(item, tmp_path / f"{before.id}.xmi")
    (after,) = read(tmp_path).documents
    said = next(a for a in after.attributions if a.id == next(c for c in after.claims if c.id == own.id).attribution)
    spoken = {unit.id: [span.text for span in unit.spans] for unit in after.speakers}
    assert spoken[said.speaker] == [speaker.get_covered_text()]
    assert (said.cue, said.parent, said.form) == (None, None, "direct")
    others = [c.id for c in before.claims if c.id != own.id]
    assert [c for c in after.claims if c.id in others] == [c for c in before.claims if c.id in others]


def supplied(document):
    """Return a document of a text that may stand several times."""
    return msgspec.structs.replace(
        document, provenance=msgspec.structs.replace(document.provenance, origin=Origin.SUPPLIED)
    )


def test_each_annotator_has_a_file_and_any_can_be_read(tmp_path):
    one = supplied(samples.document())
    both = [msgspec.structs.replace(one, id=f"{one.id}@{who}") for who in ("anna", "bert")]
    export(tmp_path / "out", *both)
    assert [path.stem for path in sorted((tmp_path / "out").rglob("*.xmi"))] == ["anna", "bert"]
    assert read(tmp_path / "out").documents == both
    assert read(tmp_path / "out", annotator="bert").documents == both[1:]
    export(tmp_path / "one", one)
    for who in ("anna", "bert", "INITIAL_CAS"):
        place = tmp_path / "back" / "annotation" / "one.xmi" / who / f"{who}.xmi"
        place.parent.mkdir(parents=True)
        shutil.copy(tmp_path / "one" / f"{one.id}.xmi", place)
        shutil.copy(tmp_path / "one" / TYPES, place.parent)
    found = read(tmp_path / "back")
    assert [item.id for item in found.documents] == [one.id]
    assert found.noticed == {
        "further annotators of a document": 1,
        "files of documents before anybody annotated them, left out": 1,
    }
    names = [item.id for item in read(tmp_path / "back", annotator="all").documents]
    assert names == [f"{one.id}@anna", f"{one.id}@bert"]
    assert [item.id for item in read(tmp_path / "back", annotator="bert").documents] == [one.id]
    with pytest.raises(CommuniqueError, match="no annotation by 'cleo'; say first, all"):
        cas.read(tmp_path / "back", annotator="cleo")


def test_annotators_of_a_text_that_was_never_exported_are_told_by_folder_and_text(tmp_path):
    for who in ("anna", "bert"):
        fresh(tmp_path / "doc.txt", *UNITS[:3], name=who)
    assert [item.id for item in read(tmp_path).documents] == ["doc.txt"]
    assert [item.id for item in read(tmp_path, annotator="all").documents] == ["doc.txt@anna", "doc.txt@bert"]
    shutil.rmtree(tmp_path / "doc.txt")
    fresh(tmp_path, *UNITS[:3], name="a")
    fresh(tmp_path, *UNITS[:3], name="b", text=f"{TEXT} Yes.")
    assert [item.id for item in read(tmp_path).documents] == ["a", "b"]


def test_other_types_and_spans_without_words_are_counted(tmp_path):
    item, _ = fresh(tmp_path, *UNITS[:3])
    quote = item.typesystem.create_type(name="custom.Quote", supertypeName="uima.tcas.Annotation")
    item.add(quote(begin=0, end=6))
    item.add(item.typesystem.get_type(f"{LAYER}Claim")(begin=30, end=30))
    save(item, tmp_path / "doc.xmi")
    item.typesystem.to_xml(tmp_path / TYPES)
    found = read(tmp_path)
    assert len(found.documents[0].claims) == 1
    assert found.noticed["annotations of type 'custom.Quote', which is not read"] == 1
    assert found.noticed["spans without words"] == 1


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"PK\x03\x04rest", "it is a zip file; unpack it"),
        (b'{"%TYPES": {}}', "it is JSON; export as UIMA CAS XMI"),
        (b"no xml", "export it again as UIMA CAS XMI"),
        (b"other type", "put the TypeSystem.xml that was exported with it beside the file"),
        (b"second view", "no text in the first view"),
        (b"bad type", "the sixteen are threat, "),
        (b"bad form", "the three are direct, "),
        (b"bad kind", "the seven are person, "),
    ],
)
def test_advice_mends_what_is_wrong(tmp_path, content, advice):
    item, made = fresh(tmp_path, *UNITS)
    path = tmp_path / "doc.xmi"
    if content == b"other type":
        item.add(item.typesystem.create_type(name="custom.Quote")(begin=0, end=6))
    elif content == b"second view":
        item = cassis.Cas(typesystem=item.typesystem)
        item.create_view("plainText").sofa_string = TEXT
    for name, at, feature in (("type", 2, "rhetoric"), ("form", 2, "form"), ("kind", 4, "kind")):
        if content == f"bad {name}".encode():
            setattr(made[at], feature, "bluff")
    save(item, path)
    if content[:2] in (b"PK", b'{"', b"no"):
        path.write_bytes(content)
    (problem,) = cas.read(tmp_path).problems
    assert advice in problem.message


def test_every_faulty_file_is_told(tmp_path):
    fresh(tmp_path, *UNITS, name="good")
    for name in ("a", "b"):
        (tmp_path / f"{name}.xmi").write_bytes(b"PK\x03\x04")
    found = cas.read(tmp_path)
    assert [problem.file.rpartition("/")[2] for problem in found.problems] == ["a.xmi", "b.xmi"]
    assert len(found.documents) == 1
