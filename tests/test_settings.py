"""What baselines can be told, and how they say what they cannot."""

import json

import msgspec
import pytest

import samples
from communique import baselines, jsonl, resources
from communique.baselines.settings import Settings, changes, read
from communique.problems import CommuniqueError

SET = [name for name in ("linear", "crf", "encoder", "llm") if name in baselines.known()]


@pytest.fixture
def few(tmp_path):
    path = tmp_path / "few.jsonl"
    jsonl.write(path, samples.documents())
    return path


def kind(name):
    return baselines.create(name).settings_type


@pytest.mark.parametrize("name", SET)
def test_what_is_packaged_is_whole_and_known(name):
    packaged = resources.packaged_settings(name)
    made = json.loads(msgspec.json.encode(read(kind(name), name)))
    assert {key: made[key] for key in packaged} == packaged
    assert read(kind(name), name) == read(kind(name), name, packaged)


@pytest.mark.parametrize("name", SET)
def test_every_key_is_held_to_its_type_and_named(name):
    for key in resources.packaged_settings(name):
        with pytest.raises(CommuniqueError, match=f"^{name}: setting `{key}"):
            baselines.create(name, {key: [[object()]]})
        with pytest.raises(CommuniqueError, match=f"^{name}: there is no setting `{key}x`; do you mean `{key}`"):
            baselines.create(name, {f"{key}x": 1})


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("crf", {"sed": 13}, "there is no setting `sed`; do you mean `seed`?"),
        ("crf", {"sead": 1}, "there is no setting `sead`; do you mean `seed`?"),
        ("crf", {"linker": {"c": 1}}, "there is no setting `linker.c`; do you mean `linker.C`?"),
        ("crf", {"linker": {"zz": 1}}, "there is no setting `linker.zz`; there are C"),
        ("crf", {"seed": "13"}, "setting `seed` cannot be '13': Expected `int`, got `str`"),
        ("crf", {"linker": {"C": 0}}, "setting `linker.C` cannot be 0: Expected `float` > 0.0"),
        ("crf", {"ample": {"spare": {"cuee": 1}}}, "there is no setting `ample.spare.cuee`; do you mean `ample.spare"),
        (
            "crf",
            {"ample": {"crfsuite": {"default": [{"share": 1.0}]}}},
            "setting `ample.crfsuite.default[1].seed` is missing; give it a whole number",
        ),
        (
            "crf",
            {"ample": {"crfsuite": {"cue": [{"shar": 1.0}]}}},
            "there is no setting `ample.crfsuite.cue[1].shar`; do you mean `ample.crfsuite.cue[1].share`?",
        ),
        ("linear", {"blocks": {"w": {"column": "claim"}}}, "setting `blocks.w.analyzer` is missing; give it a value"),
        ("linear", {"blocks": {}}, "setting `blocks` cannot be {}"),
        ("linear", {"signs": {"x": "("}}, "setting `signs.x` is no pattern"),
        ("linear", {"classifier": {"C": float("nan")}}, "setting `classifier.C` cannot be nan"),
        ("encoder", {"overlap": 400}, "an overlap of 400 leaves nothing of a window of 256"),
        ("llm", {"prices": {"input": 1}}, "setting `prices` cannot be {'input': 1}: Object missing required field"),
    ],
)
def test_what_is_wrong_is_one_sentence(name, parameters, told):
    with pytest.raises(CommuniqueError) as error:
        baselines.create(name, parameters)
    assert str(error.value).startswith(f"{name}: {told}")
    assert "\n" not in str(error.value)


def test_what_is_not_said_is_as_packaged():
    packaged = resources.packaged_settings("crf")
    made = baselines.create("crf", {"seed": 7, "linker": {"C": 2.5}}).parameters
    assert made["seed"] == 7
    assert made["linker"] == packaged["linker"] | {"C": 2.5}
    assert made["holders"] == packaged["holders"]


def test_a_table_of_free_names_is_taken_whole():
    blocks = resources.packaged_settings("linear")["blocks"]
    less = {name: block for name, block in blocks.items() if name != "cue"}
    assert sorted(baselines.create("linear", {"blocks": less}).settings.blocks) == sorted(less)


def test_one_key_changes_nothing_beside_it():
    packaged = resources.packaged_settings("linear")
    found = changes(kind("linear"), "linear", None, ["blocks.cue.weight=3", "seed=1", "seed = 2"])
    assert found["blocks"]["cue"] == packaged["blocks"]["cue"] | {"weight": 3}
    assert (found["seed"], found["signs"]) == (2, packaged["signs"])
    assert resources.packaged_settings("linear") == packaged


def test_a_file_and_single_changes_are_what_a_model_is_trained_with(tmp_path, run, few):
    (tmp_path / "mine.toml").write_text("seed = 7\nbalance = 0.5\n[classifier]\nC = 0.2\n")
    command = ["train", "linear", "-o", tmp_path / "m", "--data", few, "--config", tmp_path / "mine.toml"]
    assert run(*command, "--set", "balance=0.0", "--set", "blocks.cue.ngrams=[2, 3]")[0] == 0
    saved = json.loads((tmp_path / "m" / "model.json").read_text())["parameters"]
    assert (saved["seed"], saved["balance"]) == (7, 0.0)
    assert saved["classifier"] == {"C": 0.2, "class_weight": "balanced"}
    assert saved["blocks"]["cue"]["ngrams"] == [2, 3]
    assert saved["doubt"] == resources.packaged_settings("linear")["doubt"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--set", "seed"], "--set seed: is no change; write --set KEY=VALUE"),
        (["--set", "=3"], "--set =3: is no change; write --set KEY=VALUE"),
        (["--set", "linker..C=3"], "--set linker..C=3: is no change"),
        (["--set", "seed=auto"], "--set seed=auto: 'auto' is no value of TOML"),
        (["--set", "seed=1\nx = 2"], "is no value of TOML"),
        (["--set", "seed.x=1"], "setting `seed` cannot be {'x': 1}"),
        (["--config", "none.toml"], "none.toml: No such file"),
        (["--config", "broken.toml"], "broken.toml: is no TOML: "),
        (["--config", "latin.toml"], "latin.toml: is no TOML: "),
    ],
)
def test_changes_that_are_none_are_one_sentence_and_nothing_is_written(
    tmp_path, run, monkeypatch, few, arguments, told
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.toml").write_text("seed = \n")
    (tmp_path / "latin.toml").write_bytes(b"seed = '\xe9'\n")
    code, _, err = run("train", "linear", "-o", "m", "--data", few, *arguments)
    assert (code, err.count("\n"), told in err.replace("\\n", "\n")) == (2, 1, True), err
    assert not (tmp_path / "m").exists()


def test_what_has_no_settings_says_so(tmp_path, run, few):
    code, _, err = run("train", "majority", "-o", tmp_path / "m", "--data", few, "--set", "seed=1")
    assert (code, err) == (2, "communique: majority has no settings; leave out --config and --set\n")


def test_what_a_struct_asks_of_its_fields_together_is_told_with_its_place():
    class Pair(Settings, frozen=True, kw_only=True):
        low: int = 0
        high: int = 1

        def __post_init__(self):
            if self.low > self.high:
                raise ValueError("low is above high")

    class Both(Settings, frozen=True, kw_only=True):
        pair: Pair = Pair()

    assert read(Both, "nobody") == Both()
    with pytest.raises(CommuniqueError, match=r"^nobody: pair: low is above high"):
        read(Both, "nobody", {"pair": {"low": 3}})
