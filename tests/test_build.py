import json
import shutil
from pathlib import Path, PurePath

import pytest

import samples
from communique import jsonl
from communique.build import ingest
from communique.build.freeze import build
from communique.problems import CommuniqueError, DataError
from communique.records import Document, Span
from communique.texts import normal
from communique.tokens import tokens
from communique.validation import validate_paths
from communique.verification import verify
from communique.views import bio, claim_rows, token_rows


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_same_seeds_give_the_same_bytes_anywhere(tmp_path):
    first, written = build(samples.write_seeds(tmp_path / "seeds"), tmp_path / "corpus")
    assert written
    again, _ = build(samples.write_seeds(tmp_path / "elsewhere"), tmp_path / "other")
    assert contents(first) == contents(again)
    assert contents(tmp_path / "corpus") == contents(tmp_path / "other")
    assert build(tmp_path / "seeds", tmp_path / "corpus") == (first, False)


def test_files_are_listed_in_one_order_though_windows_sorts_paths_without_case(tmp_path, monkeypatch):
    first, _ = build(samples.write_seeds(tmp_path / "seeds"), tmp_path / "corpus")
    monkeypatch.setattr(PurePath, "__lt__", lambda one, other: str(one).lower() < str(other).lower())
    again, _ = build(tmp_path / "seeds", tmp_path / "other")
    assert (again / "MANIFEST.json").read_bytes() == (first / "MANIFEST.json").read_bytes()


def test_what_is_built_is_valid_and_intact(tmp_path):
    folder, _ = build(samples.write_seeds(tmp_path / "seeds"), tmp_path / "corpus")
    assert verify(folder) == []
    assert validate_paths([tmp_path / "corpus"]) == []
    read = [
        document for split in ("train", "dev", "test") for document in jsonl.read(folder / f"{split}.jsonl", Document)
    ]
    assert read == samples.documents()


def test_a_release_never_changes_unless_asked(tmp_path):
    seeds = samples.write_seeds(tmp_path / "seeds")
    folder, _ = build(seeds, tmp_path / "corpus")
    before = contents(tmp_path / "corpus")
    ann = seeds / "annotations" / "gold" / "made" / "one.ann"
    ann.write_text(
        ann.read_text(encoding="utf-8").replace("Rhetoric T7 threat", "Rhetoric T7 warning"), encoding="utf-8"
    )
    with pytest.raises(CommuniqueError, match="raise the version"):
        build(seeds, tmp_path / "corpus")
    assert contents(tmp_path / "corpus") == before
    assert build(seeds, tmp_path / "corpus", replace=True) == (folder, True)
    assert contents(tmp_path / "corpus") != before


def spoil_text(seeds):
    (seeds / "made" / "one.txt").write_bytes(samples.TEXT.encode() + b"More.\n")


def spoil_encoding(seeds):
    (seeds / "made" / "one.txt").write_bytes(b"caf\xe9\n")


def spoil_copy(seeds):
    copy = seeds / "annotations" / "second" / "made" / "one.txt"
    copy.write_bytes(samples.TEXT.replace("\n", "\r\n").encode())


def spoil_version(seeds):
    samples.write_plan(seeds, version="../seeds")


def spoil_annotation(seeds):
    ann = seeds / "annotations" / "gold" / "made" / "one.ann"
    ann.write_text(ann.read_text(encoding="utf-8").replace("T3\t", "T3 "), encoding="utf-8")


def spoil_catalog(seeds):
    catalog = seeds / "catalog.jsonl"
    catalog.write_text(catalog.read_text().replace('"genre": "wire"', '"genre": "ode"', 1))


def spoil_catalog_tail(seeds):
    catalog = seeds / "catalog.jsonl"
    catalog.write_text(catalog.read_text()[:-40])


def spoil_plan(seeds):
    samples.write_plan(seeds, splits={"lock": "trian"})


