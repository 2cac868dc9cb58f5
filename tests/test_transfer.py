"""`benchmarks/transfer.py`: who learns from what, the arithmetic of repeated folds, its tables, its errors."""

import msgspec
import pytest

import samples
import test_gum
from communique import formats, jsonl, layers
from communique.baselines import create, without_types
from communique.baselines.base import Source
from communique.formats import gum, unsc
from communique.records import Prediction
from communique.report.tables import headline
from communique.score.config import ScoreConfig
from communique.score.evaluate import as_prediction, evaluate
from test_collections import describe, part, typed_of
from test_people import rows_of
from test_polnear import PLAIN, TEXT

replace = msgspec.structs.replace
clone_of_gum = test_gum.folder


@pytest.fixture(autouse=True)
def benchmarks(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))


@pytest.fixture
def release():
    from across.parts import Composed, Part

    return Composed([samples.document("made/one")], Part([samples.document("made/two")], "0.0.0", "test"))


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "layers").mkdir()
    return tmp_path / "layers"


# Holders


def made(number):
    """Return documents of no storyline, of which none has the text of another."""
    names = [("made/one", "made/two")[n % 2] for n in range(number)]
    return [
        replace(d, id=f"t{n}", storyline=None, text=f"{d.text}Day {n}.\n")
        for n, d in enumerate(map(samples.document, names))
    ]


def test_every_text_is_answered_by_what_others_taught(monkeypatch):
    from across import holders

    seen = []
    monkeypatch.setattr(holders, "learnt", lambda documents: [document.text for document in documents])
    monkeypatch.setattr(holders, "resolved", lambda asked, taught: seen.append((asked, taught)) or asked)
    documents, more = made(12), samples.document("made/one")
    divisions = holders.copies(documents)
    answered = [document.id for document in holders.crossed(divisions, [more])]
    assert sorted(answered) == sorted(document.id for some in divisions for document in some)
    assert len(seen) == holders.FOLDS * holders.DIVISIONS
    for asked, taught in seen:
        assert sorted([document.text for document in asked] + taught) == sorted(
            [more.text, *(document.text for document in documents)]
        )
    folds = [frozenset(document.text for document in asked) for asked, _ in seen]
    assert len({frozenset(folds[at : at + holders.FOLDS]) for at in range(0, len(folds), holders.FOLDS)}) > 1


def answered(documents):
    """Return the documents but those of every third text."""
    return [document for document in documents if int(document.text.split()[-1].rstrip(".")) % 3]


def test_copies_of_texts_change_neither_figure_nor_interval_nor_count():
    from across import holders
    from across.parts import Part

    documents = made(12)
    copied = [document for some in holders.copies(documents) for document in some]
    once, often = (
        holders.scored(part, "rules", holders.resolved(answered(part.documents), holders.Ranker()))
        for part in (Part(documents, "x", "y"), Part(copied, "x", "y"))
    )
    one, other = (headline(found, *holders.FIGURES["holder"]) for found in (once, often))
    assert 0 < one.low < one.value < one.high < 1
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))
    table = [list(holders.rows(Part(some, "x", "y"), [found])) for some, found in ((documents, once), (copied, often))]
    assert table[0] == table[1]
    assert table[0][0][:3] == ["x:y (12)", "holder", str(one.gold)]


def test_holders_of_gum(clone_of_gum, release, shelf, monkeypatch, capsys):
    from across import holders

    taught = []
    monkeypatch.setattr(holders, "learnt", lambda some: taught.append({d.id for d in some}) or holders.Ranker())
    clone = clone_of_gum()
    clone_of_gum(test_gum.conllu().replace("Lock", "Weir"), name="GUM_speech_weir")
    found = gum.read(clone).documents
    folder = describe(shelf / "gum", "gum", "types", "gum", {"dev": part(2, sum(len(d.claims) for d in found))})
    jsonl.write(folder / "dev.jsonl", map(typed_of, found))
    holders.on_gum(clone, release, shelf)
    real, composed = {document.id for document in found}, {"made/one"}
    assert (taught[0], taught[-2:]) == (composed, [real, real | composed])
    assert sum("made/one" in some for some in taught[1:-2]) == len(taught[1:-2]) / 2, "half learn from both"
    table, apart = rows_of(capsys.readouterr().out).values()
    assert table[0][3:] == ["rules", "composed", "real", "both"]
    said = {len(document.attributions) for document in found}
    counted = {row[0]: int(row[2]) for row in table if row[1] == "holder"}
    assert len(said) == 1
    assert counted == {
        "gum:news (1)": min(said),
        "gum:news, interviews (1)": min(said),
        "gum:all genres (2)": 2 * min(said),
        "0.0.0:test (1)": len(release.test.documents[0].attributions),
    }
    pairs = [row[2:4] for row in apart if row[0] == "gum:news (1)"]
    assert pairs == [["rules", "composed"], ["rules", "real"], ["real", "both"]]


