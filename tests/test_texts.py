import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.problems import DataError
from communique.texts import Normalised, normal

LETTERS = st.text(alphabet="ae\u0301\u0323é\r\n\ufeff 🚩\u1100\u1161\u11a8한", max_size=12)


def stored(raw):
    return unicodedata.normalize("NFC", raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


@given(LETTERS)
def test_the_whole_is_normal_and_offsets_grow_to_its_end(raw):
    text = Normalised(raw)
    assert text.text == stored(raw)
    places = [text.at(i) for i in range(len(raw) + 1)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, len(text.text))


@given(LETTERS.map(lambda raw: raw.replace("\ufeff", "")), st.data())
def test_stretches_that_begin_and_end_between_characters_keep_their_words(raw, data):
    text = Normalised(raw)
    cuts = [i for i in range(len(raw) + 1) if stored(raw[:i]) + stored("x" + raw[i:])[1:] == text.text]
    start, end = sorted((data.draw(st.sampled_from(cuts)), data.draw(st.sampled_from(cuts))))
    assert text.text[text.at(start) : text.at(end)] == text.text[len(stored(raw[:start])) : len(stored(raw[:end]))]


def test_offsets_past_the_end_stay_past_the_end():
    text = Normalised("e\u0301")
    assert [text.at(i) for i in range(5)] == [0, 1, 1, 2, 3]


def test_bytes_that_are_not_utf8_are_named():
    with pytest.raises(DataError, match="byte 3 is not UTF-8") as error:
        normal(b"caf\xe9", "x.txt")
    assert error.value.problems[0].id == "encoding-not-utf8"
