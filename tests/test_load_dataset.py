"""What `datasets.load_dataset` makes of a release: every trap that was measured has a test here."""

import datetime
import json

import datasets
import pytest

import communique
import samples
from communique.build.freeze import build
from communique.labels import Rhetoric


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)


@pytest.fixture
def corpus(tmp_path):
    build(samples.write_seeds(tmp_path / "seeds"), tmp_path / "corpus")
    return tmp_path / "corpus"


def plain(example):
    """Return a loaded example with labels, dates and offsets as the JSON has them."""
    return json.loads(json.dumps(example, default=lambda value: value.isoformat()))


@pytest.mark.parametrize("folder", ["", "0.0.1"])
@pytest.mark.parametrize("streaming", [False, True])
def test_documents_come_back_whole(corpus, folder, streaming):
    loaded = datasets.load_dataset(str(corpus / folder), split="train", streaming=streaming)
    example = next(iter(loaded))
    written = json.loads((corpus / "0.0.1" / "train.jsonl").read_text(encoding="utf-8"))
    for name in ("id", "text", "storyline", "title"):
        assert example[name] == written[name]
    for name in ("speakers", "cues"):
        assert plain(example[name]) == written[name]
    assert [claim["spans"] for claim in example["claims"]] == [claim["spans"] for claim in written["claims"]]
    assert [entity["mentions"] for entity in example["entities"]] == [e["mentions"] for e in written["entities"]]
    assert [claim["attribution"] for claim in example["claims"]] == [c["attribution"] for c in written["claims"]]
    assert [item["parent"] for item in example["attributions"]] == [None, None, "c2", None]


@pytest.mark.parametrize("streaming", [False, True])
def test_dates_stay_dates(corpus, streaming):
    loaded = datasets.load_dataset(str(corpus), streaming=streaming)
    assert next(iter(loaded["train"]))["date"] == datetime.date(2031, 4, 1)
    assert next(iter(loaded["dev"]))["date"] is None


def test_labels_are_class_labels_with_the_names_of_the_taxonomy(corpus):
    claims = datasets.load_dataset(str(corpus), "claims")
    label = claims["train"].features["label"]
    assert label.names == [str(name) for name in Rhetoric]
    names = ["threat", "assertion", "commitment", "denial"]
    assert [label.int2str(row["label"]) for row in claims["train"]] == claims["train"]["rhetoric"][:] == names
    assert claims["train"][0]["also"] is None
    assert claims["train"].features["also"].int2str(claims["train"][3]["also"]) == "accusation"
    nested = datasets.load_dataset(str(corpus), split="train").features["claims"].feature["rhetoric"]
    assert nested.names == label.names
    assert {name: len(part) for name, part in claims.items()} == {"train": 4, "dev": 1, "test": 2}


def test_tokens_are_ready_for_tagging(corpus):
    rows = datasets.load_dataset(str(corpus), "tokens", split="train")
    tag = rows.features["claim"].feature
    assert tag.names == ["O", "B-claim", "I-claim"]
    row = rows[1]
    assert len(row["tokens"]) == len(row["claim"]) == len(row["starts"])
    tagged = [(word, tag.int2str(i)) for word, i in zip(row["tokens"], row["claim"], strict=True)]
    assert ("“", "B-claim") in tagged


def test_two_releases_in_a_row_are_never_mixed_up(tmp_path):
    seeds = samples.write_seeds(tmp_path / "seeds", "0.0.1")
    build(seeds, tmp_path / "corpus")
    first = datasets.load_dataset(str(tmp_path / "corpus"), "claims", split="train")
    ann = seeds / "annotations" / "gold" / "made" / "one.ann"
    ann.write_text(
        ann.read_text(encoding="utf-8").replace("Rhetoric T7 threat", "Rhetoric T7 warning"), encoding="utf-8"
    )
    (seeds / "release.json").write_text((seeds / "release.json").read_text().replace("0.0.1", "0.0.2"))
    build(seeds, tmp_path / "corpus")
    newest = datasets.load_dataset(str(tmp_path / "corpus"), "claims", split="train")
    one, other = (
        datasets.load_dataset(str(tmp_path / "corpus" / name), "claims", split="train") for name in ("0.0.1", "0.0.2")
    )
    names = [rows.features["label"].int2str(rows[0]["label"]) for rows in (first, newest, one, other)]
    assert names == ["threat", "warning", "threat", "warning"]
    assert len(newest) == 4, "releases under one root are not concatenated"


