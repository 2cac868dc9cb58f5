"""What a round trip keeps: a document with every field goes through each format, and the table of the docs says so."""

import hashlib
import tempfile
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from communique import records
from communique.canonical import canonical
from communique.checks import places
from communique.formats import able, named
from communique.problems import CommuniqueError
from communique.records import Document
from communique.validation import validate_documents

PAGE = Path(__file__).parent.parent / "docs/formats.md"
TEXT = (
    "Weir shut\n"
    "Warden Tilda Brask said the Ferry Board had promised “to pay,\n"
    "if asked,” and she repeated: “No boat will leave\n"
    "tonight.”\n"
    "The board’s clerk denied-flatly any debt.\n"
)
UNITS = {"entities": records.Entity, "speakers": records.Speaker, "cues": records.Cue}
UNITS |= {"attributions": records.Attribution, "claims": records.Claim}
NUMBERED = {f"{name}.id" for name in UNITS if name != "claims"}
"""Ids that every document numbers in the order of its text; they say nothing of their own."""


def at(words, start=0):
    start = TEXT.index(words, start)
    return start, start + len(words)


def spans(*several):
    return [{"start": a, "end": b, "text": TEXT[a:b]} for a, b in map(at, several)]


def whole():
    """Return a document whose every field has a value that no format would guess."""
    claim = {"also": None, "targets": [], "conditional": False, "negated": False}
    found = {
        "id": "made/every.field",
        "text": TEXT,
        "language": "de",
        "collection": "made",
        "genre": "wire",
        "storyline": "weir",
        "stratum": "natural",
        "title": "Weir shut",
        "date": "2031-04-01",
        "provenance": {
            "origin": "composed",
            "publisher": "The Lantern",
            "license": "CC-BY-4.0",
            "url": "https://lantern.example/weir",
            "sha256": hashlib.sha256(TEXT.replace("\n", "\r\n").encode()).hexdigest(),
        },
        "entities": [
            {"id": "e1", "name": "Tilda Brask", "kind": "person", "mentions": [at("Warden Tilda Brask"), at("she")]},
            {"id": "e2", "name": "Board of Ferries", "kind": "institution", "mentions": [at("the Ferry Board")]},
            {"id": "e3", "name": "the Reed League", "kind": "group", "mentions": []},
        ],
        "speakers": [
            {"id": "s1", "spans": spans("Warden Tilda Brask")},
            {"id": "s2", "spans": spans("the Ferry Board")},
            {"id": "s3", "spans": spans("she")},
            {"id": "s4", "spans": spans("The board’s clerk")},
        ],
        "cues": [
            {"id": "q1", "spans": spans("said")},
            {"id": "q2", "spans": spans("had promised")},
            {"id": "q3", "spans": spans("repeated")},
            {"id": "q4", "spans": spans("denied")},
        ],
        "attributions": [
            {"id": "a1", "speaker": "s1", "cue": "q1", "entities": ["e1"], "form": "mixed", "parent": None},
            {"id": "a2", "speaker": "s2", "cue": "q2", "entities": ["e2"], "form": "indirect", "parent": "E12"},
            {"id": "a3", "speaker": "s3", "cue": "q3", "entities": ["e1"], "form": "mixed", "parent": None},
            {"id": "a4", "speaker": "s4", "cue": "q4", "entities": [], "form": "direct", "parent": None},
        ],
        "claims": [
            {
                "id": "E12",
                "attribution": "a1",
                "spans": spans("the Ferry Board had promised “to pay,\nif asked,”"),
                "rhetoric": "assertion",
            },
            {
                "id": "E13",
                "attribution": "a2",
                "spans": spans("“to pay,", "if asked,”"),
                "rhetoric": "commitment",
                "targets": ["e1"],
                "conditional": True,
            },
            {"id": "E14", "attribution": "a3", "spans": spans("“No boat will leave"), "rhetoric": "threat"},
            {"id": "E15", "attribution": "a3", "spans": spans("tonight.”"), "rhetoric": "prediction"},
            {
                "id": "E16",
                "attribution": "a4",
                "spans": spans("any debt"),
                "rhetoric": "denial",
                "also": "accusation",
                "targets": ["e2"],
                "negated": True,
            },
        ],
    }
    found["claims"] = [claim | one for one in found["claims"]]
    return msgspec.convert(msgspec.json.decode(msgspec.json.encode(found)), Document)


