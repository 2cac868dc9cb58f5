"""What is broken is told and ends with 1; what the environment says is never told."""

import json
import shutil

import pytest

from communique import resources
from communique.report import doctor
from communique.report.doctor import State


@pytest.fixture
def corpus(root, tmp_path, monkeypatch):
    """Let a corpus of one release stand in the place of the package's."""
    shutil.copytree(root / "corpus" / "0.1.0", tmp_path / "corpus" / "0.1.0")
    shutil.copy(root / "corpus" / "DIGESTS", tmp_path / "corpus")
    there = resources.folder
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / name if name == "corpus" else there(name))
    for name in doctor.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "corpus"


def test_an_installation_that_is_whole_ends_with_0(corpus, run):
    code, out, err = run("doctor", "--json")
    found = {(one["about"], one["name"]): one for one in json.loads(out)["checks"]}
    assert (code, json.loads(out)["broken"], err) == (0, 0, "")
    assert found["release", "0.1.0"]["told"].startswith("intact: ")
    assert found["version", "msgspec"]["state"] == "ok"
    assert found["checkpoint", "encoder"]["state"] == "absent"
    assert ("pages", "documentation") in found
    assert {name for about, name in found if about == "extra"} >= {"cas", "encoder", "llm", "spacy"}
    code, out, _ = run("doctor")
    assert (code, out.splitlines()[-1]) == (0, "nothing is broken")


def test_a_changed_file_and_a_folder_without_checkpoint_are_broken(corpus, run, monkeypatch, tmp_path):
    (corpus / "0.1.0" / "README.md").write_text("changed")
    monkeypatch.setenv("COMMUNIQUE_ENCODER", str(tmp_path))
    code, out, _ = run("doctor")
    assert code == 1
    assert "1 problems; see communique verify 0.1.0" in out
    assert "has no config.json, no tokenizer.json, no *.safetensors" in out
    assert "2 of " in out.splitlines()[-1]


def test_values_of_variables_are_never_told(corpus, run, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-secret-key")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://secret.example")
    for arguments in (["doctor"], ["doctor", "--json"]):
        out = run(*arguments)[1]
        assert "secret" not in out
        assert "OPENAI_API_KEY" in out


def test_libraries_that_are_missing_or_too_old_are_told_with_the_mend(monkeypatch):
    versions = {"rich": "1.0"}

    def version(name):
        if name not in versions:
            raise doctor.metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(doctor.metadata, "version", version)
    monkeypatch.setattr(doctor, "_requires", lambda: ["rich>=13", "msgspec>=0.20", 'ray>=2; extra == "ray"'])
    told = {one.name: (one.state, one.told) for one in doctor._versions()}
    assert told["rich"] == (State.BROKEN, "1.0, but >=13 is needed; install communique again")
    assert told["msgspec"] == (State.BROKEN, "not installed; install communique again")
    extras = {one.name: (one.state, one.told) for one in doctor._extras()}
    assert extras["ray"] == (State.ABSENT, "ray: not installed; pip install 'communique[ray]'")
