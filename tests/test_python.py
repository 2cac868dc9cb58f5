"""The package as Python users meet it: what it lists, how records look, and that misuse is told in a sentence."""

import datetime
import pydoc
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

import communique
import samples
from communique import CommuniqueError, DataError
from communique.records import Document, Prediction, Span
from communique.score.config import ScoreConfig
from communique.score.evaluate import as_prediction

HOSTILE = '<script>alert("x")</script>\x1b[31m & "quoted"'


@pytest.fixture(scope="module")
def gold():
    return samples.documents()


@pytest.fixture(scope="module")
def result(gold):
    return communique.evaluate(gold, gold, ScoreConfig(tasks=("spans", "full")), system="<b>me</b>")


def test_the_package_lists_its_interface_and_nothing_else():
    public = [name for name in dir(communique) if not name.startswith("__")]
    assert public == sorted(communique.__all__)
    assert not {"Any", "TYPE_CHECKING"} & set(dir(communique))
    for name in public:
        assert getattr(communique, name).__doc__
        assert name in communique.__doc__, f"{name} is not in the package's own words"


def test_help_shows_the_interface():
    page = pydoc.plain(pydoc.render_doc(communique))
    for name in (
        "evaluate(gold",
        "load(split",
        "predict(model",
        "class Document",
        "to_pandas(records",
        "write(records",
    ):
        assert name in page
    assert "TYPE_CHECKING" not in page


