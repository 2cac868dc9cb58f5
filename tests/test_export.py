"""What goes out: predictions to be corrected, releases with their splits and card; and bad items that are skipped."""

import csv
import json

import pytest
import yaml
from huggingface_hub import DatasetCard
from msgspec.structs import replace

import samples
from communique import jsonl, releases
from communique.formats import able
from communique.formats.brat import folder as brat
from communique.records import Prediction
from communique.validation import validate_documents

HELD = {"spacy": "spacy", "cas": "cassis"}


@pytest.fixture
def predicted(tmp_path):
    """Write a prediction that is right but for a speaker and a cue of which no claim was found."""
    layer = samples.layer()
    claims = tuple(claim for claim in layer.claims if claim.rhetoric != "threat")
    path = tmp_path / "mine-2.jsonl"
    jsonl.write(path, [replace(layer, claims=claims)])
    jsonl.write(tmp_path / "texts.jsonl", [samples.document()])
    return path


@pytest.mark.parametrize("form", able("write"), ids=lambda form: form.name)
def test_predictions_go_out_in_every_format(form, predicted, run, tmp_path):
    if form.name in HELD:
        pytest.importorskip(HELD[form.name], reason=f"{HELD[form.name]} is not installed, {form.name} is NOT tested")
    code, out, err = run("export", form.name, predicted, "--texts", tmp_path / "texts.jsonl", "-o", tmp_path / "out")
    assert (code, out.splitlines()[0]) == (0, f"{tmp_path / 'out'} holds 1 documents")
    assert "1  attributions without content, left out" in err
    if form.read and form.name != "label-studio":
        found = form.read(tmp_path / "out")
        assert found.problems == []
        (back,) = found.documents
        assert back.text == samples.TEXT
        assert len(back.claims) == len(samples.document().claims) - 1
        assert validate_documents({"x": [back]}, {}) == []


def test_label_studio_has_them_as_predictions_of_a_model_and_takes_them_for_no_gold(predicted, run, tmp_path):
    target = tmp_path / "tasks.json"
    for more, name in (((), "mine-2"), (("--model", "crf 0.2"), "crf 0.2")):
        code, _, err = run(
            "export", "label-studio", predicted, "--texts", tmp_path / "texts.jsonl", "-o", target, *more
        )
        assert code == 0, err
        (task,) = json.loads(target.read_text(encoding="utf-8"))
        (prediction,) = task["predictions"]
        assert task.keys() == {"data", "predictions"}
        assert prediction["model_version"] == name
        assert {result.get("to_name") for result in prediction["result"] if result["type"] != "relation"} == {"text"}
    code, _, err = run("import", "label-studio", target, "-o", tmp_path / "gold.jsonl")
    assert (code, "tasks with predictions alone, left out" in err) == (2, True)
    task["annotations"] = [{"result": prediction["result"]}]
    target.write_text(json.dumps([task]), encoding="utf-8")
    assert run("import", "label-studio", target, "-o", tmp_path / "gold.jsonl")[0] == 0
    assert [c.spans for c in releases.part(str(tmp_path / "gold.jsonl"))[0][0].claims] == [
        c.spans for c in samples.layer().claims if c.rhetoric != "threat"
    ]


def test_events_of_an_archive_name_the_claims_of_the_predictions(run, tmp_path):
    (tmp_path / "texts" / "made").mkdir(parents=True)
    (tmp_path / "texts" / "made" / "one.txt").write_text(samples.TEXT, encoding="utf-8")
    jsonl.write(tmp_path / "p.jsonl", [samples.layer()])
    code, _, err = run(
        "export", "events", tmp_path / "p.jsonl", "--texts", tmp_path / "texts", "-o", tmp_path / "e.csv"
    )
    assert code == 0, err
    rows = list(csv.DictReader((tmp_path / "e.csv").read_text(encoding="utf-8").splitlines()))
    claims = {claim.id: claim for claim in samples.layer().claims}
    assert {row["claim"] for row in rows} == set(claims)
    assert all(row["action"] == claims[row["claim"]].rhetoric and row["document"] == "made/one" for row in rows)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("p.jsonl",), "holds predictions, which are without their texts; name these with --texts"),
        (("texts.jsonl", "--texts", "texts.jsonl"), "holds no predictions; documents have their texts"),
        (("texts.jsonl", "--model", "x"), "name their texts with --texts"),
        (("p.jsonl", "--texts", "other.jsonl"), "p.jsonl:1: made/one"),
        (("p.jsonl", "--texts", "none"), "is neither a file nor RELEASE:split"),
        (("p.jsonl", "--texts", "wrong.jsonl"), "p.jsonl:1: made/one: s1: span"),
    ],
)
def test_what_cannot_go_out_is_told_and_nothing_is_written(arguments, told, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    jsonl.write("p.jsonl", [samples.layer(), Prediction(id="made/three")])
    jsonl.write("texts.jsonl", [samples.document()])
    jsonl.write("other.jsonl", [samples.document("made/two")])
    jsonl.write("wrong.jsonl", [replace(samples.document("made/two"), id="made/one")])
    code, out, err = run("export", "brat", *arguments, "-o", "out")
    assert code in (1, 2)
    assert told in out + err
    assert "Traceback" not in out + err
    assert not (tmp_path / "out").exists()
    if "other.jsonl" in arguments or "wrong.jsonl" in arguments:
        assert "p.jsonl:2: made/three" in out + err


def front(folder):
    return yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])