def spoil_holder(seeds):
    ann = seeds / "annotations" / "gold" / "made" / "one.ann"
    lines = [line for line in ann.read_text(encoding="utf-8").splitlines() if "Reference E1 " not in line]
    ann.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "name", "place"),
    [
        (spoil_text, "source-changed", "one.txt"),
        (spoil_copy, "annotated-text-differs", "one.txt"),
        (spoil_version, "schema-mismatch", "release.json"),
        (spoil_encoding, "encoding-not-utf8", "one.txt"),
        (spoil_annotation, "brat-malformed", "one.ann"),
        (spoil_catalog, "schema-mismatch", "catalog.jsonl"),
        (spoil_catalog_tail, "json-malformed", "catalog.jsonl"),
        (spoil_plan, "schema-mismatch", "release.json"),
        (spoil_holder, "attribution-without-entity", "gold"),
    ],
)
def test_bad_seeds_are_named_and_nothing_is_written(tmp_path, run, spoil, name, place):
    seeds = samples.write_seeds(tmp_path / "seeds")
    spoil(seeds)
    with pytest.raises(DataError) as error:
        build(seeds, tmp_path / "corpus")
    assert {(problem.id, Path(problem.file).name) for problem in error.value.problems} == {(name, place)}
    assert contents(tmp_path / "corpus") == {}
    code, _, err = run("build", "--seeds", seeds, "--corpus", tmp_path / "corpus")
    assert (code, name in err) == (1, True)
    assert contents(tmp_path / "corpus") == {}


def test_a_storyline_without_split_and_a_text_without_gold_are_misuse(tmp_path):
    seeds = samples.write_seeds(tmp_path / "seeds")
    (seeds / "annotations" / "gold" / "made" / "one.ann").unlink()
    with pytest.raises(CommuniqueError, match="no gold annotation of made/one"):
        build(seeds, tmp_path / "corpus")
    shutil.rmtree(seeds)
    samples.write_seeds(seeds)
    samples.write_plan(seeds, splits={"lock": "train"})
    with pytest.raises(CommuniqueError, match="storyline 'weir' has no split"):
        build(seeds, tmp_path / "corpus")


