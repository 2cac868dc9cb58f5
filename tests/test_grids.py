"""Tables of any width: nothing of a figure is cut, nothing is wider than the terminal, no line ends in blanks."""

import re

import pytest
from rich.cells import cell_len

from communique.report.grids import SPREAD, Grid, drawn, folded

HEADER = ["task", "unit", "measure", "part", "P", "R", "value", SPREAD, "gold", "predicted"]
ROWS = [
    ["spans", "speaker", "exact", "all", "68.1", "53.0", "59.6", "55.3–65.2", "732", "570"],
    ["spans", "claim", "overlap", "all", "63.7", "61.6", "62.6", "60.9–64.5", "1301", "1258"],
    ["full", "claim", "content+entity+type", "all", "100.0", "25.8", "26.1", "20.7–32.5", "1304", "1266"],
    ["full", "claim", "content+entity+type", "form:direct", "–", "7.3", "100.0", "–", "41", "–"],
]
SCORES = Grid(HEADER, ROWS, 4, 1)


def lines(grid, width=None, title=""):
    return [line.plain for line in drawn(grid, width, title)]


@pytest.mark.parametrize("width", [28, 30, 40, 57, 60, 79, 80, 84, 100, None])
def test_every_figure_stands_whole_at_every_width(width):
    told = lines(SCORES, width)
    figures = sorted(cell for row in ROWS for cell in row[4:])
    words = [word for line in told if "%" not in line for word in re.findall(r"(?<=  )\S+", line)]
    found = sorted(word for word in words if re.fullmatch(r"[\d.]+(–[\d.]+)?|–", word))
    assert found == figures
    assert all(line == line.rstrip() for line in told)
    assert width is None or max(map(cell_len, told)) <= width
    assert "…" not in "".join(told)


def test_at_80_columns_all_figures_stand_beside_each_other_under_headings():
    told = lines(SCORES, 80)
    assert [line for line in told if line in ("spans", "full")] == ["spans", "full"]
    assert re.search(r"^claim content\+entity\+type all +100\.0 +25\.8 +26\.1 +20\.7–32\.5 +1304 +1266$", told[5])
    assert told[-1] == "  form:direct"
    assert len(told) == 1 + 2 + len(ROWS) + 1


def test_at_40_columns_an_interval_stays_beside_its_figure():
    (header,) = (line for line in lines(SCORES, 40) if SPREAD in line)
    assert re.search(rf"value +{SPREAD}$", header)


def test_what_every_row_says_is_told_once_above():
    told = lines(Grid(HEADER, ROWS[:3], 4, 1), 80)
    assert told[0] == "part: all"
    assert "part" not in told[1]
    assert re.search(r"^speaker  exact +68\.1", told[3])


def test_in_a_pipe_each_row_is_one_line_with_all_its_columns():
    told = lines(Grid(HEADER, [["spans", "x" * 2000, *row[2:]] for row in ROWS], 4, 1))
    assert len(told) == 1 + len(ROWS)
    assert all(line.startswith("spans  xxx") for line in told[1:])


def test_wide_letters_keep_columns_aligned():
    told = lines(Grid(["who", "claims"], [["国務省", "10"], ["Vint", "9"]], 1))
    assert {cell_len(line) for line in told} == {len("国務省") * 2 + 8}


def test_words_are_folded_at_spaces_then_at_marks_and_lose_no_letter():
    assert folded("claim content+entity+type", 14, "  ") == ["claim content+", "  entity+type"]
    assert folded("a/longer/path/than/fits x", 10) == ["a/longer/", "path/than/", "fits x"]
    assert "".join(folded("y" * 25, 10)) == "y" * 25
    assert folded("", 10) == [""]


def test_a_title_and_a_table_without_rows():
    assert lines(Grid(["a", "b"], []), 80, "none") == ["none", "a  b"]
