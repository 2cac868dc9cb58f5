"""A corpus of one's own: begun, filled in, built, and told from the project's own wherever it is named."""

import json

import datasets
import msgspec
import pytest
import yaml

import samples
from communique import jsonl, releases
from communique.about import FIRST
from communique.build.freeze import build
from communique.build.start import start
from communique.catalog import CatalogEntry
from communique.features import LATER, front
from communique.files import digest
from communique.formats import brat, label_studio
from communique.labels import Split
from communique.records import Document
from communique.score.config import ScoreConfig, signature
from communique.validation import validate_documents, validate_paths
from communique.verification import verify

NAMES = {"one": "made/one", "two": "made/two", "three": "made/three"}


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "lock-news"
    folder.mkdir()
    for name, made in NAMES.items():
        (folder / f"{name}.txt").write_text(samples.SOURCES[made][0], encoding="utf-8")
    return folder


def annotated(seeds):
    """Annotate all texts of a folder that was begun, as the samples are."""
    for name, made in NAMES.items():
        layer = msgspec.structs.replace(samples.layer(made), id=f"lock-news/{name}")
        path = seeds / "annotations" / "gold" / f"{layer.id}.ann"
        path.write_text(brat.write(layer, samples.SOURCES[made][0]), encoding="utf-8")
    return seeds


def filled(seeds, **fields):
    splits = {"lock-news/one": "train", "lock-news/two": "dev", "lock-news/three": "test"}
    samples.write_plan(seeds, **{"name": "lock-news", "splits": splits, **fields})
    (seeds / "about.md").write_text("News.\n\n## Limits\n\nOne lock.\n", encoding="utf-8")
    return seeds


@pytest.fixture
def seeds(texts, tmp_path):
    start([str(texts)], tmp_path / "seeds")
    return filled(annotated(tmp_path / "seeds"))


def test_what_is_begun_assumes_nothing_and_says_what_to_fill_in(texts, tmp_path, run):
    code, out, _ = run("start", texts, "-o", tmp_path / "seeds", "--genre", "press-release")
    assert (code, "holds 3 texts" in out) == (0, True)
    entries = list(jsonl.read(tmp_path / "seeds/catalog.jsonl", CatalogEntry))
    assert [entry.id for entry in entries] == ["lock-news/one", "lock-news/three", "lock-news/two"]
    assert {(e.genre, e.origin, e.license, e.language, e.publisher) for e in entries} == {
        ("press-release", "collected", None, None, None)
    }
    annotated(tmp_path / "seeds")
    code, _, err = run("build", "--seeds", tmp_path / "seeds", "--corpus", tmp_path / "corpus")
    told = [line.split(": ")[1].split(" is ")[0] for line in err.splitlines()]
    parts = [f"{part}.{field}" for part in ("texts", "labels") for field in ("by", "who", "license")]
    assert (code, told[:-1]) == (1, ["name", "title", "language", "authors", *parts])
    assert "about.md: is not written" in err.splitlines()[-1]
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize("name", ["name", "title", "language", "authors", "texts", "labels", "version"])
def test_a_plan_that_leaves_something_out_is_refused(seeds, tmp_path, run, name):
    plan = json.loads((seeds / "release.json").read_text(encoding="utf-8"))
    for value in (None, " ", []):
        plan[name] = value
        (seeds / "release.json").write_text(json.dumps(plan), encoding="utf-8")
        code, _, err = run("build", "--seeds", seeds, "--corpus", tmp_path / "corpus")
        assert (code, "release-unfilled" in err) == (1, True)
    assert not (tmp_path / "corpus").exists()


def test_start_writes_over_nothing(texts, tmp_path, run):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/mine.txt").write_text("mine")
    code, _, err = run("start", texts, "-o", tmp_path / "seeds")
    assert (code, "name a new folder" in err) == (2, True)
    assert [path.name for path in (tmp_path / "seeds").iterdir()] == ["mine.txt"]


