"""The model that comes with the package: small, whole, without stretches of the texts it learnt from."""

import re

import pytest

from communique import baselines, jsonl, labelled, resources
from communique.baselines import Source
from communique.baselines.rules import find
from communique.labels import Rhetoric
from communique.records import Prediction

TEXT = """MINISTRY STATEMENT

The Ministry of Trade warned on Monday that it would close the port unless the tariff was lifted.

"We reject these charges," Minister Ana Vell told reporters. "They are invented."
"""


@pytest.fixture(scope="module")
def model():
    return baselines.load(baselines.saved(baselines.PACKAGED))


def test_it_is_small():
    folder = resources.folder("models") / baselines.PACKAGED
    sizes = {path.relative_to(folder): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    assert sum(sizes.values()) <= 6_000_000
    assert sum(size for path, size in sizes.items() if path.parts[0] != "types") <= 2_000_000


def test_it_holds_no_stretch_longer_than_a_word(model):
    words = {*model.words.seen, *model.words.clusters, *(word for hits in model.words.hits.values() for word in hits)}
    blocks = model.typer.models["features"].named_transformers_
    words |= {term for block in ("words", "cue") for term in blocks[block].vocabulary_}
    assert [word for word in words if re.search(r"\w\s+\w", word)] == []


def test_it_says_who_what_and_how(model):
    (found,) = model.predict([Source(id="t", text=TEXT)])
    types = {span.text: claim.rhetoric for claim in found.claims for span in claim.spans}
    assert types["that it would close the port unless the tariff was lifted"] in (Rhetoric.WARNING, Rhetoric.THREAT)
    assert {entity.name for entity in found.entities} >= {"The Ministry of Trade"}
    assert len(types) >= 3


def test_what_an_author_issues_is_read_by_the_rules(model):
    issued = "Joint Communiqué\n\nThe Parties reaffirm the treaty. They will reopen the locks on 1 July.\n"
    (found,) = model.predict([Source(id="t", text=issued)])
    assert [claim.spans for claim in found.claims] == [claim.spans for claim in find("t", issued).claims]
    assert len(found.claims) == 2


def test_what_it_labels_can_be_shown_though_words_of_no_attribution_are_found(tmp_path, run):
    (tmp_path / "texts").mkdir()
    text = "Merrin Harbour will open its berths at night, the company said on Tuesday. “We promise it,” said Dora Vell."
    (tmp_path / "texts/a.txt").write_text(text, encoding="utf-8")
    assert run("label", tmp_path / "texts", "-o", tmp_path / "out")[0] == 0
    (found,) = jsonl.read(tmp_path / "out/labels/000000.jsonl", Prediction)
    (shown,) = labelled.documents(tmp_path / "out")
    assert shown.claims and len(found.speakers) > len({item.speaker for item in found.attributions})
    assert {unit.id for unit in shown.speakers} == {item.speaker for item in shown.attributions}


def test_a_folder_of_its_name_goes_first(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    assert baselines.saved("news") == resources.folder("models") / "news"
    assert str(baselines.saved("other")) == "other"
    baselines.save(baselines.create("rules"), tmp_path / "news")
    (tmp_path / "text.txt").write_text(TEXT)
    _, own, _ = run("predict", "news", "text.txt")
    assert own == run("predict", "rules", "text.txt")[1] != ""
