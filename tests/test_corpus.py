"""The committed corpus: rebuilt to the byte, valid, intact, and as varied as the datasheet says."""

import json
import re
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from communique import files, jsonl, releases
from communique.build import ingest
from communique.build.freeze import build
from communique.canonical import canonical
from communique.checks import unit_faults
from communique.duplicates import Met
from communique.formats import brat
from communique.formats.brat import folder as brat_folder
from communique.labels import Genre, Origin, Rhetoric, Split
from communique.quotes.files import align_all, read_quoted, text_of
from communique.records import Document
from communique.validation import validate_paths
from communique.verification import verify

LOST = {
    ("annotator-1", "dispatches/disputed-election/05-live-blog"): (2332, 2344),
    ("annotator-2", "dispatches/disputed-election/05-live-blog"): (2332, 2344),
    ("gold", "dispatches/disputed-election/05-live-blog"): (2332, 2344),
    ("annotator-2", "dispatches/river-dam/04-feature"): (1073, 1080),
    ("annotator-2", "dispatches/river-dam/09-op-ed"): (50, 64),
    ("gold", "dispatches/river-dam/09-op-ed"): (50, 64),
    ("annotator-2", "dispatches/river-dam/11-wire"): (134, 143),
}
"""Mentions within longer ones of other entities that were quoted, and that `align` of 0.1.0 lost."""
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
            told = without(layer, LOST.get((folder.name, layer.id)))
            assert ann.read_text(encoding="utf-8") == brat.write(told, text), ann


def without(layer, lost):
    """Return a layer without a mention of one of its entities."""
    if lost is None:
        return layer
    (holder,) = [entity for entity in layer.entities if lost in entity.mentions]
    bare = replace(holder, mentions=tuple(place for place in holder.mentions if place != lost))
    return canonical(replace(layer, entities=tuple(bare if e is holder else e for e in layer.entities)))


def test_what_was_adjudicated_anew_is_sound_and_keeps_to_the_closed_list_of_secondary_types(root):
    seeds = root / "seeds"
    aligned, problems = align_all(read_quoted(seeds / "mends"), seeds)
    assert problems == []
    assert {layer.id for layer in aligned} == {entry.id for entry in ingest.catalog(seeds)}
    assert [fault for layer in aligned for fault in unit_faults(layer)] == []
    pairs = {(claim.rhetoric, claim.also) for layer in aligned for claim in layer.claims if claim.also}
    assert pairs <= {("threat", "demand"), ("offer", "demand"), ("denial", "accusation")}


@pytest.mark.parametrize("who", ["annotator-1", "annotator-2", "gold"])
def test_drafts_are_annotated_in_words_of_theirs(root, who):
    drafts = root / "seeds" / "drafts"
    aligned, problems = align_all(read_quoted(drafts / "quotes" / who), drafts)
    assert problems == []
    assert [fault for layer in aligned for fault in unit_faults(layer)] == []


def test_drafts_share_no_eight_words_in_a_row(root):
    composed = next(document for document in releases.load("test") if document.provenance.origin == Origin.COMPOSED)
    met, found = Met(), []
    paths = sorted((root / "seeds" / "drafts").glob("*/[0-9]*.txt"))
    for path in paths:
        document = replace(composed, id=f"{path.parent.name}/{path.stem}", text=path.read_text(encoding="utf-8"))
        found += met.faults((str(path), 0), document)
    assert found == []
    assert len(paths) >= 60


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
    for split in ("train", "test"):
        total = counts[split]["dispatches"]
        for label in Rhetoric:
            assert total.get(f"claims.{label}", 0) >= 3, (split, label)
            assert total[f"claims.{label}"] <= 0.25 * total["claims"]
        for genre in set(Genre) - {Genre.OTHER, Genre.PRESS_RELEASE}:
            assert total[f"genre.{genre}"] >= 1
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


def test_openings_and_closings_differ():
    documents = [d for members in everything().values() for d in members]
    for at in (0, -1):
        words = [
            tuple(re.findall(r"\w+", d.text.strip().split("\n")[at].casefold())[:: 1 if at == 0 else -1][:3])
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
