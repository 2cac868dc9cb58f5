"""Whatever is changed in a release is told, from inside by its manifest and from outside by its digest."""

import json
import os
import shutil
from pathlib import Path

import msgspec
import pytest
import yaml

import samples
from communique import jsonl, releases, resources
from communique.build.freeze import build
from communique.digests import DIGESTS, published
from communique.files import digest
from communique.problems import CommuniqueError, DataError
from communique.records import VERSION, Document
from communique.releases import MANIFEST, Manifest
from communique.verification import verify


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("built")
    return build(samples.write_seeds(home / "seeds"), home / "corpus")[0]


@pytest.fixture
def release(built, tmp_path):
    """A release without anything beside it."""
    return shutil.copytree(built, tmp_path / "corpus" / built.name)


@pytest.fixture
def corpus(built, tmp_path):
    return shutil.copytree(built.parent, tmp_path / "whole")


def told(folder, against=None):
    return [(problem.id, Path(os.path.relpath(problem.file, folder)).as_posix()) for problem in verify(folder, against)]


def rewrite(folder, change):
    """Change the manifest of a release in place."""
    path = folder / MANIFEST
    plain = json.loads(path.read_text(encoding="utf-8"))
    change(plain)
    path.write_text(json.dumps(plain), encoding="utf-8")


def forge(folder, name, content):
    """Change a file and its line in the manifest, so that both agree."""
    (folder / name).write_bytes(content)

    def change(plain):
        entry = next(entry for entry in plain["files"] if entry["path"] == name)
        entry |= {"bytes": len(content), "sha256": digest(folder / name)}

    rewrite(folder, change)


def test_what_was_built_is_intact(corpus, release):
    assert told(corpus / release.name) == []
    assert told(release, digest(release / MANIFEST)) == []


def test_a_file_that_is_a_link_is_told_though_its_bytes_are_the_same(release, tmp_path):
    for name in ("train.jsonl", MANIFEST, "claims/dev.jsonl"):
        (release / name).rename(tmp_path / "aside")
        (release / name).symlink_to(tmp_path / "aside")
        assert told(release) == [("link-present", name)]
        (release / name).unlink()
        (tmp_path / "aside").rename(release / name)


def test_a_folder_that_is_a_link_is_told_and_not_followed(release, tmp_path):
    (release / "claims").rename(tmp_path / "aside")
    (release / "claims").symlink_to(tmp_path / "aside", target_is_directory=True)
    missing = [("file-missing", f"claims/{split}.jsonl") for split in ("dev", "test", "train")]
    assert told(release) == [("link-present", "claims"), *missing]


def test_a_link_that_leads_to_its_own_folder_ends(release):
    (release / "claims" / "again").symlink_to(release, target_is_directory=True)
    (release / "nowhere").symlink_to("nothing")
    assert told(release) == [("link-present", "claims/again"), ("link-present", "nowhere")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
@pytest.mark.parametrize("name", ["train.jsonl", "tokens/pipe"])
def test_a_pipe_is_told_and_not_opened(release, name):
    (release / name).unlink(missing_ok=True)
    os.mkfifo(release / name)
    assert told(release) == [("file-special", name)]


def test_empty_folders_are_told(release):
    (release / "claims" / "old" / "older").mkdir(parents=True)
    (release / "train.jsonl").unlink()
    (release / "train.jsonl").mkdir()
    assert told(release) == [("folder-empty", "claims/old/older"), ("folder-empty", "train.jsonl")]


def test_a_thousand_folders_in_each_other_are_walked(release):
    deepest = release
    for _ in range(1000):
        deepest /= "a"
        deepest.mkdir()
    found = told(release)
    os.removedirs(deepest)
    assert found == [("folder-empty", "/".join("a" * 1000))]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda plain: plain.update(name="other"), "name-differs"),
        (lambda plain: plain.update(name="other|split:x"), "schema-mismatch"),
        (lambda plain: plain.update(schema="v2"), "schema-mismatch"),
        (lambda plain: plain.update(version="0.0.1\n"), "schema-mismatch"),
        (lambda plain: plain.update(version="1.0|collection:x"), "schema-mismatch"),
        (lambda plain: plain.update(version="0.0.2"), "version-differs"),
        (lambda plain: plain["files"][0].update(bytes=1), "size-differs"),
        (lambda plain: plain["files"].append(plain["files"][0]), "path-repeated"),
        (lambda plain: plain["counts"]["dev"]["made"].update(tokens=1), "counts-differ"),
        (lambda plain: plain["counts"]["dev"].update(other={}), None),
        (lambda plain: plain["counts"]["dev"].update(other={"claims": 0}), "counts-differ"),
        (lambda plain: plain["counts"].pop("dev"), "counts-differ"),
        (lambda plain: plain["counts"].update({"../../x": {}}), "counts-differ"),
    ],
)
def test_what_the_manifest_says_is_compared(release, change, name):
    rewrite(release, change)
    assert [found for found, _ in told(release)] == [name] * bool(name)


