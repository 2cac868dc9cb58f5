"""`communique site`: pages that hold the results, whole links, nothing from elsewhere, and are the same each time."""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import msgspec
import pytest

from browser import serious
from communique.problems import CommuniqueError
from communique.report.growth import read
from communique.report.site import charts, learning
from communique.report.site.matrices import matrix
from communique.report.site.write import write
from communique.report.tables import headline, percent
from communique.score.evaluate import Evaluation
from communique.score.tasks import TASKS

TITLE = "<img src=x onerror=\"alert('title')\">&\u202e"
SYSTEM = "</title><script>alert(1)</script> $x^{2$ \ue000日本"
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@pytest.fixture(scope="module")
def results(root, tmp_path_factory):
    """Lay results on test of release 0.1.0, one of a system with a hostile name."""
    folder = tmp_path_factory.mktemp("results")
    for part in ("0.1.0/test", "people/polnear"):
        for path in root.glob(f"baselines/*/results/{part}.json"):
            place = folder / path.relative_to(root / "baselines")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    told = json.loads((folder / "rules/results/0.1.0/test.json").read_bytes()) | {"system": SYSTEM}
    (folder / "evil/results/0.1.0").mkdir(parents=True)
    (folder / "evil/results/0.1.0/test.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages") / "site"
    write(folder, "0.1.0", results, TITLE)
    return folder


