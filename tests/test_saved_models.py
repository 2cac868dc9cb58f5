"""A saved model is whole: its files, the version that wrote it, what it reads of the package."""

import json
import shutil

import pytest

import samples
from communique import __version__, baselines, resources
from communique.baselines import Source
from communique.baselines.linear import Linear
from communique.problems import CommuniqueError


@pytest.fixture
def saved(tmp_path):
    baselines.save(baselines.create("linear").fit(samples.documents()), tmp_path / "m")
    return tmp_path / "m"


def card(folder):
    return json.loads((folder / "model.json").read_text())


def rewrite(folder, **fields):
    (folder / "model.json").write_text(json.dumps(card(folder) | fields))


def test_a_card_names_all_files_and_what_is_read_of_the_package(saved):
    found = card(saved)
    assert (found["name"], found["version"], found["revision"]) == ("linear", __version__, Linear.revision)
    assert found["resources"] == {"rules/config.toml": resources.digest("rules/config.toml")}
    assert list(found["files"]) == ["weights.skops"]
    assert baselines.load(saved).predict([Source(id="t", text="He said no.\n")])


@pytest.mark.parametrize("name", baselines.NAMES)
def test_every_model_says_what_it_reads(tmp_path, name):
    model = baselines.create(name)
    known = set(type(model).resources)
    assert known == ({"rules/config.toml", "crf/classes.toml"} if name == "crf" else {"rules/config.toml"})
    for resource in known:
        assert len(resources.digest(resource)) == 64


def test_a_digest_is_of_what_a_file_says(tmp_path, monkeypatch):
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path)
    digests = []
    for said in ("a = 1\nb = 'é'\n", "# note\nb = 'é'\na  = 1\n", "a = 2\nb = 'é'\n"):
        (tmp_path / "rules" / "config.toml").write_text(said, encoding="utf-8")
        digests.append(resources.digest("rules/config.toml"))
    assert digests[0] == digests[1] != digests[2]


def test_another_lexicon_is_told(saved, monkeypatch):
    monkeypatch.setattr(resources, "digest", lambda name: "0" * 64)
    told = f"trained with another baselines/rules/config.toml than that of this communique, {__version__}: train it"
    with pytest.raises(CommuniqueError, match=told):
        baselines.load(saved)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"version": "99.0.0"}, f"was written by communique 99.0.0 .*this is {__version__} .*or install communique 99"),
        ({"version": "?"}, r"was written by communique \? .*: train it again$"),
        ({"revision": 77}, r"\(revision 77\), this is .*: train it again$"),
        (
            {"version": "0.0.1", "revision": 0},
            r"\(revision 0\), this is .*: train it again, or install communique 0\.0",
        ),
        ({"resources": {"rules/other.toml": "0"}}, "trained with another baselines/rules/other.toml"),
    ],
)
def test_a_model_of_another_version_is_told_who_wrote_it_and_what_to_do(saved, run, fields, told):
    rewrite(saved, **fields)
    with pytest.raises(CommuniqueError, match=told):
        baselines.load(saved)
    code, _, err = run("predict", saved, "newest:dev")
    assert (code, err.count("\n")) == (2, 1)


def test_a_model_of_an_older_version_and_the_same_revision_is_read(saved):
    rewrite(saved, version="0.0.1")
    assert baselines.load(saved)


def test_a_missing_file_is_named(saved):
    (saved / "weights.skops").unlink()
    with pytest.raises(CommuniqueError, match=r"weights\.skops is missing from its linear model; copy all of the"):
        baselines.load(saved)


def test_another_file_in_the_place_of_one_is_named(saved):
    (saved / "weights.skops").write_bytes(b"other")
    with pytest.raises(CommuniqueError, match=r"weights\.skops is not what linear wrote"):
        baselines.load(saved)


def test_foreign_files_are_told_and_not_read(saved, run, tmp_path, caplog):
    (saved / "notes.txt").write_text("mine")
    (saved / ".hidden").write_text("of a file manager")
    (tmp_path / "t.txt").write_text("He said no.\n")
    code, out, _ = run("predict", saved, tmp_path / "t.txt")
    assert (code, out.count("\n")) == (0, 1)
    assert "notes.txt is no part of its linear model, and not read" in caplog.text
    assert ".hidden" not in caplog.text


def test_a_model_of_a_card_alone_has_no_other_files(tmp_path, caplog):
    baselines.save(baselines.create("rules"), tmp_path / "m")
    assert card(tmp_path / "m")["files"] == {}
    (tmp_path / "m" / "x").write_text("mine")
    assert baselines.load(tmp_path / "m")
    assert "x is no part of its rules model" in caplog.text


def test_files_in_folders_count(tmp_path):
    model = baselines.create("crf", {"enough": 10**9, "clusters": [8]}).fit(samples.documents())
    baselines.save(model, tmp_path / "m")
    assert {"types/model.json", "types/weights.skops", "weights.npz"} <= set(card(tmp_path / "m")["files"])
    shutil.rmtree(tmp_path / "m" / "types")
    with pytest.raises(CommuniqueError, match=r"types/model\.json, types/weights\.skops are missing"):
        baselines.load(tmp_path / "m")
