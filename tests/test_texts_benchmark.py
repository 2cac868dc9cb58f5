"""`benchmarks/texts.py`: its measures on made-up texts, its tables, its errors; PolNeAR where it is at hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from communique import jsonl, releases
from communique.formats import polnear
from communique.labels import EntityKind, Form, Genre
from communique.records import Entity
from samples import documents


@pytest.fixture(autouse=True)
def benchmarks(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    yield
    for name in ("texts", "targets", "reported", "register"):
        sys.modules.pop(name, None)


@pytest.fixture
def text():
    from register import Text

    return lambda words, genre=Genre.WIRE, document=None: Text(words, genre, document)


@pytest.fixture
def script(root):
    def run(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            [sys.executable, str(root / "benchmarks" / "texts.py"), *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )

    return run


def cells(out, table):
    """Return the rows of the table with this first head: cells by name."""
    (block,) = [part for part in out.split("\n\n") if part.startswith(f"| {table} ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
    return {name: rest for name, *rest in rows}


def test_words_are_runs_of_letters():
    from register import length

    assert length("The two-year pact’s 40 clauses, in U.S. law: 3.5 %") == 8


def test_sentences_are_cut_within_quotations_and_not_after_abbreviations(text):
    one = text("“We waited there. We will wait again,” said Gen. Orla Vint.\n\n“It was lost. ålso in Tarn,” he said.\n")
    assert one.sentences == [3, 8, 8]


def test_the_last_sentence_of_a_paragraph_keeps_its_quotation_whole(text):
    one = text("The council met on the river bank.\nIt voted. It paid.\n“We waited there today. We went.”\n")
    assert one.endings == [7, 2, 6]


def test_percentiles_and_shares(text):
    import register

    texts = [text("\n".join(" ".join(["word"] * number) for number in range(1, 20)))]
    assert [register.percentile(tenth)(texts) for tenth in (1, 5, 9)] == [2, 10, 18]
    assert register.sentence_share(lambda words: words <= 5)(texts) == pytest.approx(100 * 5 / 19)
    assert register.short_endings(texts) == pytest.approx(100 * 7 / 19)
    assert register.percentile(5)([]) is None
    assert register.percentile(5)([text("word")]) is None


def test_short_quotations_stand_between_double_marks(text):
    import register

    words = 'The “quiet” harbour was "closed" on ‘Monday’, and “we shall not open it again before the winter” he said.'
    assert text(words).snippets == 2
    assert register.snippets([text(words)]) == 1000 * 2 / 19
    assert text("«Closed» said the board, „shut“ the inn").snippets == 0
    assert text("“One two three four five six seven eight”").snippets == 1


def test_formulae_are_whole_words(text):
    import register

    words = (
        "The parties reaffirm their cooperation and call on all concerned to show restraint. She recalled a marshall."
    )
    assert text(words).formulae == 6
    assert text("Uncooperative marshals installed an obligationless switchboard.").formulae == 0
    assert register.formulae([text("They shall go home")]) == 250


def test_two_digit_numbers_are_no_years_times_or_decimals(text):
    import register

    one = text("In 2035, at 10:15, 25 boats and 14,000 of the 65 men paid 3.75 and 12 coins, then 35.")
    assert one.numbers == ["25", "65", "12", "35"]
    assert register.fives([one]) == 75
    assert register.fives([text("none")]) is None


def test_turns_of_a_briefing(text):
    import register

    words = (
        "Noon briefing\nMS VINT: Welcome to the house, all of you.\nQ (Tarn Wire): Is the lock shut now?\n"
        "MS VINT: It is shut.\nIt will stay so.\nQUESTION: Why?\nMS VINT: Because of the flood.\n"
    )
    one = text(words, Genre.BRIEFING)
    assert one.turns == [(True, 5), (False, 7), (True, 1), (False, 4)]
    assert register.turn_length(asks=True)([one]) == 3
    assert register.turn_length(asks=False)([one]) == 5.5
    assert register.turn_length(asks=False)([text(words)]) is None


def test_lengths_are_of_the_genres_asked_for(text):
    import register

    texts = [text("one two"), text("one two three four"), text("one", Genre.SPEECH)]
    assert register.mean_length(Genre.WIRE)(texts) == 3
    assert register.mean_length()(texts) == pytest.approx(7 / 3)
    assert register.mean_length(Genre.BRIEFING)(texts) is None


@pytest.fixture
def said(monkeypatch):
    """Measure attributions that are given, whatever the texts."""
    import reported

    def make(*found):
        monkeypatch.setattr(reported, "said", lambda texts: list(found))
        return reported

    return make


def one(speaker=None, cue=None, form=Form.INDIRECT, holder=("Tarn Council", EntityKind.INSTITUTION)):
    from reported import Said

    name, kind = holder
    return Said(speaker, cue, form, (Entity(id="e1", name=name, kind=kind, mentions=()),))


def test_cues(said):
    found = ["said", "Said", "has said", "tells", "telling", "according to", "warned", "soothsaying", None]
    measures = said(*(one(cue=cue) for cue in found))
    assert measures.said_alone([]) == 25
    assert measures.saying([]) == 75


def test_negated_cues(said):
    found = [
        "did not say",
        "didn’t tell",
        "has never asked",
        "noted",
        "denied",
        "declined to say",
        "cannot say",
        "knows",
    ]
    assert said(*(one(cue=cue) for cue in found)).negated([]) == 50


def test_forms(said):
    measures = said(one(form=Form.DIRECT), one(form=Form.MIXED), one(), one())
    assert [measures.form(form)([]) for form in Form] == [25, 50, 25]


@pytest.mark.parametrize(
    ("speaker", "holder", "expected"),
    [
        ("The Granite Quay", ("Granite Quay", EntityKind.STATE), True),
        ("Tallow Street’s", ("foreign ministry", EntityKind.UNKNOWN), True),
        ("the Kremlin", ("Kremlin", EntityKind.OFFICE), True),
        ("Ørrevik", ("Tarn", EntityKind.STATE), True),
        ("Ørrevik", ("Orla Vint", EntityKind.PERSON), False),
        ("Ørrevik", ("Republic of Ørrevik", EntityKind.STATE), False),
        ("The Tarn Council", ("Tarn Council", EntityKind.INSTITUTION), False),
        ("It", ("Tarn Council", EntityKind.INSTITUTION), False),
        ("the ministry", ("Tarn Council", EntityKind.INSTITUTION), False),
        ("UTC", ("United Tarn Councils", EntityKind.INSTITUTION), False),
        ("the quay", ("harbour board", EntityKind.INSTITUTION), False),
    ],
)
def test_metonyms(said, speaker, holder, expected):
    measures = said(one(speaker=speaker, holder=holder), one(cue="said"))
    assert measures.metonyms([]) == 100 * expected


def test_attributions_are_of_annotated_texts(text):
    import reported

    (document, *_) = documents()
    annotated, plain = text(document.text, document=document), text("Nothing was said there.")
    expected = 100 * len(document.attributions) / annotated.words
    assert reported.attributions([annotated, plain]) == expected
    assert len(reported.said([annotated, plain])) == len(document.attributions)
    assert reported.attributions([plain]) is None


def test_a_figure_is_marked_as_it_is_shown():
    from targets import Target
    from texts import described, marked

    assert marked("10.0", Target(high=10)) == "10.0"
    assert marked("10.1", Target(high=10)) == "10.1 ✗"
    assert marked("2", Target(3, 4)) == "2 ✗"
    assert [marked(figure, Target(3, 4)) for figure in ("3", "4", "5")] == ["3", "4", "5 ✗"]
    assert marked("–", Target(3, 4)) == "–"
    assert marked("99", None) == "99"
    assert [described(one) for one in (None, Target(3, 3.5), Target(high=9), Target(18))] == ["", "3–3.5", "≤9", "≥18"]


def test_texts_of_a_folder_and_documents_side_by_side(script, tmp_path):
    jsonl.write(tmp_path / "made.jsonl", documents())
    (tmp_path / "new" / "deep").mkdir(parents=True)
    (tmp_path / "new" / "01-wire.txt").write_text("The council met on the river bank. It paid.\n", encoding="utf-8")
    (tmp_path / "new" / "deep" / "02-communique.txt").write_text("The parties shall meet.\n", encoding="utf-8")
    made = script(f"made={tmp_path / 'made.jsonl'}", f"new={tmp_path / 'new'}")
    assert (made.returncode, made.stderr) == (0, "")
    news = cells(made.stdout, "news")
    assert news["attributions per 100 words"][2] == "–"
    assert news["attributions per 100 words"][1] != "–"
    assert news["wire length, words"][::2] == ["350–700", "9 ✗"]
    assert cells(made.stdout, "communique")["formulae per 1,000 words"] == ["≥20", "–", "500.0"]
    assert cells(made.stdout, "texts")["new"][0] == "2"
    assert made.stdout == script(f"made={tmp_path / 'made.jsonl'}", f"new={tmp_path / 'new'}").stdout


def test_documents_without_attributions_are_not_annotated(script, tmp_path):
    emptied = {"attributions": (), "claims": (), "speakers": (), "cues": ()}
    jsonl.write(tmp_path / "bare.jsonl", [replace(one, **emptied) for one in documents()])
    news = cells(script(f"bare={tmp_path / 'bare.jsonl'}").stdout, "news")
    assert news["attributions per 100 words"] == ["3–3.5", "–"]


def test_every_row_of_the_plan_has_a_target_in_the_news_table(script, tmp_path):
    (tmp_path / "a.txt").write_text("Nothing.\n", encoding="utf-8")
    news = cells(script(f"a={tmp_path}").stdout, "news")
    assert [target for target, *_ in list(news.values())[2:]] == [
        *("6–9", "17–21", "33–40", "≤10", "≥18", "350–700", "", "3–3.5", "≥18", "≥30", "15–25", "63–73", "7–17"),
        *("≤2.5", "≤1.5", "≤14", "≤6", "8–18", ""),
    ]


@pytest.mark.parametrize(
    ("argument", "told"),
    [("new", "is not NAME=TEXTS"), ("=x", "is not NAME=TEXTS"), ("a=9.9.9:all", "no release '9.9.9'")],
)
def test_bad_arguments_are_told(script, argument, told):
    made = script(argument)
    assert (made.returncode, made.stdout) == (2, "")
    assert told in made.stderr
    assert "Traceback" not in made.stderr


def test_nothing_and_an_empty_folder_are_told(script, tmp_path):
    assert "nothing is named" in script().stderr
    assert "there are no texts" in script(f"a={tmp_path}").stderr
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    made = script(f"a={tmp_path}")
    assert made.returncode == 2
    assert "byte 3 is not UTF-8" in made.stderr


def test_the_figures_of_the_pilot_texts(script, tmp_path):
    pilot = [document for document in releases.load(release="0.1.0") if document.collection == "dispatches"]
    jsonl.write(tmp_path / "pilot.jsonl", pilot)
    found = cells(script(f"pilot={tmp_path / 'pilot.jsonl'}").stdout, "all")
    shown = [found[f"sentence length p{tenth}0"][1] for tenth in (1, 5, 9)]
    assert shown == ["4", "10", "25"]
    assert found["wire length, words"][1] == "267"


def test_the_figures_of_polnear(text, root):
    place = Path(os.environ.get("COMMUNIQUE_POLNEAR", root.parent / "shared" / "polnear"))
    if not place.is_dir():
        pytest.skip(f"PolNeAR is not at {place}; set COMMUNIQUE_POLNEAR to your copy")
    import register
    import reported

    found = polnear.read(place, parts=["dev"]).documents
    texts = [text(one.text, one.genre, one) for one in found]
    assert [round(register.percentile(tenth)(texts)) for tenth in (1, 5, 9)] == [6, 19, 36]
    assert round(reported.attributions(texts), 1) == 3.3
    assert [round(reported.form(form)(texts)) for form in Form] == [18, 69, 12]
    assert round(reported.said_alone(texts)) == 21
    assert round(register.snippets(texts), 1) == 5.5
