"""The committed corpus: rebuilt to the byte, valid, intact, and as varied as the datasheet says."""

import json
import re
import shutil
from pathlib import Path

import pytest

from communique import files, jsonl, releases
from communique.build import ingest
from communique.build.freeze import build
from communique.formats import brat
from communique.formats.brat import folder as brat_folder
from communique.labels import Genre, Origin, Rhetoric, Split, Stratum
from communique.quotes.files import align_all, read_quoted, text_of
from communique.records import Document
from communique.validation import validate_paths
from communique.verification import verify

ARTICLE = "431854713ece66b60b25f612e87a71461819834cacdc20079fbcf185cffaa867"


@pytest.fixture(scope="module")
def newest(root):
    return root / "corpus" / releases.listed(root / "corpus")[-1]


def everything():
    return {split: releases.load(split) for split in Split}


def test_rebuilding_gives_the_committed_bytes(root, newest, tmp_path):
    built, _ = build(root / "seeds", tmp_path / "corpus")
    assert built.name == newest.name
    names = {path.relative_to(newest) for path in newest.rglob("*") if path.is_file()}
    assert names == {path.relative_to(built) for path in built.rglob("*") if path.is_file()}
    for name in sorted(names):
        assert (built / name).read_bytes() == (newest / name).read_bytes(), name


def test_every_release_is_valid_and_intact(root):
    assert validate_paths([root / "corpus"]) == []
    for version in releases.listed(root / "corpus"):
        assert verify(root / "corpus" / version) == []


def test_the_supplied_article_is_there_byte_for_byte(root):
    (document,) = [d for d in releases.load("train") if d.collection == "seeds"]
    assert document.provenance.sha256 == ARTICLE == files.digest(root / "seeds" / f"{document.id}.txt")
    assert (document.title, document.date, document.provenance.publisher) == (None, None, None)
    assert document.provenance.license == "LicenseRef-third-party"
    assert document.text == (root / "seeds" / f"{document.id}.txt").read_bytes().decode("utf-8")


def test_every_text_is_annotated_by_two_and_adjudicated(root):
    seeds = root / "seeds"
    ids = [entry.id for entry in ingest.catalog(seeds)]
    layers = ingest.annotators(seeds)
    assert len(layers) >= 2
    for name in (*layers, ingest.GOLD):
        assert [document.id for document in ingest.documents(seeds, name)] == ids


def test_annotations_are_what_the_kept_quotes_say(root):
    seeds = root / "seeds"
    for folder in sorted((seeds / "quotes").iterdir()):
        aligned, problems = align_all(read_quoted(folder), seeds)
        assert problems == []
        for layer in aligned:
            text = text_of(seeds, layer.id)
            ann = seeds / "annotations" / folder.name / f"{layer.id}.ann"
            assert ann.read_text(encoding="utf-8") == brat.write(layer, text), ann


def test_the_newest_release_keeps_to_the_guidelines(newest):
    assert validate_paths([newest], guidelines=True) == []


def test_every_composed_text_says_its_stratum_and_the_plain_ones_are_natural_or_enriched():
    strata = {}
    for document in releases.load():
        if document.provenance.origin == Origin.COMPOSED:
            strata.setdefault(document.stratum, set()).add(document.storyline)
    assert strata[Stratum.LITERARY] == {"disputed-election", "maritime-strait", "river-dam"}
    assert (len(strata[Stratum.NATURAL]), len(strata[Stratum.ENRICHED])) == (11, 6)
    assert len(set.union(*strata.values())) == 20


def test_texts_are_one_paragraph_a_line(root):
    for entry in ingest.catalog(root / "seeds"):
        text = (root / "seeds" / f"{entry.id}.txt").read_text(encoding="utf-8")
        for line in text.rstrip("\n").split("\n"):
            assert line == line.strip() != "", entry.id