def fields():
    """Yield the names of all fields of a document, those of its units and of its provenance behind a dot."""
    for name in Document.__struct_fields__:
        inner = UNITS.get(name) or (records.Provenance if name == "provenance" else None)
        names = inner.__struct_fields__ if inner else ()
        yield from (told for one in names if (told := f"{name}.{one}") not in NUMBERED)
        yield from () if inner else (name,)


def values(document, name):
    """Return the values of a field by the place of its unit, references as what they refer to."""
    outer, _, inner = name.partition(".")
    if outer not in UNITS:
        held = getattr(document, outer)
        return {"": getattr(held, inner) if inner else held}
    return {_place(document, unit): _meant(document, unit, inner) for unit in getattr(document, outer)}


def _place(document, unit):
    if isinstance(unit, records.Entity):
        return unit.mentions or unit.name
    if isinstance(unit, records.Attribution):
        return min(_place(document, claim) for claim in document.claims if claim.attribution == unit.id)
    return unit.spans[0].start


def _meant(document, unit, name):
    value = getattr(unit, name)
    words = {one.id: places(one) for one in (*document.speakers, *document.cues, *document.claims)}
    people = {entity.id: entity.name for entity in document.entities}
    if name in ("entities", "targets"):
        return tuple(people[one] for one in value)
    if name in ("speaker", "cue", "parent"):
        return words.get(value)
    if name == "attribution":
        return sorted(one.spans[0].start for one in document.claims if one.attribution == value)
    return places(unit) if name == "spans" else value


def kept(before, after, name):
    """Return yes, no or partly; values that say nothing (none, false, empty) are not asked for."""
    wanted = {place: value for place, value in values(before, name).items() if value}
    assert wanted, f"the document has no {name}"
    found = values(after, name)
    right = [found.get(place) == value for place, value in wanted.items()]
    more = any(value and not wanted.get(place) for place, value in found.items())
    return "yes" if all(right) and not more else "partly" if any(right) else "no"


def round_trip(name):
    """Return each field with what is kept of it by a format."""
    before, form = whole(), named(name, "read")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out"
        form.write([before], target)
        found = form.read(target)
    assert found.problems == []
    (after,) = found.documents
    assert validate_documents({"x": [after]}, {}) == []
    return {field: kept(before, after, field) for field in fields()}


def both():
    """Return the names of the formats that are read and written."""
    return [form.name for form in able("read") if form.write]


def told():
    """Return the table of the docs: by format, what it says of each field."""
    lines = PAGE.read_text(encoding="utf-8").partition("**What a round trip keeps.**")[2].splitlines()
    rows = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    rows = rows[: next((n for n, row in enumerate(rows) if row[0] not in ("field", *fields(), "---")), len(rows))]
    return {name: {row[0]: row[n] for row in rows[2:]} for n, name in enumerate(rows[0]) if n}


def test_the_document_is_sound_and_every_unit_has_a_place_of_its_own():
    document = whole()
    assert canonical(document) == document
    assert validate_documents({"x": [document]}, {}) == []
    for name in UNITS:
        assert len(values(document, f"{name}.id")) == len(getattr(document, name))
    hints = get_type_hints(Document)
    assert {name for name in hints if get_args(hints[name])[:1] and name in UNITS} == set(UNITS)


def test_the_table_has_every_format_that_comes_back_and_every_field():
    assert sorted(told()) == sorted(both())
    assert all(list(column) == list(fields()) for column in told().values())


@pytest.mark.parametrize("name", both())
def test_what_a_round_trip_keeps_is_what_the_table_says(name):
    try:
        found = round_trip(name)
    except CommuniqueError as error:
        if "install it with" not in str(error):
            raise
        pytest.skip(str(error))
    assert told().get(name) == found


if __name__ == "__main__":
    columns = {name: round_trip(name) for name in both()}
    print("|", " | ".join(["field", *(f"`{name}`" for name in columns)]), "|")
    print("|---" * (len(columns) + 1) + "|")
    for field in fields():
        print("|", " | ".join([f"`{field}`", *(column[field] for column in columns.values())]), "|")
