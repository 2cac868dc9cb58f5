"""PLOVER's records: every known trap in a made-up file, and the real records where they are at hand."""

import json
import re
from pathlib import Path

import pytest

from communique.formats import plover
from communique.problems import CommuniqueError
from communique.validation import validate_documents

MARKUP = "The (SRC: Lock Council) (EVT: threatened) on Monday to (EVT: sue) (TAR: Tarn)."
HEADER = {"id": "X-DOCUMENT-0001", "event": "DOCUMENT", "eventText": "about this file"}


def record(markup=MARKUP, number=1, event="THREATEN", text=None):
    plain = text or re.sub(r"\([A-Z/]+: ?|\)", "", markup)
    told = {"id": f"X-{event}-{number:04}", "event": event, "text": plain, "date": "2000-01-01"}
    return told | {"textInfo": {"markup": markup}, "publication": "A manual", "source": None}


@pytest.fixture
def folder(tmp_path):
    def make(*records):
        path = tmp_path / "gold_standard_records" / "PLOVER_GSR_CAMEO.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps([HEADER, *(records or [record()])]), encoding="utf-8")
        return tmp_path

    return make


def told(document):
    """Return speaker, cue, claim, targets."""
    words = [[span.text for unit in units for span in unit.spans] for units in (document.speakers, document.cues)]
    names = {entity.id: entity.name for entity in document.entities}
    (claim,) = document.claims
    return *words, [span.text for span in claim.spans], [names[name] for name in claim.targets]


def one(found):
    assert found.problems == []
    (document,) = found.documents
    assert validate_documents({"x": [document]}, {}) == []
    return document


def test_a_record_is_a_document_with_one_claim(folder):
    document = one(plover.read(folder()))
    assert told(document) == (["Lock Council"], ["threatened"], ["on Monday to sue Tarn"], ["Tarn"])
    assert (document.id, document.genre, document.collection) == ("X-THREATEN-0001", "wire", "plover")
    assert (document.date, document.claims[0].rhetoric) == (None, None), "dates are placeholders, types are experts'"
    assert document.provenance.license == "CC-BY-SA-4.0"
    assert plover.read(folder() / "gold_standard_records" / "PLOVER_GSR_CAMEO.txt").documents == [document]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("(SRC/TAR: Fenn) and (SRC/TAR: Tarn) (EVT: agreed) to meet.", (["Fenn", "Tarn"], ["agreed"], ["to meet"], [])),
        ("The plan was (EVT: rejected) by (SRC: Fenn).", (["Fenn"], ["rejected"], ["by"], [])),
        ("The plan was what (SRC: Fenn) (EVT: rejected).", (["Fenn"], ["rejected"], ["The plan was what"], [])),
        ("(SRC: Fenn (north)) (EVT: sued) (LOC: in (TAR: Tarn)).", (["Fenn (north)"], ["sued"], ["in Tarn"], ["Tarn"])),
        ("They (EVT: sued) (TAR: Tarn).", ([], ["sued"], ["Tarn"], ["Tarn"])),
    ],
)
def test_markup(folder, markup, expected):
    assert told(one(plover.read(folder(record(markup))))) == expected


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        (f"{MARKUP})", "records left out: broken markup"),
        (f"({MARKUP}", "records left out: broken markup"),
        ("", "records left out: broken markup"),
        ("(SRC: Fenn) slept.", "records left out: no event words or nothing beside them"),
        ("(EVT: Sleep).", "records left out: no event words or nothing beside them"),
    ],
)
def test_records_that_say_too_little_are_counted(folder, markup, name):
    found = plover.read(folder(record("(SRC: Tarn) (EVT: asked) Fenn."), record(markup, 2, text="Other.")))
    assert one(found).id == "X-THREATEN-0001"
    assert found.noticed[name] == 1


def test_a_sentence_is_taken_once(folder):
    found = plover.read(folder(record(), record(number=2, text="the lock council threatened on Monday to sue  Tarn.")))
    assert one(found).id == "X-THREATEN-0001"
    assert found.noticed["records left out: the sentence stands there already"] == 1


def test_an_edited_text_gives_way_to_its_markup(folder):
    found = plover.read(folder(record(text="The Lock Council threatened to sue.")))
    assert one(found).text.endswith("sue Tarn.")
    assert found.noticed["sentences taken from the markup, which differs from the text"] == 1


def test_events_are_returned_and_mapped(folder):
    assert plover.events(folder(record(), record(event="AID"))) == {"X-THREATEN-0001": "THREATEN", "X-AID-0001": "AID"}
    assert plover.TYPES["THREATEN"] == {"threat"}
    assert "AID" not in plover.TYPES


def test_misuse(folder, tmp_path):
    with pytest.raises(CommuniqueError, match="name a folder of PLOVER"):
        plover.read(tmp_path)
    root = folder()
    (root / "gold_standard_records" / "PLOVER_GSR_CAMEO.txt").write_text("{")
    assert [problem.id for problem in plover.read(root).problems] == ["plover-malformed"]


@pytest.fixture(scope="module")
def real(clone) -> Path:
    return clone("plover", "gold_standard_records")


def test_the_counts_agree_with_another_route(real):
    source = (real / "gold_standard_records" / "PLOVER_GSR_CAMEO.txt").read_text(encoding="utf-8")
    ids = set(re.findall(r'"id": "([^"]+)"', source)) - {"PLOVER-GSR01-DOCUMENT-0001"}
    markups = re.findall(r'"markup": "((?:[^"\\]|\\.)*)"', source)
    broken = sum(markup.count("(") != markup.count(")") for markup in markups)
    found = plover.read(real)
    assert found.problems == []
    assert validate_documents({"plover": found.documents}, {}) == []
    assert found.noticed["records left out: broken markup"] == broken
    assert len(found.documents) + broken + found.noticed["records left out: the sentence stands there already"] == len(
        ids
    )
    assert set(plover.events(real)) == ids
    assert sum(bool(document.speakers) for document in found.documents) >= len(found.documents) - 2