def test_a_copy_of_the_text_stands_beside_every_annotation(root):
    annotations = root / "seeds" / "annotations"
    for ann in sorted(annotations.rglob("*.ann")):
        copy = ann.with_suffix(".txt")
        source = root.joinpath("seeds", *copy.relative_to(annotations).parts[1:])
        assert copy.read_bytes() == source.read_bytes(), copy
    for name in brat_folder.CONFIGURATION:
        packaged = Path(brat_folder.__file__).parent / name
        assert (annotations / name).read_bytes() == packaged.read_bytes()


def test_splits_hold_whole_storylines_and_share_no_entity():
    parts = everything()
    storylines = {split: {d.storyline for d in members if d.storyline} for split, members in parts.items()}
    assert all(storylines.values())
    assert sum(map(len, storylines.values())) == len(set.union(*storylines.values()))
    assert {d.collection for d in parts[Split.TEST]} == {"dispatches"}


def test_every_type_genre_and_difficulty_occurs(newest):
    counts = releases.manifest(newest).counts
    for split, least in (("train", 60), ("dev", 2), ("test", 25)):
        total = counts[split]["dispatches"]
        for label in Rhetoric:
            assert total.get(f"claims.{label}", 0) >= least, (split, label)
        for genre in set(Genre) - {Genre.OTHER, Genre.PRESS_RELEASE}:
            assert total[f"genre.{genre}"] >= 1, (split, genre)
        for difficulty in (
            "nested",
            "discontinuous",
            "implicit-speaker",
            "far-speaker",
            "joint",
            "negated",
            "conditional",
        ):
            assert total[difficulty] >= 2, (split, difficulty)


def test_assertions_are_the_commonest_claims_as_in_news():
    for documents in everything().values():
        claims = [c.rhetoric for d in documents if d.stratum is Stratum.NATURAL for c in d.claims]
        assert 0.35 <= claims.count(Rhetoric.ASSERTION) / len(claims) <= 0.5


def test_openings_and_closings_differ():
    set_titles = {Genre.STATEMENT, Genre.COMMUNIQUE, Genre.SPEECH, Genre.BRIEFING, Genre.RADIO_DIGEST}
    documents = [d for members in everything().values() for d in members if d.genre not in set_titles]
    for at in (0, -1):
        words = [
            tuple(re.findall(r"\w+", d.text.strip().split("\n")[at].casefold())[:: 1 if at == 0 else -1][:6])
            for d in documents
        ]
        assert len(set(words)) == len(words)


def test_bibles_are_kept_and_stay_out_of_the_release(root, newest):
    for storyline in {d.storyline for d in releases.load() if d.storyline}:
        bible = root / "seeds" / "dispatches" / storyline / "storyline.md"
        assert bible.is_file()
        first = bible.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
        assert all(first not in path.read_text(encoding="utf-8") for path in newest.rglob("*.jsonl"))


def test_annotators_layers_are_released(newest):
    ids = {document.id for document in releases.load()}
    for path in sorted((newest / "annotators").glob("*.jsonl")):
        assert {document.id for document in jsonl.read(path, Document)} == ids


def test_building_over_the_committed_corpus_changes_nothing(root, newest, tmp_path):
    shutil.copytree(root / "corpus", tmp_path / "corpus")
    before = {path: path.read_bytes() for path in sorted((tmp_path / "corpus").rglob("*")) if path.is_file()}
    folder, written = build(root / "seeds", tmp_path / "corpus")
    assert (folder.name, written) == (newest.name, False)
    assert {path: path.read_bytes() for path in sorted((tmp_path / "corpus").rglob("*")) if path.is_file()} == before


def test_the_manifest_counts_what_is_there(newest):
    manifest = releases.manifest(newest)
    for split in Split:
        lines = (newest / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(lines) == sum(part["documents"] for part in manifest.counts[split].values())
        claims = sum(len(json.loads(line)["claims"]) for line in lines)
        assert claims == sum(part["claims"] for part in manifest.counts[split].values())
