"""Collections whose texts are the user's clone: joined, hydrated, signed, and refused where a text is another."""

import json
import shutil
from pathlib import Path

import datasets
import msgspec
import pytest

import communique
import samples
from communique import collection, formats, hydrated, jsonl, layers, releases, typed
from communique.collection import ABOUT
from communique.labels import Rhetoric
from communique.problems import CommuniqueError, DataError
from communique.score.evaluate import as_prediction
from communique.validation import validate_paths
from test_polnear import PLAIN, TEXT, at, bound

TWO = (
    PLAIN + bound(5, "Content", at("thinks so too")) + bound(6, "Cue", at("thinks")) + "E2\tAttribution:T6 Content:T5\n"
)
SPEECH = "UNSC_2031_SPV.1_spch002_Tarn"


def clone_of_articles(folder: Path, first: str = TEXT) -> Path:
    """Write a folder as PolNeAR's repository: an article for training, two of which one has a claim that is no act."""
    for split, stem, text, ann in (
        ("train", "outlet_one", TEXT, PLAIN),
        ("dev", "outlet_two", first, TWO),
        ("dev", "outlet_three", TEXT.replace("mayor", "baker"), PLAIN),
    ):
        for name, words in ((f"text/{stem}.txt", text), (f"attributions/{stem}_ab12.ann", ann)):
            path = folder / split / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(words, encoding="utf-8")
    return folder


def clone_of_speeches(folder: Path, text: str = samples.SECOND_TEXT) -> Path:
    place = folder / "Corpora" / "Raw" / "Preproc_Text" / "one" / f"{SPEECH}.txt"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return folder


def typed_of(document, rhetoric=Rhetoric.THREAT):
    """Return a layer in which the first claim has a type and the others perform no act."""
    no_act = typed.TypedClaim(id="", rhetoric=None, reason="no-act", also=None, conditional=False, negated=False)
    claims = [msgspec.structs.replace(no_act, id=claim.id) for claim in document.claims]
    claims[0] = msgspec.structs.replace(claims[0], rhetoric=rhetoric, reason=None)
    return typed.layer(document, claims)


def describe(folder: Path, name: str, kind: str, form: str, splits: dict, **changes) -> Path:
    told = {
        "schema": "v1",
        "name": name,
        "title": f"Made-up {name}",
        "theirs": "claims",
        "ours": "types",
        "layer": kind,
        "repository": "tarn/ivel",
        "commit": "abc1234",
        "format": form,
        "licenses": {"texts": "none", "annotation": "none", "layer": "CC-BY-4.0"},
        "cite": ["Nobody: Nothing."],
        "limits": None,
        "tasks": ["spans", "rhetoric"] if kind == "types" else ["full"],
        "splits": splits,
        **changes,
    }
    folder.mkdir(exist_ok=True)
    (folder / ABOUT).write_text(json.dumps(told), encoding="utf-8")
    return folder


def part(documents: int, claims: int, *parts: str) -> dict:
    return {"documents": documents, "claims": claims, "annotators": 1, "adjudicated": False, "parts": parts}


@pytest.fixture
def articles(tmp_path):
    """Return a collection of types, and the clone it was made of."""
    clone = clone_of_articles(tmp_path / "clone")
    folder = describe(
        tmp_path / "shelf", "ivel", "types", "polnear", {"train": part(1, 1, "train"), "dev": part(2, 3, "dev")}
    )
    for split in ("train", "dev"):
        documents = formats.polnear.read(clone, parts=[split]).documents
        jsonl.write(folder / f"{split}.jsonl", map(typed_of, documents))
    return folder, clone


@pytest.fixture
def speeches(tmp_path):
    """Return a collection of standoff layers, and the clone it was made of."""
    clone = clone_of_speeches(tmp_path / "speeches")
    folder = describe(tmp_path / "stand", "weir", "standoff", "unsc", {"test": part(1, 1)})
    document = msgspec.structs.replace(samples.document("made/two"), id=SPEECH, collection="unsc")
    jsonl.write(folder / "test.jsonl", [layers.dehydrate(document)])
    return folder, clone


@pytest.fixture
def hydrated_articles(articles, tmp_path, run):
    assert run("hydrate", *articles, "-o", tmp_path / "out")[0] == 0
    return tmp_path / "out"


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


# What is packaged


