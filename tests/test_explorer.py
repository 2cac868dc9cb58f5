"""Documents to look through: what the data says of annotators and predictions, and what the page does with it."""

import json
import re
from itertools import cycle, islice
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from browser import serious
from communique import jsonl, labelled, releases
from communique.archive import run as archive
from communique.labels import FAMILY_OF, Family, Rhetoric
from communique.problems import CommuniqueError, DataError
from communique.records import Span
from communique.report import explorer
from communique.report.explorer import Shown, alone, facets, sources
from communique.report.explorer.entries import entry, utf16
from communique.report.explorer.scripts import CHUNK, script
from communique.report.explorer.shown import pairings
from communique.stats import counts
from samples import document, layer

READY = "body[data-ready]"
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
OVERRIDE = "\u202e"


def entries(shown):
    names = shown.splits
    return [entry(one, by, other, shown.system, names.get(one.id)) for one, by, other in pairings(shown)]


def claims(shown):
    return {claim["id"]: claim for claim in entries(shown)[0].record["claims"]}


def changed(one, **labels):
    """Return an annotation with some claims' labels changed, or without the claims whose labels are None."""
    kept = [c for c in one.claims if labels.get(c.id, {}) is not None]
    said = {claim.attribution for claim in kept}
    there = {None, *(claim.id for claim in kept)}
    nested = (replace(item, parent=item.parent if item.parent in there else None) for item in one.attributions)
    attributions = tuple(item for item in nested if item.id in said)
    return replace(one, claims=tuple(replace(c, **labels.get(c.id, {})) for c in kept), attributions=attributions)


def shorter(one, name, by):
    claim = next(claim for claim in one.claims if claim.id == name)
    last = claim.spans[-1]
    cut = Span(start=last.start, end=last.end - by, text=last.text[:-by])
    return {"spans": (*claim.spans[:-1], cut)}


def test_annotators_differences_are_told_claim_by_claim():
    gold = document()
    first = changed(gold, c1={"rhetoric": Rhetoric.WARNING}, c2=shorter(gold, "c2", 4))
    second = changed(gold, c3=None, c4={"also": None, "targets": ()})
    found = claims(Shown(documents=[gold], annotators={"a": {gold.id: first}, "b": {gold.id: second}}))
    assert {name: claim.get("differ") for name, claim in found.items()} == {
        "c1": ["the type"],
        "c2": ["the words"],
        "c3": ["the claim itself"],
        "c4": ["other labels"],
    }
    assert found["c1"]["versions"] == {"a": {"type": "warning"}, "b": {}}
    assert found["c3"]["versions"] == {"a": {}, "b": None}
    assert found["c4"]["versions"]["b"] == {"also": None, "targets": []}


def test_annotators_who_agree_against_gold_do_not_differ():
    gold = document()
    both = changed(gold, c1={"rhetoric": Rhetoric.WARNING})
    found = claims(Shown(documents=[gold], annotators={"a": {gold.id: both}, "b": {gold.id: both}}))
    assert "differ" not in found["c1"] and found["c1"]["versions"]["b"] == {"type": "warning"}


def test_the_same_holder_under_another_id_and_name_is_the_same():
    gold = document()
    renamed = tuple(replace(one, id=f"x{one.id}", name=f"{one.name} again") for one in gold.entities)
    other = replace(
        gold,
        entities=renamed,
        attributions=tuple(replace(a, entities=tuple(f"x{n}" for n in a.entities)) for a in gold.attributions),
        claims=tuple(replace(c, targets=tuple(f"x{n}" for n in c.targets)) for c in gold.claims),
    )
    found = claims(Shown(documents=[gold], annotators={"a": {gold.id: gold}, "b": {gold.id: other}}))
    assert [claim["versions"]["b"] for claim in found.values()] == [{}] * len(gold.claims)
    swapped = replace(gold, attributions=tuple(replace(a, entities=(gold.entities[2].id,)) for a in gold.attributions))
    found = claims(Shown(documents=[gold], annotators={"a": {gold.id: gold}, "b": {gold.id: swapped}}))
    assert "the holder" in found["c1"]["differ"]