def test_counts_say_which(release):
    rewrite(release, lambda plain: plain["counts"]["train"]["made"].update({"claims.threat": 9, "nested": 0}))
    (problem,) = verify(release)
    assert "train, 'made': claims.threat 1, not 9; nested 1, not 0" in problem.message


@pytest.mark.parametrize(
    "path", ["../train.jsonl", "/etc/hostname", "claims\\dev.jsonl", "a//b", "./a", "a/..", "", "C:a", "a\0b", "a\nb"]
)
def test_paths_that_lead_elsewhere_are_told_and_not_read(release, path):
    entry = {"path": path, "bytes": 0, "sha256": "0" * 64}
    rewrite(release, lambda plain: plain["files"].append(entry))
    assert told(release) == [("path-unsafe", MANIFEST)]


def test_a_release_cut_down_together_with_its_manifest_is_told(release):
    (release / "dev.jsonl").unlink()

    def change(plain):
        plain["files"] = [entry for entry in plain["files"] if entry["path"] != "dev.jsonl"]
        del plain["counts"]["dev"]

    rewrite(release, change)
    assert told(release) == [("manifest-incomplete", MANIFEST)]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (b'"entities":["e1"]', b'"entities":["e9"]', "reference-unknown"),
        (b'"genre":"wire"', b'"genre":"odes"', "schema-mismatch"),
        (b'{"id"', b"{id", "json-malformed"),
    ],
)
def test_documents_that_cannot_be_counted_are_named(release, old, new, name):
    forge(release, "train.jsonl", (release / "train.jsonl").read_bytes().replace(old, new, 1))
    assert told(release) == [(name, "train.jsonl")]


@pytest.mark.parametrize("field", ["builder", "inputs_sha256"])
def test_what_nothing_inside_contradicts_is_seen_by_the_digest(corpus, field):
    release = corpus / "0.0.1"
    before = digest(release / MANIFEST)
    rewrite(release, lambda plain: plain.update({field: "f" * 64}))
    assert told(release) == [("manifest-differs", MANIFEST)], "DIGESTS stands beside it"
    (corpus / DIGESTS).unlink()
    assert told(release) == []
    assert told(release, before[:16]) == [("manifest-differs", MANIFEST)]


def test_a_consistent_forgery_is_seen_by_the_digest(corpus, run):
    folder = corpus / "0.0.1"
    forge(folder, "train.jsonl", (folder / "train.jsonl").read_bytes().replace(b"Rhetoric", b"rhetoric"))
    forge(folder, "README.md", b"mine\n")
    code, out, _ = run("verify", folder)
    assert (code, "manifest-differs" in out, str(corpus / DIGESTS) in out) == (1, True, True)
    code, _, err = run("cite", folder)
    assert (code, "manifest-differs" in err) == (1, True), "a digest that is not the published one is not given out"


def test_the_package_knows_its_versions_wherever_they_stand(tmp_path):
    packaged = resources.folder("corpus")
    newest = releases.listed(packaged)[-1]
    folder = shutil.copytree(packaged / newest, tmp_path / newest)
    assert told(folder) == []
    rewrite(folder, lambda plain: plain.update(builder="9"))
    assert told(folder) == [("manifest-differs", MANIFEST)]


def test_against_takes_a_whole_digest_or_sixteen_digits_of_it(release, run):
    whole = digest(release / MANIFEST)
    for given in (whole, whole[:16], whole[:40].upper()):
        code, out, _ = run("verify", release, "--against", given)
        assert (code, whole in out) == (0, True)
    other = "0" if whole[15] != "0" else "1"
    assert run("verify", release, "--against", whole[:15] + other)[0] == 1
    for given in (whole[:15], f"{whole}0", "", "sixteen digits!!", f"sha256:{whole}"):
        code, _, err = run("verify", release, "--against", given)
        assert (code, "16 to 64 hexadecimal digits" in err) == (2, True), given