def test_what_is_described_is_there(root):
    found = collection.listed()
    assert {"gum", "polnear", "unsc"} <= {one.about.name for one in found}
    for one in found:
        assert one.folder.name == one.about.name
        assert {path.stem for path in one.folder.glob("*.jsonl")} == set(one.about.splits)
        for split, said in one.about.splits.items():
            assert validate_paths([one.layer(split)]) == []
            kind = typed.TypesLayer if one.about.layer == "types" else layers.Layer
            lines = list(jsonl.read(one.layer(split), kind))
            assert (len(lines), sum(len(line.claims) for line in lines)) == (said.documents, said.claims)
            if kind is typed.TypesLayer:
                assert {line.annotators for line in lines} == {said.annotators + said.adjudicated}


def test_the_command_lists_what_is_shipped_and_what_is_cloned(run):
    code, out, _ = run("collections")
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    release = releases.listed()[-1]
    claims = releases.manifest(releases.find()).counts["train"]["dispatches"]
    assert f"dispatches train all shipped in {release} {claims['documents']} {claims['claims']}" in lines
    assert "gum dev types, 2 annotators, adjudicated clone amir-zeldes/gum at 72ce5ac1 38 367" in lines
    assert "polnear train types, 1 annotator clone networkdynamics/PolNeAR 125 2829" in lines
    told = json.loads(run("collections", "--json")[1])
    assert [one["name"] for one in told["cloned"]] == [one.about.name for one in collection.listed()]


# Joining


def test_types_are_joined_with_the_claims_of_a_clone(articles):
    folder, clone = articles
    dev = communique.load("dev", collection=str(folder), texts=clone)
    assert [d.id for d in dev] == [line.id for line in jsonl.read(folder / "dev.jsonl", typed.TypesLayer)]
    assert [[claim.rhetoric for claim in d.claims] for d in dev] == [["threat"], ["threat", None]]
    assert dev[1].claims[0].spans[0].text == "no way, ever"
    assert communique.load(collection=str(folder), texts=clone)[1:] == dev


def test_standoff_layers_are_joined_with_the_texts_of_a_clone(speeches):
    folder, clone = speeches
    (document,) = communique.load("test", collection=str(folder), texts=str(clone))
    assert (document.id, document.claims[0].rhetoric, document.claims[0].spans[0].text) == (SPEECH, "appeal", "to wait")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"collection": "polnear"}, "by collection= and texts="),
        ({"texts": "."}, "by collection= and texts="),
        ({"collection": "polnear", "texts": ".", "release": "0.1.0"}, "without a release"),
        ({"collection": "nothing", "texts": "."}, "there is no collection 'nothing'; one of gum, polnear"),
        ({"collection": "gum", "texts": ".", "split": "train"}, "gum has no split 'train'; it has dev"),
        ({"collection": "gum", "texts": "nowhere"}, "nowhere: there is no such folder; clone amir-zeldes/gum"),
    ],
)
def test_misuse_of_load(arguments, told):
    with pytest.raises(CommuniqueError, match=told):
        communique.load(**arguments)


def change(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new, 1), encoding="utf-8")


MEND = "clone tarn/ivel from GitHub and check out commit abc1234"
BAD = {
    "a byte": (lambda s, c: change(c / "dev/text/outlet_two.txt", "ever", "evex"), "outlet_two: sha256 of the text is"),
    "a text": (lambda s, c: (c / "dev/text/outlet_two.txt").unlink(), "outlet_two: is not in this folder"),
    "an annotation": (lambda s, c: (c / "dev/attributions/outlet_two_ab12.ann").unlink(), "is not in this folder"),
    "bytes": (lambda s, c: (c / "dev/text/outlet_two.txt").write_bytes(b"\xff"), "outlet_two: cannot be read: byte"),
    "a place": (
        lambda s, c: change(c / "dev/attributions/outlet_two_ab12.ann", "\tContent 17 ", "\tContent 20 "),
        "outlet_two: sha256 of the claims' places is",
    ),
    "a claim": (
        lambda s, c: change(c / "dev/attributions/outlet_two_ab12.ann", "E2\t", "E9\t"),
        "outlet_two: claim 'E2' is only in the layer",
    ),
    "another commit": (
        lambda s, c: [change(path, "no way", "no  way") for path in sorted(c.glob("dev/text/*.txt"))],
        "and 1 more of 2 texts differ or are missing",
    ),
}


