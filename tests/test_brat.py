import pytest
from hypothesis import given

import samples
import strategies
from communique.formats import brat

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
        ("T1\t", "T1 ", "not a brat annotation"),
        ("Rhetoric T7 threat", "Rhetoric T7 menace", "unknown Rhetoric 'menace'"),
        ("A6\tForm E1 direct\n", "", "no Form"),
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


def test_the_configuration_knows_every_label_that_is_written(root):
    config = (root / "seeds" / "annotations" / "annotation.conf").read_text(encoding="utf-8")
    for line in ANN.splitlines():
        name = line.split("\t")[1].split(" ")[0].split(":")[0]
        assert name == "Reference" or name in config
