"""The Croissant file: what `mlcroissant` says of it, and what it reads by it."""

import json

import pytest

import samples
from communique.build.freeze import build
from communique.files import digest
from communique.problems import CommuniqueError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    place = tmp_path_factory.mktemp("croissant")
    seeds = samples.write_seeds(place / "seeds")
    (place / "corpus").mkdir()
    (place / "corpus/CHANGELOG.md").write_text("## 0.0.1 (2031-05-06)\n", encoding="utf-8")
    build(seeds, place / "corpus")
    return place / "corpus"


@pytest.fixture(scope="module")
def read(corpus):
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not here: the Croissant file is not read")
    return mlcroissant.Dataset(jsonld=str(corpus / "croissant.json"))


def plain(found):
    """Return a record with the last part of each name, and words as words."""
    if isinstance(found, dict):
        return {name.rsplit("/", 1)[-1]: plain(value) for name, value in found.items()}
    if isinstance(found, list):
        return [plain(one) for one in found]
    return found.decode() if isinstance(found, bytes) else found


def written(corpus, name):
    return [json.loads(line) for line in (corpus / "0.0.1" / name).read_text(encoding="utf-8").splitlines()]


def test_nothing_is_wrong_with_it(read):
    assert not read.metadata.issues.errors
    assert not read.metadata.issues.warnings
    assert [one.id for one in read.metadata.record_sets] == ["splits", "documents", "claims", "tokens", "annotators"]


def test_a_release_s_own_is_valid_too(corpus):
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not here: the Croissant file is not read")
    found = mlcroissant.Dataset(jsonld=str(corpus / "0.0.1" / "croissant.json"))
    assert len(list(found.records("claims"))) == 7


def test_claims_are_read_as_they_are_written(read, corpus):
    found = {row["id"]: row for row in map(plain, read.records("claims"))}
    for split in ("train", "dev", "test"):
        for row in written(corpus, f"claims/{split}.jsonl"):
            one = found[row["id"]]
            assert one.pop("split") == split
            day = one.pop("date")
            assert (day.date().isoformat() if day else None) == row.pop("date")
            assert one == row


def test_documents_are_read_but_for_lists_in_lists(read, corpus):
    (found,) = [row for row in map(plain, read.records("documents")) if row["id"] == "made/one"]
    (row,) = written(corpus, "train.jsonl")
    assert (found["split"], found["text"], found["provenance"]) == ("train", row["text"], row["provenance"])
    assert [one["entities"] for one in found["attributions"]] == [one["entities"] for one in row["attributions"]]
    assert [one["rhetoric"] for one in found["claims"]] == [one["rhetoric"] for one in row["claims"]]
    (told,) = [one for one in page(corpus)["recordSet"] if one["@id"] == "documents"]
    assert "left out here: entities.mentions, speakers.spans, cues.spans, claims.spans." in told["description"]


def test_annotators_are_told_by_name(read):
    assert {row["annotator"] for row in map(plain, read.records("annotators"))} == {"first", "second"}


def page(folder):
    return json.loads((folder / "croissant.json").read_text(encoding="utf-8"))


def test_files_are_named_from_where_it_lies_with_their_digests(corpus):
    for folder in (corpus, corpus / "0.0.1"):
        files = [one for one in page(folder)["distribution"] if one["@type"] == "cr:FileObject"]
        assert len(files) == 11
        assert all(digest(folder / one["contentUrl"]) == one["sha256"] for one in files)


def test_day_and_digest_stand_at_the_root_alone(corpus):
    assert page(corpus)["datePublished"] == "2031-05-06"
    assert digest(corpus / "0.0.1" / "MANIFEST.json") in page(corpus)["citeAs"]
    assert "datePublished" not in page(corpus / "0.0.1")


def test_a_file_of_somebody_else_is_not_replaced(tmp_path):
    seeds = samples.write_seeds(tmp_path / "seeds")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "croissant.json").write_text('{"mine": 1}', encoding="utf-8")
    with pytest.raises(CommuniqueError, match=r"croissant\.json"):
        build(seeds, tmp_path / "corpus")
    assert [path.name for path in (tmp_path / "corpus").iterdir()] == ["croissant.json"]