@pytest.mark.parametrize("output", ["out", "out.jsonl"])
@pytest.mark.parametrize("name", BAD)
def test_a_clone_that_differs_is_told_in_one_sentence_and_nothing_is_written(articles, tmp_path, run, name, output):
    spoil, told = BAD[name]
    spoil(*articles)
    code, out, err = run("hydrate", *articles, "--split", "dev", "-o", tmp_path / output)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert told in err
    assert MEND in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clone", "shelf"]
    with pytest.raises(DataError):
        communique.load("dev", collection=str(articles[0]), texts=articles[1])


def test_without_a_known_commit_the_texts_are_told_by_their_hash(articles):
    folder, clone = articles
    change(folder / ABOUT, '"abc1234"', "null")
    change(clone / "dev/text/outlet_two.txt", "ever", "evex")
    line = next(line for line in jsonl.read(folder / "dev.jsonl", typed.TypesLayer) if line.id == "outlet_two")
    with pytest.raises(DataError, match=f"{line.sha256}; clone tarn/ivel from GitHub and take the texts as they are"):
        communique.load("dev", collection=str(folder), texts=clone)


def test_a_speech_that_differs_is_refused(speeches):
    folder, clone = speeches
    clone_of_speeches(clone, samples.SECOND_TEXT.replace("weir", "wier"))
    with pytest.raises(DataError, match=f"{SPEECH}: sha256 is .*; {MEND}"):
        communique.load("test", collection=str(folder), texts=clone)


@pytest.mark.parametrize(
    ("spoil", "code", "told"),
    [
        (lambda s: change(s / ABOUT, '"v1"', '"v2"'), 1, "is of schema 'v2', this communique reads v1; install"),
        (lambda s: change(s / ABOUT, '"title"', '"titel"'), 1, "collection.json:1: "),
        (lambda s: change(s / ABOUT, '"documents": 2', '"documents": 3'), 1, "holds 2 texts with 3 claims"),
        (lambda s: change(s / "dev.jsonl", '"spans"', '"places"'), 1, "dev.jsonl:1: "),
        (lambda s: shutil.copy(s / "train.jsonl", s / "dev.jsonl"), 1, "holds 1 texts with 1 claims"),
        (lambda s: (s / "dev.jsonl").unlink(), 2, "dev.jsonl: No such file"),
        (lambda s: change(s / ABOUT, '"polnear"', '"polnaer"'), 2, "there is no format 'polnaer'"),
    ],
)
def test_a_layer_that_cannot_be_used_is_told_in_one_sentence(articles, tmp_path, run, spoil, code, told):
    spoil(articles[0])
    got, _, err = run("hydrate", *articles, "-o", tmp_path / "out")
    assert (got, len(err.splitlines()), told in err) == (code, 1, True), err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clone", "shelf"]


def test_a_standoff_layer_with_a_line_twice_is_refused(speeches):
    folder, clone = speeches
    line = (folder / "test.jsonl").read_text(encoding="utf-8")
    (folder / "test.jsonl").write_text(line * 2, encoding="utf-8")
    with pytest.raises(DataError, match=r"test\.jsonl:2: .*stands on an earlier line"):
        communique.load("test", collection=str(folder), texts=clone)


def test_misuse_of_hydrate(articles, tmp_path, run):
    folder, clone = articles
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes").write_text("my notes")
    before = (tmp_path / "mine" / "notes").read_text()
    for arguments, told in (
        ((folder, clone, "-o", tmp_path / "x.jsonl"), "can hold one of train, dev; choose with --split"),
        ((folder, clone, "-o", tmp_path / "mine"), "holds notes, not written by communique"),
        ((folder, clone, "-o", clone), "is read, so it cannot be written"),
        ((folder, tmp_path / "nowhere", "-o", tmp_path / "x"), "there is no such folder"),
        (
            (folder, tmp_path / "mine", "-o", tmp_path / "x"),
            "there are no parts; clone tarn/ivel",
        ),
        ((folder, clone, "-o", tmp_path / "x", "--split", "test"), "has no split 'test'; it has train, dev"),
        ((folder / "dev.jsonl", clone, "-o", tmp_path / "x.jsonl"), "name the collection instead"),
        (("nothing", clone, "-o", tmp_path / "x"), "there is no collection 'nothing'"),
    ):
        code, _, err = run("hydrate", *arguments)
        assert (code, told in err) == (2, True), err
    assert (tmp_path / "mine" / "notes").read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clone", "mine", "shelf"]


