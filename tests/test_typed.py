"""The types layer: made of a document, applied to it again, and to no other."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

import samples
import strategies
from communique import jsonl, typed
from communique.labels import Rhetoric
from communique.problems import DataError
from communique.records import Span
from communique.typed import Reason, TypedClaim
from communique.validation import validate_paths


def changed(record, **fields):
    return msgspec.structs.replace(record, **fields)


def untyped(document):
    """Return a document as an importer reads it, without types."""
    claims = (changed(c, rhetoric=None, also=None, conditional=False, negated=False) for c in document.claims)
    return changed(document, claims=tuple(claims))


def of_first(layer, **fields):
    """Return a layer whose first claim has other labels."""
    return changed(layer, claims=(changed(layer.claims[0], **fields), *layer.claims[1:]))


@given(strategies.gold_documents())
def test_a_layer_types_the_untyped_document_as_it_was(document):
    layer = typed.types_of(document)
    assert typed.apply(layer, untyped(document)) == document
    assert msgspec.json.decode(jsonl.encode(layer), type=typed.TypesLayer) == layer


def test_a_layer_holds_no_word_and_no_offset():
    """Every string is an id, a label or a hash, and the only number is that of the annotators."""
    for document in samples.documents():
        plain = json.loads(jsonl.encode(typed.types_of(document)))
        known = {document.id, *Rhetoric, *Reason}
        told = [plain.pop("id"), plain.pop("sha256"), plain.pop("spans")]
        told += [value for claim in plain["claims"] for value in claim.values() if isinstance(value, str)]
        assert all(word in known or re.fullmatch("c[0-9]+|[0-9a-f]{64}", word) for word in told)
        assert plain.pop("annotators") == 1
        assert {type(v) for claim in plain["claims"] for v in claim.values()} <= {str, bool, type(None)}


def test_a_claim_that_performs_no_act_has_no_type():
    document = untyped(samples.document())
    layer = typed.types_of(document, 2)
    assert {(claim.rhetoric, claim.reason) for claim in layer.claims} == {(None, Reason.NO_ACT)}
    assert layer.annotators == 2
    assert typed.apply(layer, samples.document()) == document


def moved(document):
    """Return a document whose first claim is one letter shorter."""
    claim = document.claims[0]
    (span,) = claim.spans
    span = Span(start=span.start, end=span.end - 1, text=span.text[:-1])
    return changed(document, claims=(changed(claim, spans=(span,)), *document.claims[1:]))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (lambda d: changed(d, text=d.text + "More.\n"), r"^sha256 of the text is \w+, the layer was made of \w+; get"),
        (moved, r"^sha256 of the claims' places is \w+, the layer was made of \w+; get the clone of the commit"),
        (lambda d: changed(d, claims=d.claims[1:]), r"^claim 'c1' is only in the layer; get the clone"),
        (
            lambda d: changed(d, claims=(*d.claims, changed(d.claims[0], id="c9"))),
            r"^claim 'c9' has no line in the layer; get the clone of the commit the layer names$",
        ),
    ],
)
def test_a_layer_is_applied_to_no_other_document(other, told):
    layer = typed.types_of(samples.document())
    with pytest.raises(ValueError, match=told):
        typed.apply(layer, other(samples.document()))


def test_the_order_of_claims_makes_no_difference_to_their_hash():
    document = samples.document()
    turned = changed(document, claims=document.claims[::-1])
    assert typed.spans_of(turned) == typed.spans_of(document)
    assert typed.apply(typed.types_of(document), turned).claims == document.claims[::-1]


def test_a_layer_is_of_all_claims():
    document = samples.document()
    with pytest.raises(ValueError, match="claim 'c1' has no line"):
        typed.layer(document, typed.types_of(document).claims[1:])


NONE = {"rhetoric": None, "reason": "no-act"}


@pytest.mark.parametrize(
    ("fields", "check", "told"),
    [
        ({"reason": "no-act"}, "reason-mismatch", "c1: type 'threat' and reason 'no-act'"),
        ({"rhetoric": None}, "reason-mismatch", "c1: type 'none' and reason 'none'"),
        ({**NONE, "also": "demand"}, "reason-mismatch", "c1: has a secondary type"),
        ({**NONE, "negated": True}, "reason-mismatch", "or is conditional or negated, and has no type"),
        ({**NONE, "conditional": True}, "reason-mismatch", "leave them out or give the type"),
        ({"also": "threat"}, "secondary-redundant", "c1: secondary type 'threat' repeats the primary"),
        ({"also": "assertion"}, "secondary-redundant", "c1: secondary type 'assertion'"),
        ({"id": "c2"}, "unit-id-duplicate", "id 'c2' is given to two claims"),
        ({"id": "c\x1b"}, "control-character", "control character"),
        ({"id": "c1 "}, "edge-space", "white space"),
    ],
)
def test_faulty_labels_are_told_with_their_line(tmp_path, fields, check, told):
    layer = typed.types_of(samples.document("made/two"))
    path = tmp_path / "types.jsonl"
    bad = of_first(typed.types_of(samples.document()), **msgspec.convert(fields, dict))
    jsonl.write(path, [layer, bad])
    found = validate_paths([path])
    assert [(problem.line, problem.id) for problem in found] == [(2, check)]
    assert told in found[0].message
    with pytest.raises(DataError) as refused:
        typed.read(path)
    assert list(refused.value.problems) == found


def test_a_document_has_one_line(tmp_path):
    layer = typed.types_of(samples.document())
    jsonl.write(tmp_path / "types.jsonl", [layer, layer])
    (problem,) = validate_paths([tmp_path / "types.jsonl"])
    assert (problem.line, problem.id) == (2, "document-id-duplicate")
    with pytest.raises(DataError, match="stand on line 1 already"):
        typed.read(tmp_path / "types.jsonl")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda p: p.update(annotators=0), "annotators"),
        (lambda p: p.pop("spans"), "'spans' is a required property"),
        (lambda p: p.pop("annotators"), "'annotators' is a required property"),
        (lambda p: p.update(note="x"), "'note' was unexpected"),
        (lambda p: p["claims"][0].update(rhetoric="treat"), "unknown label 'treat'"),
        (lambda p: p["claims"][0].update(reason="bad"), "unknown label 'bad'"),
    ],
)
def test_a_line_is_held_against_the_schema_of_types(tmp_path, change, told):
    plain = json.loads(jsonl.encode(typed.types_of(samples.document())))
    change(plain)
    (tmp_path / "types.jsonl").write_text(json.dumps(plain) + "\n")
    (problem,) = validate_paths([tmp_path / "types.jsonl"])
    assert told in problem.message
    assert "label" in told or "types.schema.json" in problem.message


def test_a_file_of_types_is_told_from_others(tmp_path):
    samples.write_everything(tmp_path)
    jsonl.write(tmp_path / "types.jsonl", map(typed.types_of, samples.documents()))
    (tmp_path / "bad.jsonl").write_bytes(b"\xff{\n")
    (tmp_path / "empty.jsonl").write_bytes(b"")
    names = ("in.jsonl", "in.layer.jsonl", "in.answers.jsonl", "bad.jsonl", "empty.jsonl")
    assert typed.holds_types(tmp_path / "types.jsonl")
    assert not any(typed.holds_types(tmp_path / name) for name in (*names, "missing.jsonl"))
    assert not typed.holds_types(Path("/dev/null")), "a pipe can be read only once"


def test_claims_are_faultless_or_not():
    claim = TypedClaim(id="c", rhetoric="threat", reason=None, also="demand", conditional=True, negated=False)
    assert list(typed.claim_faults(claim)) == []
