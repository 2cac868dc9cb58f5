"""Names from outside are shown: they command no terminal, page or spreadsheet."""

import csv
import io
import json
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console, Group

import samples
from communique import jsonl, releases
from communique.about import FIRST
from communique.build.card import card
from communique.build.plan import ReleasePlan, plan
from communique.build.told import Told, told
from communique.cli.options import console, say, say_json
from communique.escapes import fenced, latex, markdown, markdown_cell, spreadsheet
from communique.formats import events
from communique.labels import Split
from communique.problems import one_line, plain
from communique.report import bench
from communique.report.grids import Grid, drawn
from communique.report.tables import comma_separated, page
from communique.report.terminal import rendered
from communique.score.config import SCORER

COMMANDS = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]8;;http://evil.example\x1b\\here",
    "\x9b31m",
    "\x7f",
    "\u202eevil",
    "\u2066evil",
    "\u061cevil",
    "\u2028evil",
    "\r",
    "\ncommunique: all is well",
    "\b\b",
    "\udcff",
]
MARKUP = ["[bold]x[/bold]", "[link=http://evil.example]here[/link]", "[/]", "[/red]", ":warning:", "[on red]", "\\[b]"]
NAMES = COMMANDS + MARKUP
COMMANDING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(renderable, width=1000):
    file = io.StringIO()
    Console(file=file, force_terminal=False, width=width, markup=True, emoji=True).print(renderable)
    return file.getvalue()


def renamed(document, name):
    """Return a document with a name from outside wherever it has one."""
    attributions = tuple(
        msgspec.structs.replace(item, parent=item.parent and f"{name}{item.parent}") for item in document.attributions
    )
    entities = tuple(msgspec.structs.replace(entity, name=f"{name}{entity.name}") for entity in document.entities)
    claims = tuple(msgspec.structs.replace(claim, id=f"{name}{claim.id}") for claim in document.claims)
    given = {"attributions": attributions, "entities": entities, "claims": claims}
    names = {field: f"{name}{getattr(document, field)}" for field in ("id", "collection", "genre")}
    return msgspec.structs.replace(document, **given, **names)


# The terminal


@given(st.text() | st.sampled_from(COMMANDS))
def test_what_is_shown_commands_nothing_and_has_a_letter_for_each(words):
    assert not COMMANDING.search(plain(words))
    assert "\n" not in one_line(words)
    assert len(plain(words)) == len(one_line(words)) == len(words)
    assert all(a == b for a, b in zip(plain(words), words, strict=True) if not COMMANDING.match(b))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_shows_every_name_as_it_is(name):
    document = renamed(samples.document(), name)
    out = shown(rendered(document))
    assert not COMMANDING.search(out)
    for words in (document.id, document.collection, document.genre, *(claim.id for claim in document.claims)):
        assert one_line(words) in out
    for entity in (entity for entity in document.entities if any(entity.id in c.targets for c in document.claims)):
        assert one_line(entity.name) in out
    nested = next(item for item in document.attributions if item.parent)
    assert f" in {one_line(nested.parent)}" in out


@pytest.mark.parametrize("name", NAMES)
def test_tables_show_titles_headers_and_cells_as_they_are(name):
    out = shown(Group(*drawn(Grid(["", name], [[f"a{name}", f"b{name}"]]), title=f"t{name}")))
    assert not COMMANDING.search(out)
    assert out.count(one_line(name)) == 4
    assert len(out.splitlines()) == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_message_is_one_line(capsys, name):
    say(f"a{name}b")
    say(f"a{name}b", error=True)
    assert [*capsys.readouterr()] == [f"a{one_line(name)}b\n"] * 2


def test_the_console_takes_no_name_for_markup(capsys):
    for name in MARKUP:
        console().print(name)
    assert capsys.readouterr().out.splitlines() == MARKUP


def test_json_stays_json_without_raw_commands(capsys):
    given = {"names": NAMES[:-1], "number": 0.1}
    say_json(given)
    out = capsys.readouterr().out
    assert not COMMANDING.search(out)
    assert json.loads(out) == given | {"names": [name.replace("\udcff", "\ufffd") for name in NAMES[:-1]]}


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_document_keeps_to_the_width_of_the_terminal(width):
    document = renamed(samples.document(), "\x1b[2J\u202e" * 3)
    assert max(map(len, shown(rendered(document, width), width).splitlines())) <= width