def test_what_only_one_annotator_found_is_shown_last():
    gold = document()
    bare = changed(gold, c1=None)
    found = claims(Shown(documents=[bare], annotators={"a": {gold.id: gold}, "b": {gold.id: bare}}))
    assert list(found)[-1] == "a:c1" and found["a:c1"]["by"] == "a"
    assert len(entries(Shown(documents=[bare], annotators={"a": {gold.id: gold}}))[0].row[-1]) == len(bare.claims)


def predicted_beside(gold, **labels):
    one = layer()
    kept = changed(one, **labels)
    return Shown(documents=[gold], predictions=[kept], system="mine")


def test_hits_misses_wrong_types_and_what_is_predicted_alone():
    gold = document()
    found = claims(predicted_beside(changed(gold, c2=None, c3=None), c1={"rhetoric": Rhetoric.OFFER}, c3=None, c4=None))
    assert {name: claim["outcome"] for name, claim in found.items()} == {
        "c1": facets.WRONG_TYPE,
        "c4": facets.MISSED,
        "mine:c2": facets.SPURIOUS,
    }
    assert found["c1"]["versions"] == {"mine": {"type": "offer"}}
    assert claims(predicted_beside(gold))["c1"]["outcome"] == facets.HIT


def test_a_document_without_prediction_counts_as_one_in_which_nothing_was_found():
    found = claims(Shown(documents=[document()], predictions=[]))
    assert {claim["outcome"] for claim in found.values()} == {facets.MISSED}


def test_places_are_utf16_units():
    gold = document()
    told = entries(Shown(documents=[gold]))[0]
    units = told.text[0].encode("utf-16-le")
    said = [units[2 * start : 2 * end].decode("utf-16-le") for _, start, end in told.text[1]]
    assert said == [span.text for claim in gold.claims for span in claim.spans]
    assert [utf16("a🚩b")(at) for at in range(4)] == [0, 1, 3, 4]


def test_data_cannot_leave_its_script():
    content = [HOSTILE, "\u2028\u2029", "<!--"]
    told = script("texts", 0, content).decode("utf-8")
    assert "<" not in told and "\u2028" not in told and "\u2029" not in told
    assert json.loads(told.removeprefix('communique.add("texts", 0, ').removesuffix(");\n")) == content


def test_facets_count_what_stats_counts():
    shown = explorer.of_release("0.1.0", "dev")
    found = {one["name"]: one for one in facets.described([one.row[-1] for one in entries(shown)])}
    told, hard = counts(shown.documents), dict(zip(found["hard"]["values"], found["hard"]["counts"], strict=True))
    assert found["type"]["counts"][:-1] == [told.get(f"claims.{label}", 0) for label in Rhetoric]
    names = {"discontinuous": "discontinuous", "conditional": "conditional", "negated": "negated"}
    assert {name: hard[name] for name in names} == {name: told[name] for name in names}
    assert hard["secondary type"] == told["secondary"] and 0 < hard["nested"] < told["claims"]
    assert sum(facet.width for facet in facets.FACETS) < 32


@pytest.fixture(scope="module")
def released():
    return explorer.of_release("0.1.0", "dev")


@pytest.fixture(scope="module")
def page(tmp_path_factory, released):
    """Release 0.1.0's dev beside a prediction that has lost and mistaken some claims."""
    folder = tmp_path_factory.mktemp("page") / "out"
    given = [changed(as_layer(one), c1=None, c2={"rhetoric": Rhetoric.OFFER}) for one in released.documents]
    alone.write(folder, "0.1.0:dev", replace(released, predictions=given, system="mine"))
    return folder


def as_layer(one):
    from communique.score.evaluate import as_prediction

    return as_prediction(one)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    shown = replace(predicted_beside(document(), c2=None), annotators={"a": {"made/one": document()}})
    for name in ("one", "two"):
        alone.write(tmp_path / name, "made", shown)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).rglob("*.*") if p.is_file()} for n in ("one", "two"))
    assert one == two
    alone.write(tmp_path / "one", "made", shown)


