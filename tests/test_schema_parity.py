"""The schemas and the typed records accept the same JSON: by structure, and on mutated records."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import samples
from communique.collection import Collection
from communique.hydrated import Hydrated
from communique.layers import Layer, dehydrate
from communique.quotes.records import QuotedDocument
from communique.records import Document, Prediction
from communique.releases import Manifest
from communique.score.evaluate import Evaluation, evaluate
from communique.typed import TypesLayer, types_of

KINDS = {
    "document": Document,
    "prediction": Prediction,
    "prediction-quotes": QuotedDocument,
    "manifest": Manifest,
    "layer": Layer,
    "types": TypesLayer,
    "collection": Collection,
    "hydrated": Hydrated,
    "result": Evaluation,
}


OF_COLLECTIONS = {
    "collection": {
        "schema": "v1",
        "name": "ivel",
        "title": "Ivel",
        "theirs": "claims",
        "ours": "types",
        "layer": "types",
        "repository": "tarn/ivel",
        "commit": "abc1234",
        "format": "polnear",
        "licenses": {"texts": "none", "annotation": "none", "layer": "CC-BY-4.0"},
        "cite": ["Nobody: Nothing."],
        "limits": None,
        "tasks": ["rhetoric"],
        "splits": {
            "dev": {"documents": 1, "claims": 2, "annotators": 2, "adjudicated": True, "parts": ["dev"]},
        },
    },
    "hydrated": {
        "schema": "v1",
        "collection": "ivel",
        "builder": "0",
        "layers": {"dev": "0" * 64},
        "files": {"dev.jsonl": "1" * 64},
    },
}


def schema(root, name):
    return json.loads((root / "schema" / "v1" / f"{name}.schema.json").read_text(encoding="utf-8"))


def checker(root, name):
    return Draft202012Validator(schema(root, name), format_checker=Draft202012Validator.FORMAT_CHECKER)


def sample(name):
    if made := {"document": lambda d: d, "layer": dehydrate, "types": types_of}.get(name):
        return made(samples.document())
    if name == "prediction":
        return samples.layer()
    if name == "prediction-quotes":
        return msgspec.convert(samples.QUOTED, QuotedDocument)
    if name == "result":
        return evaluate([samples.document()], [samples.layer()])
    if name in ("collection", "hydrated"):
        return msgspec.convert(OF_COLLECTIONS[name], KINDS[name])
    counts = {"train": {"made": {"documents": 1}}}
    entry = {"path": "a.jsonl", "bytes": 3, "sha256": "0" * 64}
    fields = dict(name="communique", version="0.0.1", schema="v1", builder="0", inputs_sha256="1" * 64, counts=counts)
    return msgspec.convert({**fields, "files": [entry]}, Manifest)


@pytest.mark.parametrize("name", KINDS)
def test_schemas_are_valid_and_named(root, name):
    Draft202012Validator.check_schema(schema(root, name))
    assert schema(root, name)["$id"] == f"urn:communique:schema:v1:{name}"


@pytest.mark.parametrize("name", KINDS)
def test_fields_types_and_requirements_are_the_same(root, name):
    ours = json.loads(json.dumps(msgspec.json.schema(KINDS[name])))
    top = ours.pop("$ref").rsplit("/", 1)[-1]
    theirs = schema(root, name)
    known = {top: theirs, **theirs.get("$defs", {})}
    assert bare(ours["$defs"]) == bare(known)


def bare(node):
    """Return a schema without its prose."""
    if isinstance(node, dict):
        prose = {"$schema", "$id", "$defs", "$comment"}
        words = {"title", "description"} if not {"title", "description"} <= set(node.get("properties", node)) else set()
        kept = {
            k: v
            for k, v in node.items()
            if k not in prose and not (k in words | {"title", "description"} and isinstance(v, str))
        }
        return {key: bare(value) for key, value in kept.items()}
    return [bare(value) for value in node] if isinstance(node, list) else node


@pytest.mark.parametrize("name", KINDS)
def test_what_the_records_write_the_schema_accepts(root, name):
    plain = json.loads(msgspec.json.encode(sample(name)))
    assert list(checker(root, name).iter_errors(plain)) == []


def paths(node, at=()):
    yield at
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in children:
        yield from paths(value, (*at, key))


VALUES = st.sampled_from(
    [None, "", "x", -1, 0, 3, 1.5, True, [], {}, [[1, 2]], ["x"], "threat", "2031-02-30", "2031-02-03"]
)


@settings(max_examples=300)
@given(data=st.data())
@pytest.mark.parametrize("name", KINDS)
def test_mutated_records_are_judged_alike(root, name, data):
    plain = json.loads(msgspec.json.encode(sample(name)))
    at = data.draw(st.sampled_from([path for path in paths(plain) if path]))
    holder = plain
    for key in at[:-1]:
        holder = holder[key]
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            holder[at[-1]] = data.draw(VALUES)
        case "remove":
            del holder[at[-1]]
        case "add" if isinstance(holder, dict):
            holder[data.draw(st.sampled_from(["extra", "text", "probabilities"]))] = data.draw(VALUES)
    accepted = checker(root, name).is_valid(plain)
    try:
        msgspec.json.decode(json.dumps(plain), type=KINDS[name])
        assert accepted
    except msgspec.ValidationError:
        assert not accepted