def test_a_narrow_terminal_loses_no_letter_of_a_table():
    cells = [f"{name}-{'x' * 12}" for name in "abcdefgh"]
    out = shown(Group(*drawn(Grid(cells, [cells], 4), 40)), 40)
    assert max(map(len, out.splitlines())) <= 40
    assert [cell for cell in cells[4:] if out.count(cell) != 2] == []
    assert "…" not in out
    words = re.sub(r"\s", "", "".join(line[:20] for line in out.splitlines()))
    assert all(cell in words for cell in cells[:4])


# The commands


@pytest.fixture(params=["\x1b[2J", "[link=x]", "[/]", "\u202e", "=1+1", "<b>", "a\nb", "\udcff"], ids=ascii)
def named(request, tmp_path):
    """Return files of documents and of predictions, named so as is the collection, and how that is shown."""
    name = request.param
    collection = f"{name.replace(chr(0xDCFF), '')}made"
    gold, guess = (tmp_path / f"{name.replace('/', '')}{part}.jsonl" for part in "gp")
    try:
        jsonl.write(gold, [msgspec.structs.replace(d, collection=collection) for d in samples.documents()])
    except (OSError, UnicodeError):
        pytest.skip("this system has no such file names")
    jsonl.write(guess, [samples.layer(document) for document in samples.SOURCES])
    return gold, guess, one_line(collection)


def arguments(command, gold, guess):
    scored = {"evaluate": [guess], "compare": [guess, guess, "--rounds", 9]}
    return command, gold, *scored.get(command, [gold] if command == "agreement" else [])


@pytest.mark.parametrize("command", ["stats", "show", "evaluate", "compare", "agreement", "validate"])
def test_no_file_or_collection_speaks_through_a_command(run, named, command):
    gold, guess, _ = named
    for form in ([], *([["--format", f]] for f in ("markdown", "latex", "csv") if command in ("evaluate", "compare"))):
        _, out, err = run(*arguments(command, gold, guess), *(form[0] if form else ()))
        assert out or "control-character" in err
        assert not COMMANDING.search(out + err)
        assert "Traceback" not in out + err


@pytest.mark.parametrize("command", ["stats", "evaluate", "compare", "agreement", "validate"])
def test_json_is_told_whatever_the_name(run, named, command):
    gold, guess, _ = named
    code, out, err = run(*arguments(command, gold, guess), "--json")
    assert (code in (0, 1), err == "" or "control-character" in err) == (True, True)
    assert not COMMANDING.search(out + err)
    assert err or json.loads(out) is not None


def test_stats_head_their_columns_with_the_collection(run, named):
    gold, _, collection = named
    _, out, err = run("stats", gold)
    assert collection in out or "control-character" in err