def test_documents_of_a_file_stand_in_chunks(tmp_path):
    many = [replace(document("made/two"), id=f"made/{at}") for at in range(CHUNK + 1)]
    alone.write(tmp_path / "out", "made", Shown(documents=many))
    held = {p.name for p in (tmp_path / "out" / "data").iterdir()}
    assert held == {"index-0.js", "texts-0.js", "texts-1.js", "documents-0.js", "documents-1.js"}


def test_an_archive_that_was_labelled_is_shown_with_its_texts(tmp_path):
    (tmp_path / "texts").mkdir()
    for name in ("made/one", "made/three"):
        (tmp_path / "texts" / f"{name[5:]}.txt").write_text(document(name).text, encoding="utf-8")
    line = {"id": "row", "text": document("made/two").text, "genre": "speech", "date": "2031-05-02", "language": "de"}
    jsonl.write(tmp_path / "texts" / "rows.jsonl", [line])
    archive.label([str(tmp_path / "texts")], tmp_path / "labels", model="rules")
    found = sources.named(str(tmp_path / "labels")).documents
    assert [one.id for one in found] == ["one", "row", "three"]
    assert found[0].text == document().text and found[0].claims
    assert (found[1].genre, str(found[1].date), found[1].language) == ("speech", "2031-05-02", "de")
    (tmp_path / "texts" / "one.txt").write_text("Minister Orla Vint left.\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"one\.txt"):
        labelled.documents(tmp_path / "labels")
    (tmp_path / "texts" / "one.txt").unlink()
    with pytest.raises(CommuniqueError, match="put the texts back"):
        labelled.documents(tmp_path / "labels")


def test_show_writes_a_page(run, tmp_path):
    given = tmp_path / "mine.jsonl"
    jsonl.write(tmp_path / "made.jsonl", [document(), document("made/two")])
    jsonl.write(given, [layer()])
    page = ("--html", tmp_path / "out")
    code, out, _ = run("show", tmp_path / "made.jsonl", *page, "--predictions", given)
    assert (code, out) == (0, f"{tmp_path / 'out'} shows 2 documents; open {tmp_path / 'out' / 'index.html'}\n")
    assert run("show", given, *page, "--texts", tmp_path / "made.jsonl")[0] == 0
    assert "name these with --texts" in run("show", given, *page)[2]
    code, _, told = run("show", "newest:dev", *page, "--predictions", given)
    assert code == 1 and f"{given}:1: made/one: no gold document" in told
    assert run("show", given, "--texts", "newest:dev")[0] == 2
    assert "no document, file or release 'nix'" in run("show", "nix", *page)[2]


def test_one_document_is_shown_with_its_own_prediction(tmp_path):
    documents = releases.load("dev", "0.1.0")[:2]
    jsonl.write(tmp_path / "mine.jsonl", map(as_layer, documents))
    shown = sources.named(documents[1].id, "0.1.0", predictions=tmp_path / "mine.jsonl")
    assert [one.id for one in shown.documents] == [one.id for one in shown.predictions] == [documents[1].id]
    assert len(shown.annotators) == 2 and shown.release.name == "0.1.0"


def begun(opened, folder, address="", **how):
    page = opened(folder / "index.html", address, **how)
    page.wait_for_selector(READY, state="attached", timeout=10_000)
    return page


def told(page, words):
    page.get_by_role("heading", name=words, exact=True).wait_for(timeout=5000)


def numbers(released, test):
    found = [sum(map(test, one.claims)) for one in released.documents]
    some, there = sum(map(bool, found)), f"{len(found)} documents"
    return f"{sum(found)} claim{'s' * (sum(found) != 1)} in {there if some == len(found) else f'{some} of {there}'}"


def test_filters_filter(opened, page, released):
    shown = begun(opened, page)
    shown.get_by_label("threat").check()
    told(shown, numbers(released, lambda claim: claim.rhetoric == Rhetoric.THREAT))
    assert "type=threat" in shown.url
    shown.get_by_role("button", name="Clear filters").click()
    shown.get_by_label("refusal", exact=True).check()
    told(shown, numbers(released, lambda claim: FAMILY_OF[claim.rhetoric] == Family.REFUSAL))
    shown.locator("summary", has_text="Difficulty").click()
    shown.get_by_label("discontinuous").check()
    both = numbers(released, lambda c: len(c.spans) > 1 and FAMILY_OF[c.rhetoric] == Family.REFUSAL)
    told(shown, both)
    shown.reload()
    shown.wait_for_selector(READY, state="attached")
    told(shown, both)
    shown.get_by_role("button", name="Clear filters").click()
    shown.locator("summary", has_text="Prediction").click()
    shown.get_by_label("missed").check()
    told(shown, numbers(released, lambda claim: claim.id == "c1"))


def test_search_finds_words_in_texts_and_in_claims(opened, page, released):
    word = released.documents[0].claims[3].spans[0].text[4:24]
    shown = begun(opened, page)
    shown.keyboard.press("/")
    shown.keyboard.type(word.upper())
    shown.wait_for_selector(".snippet mark")
    texts = [one for one in released.documents if word in one.text]
    assert shown.locator("#results > li").count() == len(texts)
    shown.get_by_label("in", exact=True).select_option("claims")
    told(shown, numbers(released, lambda claim: any(word in span.text for span in claim.spans)))
    shown.locator("#results summary").first.click()
    shown.locator(".matching a").first.click()
    shown.wait_for_selector("#claim h2")
    assert shown.locator("#text .hit").count() and word in shown.locator("#claim blockquote").inner_text()


def test_links_hold_and_lead_back(opened, page, released):
    one = next(d for d in released.documents if any(len(c.spans) > 1 for c in d.claims))
    claim = next(c for c in one.claims if len(c.spans) > 1)
    shown = begun(opened, page, f"#type=threat&doc={quote(one.id, safe='')}&claim={claim.id}")
    words = " … ".join(span.text for span in claim.spans)
    assert shown.locator("#claim blockquote").inner_text() == words
    lit = "".join(shown.locator("#text .piece.on").all_inner_texts())
    assert "".join(lit.split()) == "".join("".join(span.text for span in claim.spans).split())
    shown.get_by_role("link", name="Link to this claim").click()
    assert f"claim={claim.id}" in shown.url and "type=" not in shown.url
    assert shown.locator("#claim blockquote").inner_text() == words
    shown.go_back()
    shown.get_by_role("link", name="All that was found").click()
    told(shown, numbers(released, lambda claim: claim.rhetoric == Rhetoric.THREAT))
    shown.go_back()
    shown.wait_for_selector("#reader:not([hidden])")


def test_keys_step_through_claims(opened, page, released):
    one = released.documents[0]
    shown = begun(opened, page, f"#doc={quote(one.id, safe='')}")
    for key, wanted in (("j", 0), ("j", 1), ("k", 0)):
        shown.keyboard.press(key)
        assert f"claim={one.claims[wanted].id}" in shown.url
        assert shown.locator("#claims [aria-pressed=true] .id").inner_text() == one.claims[wanted].id
    shown.keyboard.press("Escape")
    shown.wait_for_selector("#claim", state="hidden")
    shown.keyboard.press("n")
    told(shown, released.documents[1].title or released.documents[1].id)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Three documents with two annotators, who differ, and a prediction, which errs."""
    folder = tmp_path_factory.mktemp("made") / "out"
    gold = document()
    other = changed(gold, c1={"rhetoric": Rhetoric.WARNING}, c3=None)
    by = {"ann": {gold.id: gold}, "ben": {gold.id: other}}
    beside = predicted_beside(gold, c2=None, c4={"rhetoric": Rhetoric.OFFER})
    alone.write(folder, "made", replace(beside, documents=[gold, document("made/two")], annotators=by))
    return folder


def test_the_panel_says_who_differs(opened, made):
    shown = begun(opened, made, "#doc=made/one&claim=c1")
    panel = shown.locator("#claim").inner_text()
    assert "annotators differ in the type" in panel and re.search(r"≠ ben:\s+warning", panel) and "≠ ann" not in panel
    assert "Orla Vint (person)" in panel and "Tarn Council" in panel
    shown.get_by_role("button", name="c3: commitment, hit").click()
    shown.locator("#claim", has_text="No such claim: ben").wait_for(timeout=10_000)
    assert shown.locator("#text .who").inner_text() == "the Tarn Council"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "out"
    body = f"{HOSTILE}\nשלום {OVERRIDE}עולם\n{'w' * 10_000}\n"
    one = document()
    names = {entity.id: replace(entity, name=HOSTILE) for entity in one.entities}
    long = replace(
        document("made/two"), id=f"made/{HOSTILE}", text=document("made/two").text + body, storyline=HOSTILE, title=None
    )
    named = replace(one, entities=tuple(names.values()), title=one.title)
    by = {HOSTILE: {one.id: changed(one, c1={"rhetoric": Rhetoric.OFFER}), long.id: long}}
    alone.write(folder, HOSTILE, Shown(documents=[named, long], annotators=by, predictions=[], system=HOSTILE))
    return folder


def test_hostile_text_is_text(opened, hostile):
    shown = begun(opened, hostile, width=390)
    shown.on("dialog", lambda dialog: pytest.fail("a script of the data ran"))
    for address in (
        "",
        f"#doc={quote('made/' + HOSTILE, safe='')}",
        f"#q={quote(HOSTILE, safe='')}",
        "#doc=made/one&claim=c1",
    ):
        shown.evaluate("address => { location.hash = address; }", address)
        shown.wait_for_timeout(100)
        assert not shown.locator("main img").count() and not shown.locator("#trouble:visible").count()
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert HOSTILE in shown.locator("#claim").inner_text()
    shown.evaluate("address => { location.hash = address; }", f"#doc={quote('made/' + HOSTILE, safe='')}")
    shown.get_by_text("w" * 10_000).wait_for()
    assert HOSTILE in shown.locator("#text").inner_text()


def test_what_is_not_there_is_said(opened, page, released):
    shown = begun(opened, page, "#doc=nix")
    assert shown.locator("#trouble").inner_text() == "There is no document nix here."
    shown = begun(opened, page, f"#doc={quote(released.documents[0].id, safe='')}&claim=c99")
    assert shown.locator("#trouble").inner_text() == "There is no claim c99 in this document."


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(opened, made, dark):
    shown = begun(opened, made, "#type=threat&differ=the+type", dark=dark)
    shown.evaluate("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }")
    shown.wait_for_selector(".matching a")
    assert not serious(shown)
    shown.evaluate("() => { location.hash = 'doc=made/one&claim=c1&q=lock'; }")
    shown.wait_for_selector("#claim h2")
    assert not serious(shown)


def test_five_thousand_documents_open_quickly(opened, tmp_path):
    short = [document(name) for name in ("made/one", "made/two", "made/three")]
    many = [replace(one, id=f"{one.id}/{at}") for at, one in enumerate(islice(cycle(short), 5000))]
    alone.write(tmp_path / "out", "many", Shown(documents=many))
    shown = begun(opened, tmp_path / "out")
    assert shown.evaluate("performance.now()") < 6000
    told(shown, f"{sum(len(one.claims) for one in many):,} claims in 5,000 documents")
    shown.get_by_label("Search").fill("nobody at the weir")
    told(shown, "1,667 claims in 1,667 of 5,000 documents")


def test_the_page_of_the_docs_prints_what_it_says(run, root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (root / "docs" / "howto" / "look-through.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        for step in re.split(r"^\$ communique ", block, flags=re.MULTILINE)[1:]:
            line, _, wanted = step.partition("\n")
            code, out, _ = run(*line.split())
            assert (code, [one for one in wanted.splitlines() if one not in out.splitlines()]) == (0, []), line