def test_texts_are_stored_and_all_that_are_none_are_told(texts, tmp_path, run):
    (texts / "one.txt").write_bytes(b"\xef\xbb\xbfcafe\xcc\x81\r\nsaid so.\r\n")
    code, out, _ = run("start", f"{texts}/o*.txt", "-o", tmp_path / "seeds", "--collection", "mine")
    assert (code, "holds 1 texts in stored form; 1 of them were not" in out) == (0, True)
    assert (tmp_path / "seeds/mine/one.txt").read_bytes() == "café\nsaid so.\n".encode()
    (texts / "two.txt").write_bytes(b" \n")
    (texts / "three.txt").write_bytes(b"caf\xe9")
    code, _, err = run("start", texts, "-o", tmp_path / "other")
    assert (code, "two.txt" in err, "three.txt" in err) == (1, True, True)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "no .txt file"),
        (["page.pdf"], "is no .txt file"),
        (["lock-news", "--collection", "annotations"], "name them by --collection"),
        (["lock-news", "lock-news/one.txt"], "is given twice"),
    ],
)
def test_what_cannot_be_begun_is_misuse(texts, tmp_path, run, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.pdf").write_text("no text")
    code, _, err = run("start", *arguments, "-o", "seeds")
    assert (code, told in err) == (2, True)
    assert not (tmp_path / "seeds").exists()


def test_a_corpus_is_told_by_its_own_name_everywhere(seeds, tmp_path, run):
    folder, _ = build(seeds, tmp_path / "corpus")
    assert (validate_paths([tmp_path / "corpus"]), verify(folder)) == ([], [])
    manifest = releases.manifest(folder)
    assert (manifest.name, manifest.about.labels.by, manifest.about.authors[0]) == ("lock-news", "both", "Ada Lock")
    card = (tmp_path / "corpus/README.md").read_text(encoding="utf-8")
    yaml_, page = card.removeprefix("---\n").split("---\n", 1)
    front_ = yaml.safe_load(yaml_)
    assert (front_["pretty_name"], front_["license"], front_["tags"]) == ("lock-news", "cc-by-4.0", ["locks"])
    assert page.strip().startswith("# lock-news 0.0.1: news of the locks\n\nNews.\n\n## Load\n")
    assert "| texts | by people | two reporters | CC-BY-4.0 |" in page
    assert page.index("## Whose") < page.index("## Limits\n\nOne lock.") < page.index("## Digests")
    run("predict", "rules", f"{folder}:test", "-o", tmp_path / "mine.jsonl")
    code, out, _ = run("evaluate", f"{folder}:test", tmp_path / "mine.jsonl", "--task", "spans", "--json")
    result = json.loads(out)
    assert (code, result["gold"]) == (0, "lock-news@0.0.1:test")
    assert all(s["signature"].startswith("lock-news|v:0.0.1|collection:lock-news|") for s in result["scores"])
    for page in (card, run("cite", folder)[1], run("cite", folder, "--format", "cff")[1]):
        assert "communique maintainers" not in page
        assert "Machine-written" not in page


def test_licences_that_differ_are_never_one(seeds, tmp_path, run):
    made = {"by": "person", "who": "a paper", "license": "LicenseRef-paper"}
    folder, _ = build(filled(seeds, texts=made), tmp_path / "corpus")
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "license: other\nlicense_name: licenseref-paper-and-cc-by-4.0\n" in card
    assert {document.provenance.license for document in releases.load(release=str(folder))} == {"LicenseRef-paper"}
    cited = yaml.safe_load(run("cite", folder, "--format", "cff")[1])
    assert ("license" in cited, cited["abstract"]) == (False, "Data: texts LicenseRef-paper, labels CC-BY-4.0.")
    assert "Data: texts LicenseRef-paper, labels CC-BY-4.0.\n" in run("cite", folder)[1]


def test_the_package_s_digests_are_of_its_own_corpus_alone(seeds, tmp_path):
    """A release 0.1.0 of another corpus is no forgery of the project's."""
    folder, _ = build(filled(seeds, version="0.1.0"), tmp_path / "corpus")
    assert verify(folder) == []


def test_one_corpus_is_not_built_into_another_s_folder(seeds, tmp_path, run):
    build(seeds, tmp_path / "corpus")
    code, _, err = run("build", "--seeds", filled(seeds, name="other"), "--corpus", tmp_path / "corpus")
    assert (code, "README.md" in err) == (2, True)


@pytest.mark.parametrize(
    ("splits", "name", "told"),
    [
        ({"lock-news/tow": "dev"}, "split-unknown", "nearest is 'lock-news/two'"),
        ({"lock-news/two": "dev"}, "split-empty", "no text is in test"),
        ({f"lock-news/{name}": "dev" for name in NAMES}, "split-empty", "no text is in train"),
    ],
)
def test_splits_name_what_there_is_and_are_not_empty(seeds, tmp_path, run, splits, name, told):
    code, out, err = run("build", "--seeds", filled(seeds, splits=splits), "--corpus", tmp_path / "corpus")
    assert (code, name in out + err, told in out + err) == (1, True, True)


def test_an_id_goes_before_its_storyline_which_stays_in_one_split(seeds, tmp_path, run):
    catalog = seeds / "catalog.jsonl"
    catalog.write_text(catalog.read_text().replace('"storyline":null', '"storyline":"lock"'))
    splits = {"lock": "train", "lock-news/two": "dev", "lock-news/three": "test"}
    code, out, err = run("build", "--seeds", filled(seeds, splits=splits), "--corpus", tmp_path / "corpus")
    assert (code, "storyline-split" in out + err) == (1, True)


def test_real_news_may_share_states_and_words_between_splits(seeds, tmp_path, run):
    quoted = (seeds / "lock-news/one.txt").read_text(encoding="utf-8")
    for name in ("two", "three"):
        path = seeds / f"lock-news/{name}.txt"
        path.write_text(f"{quoted}{name}\n", encoding="utf-8")
        ann = seeds / f"annotations/gold/lock-news/{name}"
        ann.with_suffix(".txt").write_bytes(path.read_bytes())
        ann.with_suffix(".ann").write_bytes((ann.parent / "one.ann").read_bytes())
    refreshed(seeds)
    folder, _ = build(seeds, tmp_path / "corpus")
    assert validate_paths([folder]) == []
    parts = {split: releases.load(split, str(folder)) for split in Split}
    told = {p.id for p in validate_documents({s: composed(members) for s, members in parts.items()}, {})}
    assert told == {"words-shared"}
    parts = {split: composed(members) for split, members in parts.items()}
    assert "entity-leak" in {p.id for p in validate_documents({str(s): m for s, m in parts.items()}, parts)}


def composed(documents):
    """Return documents as if they were written for the corpus."""
    origins = (msgspec.structs.replace(d.provenance, origin="composed") for d in documents)
    return [msgspec.structs.replace(d, provenance=p) for d, p in zip(documents, origins, strict=True)]


def refreshed(seeds):
    """Catalogue the texts as they are now."""
    entries = list(jsonl.read(seeds / "catalog.jsonl", CatalogEntry))
    jsonl.write(
        seeds / "catalog.jsonl",
        (msgspec.structs.replace(entry, sha256=digest(seeds / f"{entry.id}.txt")) for entry in entries),
    )


def test_texts_that_nobody_annotated_are_told_when_built(seeds, tmp_path, run):
    (seeds / "annotations/gold/lock-news/two.ann").write_text("")
    code, _, err = run("build", "--seeds", seeds, "--corpus", tmp_path / "corpus")
    assert (code, "1 of 3 texts have no attribution, lock-news/two for one" in err) == (0, True)


def test_label_studio_s_tasks_come_back_as_gold(texts, tmp_path, run):
    start([str(texts)], tmp_path / "seeds")
    path = tmp_path / "seeds/label-studio/tasks.json"
    tasks = json.loads(path.read_text(encoding="utf-8"))
    assert all("annotations" not in task for task in tasks)
    for task in tasks:
        (made,) = [m for m in SOURCES if samples.SOURCES[m][0] == task["data"]["text"]]
        task["annotations"] = label_studio.writing.task(samples.document(made))["annotations"]
    exported = tmp_path / "export.json"
    exported.write_text(json.dumps(tasks), encoding="utf-8")
    assert run("import", "label-studio", exported, "-o", tmp_path / "labelled.jsonl")[0] == 0
    assert run("export", "brat", tmp_path / "labelled.jsonl", "-o", tmp_path / "seeds/annotations/gold")[0] == 0
    folder, _ = build(filled(tmp_path / "seeds"), tmp_path / "corpus")
    assert [len(d.claims) for d in releases.load(release=str(folder))] == [4, 1, 2]


SOURCES = tuple(samples.SOURCES)


def test_labels_that_came_later_are_declared_where_data_have_them(seeds, tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    build(seeds, tmp_path / "corpus")
    loaded = datasets.load_dataset(str(tmp_path / "corpus"), split="test")
    assert loaded.features["genre"].names[-1] == "other"
    origin = loaded.features["provenance"]["origin"]
    assert origin.int2str(loaded[0]["provenance"]["origin"]) == "collected"
    paths = {name: {"train": "train.jsonl"} for name in ("documents", "claims", "tokens")}
    assert "press-release" in front("0.0.1", paths)
    assert not any(name in front("0.0.1", paths, used=set()) for name in LATER)


def test_signatures_of_collections_and_of_the_own_corpus_stay(root):
    for version, begins in (
        ("0.1.0", "communique|v:0.1.0|"),
        ("none", "communique|v:none|"),
        ("polnear@606fba09eb88", "communique|v:polnear@606fba09eb88|"),
        ("lock-news@0.1.0", "lock-news|v:0.1.0|"),
    ):
        sign = signature(ScoreConfig(), version=version, collection="x", split="dev", task="spans")
        assert sign.startswith(begins)
    assert releases.manifest(root / "corpus/0.1.0").about is None
    assert releases.label(releases.manifest(root / "corpus/0.1.0")) == "0.1.0"
    assert (FIRST.texts.license, FIRST.labels.license) == ("CC-BY-4.0", "CC-BY-4.0")


def test_a_bench_without_two_annotators_has_no_row_of_people(seeds, tmp_path):
    from communique.report.bench import systems

    folder, _ = build(seeds, tmp_path / "corpus")
    assert "annotators" not in systems(str(folder))
    assert "annotators" in systems("newest")


def test_documents_are_those_of_the_samples(seeds, tmp_path):
    folder, _ = build(seeds, tmp_path / "corpus")
    documents = list(jsonl.read(folder / "train.jsonl", Document))
    assert [claim.rhetoric for claim in documents[0].claims] == [c.rhetoric for c in samples.document().claims]
    assert (documents[0].language, documents[0].provenance.license) == ("en", "CC-BY-4.0")