def test_sources_are_normalised_but_not_altered(tmp_path):
    assert normal(b"\xef\xbb\xbfe\xcc\x81\r\nx\ry\n", "x.txt") == "é\nx\ny\n"
    seeds = samples.write_seeds(tmp_path / "seeds")
    windows = b"\xef\xbb\xbf" + samples.SECOND_TEXT.replace("\n", "\r\n").encode()
    (seeds / "made" / "two.txt").write_bytes(windows)
    rows = [json.loads(line) for line in (seeds / "catalog.jsonl").read_text().splitlines()]
    import hashlib

    rows[1]["sha256"] = hashlib.sha256(windows).hexdigest()
    (seeds / "catalog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = {document.id: document for document in ingest.documents(seeds, "gold")}
    assert found["made/two"].text == samples.SECOND_TEXT
    assert found["made/two"].provenance.sha256 == rows[1]["sha256"]


def test_claim_rows_join_fragments_and_name_who_how_and_whom():
    row = list(claim_rows(samples.document()))[3]
    assert row.text == "“Not one coin,” … “was ever promised.”"
    assert (row.speaker, row.cue, row.entities, row.targets) == (
        "the council’s treasurer, Édil Maro",
        "replied",
        ("Édil Maro",),
        ("Orla Vint",),
    )
    assert row.context == samples.TEXT.splitlines()[2]
    assert (row.label, row.also, row.family) == ("denial", "accusation", "refusal")


def test_token_rows_tag_every_unit_and_keep_offsets():
    text, rows = samples.TEXT, list(token_rows(samples.document()))
    assert len(rows) == 3
    for row in rows:
        for word, start in zip(row.tokens, row.starts, strict=True):
            assert text[start : start + len(word)] == word
    second = rows[1]
    named = [word for word, tag in zip(second.tokens, second.speaker, strict=True) if tag != "O"]
    assert named == ["Minister", "Orla", "Vint", "the", "Tarn", "Council"]
    assert second.claim.count("B-claim") == 2
    assert [w for w, tag in zip(second.tokens, second.nested_claim, strict=True) if tag != "O"] == ["to", "pay"]
    assert rows[2].claim.count("B-claim") == 2


def test_of_overlapping_spans_the_longer_is_tagged():
    text = "a b c d"
    units = [[Span(start=0, end=3, text="a b")], [Span(start=2, end=3, text="b")], [Span(start=4, end=7, text="c d")]]
    assert bio(tokens(text), units, "x") == ("B-x", "I-x", "B-x", "I-x")


def test_align_writes_what_build_reads(tmp_path, run):
    seeds = samples.write_seeds(tmp_path / "seeds")
    quotes = tmp_path / "quotes" / "made"
    quotes.mkdir(parents=True)
    for name, (_, quoted, *_) in samples.SOURCES.items():
        (quotes.parent / f"{name}.json").write_text(json.dumps(quoted), encoding="utf-8")
    gold = seeds / "annotations" / "gold"
    command = ["align", tmp_path / "quotes", "--texts", seeds, "-o", gold]
    before = {path: path.read_bytes() for path in gold.rglob("*.ann")}
    code, _, err = run(*command)
    assert (code, "made/one.ann" in err, "--force" in err) == (2, True, True), "annotations that it did not write"
    assert {path: path.read_bytes() for path in gold.rglob("*") if path.is_file()} == before
    for force in (["--force"], []):
        code, _, err = run(*command, *force)
        assert (code, err) == (0, "")
        assert ingest.documents(seeds, "gold") == samples.documents()
    copy = gold / "made" / "one.txt"
    assert not copy.is_symlink()
    assert copy.read_text(encoding="utf-8") == samples.TEXT


def test_align_never_writes_into_its_texts(tmp_path, run):
    seeds = samples.write_seeds(tmp_path / "seeds")
    (tmp_path / "a.json").write_text(json.dumps(samples.QUOTED), encoding="utf-8")
    before = {path: path.read_bytes() for path in seeds.rglob("*") if path.is_file()}
    code, _, err = run("align", tmp_path / "a.json", "--texts", seeds, "-o", seeds, "--force")
    assert (code, "is read, so it cannot be written" in err) == (2, True)
    assert {path: path.read_bytes() for path in seeds.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("version", ["../seeds", "", ".", "1.0", "0.1.0/../../seeds", "1.0.0\n"])
@pytest.mark.parametrize("replace", [[], ["--replace"]])
def test_a_version_is_three_numbers_and_no_path(tmp_path, run, version, replace):
    seeds = samples.write_seeds(tmp_path / "seeds")
    plan = json.loads((seeds / "release.json").read_text(encoding="utf-8"))
    (seeds / "release.json").write_text(json.dumps({**plan, "version": version}), encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    code, _, err = run("build", "--seeds", seeds, "--corpus", tmp_path / "corpus", *replace)
    assert (code, "release.json" in err) == (1, True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_replacing_a_release_spares_what_is_no_part_of_it(tmp_path):
    seeds, corpus = samples.write_seeds(tmp_path / "seeds"), tmp_path / "corpus"
    folder, _ = build(seeds, corpus)
    train = (folder / "train.jsonl").read_bytes()
    (folder / "train.jsonl").write_bytes(b"changed\n")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CommuniqueError, match=r"notes\.txt"):
        build(seeds, corpus, replace=True)
    assert (folder / "train.jsonl").read_bytes() == b"changed\n"
    (folder / "notes.txt").unlink()
    build(seeds, corpus, replace=True)
    assert (folder / "train.jsonl").read_bytes() == train
    assert {path.name for path in corpus.iterdir()} == {"0.0.1", "DIGESTS", "README.md", "croissant.json"}


def test_the_card_of_a_corpus_never_replaces_a_readme_of_somebody_else(tmp_path):
    seeds, corpus = samples.write_seeds(tmp_path / "seeds"), tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "README.md").write_text("# My project\n", encoding="utf-8")
    with pytest.raises(CommuniqueError, match=r"README\.md"):
        build(seeds, corpus)
    assert [path.name for path in corpus.iterdir()] == ["README.md"]


def test_align_refuses_what_is_not_in_the_text(tmp_path, run):
    seeds = samples.write_seeds(tmp_path / "seeds")
    quoted = json.loads(json.dumps(samples.QUOTED))
    quoted["attributions"][0]["claims"][0]["quote"] = "We will open the lock"
    (tmp_path / "answers.jsonl").write_text(json.dumps(quoted) + "\n", encoding="utf-8")
    code, out, _ = run("align", tmp_path / "answers.jsonl", "--texts", seeds, "-o", tmp_path / "out.jsonl")
    assert code == 1
    assert "quote-not-found" in out
    assert not (tmp_path / "out.jsonl").exists()


def test_align_does_not_follow_ids_out_of_the_folder(tmp_path, run):
    (tmp_path / "secret.txt").write_text("x\n")
    (tmp_path / "texts").mkdir()
    quoted = {**samples.SECOND_QUOTED, "id": "../secret"}
    (tmp_path / "answers.jsonl").write_text(json.dumps(quoted) + "\n", encoding="utf-8")
    code, out, _ = run("align", tmp_path / "answers.jsonl", "--texts", tmp_path / "texts", "-o", tmp_path / "out.jsonl")
    assert (code, "it leads out of it" in out) == (1, True)