def test_nothing_is_imported_before_it_is_asked_for():
    code = (
        "import sys, communique; dir(communique); print(*sorted(n for n in sys.modules if n.startswith('communique')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == ["communique"]
    code = "import communique; print(communique.score.full.__name__)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "full\n"


def test_short_forms_are_one_line_and_stand_anything(gold, result):
    assert repr(gold[0]) == "<Document 'made/one', wire, 4 claims>"
    assert repr(samples.layer()) == "<Prediction 'made/one', 4 claims>"
    assert repr(gold[0].claims[3]) == "<Claim 'c4', denial, '“Not one coin,” … “was ever promised.”'>"
    assert repr(replace(samples.layer().claims[0], spans=(Span(start=0, end=0, text="x" * 99),))).endswith(
        f"{'x' * 39}…'>"
    )
    assert repr(result) == "<Evaluation of '<b>me</b>' on 'none:all', 3 documents: spans, full>"
    broken = Document(**dict.fromkeys(Document.__struct_fields__))
    assert repr(broken) == "<Document None, None, ? claims>"
    assert "\n" not in repr(replace(gold[0], id="a\nb"))


def test_plain_values_and_back(gold):
    for record in (*gold, *map(as_prediction, gold)):
        values = record.to_dict()
        assert type(record).from_dict(values) == record
        assert isinstance(values["claims"], list)


def test_records_are_held_against_their_schema_where_they_are_made(gold):
    values = gold[0].to_dict()
    for change, told in (
        ({"genre": "ode"}, r"the document: Invalid enum value 'ode' - at `\$.genre`; see schema/v1/document"),
        ({"claims": None}, r"Expected `array`, got `null` - at `\$.claims`"),
        ({"mood": 1}, "unknown field `mood`"),
    ):
        with pytest.raises(CommuniqueError, match=told):
            Document.from_dict(values | change)
    with pytest.raises(DataError, match="span-outside-text"):
        Document.from_dict(values | {"text": "Short.", "title": None})
    with pytest.raises(CommuniqueError, match="the prediction is a list; it must be a Prediction, or a dict like one"):
        Prediction.from_dict([])


def test_documents_are_a_table_of_claims(gold):
    table = communique.to_pandas(gold)
    assert table["id"].tolist()[:2] == ["made/one#c1", "made/one#c2"]
    assert table["rhetoric"].tolist()[3] == "denial"
    assert table["date"].tolist()[0] == datetime.date(2031, 4, 1)
    texts = {document.id: document.text for document in gold}
    for row in table.itertuples():
        assert " … ".join(texts[row.document][one["start"] : one["end"]] for one in row.spans) == row.text
    assert gold[2].to_pandas()["text"].tolist() == table[table["document"] == "made/three"]["text"].tolist()


def test_predictions_are_a_table_of_claims_too(gold):
    ours, theirs = samples.layer().to_pandas(), gold[0].to_pandas()
    same = ["id", "document", "text", "spans", "speaker", "cue", "entities", "targets", "form", "nested", "rhetoric"]
    assert ours[same].to_dict("records") == theirs[same].to_dict("records")
    loose = Prediction(id="x", claims=(replace(samples.layer().claims[0], attribution="a9"),))
    assert loose.to_pandas()["entities"].tolist() == [[]]
    assert communique.to_pandas([]).empty


def test_evaluations_are_a_table_of_scores(result):
    table = result.to_pandas()
    assert len(table) == len(result.scores)
    assert set(table["system"]) == {"<b>me</b>"}
    assert table["signature"].str.startswith("communique|").all()
    assert result.to_dict()["documents"] == 3


class Read(HTMLParser):
    """Gathers the text and the tags of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words, self.titles, self.notes, self._note = set(), "", [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self._note = tag == "sup"
        self.titles += [value for name, value in attributes if name == "title"]
        assert {name for name, _ in attributes} <= {"style", "title"}

    def handle_endtag(self, tag):
        self._note = False

    def handle_data(self, data):
        if self._note:
            self.notes.append(data)
        else:
            self.words += data


def test_a_notebook_shows_a_document_with_all_its_text_and_none_of_it_as_markup(gold):
    read = Read(gold[0]._repr_html_())
    assert read.words.endswith(gold[0].text)
    notes = [" ".join(note.split()) for note in read.notes]
    assert sorted(notes) == ["c1 threat", "c2 assertion", "c3 commitment", "c4 denial + accusation"]
    assert any("c3 commitment" in title and "c2 " in title for title in read.titles), (
        "a claim within a claim names both"
    )
    entities = tuple(replace(one, name=HOSTILE) for one in gold[0].entities)
    hostile = replace(gold[0], id=HOSTILE, text=HOSTILE * 9, collection=HOSTILE, entities=entities)
    read = Read(hostile._repr_html_())
    assert read.tags <= {"div", "p", "b", "small", "span", "sup"}
    assert "\x1b" not in hostile._repr_html_()


def test_overlapping_claims_are_told_apart_and_the_shortest_gives_the_colour(gold):
    page = gold[0]._repr_html_()
    inner = page.split("to pay")[0].rpartition("<span ")[2]
    assert inner.index("86,180,233") < inner.index("0,158,115"), "of two backgrounds the later holds"


def test_a_notebook_shows_scores_with_their_signatures(result):
    read = Read(result._repr_html_())
    assert "<b>me</b> on none:all, 3 documents" in read.words
    assert result.scores[0].signature in read.words
    assert read.tags == {"div", "table", "caption", "tr", "th", "td", "small", "br"}


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda gold: communique.load("tset"), "no split 'tset'"),
        (lambda gold: communique.load("0.1.0"), r"split and release are two arguments: load\('dev', '0.1.0'\)"),
        (lambda gold: communique.load(release=3), "release is 3; give a version"),
        (lambda gold: communique.load(collection="polnear"), "texts=, your clone"),
        (lambda gold: communique.load_dataset("clams"), r"'clams' not found.*'annotators'"),
        (lambda gold: communique.evaluate([samples.layer()], gold), "gold comes first"),
        (lambda gold: communique.score.full([samples.layer()], gold), "gold comes first"),
        (lambda gold: communique.evaluate(["gold.jsonl"], gold), r"gold\[0\] is a str"),
        (lambda gold: communique.evaluate(gold, ["pred.jsonl"]), r"predictions\[0\] is a str"),
        (lambda gold: communique.evaluate(gold, None), "predictions is a NoneType; give records, a file of them"),
        (lambda gold: communique.evaluate(5, gold), "gold is an int"),
        (lambda gold: communique.evaluate(gold, [{"id": "x", "claim": []}]), "unknown field `claim`"),
        (lambda gold: communique.evaluate(gold, [Prediction(id=7)]), r"predictions\[0\]: Expected `str`, got `int`"),
        (lambda gold: communique.predict("rules", ["The minister spoke."]), r"texts\[0\] is a str"),
        (lambda gold: communique.predict(None, gold), "model is None"),
        (lambda gold: communique.predict("rulez", gold), "no model here"),
        (lambda gold: communique.predict("rules", gold, given="types"), "one of claims, attributions, or None"),
        (lambda gold: communique.predict("rules", {"a": "He spoke."}, given="claims"), "plain texts bring no claims"),
        (lambda gold: communique.to_pandas("pred.jsonl"), "is no document, prediction or evaluation"),
        (lambda gold: communique.write([*gold, samples.layer()], "x.jsonl"), r"records\[3\] is a Prediction"),
        (lambda gold: communique.write([replace(gold[0], text="")], "x.jsonl"), "Expected `str` of length >= 1"),
        (lambda gold: communique.write([Prediction(id=None)], "x.jsonl"), "Expected `str`, got `null`"),
    ],
)
def test_misuse_is_told_in_a_sentence(call, told, gold, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommuniqueError, match=told):
        call(gold)
    assert list(tmp_path.iterdir()) == []


def test_dicts_are_scored_as_the_records_they_are_like(gold, result):
    values = [document.to_dict() for document in gold]
    predicted = [as_prediction(document).to_dict() for document in gold]
    config = ScoreConfig(tasks=("spans", "full"))
    assert communique.evaluate(values, predicted, config, system="<b>me</b>") == result
    one = communique.evaluate(values[0], predicted[0], config)
    assert one == communique.evaluate(gold[0], as_prediction(gold[0]), config)


def test_texts_are_labelled_and_what_is_written_is_read(gold, tmp_path):
    plain = communique.predict("rules", {document.id: document.text for document in gold})
    assert plain == communique.predict("rules", gold)
    assert plain == communique.predict("rules", [{"id": document.id, "text": document.text} for document in gold])
    typed = communique.predict("rules", gold, given="claims")
    assert [len(one.claims) for one in typed] == [len(document.claims) for document in gold]
    communique.write(gold, tmp_path / "gold.jsonl")
    communique.write(plain, tmp_path / "pred.jsonl")
    assert communique.validate([tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"]) == []
    assert communique.predict("rules", tmp_path / "gold.jsonl") == plain
    (tmp_path / "mine.jsonl").write_text("notes", encoding="utf-8")
    with pytest.raises(CommuniqueError, match="no file that communique would write there"):
        communique.write(plain, tmp_path / "mine.jsonl")
