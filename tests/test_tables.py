import csv
import io
import json
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import samples
from communique import jsonl
from communique.report.tables import comma_separated, interval, latex, markdown, page, percent
from communique.score.tasks import TASKS

cells = st.text(string.ascii_letters + "&%$#_{}~^\\|±– 09.[]*<>`!", min_size=1, max_size=8)
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=4)
)


READABLE = "".join(sorted(set(string.printable) - set("=+-@\t\r\x0b\x0c")))
"""What neither begins a formula nor commands a terminal."""


def read_markdown(source):
    """Return the cells of a table as a reader of the page sees them; anything but words and code is a fault."""
    rows, parser = [], MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse(source):
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline":
            assert {part.type for part in token.children} <= {"text", "text_special", "code_inline"}
            rows[-1].append("".join(part.content for part in token.children))
    return rows


def read_latex(source):
    """Return the cells of a tabular as a reader of the printed page sees them."""
    lines = [line for line in source.splitlines() if line.endswith(r" \\")]
    rows = [re.split(r" (?<!\\)& ", line.removesuffix(r" \\")) for line in lines]
    printed = {r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", "--": "–"}
    printed |= {r"$\pm$": "±", r"$<$": "<", r"$>$": ">", "{[}": "[", "{*}": "*"}
    printed |= {f"\\{mark}": mark for mark in "&%$#_{}"}
    known = re.compile("|".join(map(re.escape, sorted(printed, key=len, reverse=True))))
    return [[known.sub(lambda found: printed[found[0]], cell) for cell in row] for row in rows]


@given(tables)
def test_latex_prints_every_cell_and_nothing_of_it_is_a_command(rows):
    header, *body = rows
    source = latex(header, body, 1)
    assert read_latex(source) == rows
    assert source.startswith(rf"\begin{{tabular}}{{l{'r' * (len(header) - 1)}}}")
    assert [source.count(rule) for rule in (r"\toprule", r"\midrule", r"\bottomrule", r"\end{tabular}")] == [1] * 4


@given(tables)
def test_markdown_shows_every_cell_as_it_is(rows):
    header, *body = rows
    source = markdown(header, body, 1)
    assert read_markdown(source) == [[cell.strip() for cell in row] for row in rows]
    assert source.splitlines()[1].count("---:") == len(header) - 1


@given(st.lists(st.fixed_dictionaries({"a": st.text(READABLE), "b": st.floats(-1, 1)}), min_size=1))
def test_csv_is_read_back_as_it_was(records):
    read = list(csv.DictReader(io.StringIO(comma_separated(records), newline="")))
    assert [{"a": row["a"], "b": float(row["b"])} for row in read] == records


def test_csv_of_nothing_is_nothing_and_none_is_empty():
    assert comma_separated([]).strip() == ""
    assert comma_separated([{"a": None, "b": "x,y"}]) == 'a,b\n,"x,y"\n'


def test_figures_are_percentages():
    assert (percent(None), percent(0.1234), interval(None, None), interval(0.1, 0.2)) == ("–", "12.3", "–", "10.0–20.0")


def test_a_page_has_titles_tables_and_notes():
    grids = {"one": (["a", "b"], [["x", "1"]]), "": (["c", "d"], [["y", "2"]])}
    assert page("markdown", grids, ["so"]).splitlines()[:2] == ["## one", ""]
    assert page("markdown", grids, ["so"]).endswith("- so\n")
    assert page("latex", grids, ["so"]).startswith("% one\n\\begin{tabular}")
    assert page("latex", grids, ["so"]).endswith("% so\n")


# The commands


@pytest.fixture
def files(tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    jsonl.write(tmp_path / "pred.jsonl", [samples.layer(name) for name in samples.SOURCES])
    return tmp_path


@pytest.fixture(params=["evaluate", "compare", "leaderboard"])
def told(request, files, run):
    paths = {"evaluate": ["gold", "pred"], "compare": ["gold", "pred", "pred"], "leaderboard": []}[request.param]

    def call(form):
        code, out, err = run(request.param, *(files / f"{name}.jsonl" for name in paths), "--format", form)
        assert (code, err) == (0, "")
        return out

    return call


def test_every_format_is_written_and_signed(told):
    rows = list(csv.DictReader(io.StringIO(told("csv"))))
    assert rows
    assert all(row["signature"].startswith("communique|v:") and row["task"] for row in rows)
    source = told("latex")
    assert read_latex(source)
    assert source.count(r"\toprule") == source.count(r"\bottomrule") >= 1
    for form in ("text", "markdown", "latex"):
        assert set(re.findall(r"communique\|\S+", told(form))) == {row["signature"] for row in rows}, form


def test_csv_of_evaluate_is_what_the_json_says(files, run):
    arguments = ("evaluate", files / "gold.jsonl", files / "pred.jsonl", "--breakdown")
    scores = json.loads(run(*arguments, "--json")[1])["scores"]
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv")[1])))
    assert len(rows) == len(scores)
    for row, one in zip(rows, scores, strict=True):
        assert {name: row[name] for name in one} == {k: "" if v is None else str(v) for k, v in one.items()}
        assert (row["data"], row["system"]) == ("none:gold", "pred.jsonl")


def test_breakdown_is_told_when_asked_for(files, run):
    arguments = ("evaluate", files / "gold.jsonl", files / "pred.jsonl")
    assert "form:direct" not in run(*arguments)[1]
    assert re.search(
        r"full +claim +content +form:direct +– +100\.0 +100\.0 +– +3 +–", run(*arguments, "--breakdown")[1]
    )


def test_signature_only_prints_the_signatures_and_nothing_else(files, run):
    arguments = ("evaluate", files / "gold.jsonl", files / "pred.jsonl", "--signature-only")
    lines = run(*arguments)[1].splitlines()
    assert [re.search(r"task:(\w+)", line)[1] for line in lines] == list(TASKS)
    assert all(line.startswith("communique|v:none|collection:made|split:gold|") for line in lines)
    assert run(*arguments, "--task", "full")[1].count("task:full|match:one2one-iou@0.5|interval:jackknife-t|") == 1