def test_a_collection_without_a_layer_says_so(articles):
    folder = describe(articles[0].parent / "new", "new", "types", "polnear", {})
    with pytest.raises(CommuniqueError, match="new has no layer yet"):
        communique.load(collection=str(folder), texts=articles[1])


# Hydrated


def test_a_hydrated_folder_is_read_as_a_release_is(articles, hydrated_articles, run):
    for split in ("train", "dev"):
        joined = communique.load(split, collection=str(articles[0]), texts=articles[1])
        assert communique.load(split, str(hydrated_articles)) == joined
    assert len(communique.load(release=str(hydrated_articles))) == 3
    assert validate_paths([hydrated_articles]) == []
    assert run("stats", f"{hydrated_articles}:all")[0] == 0
    with pytest.raises(CommuniqueError, match="has no split 'test'; it has train, dev"):
        communique.load("test", str(hydrated_articles))


def test_hydrating_again_gives_the_same_bytes(articles, hydrated_articles, run):
    before = {path.name: path.read_bytes() for path in hydrated_articles.rglob("*") if path.is_file()}
    assert run("hydrate", *articles, "-o", hydrated_articles)[0] == 0
    assert {path.name: path.read_bytes() for path in hydrated_articles.rglob("*") if path.is_file()} == before


def test_a_split_may_be_one_file(articles, tmp_path, run):
    assert run("hydrate", *articles, "--split", "dev", "-o", tmp_path / "dev.jsonl")[0] == 0
    (found, *_) = releases.part(str(tmp_path / "dev.jsonl"))
    assert found == communique.load("dev", collection=str(articles[0]), texts=articles[1])


def test_a_score_says_which_layer_it_was_scored_on(articles, hydrated_articles, tmp_path, run):
    dev = communique.load("dev", str(hydrated_articles))
    jsonl.write(tmp_path / "gold.jsonl", map(as_prediction, dev))
    digest = hydrated.digest(articles[0] / "dev.jsonl")[:12]
    expected = f"communique|v:ivel@{digest}|collection:polnear|split:dev|task:rhetoric|match:identity"
    code, out, _ = run("evaluate", f"{hydrated_articles}:dev", tmp_path / "gold.jsonl", "--task", "rhetoric")
    assert (code, expected in out) == (0, True)
    scores = communique.evaluate(f"{hydrated_articles}:dev", dev).scores
    assert all(score.signature.startswith(f"communique|v:ivel@{digest}|") for score in scores)


def test_a_hydrated_file_that_was_changed_is_no_longer_that_layer(hydrated_articles):
    change(hydrated_articles / "dev.jsonl", '"threat"', '"demand"')
    with pytest.raises(DataError, match="file-changed"):
        releases.part(f"{hydrated_articles}:dev")
    assert [problem.id for problem in validate_paths([hydrated_articles])] == ["file-changed"]
    assert releases.part(f"{hydrated_articles}:train")[2] == "train"
    (hydrated_articles / "train.jsonl").unlink()
    with pytest.raises(DataError, match="file-missing"):
        releases.part(f"{hydrated_articles}:train")


@pytest.mark.usefixtures("own_cache")
@pytest.mark.parametrize("streaming", [False, True])
def test_datasets_reads_a_hydrated_folder(hydrated_articles, streaming):
    loaded = datasets.load_dataset(str(hydrated_articles), streaming=streaming)
    assert list(loaded) == ["train", "dev"]
    names = loaded["dev"].features["claims"].feature["rhetoric"]
    said = [[claim["rhetoric"] for claim in row["claims"]] for row in loaded["dev"]]
    assert said == [[names.str2int("threat")], [names.str2int("threat"), None]]
    rows = list(communique.load_dataset("claims", "dev", str(hydrated_articles), streaming=streaming))
    assert [row["text"] for row in rows] == ["no way, ever", "no way, ever", "thinks so too"]
    assert list(communique.load_dataset("tokens", "dev", str(hydrated_articles), streaming=streaming))


@pytest.mark.usefixtures("own_cache")
def test_two_layers_in_a_row_are_never_mixed_up(articles, hydrated_articles, tmp_path, run):
    first = datasets.load_dataset(str(hydrated_articles), "claims", split="dev")
    documents = formats.polnear.read(articles[1], parts=["dev"]).documents
    jsonl.write(articles[0] / "dev.jsonl", (typed_of(document, Rhetoric.DEMAND) for document in documents))
    assert run("hydrate", *articles, "-o", hydrated_articles)[0] == 0
    second = datasets.load_dataset(str(hydrated_articles), "claims", split="dev")
    told = [rows.features["label"].int2str(rows[0]["label"]) for rows in (first, second)]
    assert told == ["threat", "demand"]