def test_annotators_and_manifest_are_not_read_as_data(corpus):
    loaded = datasets.load_dataset(str(corpus / "0.0.1"))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 1, "dev": 1, "test": 1}


def test_a_split_without_a_single_claim_keeps_its_columns(tmp_path):
    """Without declared columns an empty first batch would be cast to null and fail on the next."""
    seeds = samples.write_seeds(tmp_path / "seeds")
    (seeds / "annotations" / "gold" / "made" / "two.ann").write_text("")
    build(seeds, tmp_path / "corpus")
    nested = datasets.load_dataset(str(tmp_path / "corpus"))
    assert nested["dev"][0]["claims"] == []
    assert nested["dev"].features == nested["train"].features
    assert len(datasets.concatenate_datasets([nested["dev"], nested["train"]])) == 2


def test_stray_files_beside_a_release_are_not_read_as_data(corpus):
    (corpus / "stray.jsonl").write_text('{"other": 1}\n')
    (corpus / "train-notes.json").write_text("[1, 2]")
    assert {name: len(rows) for name, rows in datasets.load_dataset(str(corpus)).items()} == {
        "train": 1,
        "dev": 1,
        "test": 1,
    }


def test_revision_means_nothing_for_a_folder_and_verify_tells_what_was_read(corpus, run):
    loaded = datasets.load_dataset(str(corpus), split="train", revision="0.0.9")
    assert len(loaded) == 1
    assert run("verify", corpus / "0.0.1")[0] == 0
    with (corpus / "0.0.1" / "train.jsonl").open("r+b") as file:
        file.seek(10)
        file.write(b"X")
    code, out, _ = run("verify", corpus / "0.0.1")
    assert (code, "file-changed" in out) == (1, True)


def test_digests_are_no_data(corpus):
    assert (corpus / "DIGESTS").is_file()
    loaded = datasets.load_dataset(str(corpus))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 1, "dev": 1, "test": 1}


def test_configurations_are_listed_and_the_first_is_the_default(corpus):
    assert datasets.get_dataset_config_names(str(corpus)) == ["documents", "claims", "tokens", "annotators"]
    assert "entities" in datasets.load_dataset(str(corpus), split="test").column_names


def test_release_and_options_are_handed_on(corpus):
    rows = communique.load_dataset("documents", "train", release=str(corpus / "0.0.1"), streaming=True)
    assert isinstance(rows, datasets.IterableDataset)
    written = json.loads((corpus / "0.0.1" / "train.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert next(iter(rows))["id"] == written["id"]


def test_the_package_loads_the_newest_release_typed_and_as_a_dataset():
    documents = communique.load("test")
    rows = communique.load_dataset("claims", "test")
    assert len(rows) == sum(len(document.claims) for document in documents)
    assert rows[0]["document"] == documents[0].id
    with pytest.raises(communique.CommuniqueError, match="no split 'tset'"):
        communique.load("tset")
    with pytest.raises(communique.CommuniqueError, match=r"no release '9\.9\.9'"):
        communique.load(release="9.9.9")


def test_the_committed_corpus_loads_as_the_readme_says(root):
    loaded = datasets.load_dataset(str(root / "corpus"))
    version = communique.releases_listed()[-1]
    for name, rows in loaded.items():
        assert len(rows) == len(communique.load(name, version))
    assert datasets.load_dataset(str(root / "corpus"), split="train")[0]["claims"]