# Spans


class Taught:
    """Answers as gold where it was taught, nothing where it was not."""

    def __init__(self, gold, log):
        self.gold, self.log, self.taught = gold, log, False

    def fit(self, documents):
        self.log.append([document.id for document in documents])
        self.taught = True
        return self

    def predict(self, sources):
        return [as_prediction(self.gold[s.id]) if self.taught else Prediction(id=s.id) for s in sources]


@pytest.fixture
def articles(tmp_path, shelf):
    """Return a clone of four articles for training and one of dev, with layers."""
    for split, words in (("train", ("mayor", "baker", "miner", "piper")), ("dev", ("guard",))):
        for word in words:
            for name, text in (
                (f"text/{word}.txt", TEXT.replace("mayor", word)),
                (f"attributions/{word}_a.ann", PLAIN),
            ):
                (tmp_path / "clone" / split / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / "clone" / split / name).write_text(text, encoding="utf-8")
    folder = describe(
        shelf / "polnear", "polnear", "types", "polnear", {"train": part(4, 4, "train"), "dev": part(1, 1, "dev")}
    )
    for split in ("train", "dev"):
        read = formats.polnear.read(tmp_path / "clone", parts=[split]).documents
        jsonl.write(folder / f"{split}.jsonl", map(typed_of, read))
    return tmp_path / "clone"


def test_crf_learns_from_composed_texts_from_chosen_articles_and_from_both(
    articles, release, shelf, monkeypatch, capsys
):
    from across import spans

    train, dev = (formats.polnear.read(articles, parts=[split]).documents for split in ("train", "dev"))
    gold, log = {d.id: d for d in (*dev, *release.test.documents)}, []
    monkeypatch.setattr(spans, "create", lambda name: Taught(gold, log))
    spans.on_polnear(articles, release, shelf, slice(1, 3))
    ordered = [d.id for d in sorted(train, key=lambda d: layers.digest(d.text))]
    assert log == [["made/one"], ordered[1:3], ["made/one", *ordered[1:3]]]
    table, apart = rows_of(capsys.readouterr().out).values()
    told = {tuple(row[:2]): [cell.split(" ")[0] for cell in row[2:]] for row in table[1:]}
    for name in ("polnear:dev (1)", "0.0.0:test (1)"):
        assert told[name, "rules"] == ["0.0"] * 5
        assert told[name, "crf, composed (1)"] == told[name, "crf, real (2)"] == told[name, "crf, both (3)"]
        assert told[name, "crf, real (2)"] == ["100.0"] * 5
    assert ["crf, real (2)", "crf, both (3)", "+0.0"] in [row[2:5] for row in apart]
    assert {row[0] for row in apart[1:]} == {"polnear:dev (1)"}
    assert "–" not in [row[4] for row in apart], "what cannot be compared is left out"


def test_each_stratum_is_added_to_real_articles_where_a_release_says_how_texts_were_asked_for():
    from across.parts import Composed, Part, added

    plain, rare, told, plainer = (
        replace(document, stratum=name)
        for document, name in zip(made(4), ("natural", "enriched", "literary", None), strict=True)
    )
    real = [samples.document("made/three")]
    release = Composed([told, rare, plain, plainer], Part([], "0.0.0", "test"))
    assert added(release, real) == {
        "real": real,
        "both": [told, rare, plain, plainer, *real],
        "real + natural, enriched": [rare, plain, *real],
        "real + literary": [told, *real],
    }
    assert list(added(release._replace(train=[plainer]), real)) == ["real", "both"]


# Types of news