def test_a_release_goes_to_the_hub_with_its_splits_and_its_own_card(run, tmp_path):
    from datasets import load_dataset

    assert run("export", "huggingface", "newest:all", "-o", tmp_path / "hub")[0] == 0
    gold = {split: releases.load(split) for split in ("train", "dev", "test")}
    for config in ("documents", "claims", "tokens"):
        found = load_dataset(str(tmp_path / "hub"), config, cache_dir=str(tmp_path / "cache"))
        assert list(found) == list(gold)
    assert found["dev"].num_rows
    assert run("import", "huggingface", tmp_path / "hub", "-o", tmp_path / "back.jsonl")[0] == 0
    assert releases.part(str(tmp_path / "back.jsonl"))[0] == [item for items in gold.values() for item in items]
    own = (releases.find() / "README.md").read_text(encoding="utf-8").split("---\n", 2)[2].strip()
    page = (tmp_path / "hub" / "README.md").read_text(encoding="utf-8")
    assert (
        own.rpartition("\n## Terms")[0]
        .replace("[datasheet](../../DATASHEET.md)", "datasheet (`DATASHEET.md`)")
        .replace("[analysis](../../docs/analysis.md)", "analysis (`analysis.md`)")
        in page
    )
    assert "](.." not in page
    data = DatasetCard(page).data.to_dict()
    assert [one["config_name"] for one in data["configs"]] == ["documents", "claims", "tokens"]
    said = front(tmp_path / "hub")
    assert (said["license"], said["pretty_name"]) == (["cc-by-4.0", "other"], "communique")
    assert run("export", "huggingface", "newest:dev", "-o", tmp_path / "dev")[0] == 0
    assert [one["split"] for one in front(tmp_path / "dev")["configs"][0]["data_files"]] == ["dev"]
    assert f"{len(gold['dev'])} documents in dev" in (tmp_path / "dev" / "README.md").read_text(encoding="utf-8")


def test_the_card_of_one_s_own_documents_says_their_licences_and_what_is_in_them(run, tmp_path):
    first, second = samples.document(), samples.document("made/two")
    jsonl.write(tmp_path / "mine.jsonl", [first])
    assert run("export", "huggingface", tmp_path / "mine.jsonl", "-o", tmp_path / "one")[0] == 0
    assert front(tmp_path / "one")["license"] == first.provenance.license.lower()
    assert front(tmp_path / "one")["pretty_name"] == "mine.jsonl"
    other = replace(second, language="de", provenance=replace(second.provenance, license="LicenseRef-House <b>"))
    jsonl.write(tmp_path / "mine.jsonl", [first, other])
    assert run("export", "huggingface", tmp_path / "mine.jsonl", "-o", tmp_path / "two")[0] == 0
    said, page = front(tmp_path / "two"), (tmp_path / "two" / "README.md").read_text(encoding="utf-8")
    assert (said["license"], said["language"]) == ("other", ["de", "en"])
    assert "LicenseRef-House &lt;b&gt; (1)" in page
    assert f"| threat | {sum(claim.rhetoric == 'threat' for claim in first.claims)} |" in page
    versions = [front(tmp_path / name)["configs"][0]["version"] for name in ("one", "two")]
    assert versions[0] != versions[1], "datasets would show the one's rows as the other's"


@pytest.fixture
def half(tmp_path):
    """Write a folder of brat of which two documents are broken."""
    brat.write(samples.documents(), tmp_path / "brat")
    paths = sorted((tmp_path / "brat").rglob("*.ann"))
    (tmp_path / "brat" / "bad.ann").write_text("T1\tClaim 0 2\tno\n", encoding="utf-8")
    (tmp_path / "brat" / "bad.txt").write_text("Go.\n", encoding="utf-8")
    (tmp_path / "brat" / "lone.ann").write_text("", encoding="utf-8")
    return tmp_path / "brat", len(paths)


def test_one_bad_item_refuses_all_and_all_are_told(half, run, tmp_path):
    code, out, _ = run("import", "brat", half[0], "-o", tmp_path / "x.jsonl")
    assert code == 1
    assert [line.split(":")[0].rsplit("/", 1)[1] for line in out.splitlines()] == ["bad.ann", "lone.ann"]
    assert not (tmp_path / "x.jsonl").exists()


def test_bad_items_are_skipped_where_that_is_asked_for_named_and_counted(half, run, tmp_path):
    code, out, err = run("import", "brat", half[0], "-o", tmp_path / "x.jsonl", "--skip-bad")
    assert (code, out.splitlines()[0].split(" holds ")[1].split(" with")[0]) == (0, f"{half[1]} documents")
    assert "bad.ann:1: T1 says 'no', the text has 'Go' there; mend the offsets" in err
    assert "lone.ann: " in err
    assert err.splitlines()[-1] == "2 faulty documents are skipped"
    assert len(releases.part(str(tmp_path / "x.jsonl"))[0]) == half[1]


def test_nothing_good_is_a_failure_with_or_without_skipping(run, tmp_path):
    (tmp_path / "x.jsonl").write_text('{"text": ""}\n', encoding="utf-8")
    code, _, err = run("import", "doccano", tmp_path / "x.jsonl", "-o", tmp_path / "o.jsonl", "--skip-bad")
    assert (code, "there is no text" in err) == (1, True)
    assert not (tmp_path / "o.jsonl").exists()
