import msgspec
import pytest

import samples
from communique.agreement import agree, cohen_kappa, krippendorff_alpha, versions
from communique.problems import CommuniqueError


def pairs(first, second):
    return list(zip(first, second, strict=True))


def test_alpha_reproduces_the_worked_examples_of_its_author():
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: sections A (binary) and B (nominal)."""
    assert krippendorff_alpha(pairs("0100000010", "1110010000")) == pytest.approx(0.095, abs=5e-4)
    assert krippendorff_alpha(pairs("aabbdcccedda", "babbbcccedddd"[:12])) == pytest.approx(0.692, abs=5e-4)


def test_kappa_reproduces_a_hand_computed_table():
    table = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert cohen_kappa(table) == pytest.approx(0.4)


@pytest.mark.parametrize("measure", [cohen_kappa, krippendorff_alpha])
def test_measures_are_undefined_without_variation_and_1_when_equal(measure):
    assert measure([]) is None
    assert measure([("a", "a")] * 5) is None
    assert measure([("a", "a"), ("b", "b")]) == 1


def test_agreement_of_equal_annotations_is_whole():
    result = agree(samples.documents(), samples.documents())
    assert (result.documents, result.matched, result.kappa, result.alpha) == (3, 7, 1, 1)
    assert {score.value for score in result.scores.scores} == {1.0}


def test_a_difference_in_type_is_counted_where_it_lies():
    first = samples.documents()
    claims = list(first[0].claims)
    claims[0] = msgspec.structs.replace(claims[0], rhetoric="warning")
    second = [msgspec.structs.replace(first[0], claims=tuple(claims)), *first[1:]]
    result = agree(first, second)
    threat = next(item for item in result.types if item.type == "threat")
    warning = next(item for item in result.types if item.type == "warning")
    assert (threat.first, threat.second, threat.both) == (1, 0, 0)
    assert (warning.first, warning.second, warning.both) == (0, 1, 0)
    assert result.kappa < 1
    assert result.family_kappa == 1


def test_versions_of_a_text_are_paired_each_with_each():
    named = [msgspec.structs.replace(samples.document(), id=f"made/one@{name}") for name in "abc"]
    first, second = versions([*named, samples.document("made/two")])
    assert [document.id for document in first] == ["made/one@a+b", "made/one@a+c", "made/one@b+c"]
    assert agree(first, second).kappa == 1
    with pytest.raises(CommuniqueError, match="no text has two versions"):
        versions(samples.documents())


def test_different_texts_cannot_be_compared():
    with pytest.raises(CommuniqueError, match="no document in common"):
        agree([samples.document("made/one")], [samples.document("made/two")])