class Read(HTMLParser):
    """The elements of a page with their attributes, its ids, and the words in each kind of element."""

    def __init__(self, page: str):
        super().__init__()
        self.elements, self.words, self.open = [], defaultdict(list), []
        self.feed(page)
        self.close()
        self.ids = [held["id"] for _, held in self.elements if "id" in held]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in set(self.open):
            self.words[tag].append(data.strip())


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site).as_posix(): Read(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_the_overview_names_every_licence_of_the_texts(site):
    assert "(CC-BY-4.0, LicenseRef-third-party)" in (site / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evaluations(results):
    return [msgspec.json.decode(path.read_bytes(), type=Evaluation) for path in results.rglob("0.1.0/*.json")]


def test_every_link_leads_somewhere(site, pages):
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name
        assert not page.open, name
        for _, held in page.elements:
            for key in ("href", "src"):
                link = urlsplit(held.get(key) or "data:")
                if link.scheme == "data":
                    continue
                assert not link.scheme, (name, held)
                assert not link.netloc, (name, held)
                target = (site / name).parent.joinpath(unquote(link.path)).resolve() if link.path else site / name
                assert target.is_file(), (name, held)
                if link.fragment and target.suffix == ".html":
                    assert unquote(link.fragment) in pages[target.relative_to(site).as_posix()].ids, (name, held)


def test_nothing_is_loaded_from_elsewhere_or_run_inline(pages, site):
    for name, page in pages.items():
        assert "default-src 'none'" in str(page.elements), name
        for tag, held in page.elements:
            assert "style" not in held, (name, tag)
            assert not [key for key in held if key.startswith("on")], (name, tag)
            assert tag != "script" or "src" in held, name
            assert tag != "style", name
    style = (site / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import", style)


def test_what_is_hostile_is_text(pages):
    for name, page in pages.items():
        if name.startswith("explorer/"):
            continue
        assert not [tag for tag, _ in page.elements if tag == "img"], name
        assert page.words["title"][0].endswith(TITLE.replace("\u202e", "\ufffd")), name
    assert SYSTEM in pages["board-spans.html"].words["th"]
    assert any(words.startswith("</title><script>alert") for words in pages["board-spans.html"].words["text"])


def test_every_page_names_release_digest_and_signatures(pages, root):
    digest = (root / "corpus/DIGESTS").read_text(encoding="utf-8").split()[0]
    for name, page in pages.items():
        told = " ".join(page.words["footer"])
        assert "Release 0.1.0" in told, name
        assert digest in told, name
    for task in ("spans", "attribution", "holders", "rhetoric", "full"):
        signs = [words for words in pages[f"board-{task}.html"].words["code"] if "|" in words]
        assert any(f"v:0.1.0|collection:dispatches|split:test|task:{task}|" in sign for sign in signs)


def test_the_board_holds_every_headline_of_the_results_drawn_and_written(pages, evaluations):
    for task, declared in TASKS.items():
        page = pages[f"board-{task}.html"]
        charts_of = [words for words in page.words["desc"] if words.startswith("Dots")]
        for result in evaluations:
            scores = [headline(result, task, *figure) for figure in declared.headlines]
            for number, score in enumerate(scores):
                if score and score.value is not None:
                    shown = f"{result.system} {100 * score.value:,.{2 if score.value < 0.1 else 1}f}"
                    assert any(shown in words for words in charts_of[number :: len(scores)]), (task, shown)
                    assert any(words.startswith(f"{percent(score.value)} (") for words in page.words["td"])


def test_confusions_are_those_of_the_results(pages, evaluations):
    (linear,) = (result for result in evaluations if result.system == "linear")
    page = pages["types.html"]
    cells = [words for words in page.words["td"] if words.isdigit()]
    assert all(str(number) in cells for row in linear.confusion.values() for number in row.values())
    worst = max((n, g, p) for g, row in linear.confusion.items() for p, n in row.items() if g != p)
    assert any(f"Most often: {worst[1]} as {worst[2]} {worst[0]}," in words for words in page.words["desc"])


def test_what_is_lost_on_the_ladder_adds_up(pages, evaluations):
    from communique.report.site.rungs import lost

    for result in (one for one in evaluations if lost(one)):
        full = headline(result, "full", "claim", "content+entity+type")
        assert sum(lost(result)) == pytest.approx(1)
        held = headline(result, "full", "claim", "content+entity")
        assert lost(result)[:2] == pytest.approx([full.matched / full.gold, (held.matched - full.matched) / full.gold])
        missed = 1 - headline(result, "full", "claim", "content", "type:threat").value
        assert lost(result, "type:threat")[3] == pytest.approx(missed, abs=1e-6)


def test_people_stand_beside_annotators(pages):
    section = " ".join(pages["people.html"].words["section"])
    assert "people, each other" in section
    assert "annotators, people" in section
    assert "kappa 0." in section


def test_the_same_bytes_come_twice_and_only_a_site_is_replaced(results, site, tmp_path):
    again = tmp_path / "again"
    (again / "mine").mkdir(parents=True)
    (again / "mine/notes.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(CommuniqueError, match=r"holds mine/notes\.txt, not written by communique"):
        write(again, "0.1.0", results, TITLE)
    assert sorted(path.name for path in again.rglob("*")) == ["mine", "notes.txt"]
    command = ["-m", "communique", "site", "--release", "0.1.0", "--results", results, "--title", TITLE, "--force"]
    environment = os.environ | {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, *command, "-o", again], env=environment, check=True, capture_output=True)
    held = {
        path.relative_to(again).as_posix(): path.read_bytes()
        for path in again.rglob("*")
        if path.is_file() and path.name != "notes.txt"
    }
    assert held == {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_results_of_another_release_are_no_site(results, run, tmp_path):
    code, _, told = run("site", "-o", tmp_path / "site", "--release", "0.2.0", "--results", results)
    assert code == 2
    assert f"{results} has no results of release 0.2.0; make them with communique bench" in told
    assert not (tmp_path / "site").exists()


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(CommuniqueError, match=r"pip install 'communique\[site\]'"):
        write(tmp_path / "site")


def placed(svg: str) -> dict[str, list[tuple[float, float]]]:
    """Return where the markers of a chart stand, by their colours."""
    found = defaultdict(list)
    for use in re.findall(r"<use [^>]*>", svg):
        held = dict(re.findall(r'([\w-]+)="([^"]*)"', use))
        found[held["fill"]].append((float(held["x"]), float(held["y"])))
    return found


def test_dots_stand_where_their_values_are():
    rows = [charts.Dot("zero", 0, kind="floor"), charts.Dot("half", 50, 40, 60), charts.Dot("all", 100)]
    svg = charts.dots("c", "Title", rows).svg
    (zero,), (half, whole) = placed(svg)["var(--page)"], placed(svg)["var(--blue)"]
    ends = {words: float(x) for x, words in re.findall(r'<text x="([\d.]+)"[^>]*>(\d+)</text>', svg)}
    assert (zero[0], whole[0]) == pytest.approx((ends["0"], ends["100"]), abs=0.01)
    assert half[0] == pytest.approx((ends["40"] + ends["60"]) / 2, abs=0.01)
    assert zero[1] < half[1] < whole[1]


def test_lines_and_bars_tell_their_numbers():
    drawn = charts.lines("c", "T", ["a", "b"], [charts.Line("one", [12.34, None])], level={"floor": 5})
    assert "one 12.3, –; floor 5.00" in drawn.description
    bars = charts.stack("c", "T", ["right", "wrong"], {"row": [75, 25]})
    assert "row right 75.0, wrong 25.0" in bars.description
    assert bars.svg.count("<pattern") == 1
    cells = matrix("c", "T", ["x", "y"], {"x": [(1, "7"), (0, "")], "y": [(0, ""), (0.5, "8")]}, diagonal=True)
    assert re.findall(r">([^<>]+)</text>", cells.svg) == ["x", "y", "x", "y", "7", "8"]


@pytest.mark.parametrize("name", ["\x00\ufffe\ud800", "$\\frac{", "a" * 500, "<b>&amp;", "\u202eabc"])
def test_any_name_can_be_drawn(name):
    chart = charts.dots("c", name, [charts.Dot(name, 1.0)])
    assert Read(str(chart.svg)).words["title"]


def test_curves_hold_what_was_measured(root):
    for growth, section in zip(
        read(root / "baselines", "0.3.0"), learning.page(read(root / "baselines", "0.3.0")).sections, strict=True
    ):
        for chart, figure in zip(section.charts, growth.steps[0].figures, strict=True):
            for step in growth.steps:
                assert (
                    f"{100 * step.figures[figure].mean:.{2 if step.figures[figure].mean < 0.1 else 1}f}"
                    in chart.description
                )


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_pages_are_sound_in_a_browser(site, opened):
    for name in ("index.html", "board-full.html", "types.html", "statistics.html"):
        page = opened(site / name)
        assert fits(page), name
        assert not serious(page, drawings=name == "index.html"), name


def test_pages_are_sound_in_the_dark_and_on_a_phone(site, opened):
    for name in ("index.html", "ladder.html", "people.html"):
        page = opened(site / name, dark=True, width=390)
        assert fits(page), name
        assert not serious(page, drawings=name == "index.html", rules=["color-contrast", "scrollable-region-focusable"])


def test_the_keyboard_reaches_the_content(site, opened):
    page = opened(site / "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_charts_follow_the_theme(site, opened):
    read_fill = "getComputedStyle(document.querySelector('svg text')).fill"
    light, dark = (opened(site / "index.html", dark=dark).evaluate(read_fill) for dark in (False, True))
    assert light != dark