def test_the_card_says_whose_what_is(hydrated_articles):
    card = (hydrated_articles / "README.md").read_text(encoding="utf-8")
    assert "| dev | 2 | 3 | 3 | 1 | 1 |" in card
    assert "clone of tarn/ivel" in card
    assert "pass on the labels, not this folder" in card


# The board


def test_real_rows_stand_on_the_board(articles, tmp_path, run):
    option = f"{articles[0]}={articles[1]}"
    code, out, _ = run("bench", "--only", "floor", "--with", option, "-o", tmp_path / "board")
    digest = hydrated.digest(articles[0] / "dev.jsonl")[:12]
    path = tmp_path / "board" / "floor" / "results" / f"ivel@{digest}" / "dev.json"
    result = json.loads(path.read_text(encoding="utf-8"))
    assert (code, result["system"], result["gold"]) == (0, "floor", f"ivel@{digest}:dev")
    assert {score["task"] for score in result["scores"]} == {"spans", "rhetoric"}
    assert f"ivel@{digest}:dev" in out
    assert not path.with_name("train.json").exists()


def test_what_learns_is_trained_on_real_text_as_well(articles, speeches, monkeypatch):
    from communique.report import real

    seen: list[set[str]] = []
    monkeypatch.setattr(real, "LEARNING", ("majority",))
    model = real.baselines.create("majority")
    monkeypatch.setattr(
        real.baselines, "create", lambda _: type("Seen", (), {"tasks": model.tasks, "fit": fit, "predict": predict})()
    )

    def fit(self, documents):
        seen.append({document.collection for document in documents})
        model.fit(documents)
        return self

    def predict(self, sources):
        return model.predict(sources)

    given = [real.joined(f"{folder}={clone}") for folder, clone in (articles, speeches)]
    results = real.run("majority", "newest", given)
    told = [(result.system, result.gold.partition("@")[0]) for result in results]
    assert told == [("majority", "ivel"), ("majority", "weir"), ("majority-ivel", "ivel")], (
        "weir is not scored on rhetoric"
    )
    assert "polnear" not in seen[0]
    assert seen[1] == {"polnear"}


def test_two_annotators_are_a_row_where_their_layers_are(articles):
    from communique.report import real

    given = [real.joined(f"{articles[0]}={articles[1]}")]
    assert real.run("annotators", "newest", given) == []
    for number, rhetoric in ((1, Rhetoric.THREAT), (2, Rhetoric.DEMAND)):
        documents = formats.polnear.read(articles[1], parts=["dev"]).documents
        path = articles[0] / "annotators" / f"annotator-{number}" / "dev.jsonl"
        jsonl.write(path, (typed_of(document, rhetoric) for document in documents))
    (result,) = real.run("annotators", "newest", given)
    assert result.confusion == {"threat": {"demand": 2}}
    assert {score.task for score in result.scores} == {"rhetoric"}


def test_predictions_of_a_hydrated_collection_are_a_row(hydrated_articles, tmp_path, run):
    dev = communique.load("dev", str(hydrated_articles))
    jsonl.write(tmp_path / "p.jsonl", map(as_prediction, dev))
    given = ("bench", "--predictions", f"mine={tmp_path / 'p.jsonl'}", "-o", tmp_path / "board")
    assert run(*given, "--release", hydrated_articles)[0] == 0
    assert len(list((tmp_path / "board" / "mine" / "results").glob("ivel@*/dev.json"))) == 1
    jsonl.write(tmp_path / "p.jsonl", map(as_prediction, communique.load("train", str(hydrated_articles))))
    code, _, err = run(*given, "--release", hydrated_articles)
    assert (code, "predicts no part of" in err) == (2, True)
    code, _, err = run("bench", "--only", "rules", "--release", hydrated_articles, "-o", tmp_path / "b")
    assert (code, "is no release; score on a real collection with --with" in err) == (2, True)


@pytest.mark.parametrize("option", ["polnear", "=x", "polnear=", "nothing=."])
def test_misuse_of_with(option, run, tmp_path):
    code, _, err = run("bench", "--with", option, "-o", tmp_path / "board")
    assert (code, "COLLECTION=CLONE" in err or "there is no collection" in err) == (2, True)
    assert not (tmp_path / "board").exists()
