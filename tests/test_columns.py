import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.formats import conll

ROWS = ["Ilka B-speaker", "Voss I-speaker", "said B-cue", "fees B-claim", "rise I-claim", "soon B-claim", ". O"]
SPEAKERS, CLAIMS = ["Ilka Voss"], ["fees rise", "soon"]


def read(folder, rows, name="a.conll"):
    (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return conll.read(folder / name)


def words(units):
    return [unit.spans[0].text for unit in units]


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("BIO", "B I B B I B O"),
        ("IOB1", "I I I I I B O"),
        ("IOBES", "B E S B E S O"),
        ("BILOU", "B L U B L U O"),
    ],
)
@pytest.mark.parametrize("between", ["{0} {1}", "{0}\t{1}", "{0} NN x {1}"])
def test_tags_in_one_last_column_are_read_in_each_scheme(tmp_path, scheme, tags, between):
    rows = []
    for row, letter in zip(ROWS, tags.split(), strict=True):
        form, tag = row.split()
        rows.append(between.format(form, letter + tag[1:] if letter != "O" else "O"))
    found = read(tmp_path, rows)
    assert found.problems == []
    (document,) = found.documents
    assert (words(document.speakers), words(document.claims)) == (SPEAKERS, CLAIMS)
    assert found.noticed[f"documents with tags in {scheme}"] == (scheme != "BIO")


def test_a_tag_that_goes_on_with_nothing_is_one_problem_a_document(tmp_path):
    found = read(tmp_path, [*ROWS, "He I-speaker", "and O", "she I-speaker", "-DOCSTART- O", "", *ROWS])
    (problem,) = found.problems
    assert (problem.line, problem.id) == (8, "conll-malformed")
    assert "I-speaker goes on with nothing, 2 times" in problem.message
    assert len(found.documents) == 1


def test_lines_of_another_width_are_one_problem(tmp_path):
    found = read(tmp_path, [*ROWS, "too many cells", "too many cells"])
    assert [(problem.line, found.documents) for problem in found.problems] == [(8, [])]
    assert "3 columns, the line at 1 has 2" in found.problems[0].message


@pytest.mark.parametrize(
    ("border", "names"),
    [
        ("-DOCSTART- -X- O", ["a-1", "a-2"]),
        ("# newdoc", ["a-1", "a-2"]),
        ("# newdoc id = two", ["a", "two"]),
    ],
)
def test_borders_of_documents(tmp_path, border, names):
    found = read(tmp_path, ["# sent_id = 1", *ROWS, "", border, "", "# text = Ilka said", *ROWS])
    assert [document.id for document in found.documents] == names
    assert {document.text.split()[0] for document in found.documents} == {"Ilka"}


def test_a_hash_is_a_token_where_tags_stand_behind_it(tmp_path):
    (document,) = read(tmp_path, ["# O", "# a comment", "#5\tB-claim", "# 6\tI-claim"]).documents
    assert (document.text, words(document.claims)) == ("# #5 # 6\n", ["#5 # 6"])


def test_labels_of_others_are_counted(tmp_path):
    found = read(tmp_path, ["He B-NP B-speaker", "said B-VP B-cue", "so B-NP B-claim"])
    assert found.noticed["tags of other labels"] == 3
    assert words(found.documents[0].claims) == ["so"]


def test_columns_without_tags_are_told(tmp_path):
    (problem,) = read(tmp_path, ["He PRP", "said VBD"]).problems
    assert "'PRP', has no tags" in problem.message


LETTERS = {"IOBES": ("B", "I", "E", "S"), "BILOU": ("B", "I", "L", "U")}


@given(st.lists(st.tuples(st.sampled_from(["speaker", "cue", "claim"]), st.integers(1, 4)), min_size=1, max_size=8))
def test_schemes_say_the_same(tmp_path_factory, units):
    folder = tmp_path_factory.mktemp("x")

    def rows(begin, inside, end, single):
        for kind, length in units:
            letters = [single] if length == 1 else [begin, *[inside] * (length - 2), end]
            yield from (f"w {letter}-{kind}" for letter in letters)
        yield ". O"

    plain = read(folder, rows("B", "I", "I", "B")).documents
    for letters in LETTERS.values():
        assert read(folder, rows(*letters)).documents == plain
