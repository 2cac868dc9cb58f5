"""Folders take their place whole; nothing in them that communique did not write is lost."""

import msgspec
import pytest

import samples
from communique import baselines
from communique.baselines.linear import Linear
from communique.baselines.rules import Rules
from communique.folders import LEDGER, replacing_folder
from communique.formats import cas, huggingface
from communique.formats.brat import folder as brat
from communique.problems import CommuniqueError


def held(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def put(target, files, **options):
    with replacing_folder(target, **options) as stage:
        for name, words in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_text(words)


def test_a_folder_that_fails_leaves_the_old_one_and_nothing_beside(tmp_path):
    put(tmp_path / "out", {"a": "1", "b/c": "2"})
    before = held(tmp_path)
    for target in ("out", "new"):
        with pytest.raises(RuntimeError), replacing_folder(tmp_path / target) as stage:
            (stage / "a").write_text("new")
            raise RuntimeError
    assert held(tmp_path) == before
    assert not (tmp_path / "new").exists()


def test_what_stands_there_stays_and_what_was_changed_is_not_replaced(tmp_path):
    put(tmp_path, {"a": "1", "b/c": "2"})
    (tmp_path / "mine").write_text("mine")
    put(tmp_path, {"a": "3", "d": "4"})
    assert {name: words for name, words in held(tmp_path).items() if name != LEDGER} == {
        "a": b"3",
        "b/c": b"2",
        "d": b"4",
        "mine": b"mine",
    }
    (tmp_path / "a").write_text("edited")
    for files, name in (({"a": "5", "b/c": "5"}, "a"), ({"mine": "5", "d": "5"}, "mine")):
        with pytest.raises(CommuniqueError, match=f"holds {name}, not written .* --force"):
            put(tmp_path, files)
    assert held(tmp_path)["d"] == b"4", "nothing is half-written"
    put(tmp_path, {"a": "5", "mine": "5"}, force=True)
    assert (held(tmp_path)["a"], held(tmp_path)["mine"]) == (b"5", b"5")


def test_a_folder_that_is_one_thing_keeps_no_part_of_an_older_one(tmp_path):
    target = tmp_path / "model"
    put(target, {"card": "1", "types/a": "1", "b": "1"}, commit="card")
    put(target, {"card": "2", "b": "2"}, commit="card")
    assert set(held(target)) == {"card", "b", LEDGER}
    assert not (target / "types").exists()
    (target / "notes").write_text("mine")
    with pytest.raises(CommuniqueError, match="holds notes"):
        put(target, {"card": "3"}, commit="card")
    put(target, {"card": "3"}, commit="card", force=True)
    assert set(held(target)) == {"card", "notes", LEDGER}


def test_links_in_a_folder_lead_nothing_out_of_it(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "secret")
    with pytest.raises(CommuniqueError, match="by a link"):
        put(tmp_path / "out", {"sub/a": "1"}, force=True)
    (tmp_path / "out" / LEDGER).write_bytes(msgspec.json.encode({"../secret/b": "0", "sub/b": "0"}))
    (tmp_path / "secret" / "b").write_text("mine")
    put(tmp_path / "out", {"card": "1"}, commit="card", force=True)
    assert held(tmp_path / "secret") == {"b": b"mine"}


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(CommuniqueError, match="is not a folder"):
        put(tmp_path / "out", {"a": "1"})
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("module", [brat, cas, huggingface], ids=["brat", "cas", "huggingface"])
def test_exports_replace_their_own_files_and_no_others(tmp_path, module):
    module.write(samples.documents(), tmp_path)
    first = held(tmp_path)
    module.write(samples.documents(), tmp_path)
    assert held(tmp_path) == first
    edited = sorted(set(first) - {LEDGER})[-1]
    (tmp_path / edited).write_bytes(b"my annotation")
    with pytest.raises(CommuniqueError, match="changed since"):
        module.write(samples.documents(), tmp_path)
    assert held(tmp_path) == {**first, edited: b"my annotation"}
    module.write(samples.documents(), tmp_path, force=True)
    assert held(tmp_path) == first


@pytest.mark.parametrize("ids", [("a", "A"), ("é", "e\u0301"), ("a", "a.ann/b"), ("a", "a")])
def test_exports_refuse_ids_that_would_be_one_file(tmp_path, ids):
    items = [msgspec.structs.replace(samples.document(), id=name) for name in ids]
    with pytest.raises(CommuniqueError):
        brat.write(items, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_model_never_mixes_with_an_older_one(tmp_path):
    folder, gold = tmp_path / "model", samples.documents()
    baselines.save(Linear().fit(gold), folder)
    first = held(folder)
    baselines.save(Linear().fit(gold), folder)
    assert held(folder) == first, "the same weights are the same bytes"
    baselines.save(Rules(), folder)
    assert set(held(folder)) == {"model.json", LEDGER}
    with pytest.raises(CommuniqueError, match="holds a model"):
        Rules().save(folder)
    (folder / "notes").write_text("mine")
    with pytest.raises(CommuniqueError, match="holds notes"):
        baselines.save(Rules(), folder)


def test_training_asks_before_it_learns(tmp_path, run, monkeypatch):
    (tmp_path / "notes").write_text("mine")
    monkeypatch.setattr(Rules, "fit", lambda *_: pytest.fail("learned in vain"))
    code, _, err = run("train", "rules", "-o", tmp_path)
    assert (code, "holds notes" in err) == (2, True)
