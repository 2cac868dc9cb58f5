import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
import strategies
from communique.formats import brat
from communique.formats.brat import folder

ANN = brat.write(samples.layer(), samples.TEXT)


@given(strategies.predictions())
def test_writing_and_reading_gives_the_same_annotation(layer):
    named = {n for a in layer.attributions for n in a.entities} | {n for c in layer.claims for n in c.targets}
    if all(entity.mentions or entity.id in named for entity in layer.entities):
        assert brat.read(brat.write(layer, strategies.TEXT), strategies.TEXT, layer.id) == layer


def test_a_claim_over_a_line_break_is_split_for_brat_and_joined_again():
    text = samples.TEXT
    layer = samples.layer()
    assert "\n" in text
    ann = brat.write(layer, text).replace(
        "Claim 58 82\t“We will shut the lock,”", "Claim 15 20;21 39\tepens Minister Orla Vint"
    )
    found = brat.read(ann, text, "x")
    assert "epens\nMinister Orla Vint" in [span.text for claim in found.claims for span in claim.spans]
    assert brat.read(brat.write(found, text), text, "x") == found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Claim 58 82", "Claim 58 81", "the text has"),
        ("Claim 58 82", "Claim 58 9999", "outside the text"),
        ("Claim 58 82", "Claim 82 58", "outside the text"),
        ("T1\t", "T1 ", "not a line that brat writes"),
        ("Rhetoric T7 threat", "Rhetoric T7 menace", "unknown Rhetoric 'menace'"),
        ("Form E1 direct", "Form E1", "no Form"),
        ("person:e1\tOrla Vint", "person:e1\tOrla Vint ", "begins or ends in white space"),
        ("person:e1\tOrla Vint", "person:e1\tOrla\tVint", "control character"),
        ("person:e1\tOrla Vint", "person:e1\t\t", "has no name"),
        ("T1\tPerson", "R1\tCoref Arg1:T1 Arg2:T2\nT1\tPerson", "relations are nothing that a document has"),
        ("Form E1 direct", "Form E1 shouted", "unknown Form"),
        ("Reference T1 person:e1", "Reference T1 planet:e1", "unknown kind"),
        ("Reference T1 person:e1", "Reference T99 person:e1", "T99, which is not defined"),
        ("Speaker:T5", "Speaker:T77", "T77 is not a text-bound"),
        ("T2\tInst", "T1\tInst", "defined twice"),
        ("N1\tReference T1 person:e1\tOrla Vint", "N1\tReference T1 person:e1\tOrla Vant", "one name and one kind"),
        (" Content:T8", "", "Content of no attribution"),
    ],
)
def test_bad_lines_are_told_with_their_number(old, new, told):
    assert old in ANN
    with pytest.raises(brat.BratError, match=told) as error:
        brat.read(ANN.replace(old, new, 1), samples.TEXT, "x")
    assert error.value.line >= 0


def test_notes_and_blank_lines_are_passed_over():
    assert brat.read(f"#1\tAnnotatorNotes T1\thard\n\n{ANN}", samples.TEXT, "made/one") == samples.layer()


TEXT = "Minister Ilka Voss said “fees rise”.\nShe denied it.\n"
FRESH = [
    "T1\tPerson 0 18\tMinister Ilka Voss",
    "T2\tSpeaker 0 18\tMinister Ilka Voss",
    "T3\tAttribution 19 23\tsaid",
    "T4\tClaim 24 35\t“fees rise”",
    "E1\tAttribution:T3 Speaker:T2 Content:T4",
]


def fresh(*lines):
    noticed = Counter()
    return brat.read("\n".join([*FRESH, *lines]), TEXT, "x", noticed), noticed


def test_an_event_made_in_brat_takes_form_from_quotation_marks_and_holder_from_its_speaker():
    layer, noticed = fresh()
    assert [(item.form, item.entities) for item in layer.attributions] == [("direct", ("e1",))]
    assert [entity.name for entity in layer.entities] == ["Minister Ilka Voss"]
    assert noticed["mentions named by their words"] == 1


def test_a_note_names_a_mention_and_one_name_is_one_entity():
    layer, noticed = fresh(
        "#1\tAnnotatorNotes T1\tIlka Voss", "T9\tPerson 37 40\tShe", "#2\tAnnotatorNotes T9\tIlka Voss"
    )
    assert [(entity.name, entity.mentions) for entity in layer.entities] == [("Ilka Voss", ((0, 18), (37, 40)))]
    assert noticed["mentions named by a note"] == 2


def test_a_mention_with_the_name_of_a_referenced_entity_is_its():
    layer, _ = fresh("T9\tPerson 9 18\tIlka Voss", "N1\tReference T1 person:e1\tIlka Voss")
    assert [entity.mentions for entity in layer.entities] == [((0, 18), (9, 18))]


