"""Documents in the terminal: every claim stands between its marks, and the legend has every colour."""

import re

import pytest
from msgspec.structs import replace
from rich.console import Console

import samples
from communique import jsonl
from communique.report.terminal import legend, rendered

MARK = re.compile(r"⟨(?P<opens>c\d+) | (?P<closes>c\d+)⟩")


@pytest.fixture
def gold(tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    return tmp_path / "gold.jsonl"


def marked(document):
    """Return the text with its marks, as it is shown, without the list of claims."""
    return rendered(document).renderables[2]


@pytest.mark.parametrize("name", samples.SOURCES)
def test_between_marks_stand_the_words_of_claims_and_no_letter_is_lost(name):
    document = samples.document(name)
    text = marked(document).plain
    assert MARK.sub("", text) == document.text
    for claim in document.claims:
        found = re.findall(rf"⟨{claim.id} (.*?) {claim.id}⟩", text, re.DOTALL)
        assert [MARK.sub("", words) for words in found] == [span.text for span in claim.spans]


def test_what_opens_last_closes_first():
    document = next(d for d in samples.documents() if any(a.parent for a in d.attributions))
    opened = []
    for mark in MARK.finditer(marked(document).plain):
        if mark["opens"]:
            opened.append(mark["opens"])
        else:
            assert opened.pop() == mark["closes"]
    assert opened == []


def test_colours_are_on_the_words_and_in_the_legend():
    document = samples.document()
    text = marked(document)
    styled = {(MARK.sub("", text.plain[span.start : span.end]), str(span.style)) for span in text.spans}
    assert ("Minister Orla Vint", "bold underline") in styled
    assert ("warned", "reverse") in styled
    (threat,) = (claim for claim in document.claims if claim.rhetoric == "threat")
    assert (threat.spans[0].text, "red") in styled
    known = {str(span.style) for span in legend().spans}
    assert {style.removeprefix("dim ") for _, style in styled} <= known


def test_the_list_says_who_how_at_whom_and_what(gold, run):
    out = run("show", gold)[1]
    assert "c1  threat  Orla Vint → Tarn Council\n    “We will shut the lock,”\n" in out
    assert all(line == line.rstrip() for line in out.splitlines())
    assert "by family" not in out, "a legend of colours is for terminals"


def test_a_part_of_a_release_is_shown_and_an_id(run):
    code, out, _ = run("show", "0.1.0:dev")
    names = re.findall(r"^(dispatches/\S+)  dispatches, ", out, re.M)
    assert (code, len(names)) == (0, 6)
    assert run("show", names[1], "--release", "0.1.0")[1] in f"{out}\n"


def test_a_mark_cannot_command_the_terminal():
    console = Console(width=60, force_terminal=True)
    document = samples.document()
    claims = tuple(replace(claim, id=f"{claim.id}\x1b[2J") for claim in document.claims)
    with console.capture() as captured:
        console.print(rendered(replace(document, claims=claims), 60))
    assert "\x1b[2J" not in captured.get()
    assert "␛[2J⟩" in captured.get()
