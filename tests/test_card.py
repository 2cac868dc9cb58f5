"""The card of a release: what the Hub searches by, and what people read."""

import re
from pathlib import Path

import datasets
import msgspec
import pytest
import yaml
from huggingface_hub import DatasetCard

import samples
from communique.build.card import card
from communique.build.fields import fields, meanings
from communique.build.freeze import build
from communique.build.plan import plan
from communique.build.searched import searched
from communique.build.told import Published, paths, split_name, told
from communique.features import CLAIMS, DOCUMENTS, TOKENS
from communique.labels import Split
from communique.problems import CommuniqueError
from communique.records import Document, Provenance
from communique.views import ClaimRow, TokenRow, claim_rows

PAGE = (
    "News.\n\nSee the [sheet](../SHEET.md), [us](https://example.org/x) and [below](#cite).\n\n## Limits\n\nOne lock.\n"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    place = tmp_path_factory.mktemp("card")
    seeds = samples.write_seeds(place / "seeds")
    (seeds / "about.md").write_text(PAGE, encoding="utf-8")
    build(seeds, place / "corpus")
    return place / "corpus"


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


def parts():
    return dict(zip(Split, ([one] for one in samples.documents()), strict=True))


def made(tmp_path, documents=None, **fields_):
    samples.write_seeds(tmp_path)
    samples.write_plan(tmp_path, **fields_)
    return told(plan(tmp_path), documents or parts(), ())


def other_terms(document, **fields_):
    return msgspec.structs.replace(document, provenance=msgspec.structs.replace(document.provenance, **fields_))


def test_the_front_is_what_the_hub_reads(corpus):
    for page in (corpus / "README.md", corpus / "0.0.1" / "README.md"):
        data = DatasetCard(page.read_text(encoding="utf-8")).data
        assert (data.license, data.size_categories, data.source_datasets) == ("cc-by-4.0", ["n<1K"], ["original"])
        assert data.annotations_creators == ["expert-generated", "machine-generated"]
        assert data.language_creators == ["expert-generated"]
        versions = {config["version"] for config in data.to_dict()["configs"]}
        assert versions == {"0.0.1"}, "without it a cache gives the rows of another release"


def test_a_text_that_was_found_and_has_other_terms_is_told(tmp_path):
    documents = parts()
    documents[Split.DEV] = [other_terms(documents[Split.DEV][0], license="LicenseRef-paper", origin="supplied")]
    found = made(tmp_path, documents, texts={"by": "machine", "who": "a model", "license": "CC-BY-4.0"})
    said = searched(found)
    assert said["language_creators"] == ["machine-generated", "found"]
    assert (said["license"], said["license_name"]) == (["cc-by-4.0", "other"], "cc-by-4.0-and-licenseref-paper")
    assert "CC-BY-4.0 (2 of 3 documents), LicenseRef-paper (1 of 3 documents)" in card(found)


def test_links_lead_to_the_same_file_from_the_root_and_from_the_release(corpus):
    targets = {}
    for place in (corpus, corpus / "0.0.1"):
        links = dict(re.findall(r"\[(\w+)\]\(([^)]+)\)", (place / "README.md").read_text(encoding="utf-8")))
        assert (links["us"], links["below"]) == ("https://example.org/x", "#cite")
        targets[(place / links["sheet"]).resolve()] = place
    assert list(targets) == [(corpus.parent / "SHEET.md").resolve()]


def test_the_own_card_links_to_files_that_are_there(root):
    for place in (root / "corpus", root / "corpus" / "0.3.0"):
        links = re.findall(r"\]\(([^)#]+)\)", (place / "README.md").read_text(encoding="utf-8"))
        assert {Path(link).name for link in links} == {"DATASHEET.md", "analysis.md", "LICENSE-DATA"}
        assert all((place / link).is_file() for link in links)


def test_what_the_card_loads_is_loaded(corpus, own_cache):
    for place in (corpus, corpus / "0.0.1"):
        (code,) = re.findall(r"```python\n(.*?)```", (place / "README.md").read_text(encoding="utf-8"), re.DOTALL)
        names = {"FOLDER": str(place)}
        exec(code, names)
        assert (names["claims"]["train"].num_rows, names["tokens"]["dev"].num_rows) == (4, 1)
        assert names["annotator"].features == names["documents"]["train"].features
        assert names["annotator"]["id"] == ["made/one", "made/two", "made/three"]


def test_annotators_are_splits_of_a_configuration(corpus, own_cache):
    loaded = datasets.load_dataset(str(corpus), "annotators")
    assert {name: rows.num_rows for name, rows in loaded.items()} == {"first": 3, "second": 3}


def test_names_of_annotators_that_datasets_takes_for_one_are_refused(tmp_path):
    assert split_name("annotator-1") == "annotator_1"
    assert paths(["a-1"])["annotators"] == {"a_1": "annotators/a-1.jsonl"}
    assert "annotators" not in paths([])
    with pytest.raises(CommuniqueError, match="'a-1' and 'a_1' are both 'a_1'"):
        told(plan(samples.write_seeds(tmp_path)), parts(), ["a_1", "a-1"])


def test_every_column_is_explained():
    for record, columns in ((Document, DOCUMENTS), (ClaimRow, CLAIMS), (TokenRow, TOKENS)):
        waiting = list(fields(record, columns))
        while waiting:
            one = waiting.pop()
            assert one.told, f"{record.__name__}: {one.name}"
            waiting += one.fields


def test_fields_are_told_from_the_structs():
    found = {one.name: one for one in fields(Document, DOCUMENTS)}
    assert (found["entities"].depth, found["entities"].dtype) == (1, "struct")
    mentions = found["entities"].fields[-1]
    assert (mentions.name, mentions.dtype, mentions.depth) == ("mentions", "int64", 2)
    assert [one.name for one in found["speakers"].fields[1].fields] == ["start", "end", "text"]
    assert meanings(Provenance)["sha256"] == "Of the source file's bytes."
    assert (found["date"].dtype, found["genre"].dtype) == ("date32", "label")


def test_the_example_is_a_claim_of_train_that_may_be_shown(tmp_path):
    found = made(tmp_path)
    assert found.example == next(row for row in claim_rows(samples.document()) if row.id == found.example.id)
    documents = parts() | {Split.TRAIN: [other_terms(samples.document(), license="LicenseRef-paper")]}
    hidden = made(tmp_path, documents)
    assert (hidden.example, "## A row" in card(hidden)) == (None, False)


def test_the_card_cites_with_digest_and_day_at_the_root_alone(tmp_path):
    found = made(tmp_path)
    assert "sha256" not in card(found).split("```bibtex")[1].split("```")[0]
    page = card(found, "0.0.1/", Published({"0.0.1": "ab" * 32}, "2031-05-06"))
    entry = page.split("```bibtex\n")[1].split("```")[0]
    assert entry.startswith("@misc{made-0.0.1,\n  title = {made: news of the locks},\n")
    assert "  author = {{Ada Lock} and {The Weir Office}},\n  year = {2031},\n  date = {2031-05-06},\n" in entry
    assert f"sha256 of MANIFEST.json: {'ab' * 32}" in entry


def test_claims_know_where_they_and_their_speakers_stand(root):
    """In every release that has offsets, and for speakers and claims in several pieces."""
    for document in samples.documents():
        for row in claim_rows(document):
            for words, spans in ((row.text, row.spans), (row.speaker, row.speaker_spans), (row.cue, row.cue_spans)):
                pieces = [document.text[one.start : one.end] for one in spans]
                assert " … ".join(pieces) == (words or "")
            assert row.rhetoric == row.label
    assert max(len(row.spans) for row in claim_rows(samples.document())) == 2


def test_release_0_3_0_is_0_2_0_with_more_about_it(root):
    for name in ("train", "dev", "test", "annotators/annotator-1", "annotators/annotator-2"):
        before, after = (root / "corpus" / version / f"{name}.jsonl" for version in ("0.2.0", "0.3.0"))
        assert before.read_bytes() == after.read_bytes(), name
    for split in Split:
        before, after = (
            msgspec.json.Decoder().decode_lines((root / f"corpus/{v}/claims/{split}.jsonl").read_bytes())
            for v in ("0.2.0", "0.3.0")
        )
        assert before == [{name: row[name] for name in before[0]} for row in after]
        more = {"spans", "speaker_spans", "cue_spans", "rhetoric"}
        assert after[0].keys() - before[0].keys() == more


def test_the_front_of_the_own_card_says_who_made_it(root):
    front = yaml.safe_load((root / "corpus/0.3.0/README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert (front["annotations_creators"], front["language_creators"]) == (
        ["machine-generated"],
        ["machine-generated", "found"],
    )
    assert front["license"] == ["cc-by-4.0", "other"]