def test_linear_learns_types_of_news_from_each_set(articles, release, shelf, monkeypatch, capsys):
    from across import news

    log = []

    def logged(name):
        model = create("rules")
        monkeypatch.setattr(model, "fit", lambda documents: log.append((name, len(documents))) or model)
        return model

    monkeypatch.setattr(news, "create", logged)
    release = release._replace(train=[replace(document, stratum="literary") for document in release.train])
    news.on_news(articles, release, shelf, slice(1, 3))
    assert log == [("linear", number) for number in (1, 1, 2, 3, 3, 4, 5, 5)]
    table, apart = rows_of(capsys.readouterr().out).values()
    learnt = ["composed (1)", "literary (1)"]
    learnt += [f"{name} ({more + number})" for number in (2, 4) for name, more in ADDED.items()]
    systems = ["rules", *(f"linear, {name}" for name in learnt)]
    assert [row[:2] for row in table[1:]] == [[t, s] for t in ("polnear:dev (1)", "0.0.0:test (1)") for s in systems]
    asked = [Source(id=d.id, text=d.text, layer=without_types(d)) for d in release.test.documents]
    expected = evaluate(release.test.documents, create("rules").predict(asked), ScoreConfig(tasks=("rhetoric",)))
    value = headline(expected, "rhetoric", "claim", "accuracy").value
    assert table[len(systems) + 1][2] == f"{100 * value:.1f} (–)"
    pairs = [tuple(row[2:4]) for row in apart[1:] if row[1].startswith("accuracy")]
    assert pairs == [
        *(("rules", f"linear, {name}") for name in learnt[:2]),
        *(("linear, real (2)", f"linear, {name}") for name in learnt[3:5]),
        *(("linear, real (4)", f"linear, {name}") for name in learnt[6:]),
    ]


ADDED = {"real": 0, "both": 1, "real + literary": 1}


# Speeches


def test_linear_learns_from_composed_texts_from_speeches_and_from_both(tmp_path, release, shelf, capsys):
    from across.speeches import on_unsc

    place = tmp_path / "clone" / "Corpora" / "Raw" / "Preproc_Text" / "one"
    place.mkdir(parents=True)
    folder = describe(shelf / "unsc", "unsc", "standoff", "unsc", {"train": part(1, 4), "test": part(1, 1)})
    for split, name, made_of in (("train", "Tarn", "made/one"), ("test", "Ivel", "made/two")):
        document = replace(samples.document(made_of), id=f"UNSC_2031_SPV.1_spch002_{name}", collection="unsc")
        (place / f"{document.id}.txt").write_text(document.text, encoding="utf-8")
        jsonl.write(folder / f"{split}.jsonl", [layers.dehydrate(document)])
    assert len(unsc.read(tmp_path / "clone").documents) == 2
    on_unsc(tmp_path / "clone", release, shelf)
    (table,) = rows_of(capsys.readouterr().out).values()
    systems = ["floor", "rules", "linear, composed (1)", "linear, real (1)", "linear, both (2)"]
    assert [row[:2] for row in table[1:]] == [[t, s] for t in ("unsc:test (1)", "0.0.0:test (1)") for s in systems]
    asked = [Source(id=d.id, text=d.text, layer=without_types(d)) for d in release.test.documents]
    expected = evaluate(release.test.documents, create("rules").predict(asked), ScoreConfig(tasks=("rhetoric",)))
    value = headline(expected, "rhetoric", "claim", "accuracy").value
    assert table[7][5] == f"{100 * value:.1f} (–)"


# The command


def test_what_is_missing_is_said(capsys):
    from transfer import main

    main([])
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.rpartition(" give ")[2] for line in err.splitlines()] == [
        "--gum CLONE",
        "--unsc CLONE",
        "--polnear CLONE",
    ]


def test_a_clone_of_other_texts_is_told_in_one_sentence(articles, shelf, capsys):
    from transfer import main

    path = articles / "dev" / "text" / "guard.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("guard", "thief"), encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["--polnear", str(articles), "--layers", str(shelf)])
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (2, "")
    assert "guard" in err.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("--articles", "0"), ("--skip", "-1")])
def test_nothing_to_learn_from_is_misuse(arguments, capsys):
    from transfer import main

    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "--articles is 1 or more" in capsys.readouterr().err