@pytest.mark.parametrize(
    "line", ["", "0123  0.0.1/MANIFEST.json", f"{'0' * 64} 0.0.1/MANIFEST.json", f"{'0' * 64}  0.0.1/MANIFEST.json"]
)
def test_digests_that_cannot_be_read_are_named_by_their_line(corpus, line):
    path = corpus / DIGESTS
    path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        published(corpus)
    (problem,) = error.value.problems
    assert (problem.id, problem.file, problem.line) == ("digests-malformed", str(path), 2)
    assert told(corpus / "0.0.1") == [("digests-malformed", f"../{DIGESTS}")]


def test_building_keeps_the_digests_that_are_published(corpus, tmp_path):
    first = published(corpus)["0.0.1"]
    rewrite(corpus / "0.0.1", lambda plain: plain.update(builder="9"))
    build(samples.write_seeds(tmp_path / "seeds", "0.0.10"), corpus)
    build(samples.write_seeds(tmp_path / "seeds", "0.0.2"), corpus)
    digests = published(corpus)
    assert list(digests) == ["0.0.1", "0.0.2", "0.0.10"]
    assert digests["0.0.1"] == first
    assert told(corpus / "0.0.1") == [("manifest-differs", MANIFEST)]
    card = (corpus / "README.md").read_text(encoding="utf-8")
    assert all(f"| {version} | `{value}` |" in card for version, value in digests.items())


def test_building_restores_a_digest_that_was_lost_or_changed(corpus, tmp_path):
    whole = contents(corpus)
    (corpus / DIGESTS).write_text(f"{'0' * 64}  0.0.1/{MANIFEST}\n", encoding="utf-8")
    seeds = samples.write_seeds(tmp_path / "seeds")
    assert build(seeds, corpus) == (corpus / "0.0.1", False)
    assert contents(corpus) == whole
    (corpus / DIGESTS).unlink()
    build(seeds, corpus)
    assert contents(corpus) == whole


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_release_loaded_by_its_folder_is_checked_too(release):
    (release / "train.jsonl").write_bytes(b"")
    with pytest.raises(DataError, match="counts-differ"):
        releases.load("train", str(release))
    assert releases.load("dev", str(release))
    rewrite(release, lambda plain: plain.update(version="0.0.1|collection:x"))
    with pytest.raises(DataError, match="schema-mismatch"):
        releases.part(f"{release}:dev")


def test_a_folder_named_for_another_version_is_not_loaded(release, tmp_path):
    for name, fine in (("copy", True), ("0.0.2", False)):
        folder = shutil.copytree(release, tmp_path / name)
        if fine:
            assert len(releases.part(f"{folder}:all")[0]) == len(list(samples.documents()))
        else:
            with pytest.raises(DataError, match="version-differs"):
                releases.part(f"{folder}:all")


@pytest.mark.parametrize("version", ["1.0", "1.0.0\n", "1.0.0.0", " 1.0.0", "1.0.0|x", "1.0.\u0661", "1.0." + "1" * 10])
def test_versions_are_three_numbers(version):
    kind = Manifest.__annotations__["version"]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(version, kind)
    assert msgspec.convert("10.0.12", kind) == "10.0.12"
    assert VERSION in json.dumps(msgspec.json.schema(Manifest)).replace("\\\\", "\\")


def test_a_file_that_cannot_be_read_is_misuse_that_names_it(tmp_path):
    with pytest.raises(CommuniqueError, match="nothing"):
        digest(tmp_path / "nothing")


def test_citations_name_version_date_licence_digest_and_signature(root, run):
    newest = releases.listed(root / "corpus")[-1]
    known = published(root / "corpus")[newest]
    code, out, _ = run("cite")
    assert code == 0
    for part in (f"Release {newest} of 20", "CC-BY-4.0", known, f"communique|v:{newest}|collection:dispatches|split:"):
        assert part in out
    code, out, _ = run("cite", newest, "--format", "bibtex")
    assert code == 0
    assert out.startswith(f"@misc{{communique-{newest},\n")
    assert out.count("{") == out.count("}")
    assert known in out


def test_a_release_without_changelog_is_cited_without_a_date(corpus, run):
    code, out, _ = run("cite", corpus / "0.0.1")
    assert (code, "Release 0.0.1. " in out) == (0, True)
    assert "year" not in run("cite", corpus / "0.0.1", "--format", "bibtex")[1]
    told = yaml.safe_load(run("cite", corpus / "0.0.1", "--format", "cff")[1])
    assert "date-released" not in told
    assert [found["value"] for found in told["identifiers"]] == [f"sha256:{published(corpus)['0.0.1']}"]


def test_documents_of_the_sample_are_what_the_forgeries_change(release):
    assert list(jsonl.read(release / "train.jsonl", Document)) == [samples.document()]
