"""UMUC: a made-up meeting with every known trap, and the real corpus where it is at hand."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from communique.formats import unsc
from communique.problems import CommuniqueError
from communique.validation import validate_documents

NAME = "UNSC_2031_SPV.1_spch002_United_Tarn_And_Fenn"
TEXT = "We are glad. The Lock lied to us, and it will not answer. We reject that. Thank you."
UNITS = [
    ("We are glad.", "_", "_", "_", "0.0"),
    ("The Lock lied to us,", "Direct_NegEval", "Country", "lock", "1.0"),
    ("and it will not answer.", "Direct_NegEval", "Country", "lock", "1.0"),
    ("We reject that.", "Challenge", "UNSC", "_", "2.0"),
    ("Thank you.", "_", "_", "_", "0.0"),
]


@pytest.fixture
def folder(tmp_path):
    def make(units=UNITS, shift=0, name=NAME, text=TEXT):
        place = tmp_path / "Corpora" / "Raw" / "Preproc_Text" / "UNSC_2031_SPV.1_preproc"
        table = tmp_path / "Corpora" / "Annotated" / "Conflicts" / "main_conflicts.csv"
        for parent in (place, table.parent):
            parent.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
        with table.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["", "char_start_offset_edu", *unsc._COLUMNS])
            for number, (words, kind, target, country, several) in enumerate(units):
                at = max(0, TEXT.find(words)) + shift
                speech = NAME.replace("spch002_", "spch002_edu_") + ".txt"
                rows.writerow([number, 7, speech, number, words, kind, target, country, several, at])
        return tmp_path

    return make


def test_a_speech_is_a_document(folder):
    (document,) = unsc.read(folder()).documents
    known = (document.id, document.text, document.genre, document.collection, document.storyline)
    assert known == (NAME, TEXT, "speech", "unsc", "SPV.1")
    assert (document.attributions, document.entities) == ((), ())


def test_conflicts_are_claims_of_the_delegation(folder):
    found = unsc.read(folder(), layer="conflicts")
    (document,) = found.documents
    assert validate_documents({"x": [document]}, {}) == []
    assert [(claim.id, claim.spans[0].text, claim.rhetoric) for claim in document.claims] == [
        ("edu-1", "The Lock lied to us, and it will not answer.", None),
        ("edu-3", "We reject that.", None),
    ]
    (entity,) = document.entities
    assert (entity.name, entity.kind, entity.mentions) == ("United Tarn and Fenn", "state", ())
    (item,) = document.attributions
    assert (item.speaker, item.cue, item.entities, item.form) == (None, None, (entity.id,), "direct")


def test_types_and_targets_are_returned(folder):
    found = unsc.conflicts(folder())[NAME]
    assert [(TEXT[c.start : c.end][:8], c.kind, c.target) for c in found] == [
        ("The Lock", "Direct_NegEval", "lock"),
        ("We rejec", "Challenge", "UNSC"),
    ]


def test_wrong_offsets_are_mended_by_the_words_in_order(folder):
    units = [("The Lock lied to us,", *UNITS[1][1:]), ("elsewhere", *UNITS[1][1:])]
    found = unsc.read(folder(units, shift=1), layer="conflicts")
    assert [claim.spans[0].text for claim in found.documents[0].claims] == ["The Lock lied to us,"]
    assert found.noticed["discourse units found by their words, their offsets being wrong"] == 1
    assert found.noticed["conflict units that cannot be placed"] == 1


def test_words_that_stand_twice_are_found_in_order(folder):
    found = unsc.conflicts(folder([UNITS[0], ("We", *UNITS[3][1:])], shift=1))[NAME]
    assert [conflict.start for conflict in found] == [TEXT.index("We reject")]


def test_speeches_that_nobody_marked_are_counted(folder):
    root = folder()
    folder(name=NAME.replace("002", "003"))
    assert len(unsc.read(root).documents) == 2
    found = unsc.read(root, layer="conflicts")
    assert [document.id for document in found.documents] == [NAME]
    assert found.noticed["speeches that were not marked for conflicts"] == 1


def test_a_marked_speech_may_be_without_conflict(folder):
    (document,) = unsc.read(folder(UNITS[:1]), layer="conflicts").documents
    assert document.claims == ()
    assert unsc.conflicts(folder(UNITS[:1])) == {NAME: []}


def test_misuse(folder, tmp_path):
    with pytest.raises(CommuniqueError, match="name a folder of UMUC"):
        unsc.read(tmp_path)
    with pytest.raises(CommuniqueError, match="there is no layer 'acts' of unsc; one of conflicts"):
        unsc.read(folder(), layer="acts")
    table = tmp_path / "Corpora" / "Annotated" / "Conflicts" / "main_conflicts.csv"
    table.write_text("a,b\n1,2\n")
    with pytest.raises(CommuniqueError, match="no column 'filename'"):
        unsc.conflicts(tmp_path)


# The real corpus. Its texts stay where they are: only counts are compared here.


@pytest.fixture(scope="module")
def real(clone) -> Path:
    return clone("unsc", "Corpora")


def test_the_counts_agree_with_another_route(real):
    """Letters of marked units in the table against letters of claims; speeches against files."""
    letters: Counter = Counter()
    with (real / "Corpora" / "Annotated" / "Conflicts" / "main_conflicts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["Conflict_Type"] != "_":
                letters[row["filename"].replace("_edu_", "_")] += len("".join(row["text_edu"].split()))
    found = unsc.read(real, layer="conflicts")
    assert found.problems == []
    assert validate_documents({"unsc": found.documents}, {}) == []
    for document in found.documents:
        said = "".join("".join(span.text.split()) for claim in document.claims for span in claim.spans)
        assert len(said) == letters[f"{document.id}.txt"], document.id
    assert len(unsc.read(real).documents) == len(list((real / "Corpora" / "Raw").rglob("*.txt")))
    assert not found.noticed["conflict units that cannot be placed"]
