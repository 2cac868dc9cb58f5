"""One reading of quotation marks."""

import pytest

from communique.baselines.shared.overlaps import apart
from communique.baselines.surface import Surface
from communique.labels import Form
from communique.layer import form_of
from communique.quotation import CLOSING, DOUBLE, OPENING, PAIRS, quotations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “no”, then «yes».", ["“no”", "«yes»"]),
        ('"No", „nein“', ['"No"', "„nein“"]),
        ('“She said "no" twice”', ['“She said "no" twice”']),
        ("It was “no. And so on", ["“no. And so on"]),
        ("no” and ’tis", []),
        ("He said ``no'', then ''yes'' and 'so'.", ["``no''", "''yes''"]),
        ("", []),
    ],
)
def test_a_quotation_goes_from_mark_to_mark_or_to_the_end(text, found):
    assert [text[start:end] for start, end in quotations(text, 0, len(text))] == found
    assert [text[start:end] for start, end in Surface(text).quotations] == found


@pytest.mark.parametrize(("opening", "closing"), PAIRS.items())
def test_what_is_read_as_a_quotation_has_the_form_of_one(opening, closing):
    assert (opening in OPENING, closing in CLOSING, {opening, closing} <= set(DOUBLE)) == (True, True, True)
    assert form_of([f"{opening}no{closing}"]) is Form.DIRECT
    assert form_of([f"it was {opening}no{closing} then"]) is Form.MIXED


def test_of_stretches_that_overlap_the_longest_is_kept():
    assert apart([(0, 3), (2, 9), (8, 10), (12, 13), (12, 13)]) == [(2, 9), (12, 13)]
    assert apart([(4, 6), (0, 2), (1, 3)]) == [(0, 2), (4, 6)]