def test_a_type_changed_in_brat_is_the_kind():
    layer, _ = fresh("N1\tReference T1 office:e1\tIlka Voss")
    assert [entity.kind for entity in layer.entities] == ["person"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("R1\tCoref Arg1:T1 Arg2:T2", "relations"),
        ("*\tEquiv T1 T2", "equivalences"),
        ("N1\tReference T1 Wikipedia:534366\tIlka Voss", "references to other databases"),
        ("T9\tClaim 30 30\t", "spans without words"),
        ("T9\tDisease 25 29\tfees", "spans of type 'Disease'"),
        ("E9\tAttack:T3 Target:T2", "events of type 'Attack'"),
        ("E9\tAttribution:T3 Parent:E1", "arguments of other roles or types"),
        ("A9\tConfidence T4 High", "attributes called 'Confidence'"),
        ("#1\tAnnotatorNotes T4\thard", "notes"),
    ],
)
def test_what_a_document_has_not_is_passed_over_and_counted(line, kind):
    assert fresh(line)[1][kind] == 1
    if kind != "notes":
        with pytest.raises(brat.BratError, match=f"^{kind} are nothing") as error:
            brat.read("\n".join([*FRESH, line]), TEXT, "x")
        assert error.value.line > 0


def test_a_claim_in_no_event_has_what_is_nearest():
    lines = ["T9\tClaim 41 50\tdenied it", "T8\tSpeaker 37 40\tShe"]
    layer, noticed = fresh(*lines)
    words = {unit.id: unit.spans[0].text for unit in (*layer.speakers, *layer.cues, *layer.claims)}
    said = {words[c.id]: next(a for a in layer.attributions if a.id == c.attribution) for c in layer.claims}
    late = said["denied it"]
    assert (words[late.speaker], words[late.cue], late.form) == ("She", "said", "indirect")
    assert words[said["“fees rise”"].speaker] == "Minister Ilka Voss"
    assert noticed["claims in no event"] == noticed["attributions with the nearest speaker"] == 1
    with pytest.raises(brat.BratError, match="claim T9 is the Content of no attribution"):
        brat.read("\n".join([*FRESH, *lines]), TEXT, "x")


def test_a_claim_in_no_event_has_the_cue_of_an_event_without_claims_and_the_holder_of_its_speaker():
    lines = [line for line in FRESH if not line.startswith("E1")]
    layer = brat.read("\n".join([*lines, "E1\tAttribution:T3 Speaker:T2"]), TEXT, "x", Counter())
    said = next(a for a in layer.attributions if any(c.attribution == a.id for c in layer.claims))
    assert (said.entities, len(layer.cues), said.cue is not None, said.speaker is not None) == (("e1",), 1, True, True)


def test_every_bad_line_of_every_file_is_told(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(TEXT, encoding="utf-8")
        (tmp_path / f"{name}.ann").write_text("T1\tClaim 0 3\tMax\nT2 Claim\nT3\tCue 19 23\tsaid\n", encoding="utf-8")
    found = folder.read(tmp_path)
    assert [(one.file.rpartition("/")[2], one.line) for one in found.problems] == [
        ("a.ann", 1),
        ("a.ann", 2),
        ("b.ann", 1),
        ("b.ann", 2),
    ]
    assert found.documents == []


@given(strategies.predictions(), st.integers(1, 3))
def test_tabs_that_brat_puts_before_names_are_no_part_of_them(layer, tabs):
    ann = brat.write(layer, strategies.TEXT)
    spoiled = re.sub(r"(?m)^(N\d+\t[^\t]*\t)", lambda match: match[1] + "\t" * tabs, ann)
    assert brat.read(spoiled, strategies.TEXT, layer.id) == brat.read(ann, strategies.TEXT, layer.id)


def test_the_folder_that_brat_opens_stays_exportable_after_brat_was_there(tmp_path):
    folder.write([samples.document()], tmp_path / "out")
    assert (tmp_path / "out" / "tools.conf").read_text(encoding="utf-8").count("splitter:newline") == 1
    (tmp_path / "out" / ".stats_cache").write_bytes(b"pickled")
    folder.write([samples.document()], tmp_path / "out")
    assert len(folder.read(tmp_path / "out").documents) == 1


def test_the_configuration_knows_every_label_that_is_written(root):
    config = (root / "seeds" / "annotations" / "annotation.conf").read_text(encoding="utf-8")
    for line in ANN.splitlines():
        name = line.split("\t")[1].split(" ")[0].split(":")[0]
        assert name == "Reference" or name in config