def test_csv_of_a_command_has_no_formula(run, tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    jsonl.write(tmp_path / "=1+1", [samples.layer(name) for name in samples.SOURCES])
    _, out, _ = run("evaluate", tmp_path / "gold.jsonl", tmp_path / "=1+1", "--format", "csv")
    assert {row["system"] for row in csv.DictReader(io.StringIO(out))} == {"'=1+1"}


def test_sentences_of_compare_are_one_line_each(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    jsonl.write("gold.jsonl", samples.documents())
    for name in ("[red]a\x1b[0m", "b\nb"):
        jsonl.write(name, [samples.layer(source) for source in samples.SOURCES])
    _, out, _ = run("compare", "gold.jsonl", "[red]a\x1b[0m", "b\nb", "--task", "spans", "--rounds", "5")
    assert "of the difference between b␊b and [red]a␛[0m" in out


# Spreadsheets

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    " =1",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "\u200b=1",
    "\ufeff=1",
    "\u2060 =1",
    "\u00a0=1",
    "\u3000＝1",
]


@pytest.mark.parametrize("words", FORMULAS)
def test_a_formula_is_words_in_every_csv(tmp_path, words):
    assert spreadsheet(words) == f"'{plain(words)}"
    assert comma_separated([{"a": words}]).splitlines()[1].strip('"').startswith("'")
    document = samples.document()
    entities = tuple(msgspec.structs.replace(entity, name=words) for entity in document.entities)
    events.write([msgspec.structs.replace(document, id=words, entities=entities)], tmp_path / "e.csv")
    with (tmp_path / "e.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert {row["document"], row["source"] or f"'{plain(words)}"} == {f"'{plain(words)}"}


@pytest.mark.parametrize("words", ["\tx", "\rx"])
def test_a_leading_tab_is_shown(words):
    assert spreadsheet(words) == plain(words) != words


@pytest.mark.parametrize("value", [-1, -0.5, 0, None, True, "1", "a=b", "2026-01-01", "3-9;12-15", "–", "", " "])
def test_numbers_and_ordinary_words_stay(value):
    assert spreadsheet(value) is value or spreadsheet(value) == value


# Pages

PAGES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- ",
    "&lt;b&gt;",
    "[here](http://evil.example)",
    "![x](//evil.example/x.png)",
    "[here](javascript:alert)",
    "<http://evil.example>",
    "http://evil.example",
    "www.evil.example",
    "me@evil.example",
    "HTTPS://evil.example/`x`",
    "`code`",
    "``http://a`",
    "**bold**",
    "_emphasis_",
    "__strong__",
    "~~gone~~",
    "$x$",
    "# heading",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "2) item",
    "> quote",
    "---",
    "===",
    "```",
    "~~~",
    "a | b",
    "a \\| b",
    "a \\\\| b",
    "\\",
    "ends in \\",
    "- [ ] task",
    "[^1]",
    "[x]: http://evil.example",
    "    indented",
    "a\n\n# b",
    "a\r\nb",
    "a\u2028b",
    "|---|---|",
]
INERT = {"text", "text_special", "code_inline"}


def read(source):
    """Return the kinds of blocks and inlines of a page, and the words of each inline."""
    blocks, words = set(), []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source):
        blocks.add(token.type)
        if token.type == "inline":
            assert {part.type for part in token.children} <= INERT, source
            words.append("".join(part.content for part in token.children))
    return blocks, words


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_names_as_words(name):
    source = page("markdown", {name: Grid([name, "x"], [[name, "1"]], 1)}, [name])
    blocks, words = read(source)
    told, cell = (one_line(name).strip(" ") for _ in range(2))
    if "\n" not in name and "|" not in name:
        assert words == [told, cell, "x", cell, "1", told]
    assert {block.removesuffix("_open") for block in blocks} - {"inline"} <= {
        *("heading", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item", "paragraph"),
        *(f"{kind}_close" for kind in ("heading", "table", "thead", "tbody", "tr", "th", "td")),
        *(f"{kind}_close" for kind in ("bullet_list", "list_item", "paragraph")),
    }
    assert [words.count("x"), words.count("1")] == [1, 1]


@pytest.mark.parametrize(
    "words", ["http://a.example", "see HTTPS://a`b`", "www.a.example", "WWW.a.example", "me@a.example", "MAILTO:me"]
)
def test_an_address_is_code_which_no_page_links(words):
    for source in (markdown(words), markdown_cell(words)):
        (paragraph,) = [token for token in MarkdownIt("commonmark").parse(source) if token.type == "inline"]
        assert [(part.type, part.content) for part in paragraph.children] == [("code_inline", words)]


@given(st.text("ab1 <>&|\\`*_[]()!#-+=.~$:/@w\n\t", max_size=12), st.text("a|\\`@_ ", max_size=6))
def test_any_words_stay_in_their_cell(one, other):
    blocks, words = read(page("markdown", {"": Grid(["h", "i"], [[one, other]], 2)}, []))
    assert len(words) == 4
    assert words[2].replace("¦", "|") == one_line(one).strip(" ")
    assert words[3].replace("¦", "|") == one_line(other).strip(" ")
    assert "table_open" in blocks


@given(st.text("ab1 <>&|\\`*_[]()!#-+=.~$:/@w\n\t", max_size=12))
def test_any_words_are_one_note(words):
    blocks, told = read(page("markdown", {}, [words]))
    assert told == [one_line(words).strip(" ")] or not one_line(words).strip(" ")
    assert not {"heading_open", "hr", "fence", "code_block", "ordered_list_open", "blockquote_open"} & blocks


def test_the_words_of_the_project_need_no_escape():
    own = "communique|v:0.1.0|collection:dispatches|split:test|task:full|match:greedy_iou|boot:1000,seed:13"
    for words in (own, "snake_case", "far-speaker", "0.1.0:dev", "56.8 ±12.3", "95 %", "–", "p = .031"):
        assert markdown(words) == words
    assert markdown_cell("0.1.0:dev") == "0.1.0:dev"
    assert markdown_cell("p < .001") == "p &lt; .001"


@pytest.mark.parametrize("name", PAGES)
def test_the_dataset_card_shows_collections_as_words(name):
    planned = ReleasePlan(version="1.0.0", splits={}, about=FIRST, page="News.\n")
    made = card(Told(planned, {"train": {name: {}}}, set()))
    row = next(line for line in made.splitlines() if line.startswith("| train |"))
    _, words = read(f"| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n{row}\n")
    assert words[7].replace("¦", "|") == one_line(name).strip(" ")
    assert words[8:] == ["0", "0", "0", "0"]


def test_the_board_page_shows_systems_and_signatures_as_words(tmp_path, root):
    source = root / "baselines" / "rules" / "results" / "0.1.0" / "dev.json"
    result = msgspec.json.decode(source.read_bytes())
    for score in result["scores"]:
        score["signature"] = f"```\n# evil <script>|scorer:{SCORER}"
    result |= {"system": "<script>|[x](y)", "gold": "`0.1.0`:dev"}
    (tmp_path / "evil" / "results" / "0.1.0").mkdir(parents=True)
    (tmp_path / "evil" / "results" / "0.1.0" / "dev.json").write_bytes(msgspec.json.encode(result))
    bench.write([], tmp_path)
    written = (tmp_path / "README.md").read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable("table").parse(written)
    (fence,) = [token for token in tokens if token.type == "fence"]
    assert "```␊# evil <script>" in fence.content
    cells = [token.children for token in tokens if token.type == "inline"]
    assert {part.type for children in cells for part in children} <= INERT | {"softbreak"}
    assert "".join(part.content for children in cells for part in children).count("<script>|[x](y)") >= 3


def test_the_board_is_written_as_it_stands(tmp_path, root):
    for path in sorted((root / "baselines").glob("*/results/*/*.json")):
        target = tmp_path / path.relative_to(root / "baselines")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    bench.write([], tmp_path)
    assert (tmp_path / "README.md").read_bytes() == (root / "baselines" / "README.md").read_bytes()


def test_the_card_is_written_as_it_stands(root):
    newest = root / "corpus" / releases.listed(root / "corpus")[-1]
    names = [path.stem for path in (newest / "annotators").iterdir()]
    made = card(told(plan(root / "seeds"), {split: releases.load(split) for split in Split}, names))
    assert made == (newest / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("lines", [["a", "b"], ["```"], ["a ```` b", "```"], []])
def test_no_line_ends_a_block_of_code(lines):
    (token,) = MarkdownIt("commonmark").parse(fenced(lines))
    assert (token.type, token.content.split("\n")[: len(lines)]) == ("fence", lines)


# LaTeX


@pytest.mark.parametrize("name", ["a\n\\input{/etc/hostname}", "a\r\\input{x}", "a\u2028b"])
def test_a_title_does_not_leave_its_comment(name):
    source = page("latex", {name: Grid(["a", "b"], [])}, [name])
    assert [line for line in source.splitlines() if "input" in line or line.startswith("%")] == [
        f"% {one_line(name)}"
    ] * 2


@pytest.mark.parametrize(
    ("words", "printed"), [("[1cm]", "{[}1cm]"), ("*", "{*}"), ("a\nb", "a␊b"), ("\\x", r"\textbackslash{}x")]
)
def test_a_cell_is_no_argument_of_the_row_before(words, printed):
    assert latex(words) == printed
