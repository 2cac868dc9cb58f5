"""What the pages say is checked against what is there."""

import json
import re

import pytest
import yaml

import communique
from communique import files, jsonl, releases
from communique.digests import published
from communique.labels import Split
from communique.problems import Level
from communique.records import Document
from communique.score.agreement import agree


@pytest.fixture(scope="module")
def newest(root):
    return root / "corpus" / releases.listed(root / "corpus")[-1]


def page(root, name):
    return (root / name).read_text(encoding="utf-8")


def tables(text):
    """Return the rows of all Markdown tables as lists of cells."""
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_every_check_is_documented_and_has_its_bad_file(root):
    rows = [row for row in tables(page(root, "docs/formats.md")) if row[0] in list(Level)]
    documented = {name for row in rows for name in re.findall(r"`([a-z0-9-]+)`", row[1])}
    cases = {path.name.split(".")[0] for path in (root / "tests" / "cases" / "invalid").iterdir()}
    importers = {f"{name}-malformed" for name in ("brat", "cas", "conll", "label-studio", "parquet")}
    unheld = {"link-present", "file-special", "folder-empty"}  # git cannot hold them: tests/test_verification.py
    build = {"source-changed", "annotated-text-differs"}
    exchange = {"quote-not-found", "document-unknown", "text-missing", "text-differs", *importers}
    assert documented == cases | build | exchange | unheld
    emitted = set()
    for path in (root / "src").rglob("*.py"):
        emitted |= set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', path.read_text(encoding="utf-8")))
    assert documented - {"encoding-not-utf8"} <= emitted


def test_the_datasheet_counts_are_those_of_the_manifest(root, newest):
    counts = releases.manifest(newest).counts
    rows = {(row[0], row[1]): row[2:] for row in tables(page(root, "DATASHEET.md")) if row[0] in list(Split)}
    told = {key: [int(cell.replace(",", "")) for cell in cells] for key, cells in rows.items()}
    names = ("documents", "tokens", "entities", "attributions", "claims")
    assert told == {(s, c): [parts[n] for n in names] for s, by in counts.items() for c, parts in by.items()}
    total = sum(parts["documents"] for by in counts.values() for parts in by.values())
    assert f"{total} documents" in page(root, "DATASHEET.md")
    assert f"{total} documents" in page(root, "README.md")


def test_the_datasheet_types_and_difficulties_are_those_of_the_manifest(root, newest):
    counts = releases.manifest(newest).counts
    for row in tables(page(root, "DATASHEET.md")):
        if row[0].startswith("`") and len(row) == 4:
            name = row[0].strip("`")
            found = [sum(parts.get(name, 0) for parts in counts[split].values()) for split in Split]
            assert [int(cell) for cell in row[1:]] == found, name


def test_the_datasheet_agreement_is_what_the_command_measures(root, newest):
    first, second = (list(jsonl.read(newest / "annotators" / f"annotator-{i}.jsonl", Document)) for i in (1, 2))
    rows = {row[0]: row[1:] for row in tables(page(root, "DATASHEET.md"))}
    for name, keep in (("seeds", {"seeds"}), ("dispatches", {"dispatches"}), ("both", {"seeds", "dispatches"})):
        sides = {"first": first, "second": second}
        result = agree({one: [d for d in layer if d.collection in keep] for one, layer in sides.items()})
        scores = {(s.unit, s.measure): s.value for s in result.scores.scores if s.group == "all"}
        figures = [result.kappa, result.alpha, result.family_kappa]
        percents = [scores[key] for key in (("claim", "exact"), ("triple", "strict"), ("triple", "overlap"))]
        told = [f"{x:.2f}" for x in figures] + [f"{100 * x:.1f}" for x in percents]
        assert rows[f"agreement, {name}"] == [str(result.matched), *told]


def test_the_datasheet_answers_every_question(root):
    text = page(root, "DATASHEET.md")
    numbers = {
        "Motivation": 4,
        "Composition": 16,
        "Collection": 12,
        "Preprocessing": 4,
        "Uses": 6,
        "Distribution": 7,
        "Maintenance": 8,
    }
    for section, count in numbers.items():
        body = text.split(f"\n## {section}", 1)[1].split("\n## ", 1)[0]
        asked = re.findall(r"^\*\*(\d+)\. .+\?\*\*|^\*\*(\d+)\. .+\*\*", body, re.MULTILINE)
        assert [int(a or b) for a, b in asked] == list(range(1, count + 1)), section
        for answer in re.split(r"^\*\*\d+\. .+\*\*", body, flags=re.MULTILINE)[1:]:
            assert answer.strip(), section


def test_guidelines_examples_from_the_article_are_gold(root):
    (article,) = [d for d in releases.load("train") if d.collection == "seeds"]
    section = page(root, "docs/guidelines.md").split("## 6. ", 1)[1]
    rows = [row for row in tables(section) if len(row) == 6 and row[0].isdigit()]
    assert len(rows) >= 15
    spoken = {unit.id: " … ".join(s.text for s in unit.spans) for unit in (*article.speakers, *article.cues)}
    attributions = {item.id: item for item in article.attributions}
    gold = set()
    for claim in article.claims:
        item = attributions[claim.attribution]
        words = " … ".join(span.text for span in claim.spans)
        gold.add((spoken.get(item.speaker, "–"), spoken.get(item.cue, "–"), words, str(claim.rhetoric)))
    for _, speaker, cue, claim, rhetoric, _ in rows:
        start, _, end = claim.partition(" […] ")
        assert any(
            (s, q, r) == (speaker, cue, rhetoric) and w.startswith(start) and w.endswith(end) for s, q, w, r in gold
        ), (speaker, cue, claim)


def test_citation_changelogs_and_package_name_the_same_version(root, newest):
    citation = yaml.safe_load(page(root, "CITATION.cff"))
    assert citation["version"] == newest.name
    assert f"## {communique.__version__}" in page(root, "CHANGELOG.md")
    assert f"## {newest.name} ({citation['date-released']})" in page(root, "corpus/CHANGELOG.md")
    assert (citation["license"], citation["type"]) == ("CC-BY-4.0", "dataset")


def test_every_release_has_its_digest_published(root):
    corpus = root / "corpus"
    digests = {name: files.digest(corpus / name / releases.MANIFEST) for name in releases.listed(corpus)}
    assert published(corpus) == digests
    cited = [found["value"] for found in yaml.safe_load(page(root, "CITATION.cff"))["identifiers"]]
    assert cited == [f"sha256:{digest}" for digest in digests.values()]
    card = {row[0]: row[1].strip("`") for row in tables(page(root, "corpus/README.md").split("## Digests", 1)[1])[2:]}
    assert card == digests


def test_the_citation_file_is_what_the_command_prints(root, run):
    assert run("cite", "--format", "cff") == (0, page(root, "CITATION.cff"), "")


def test_links_lead_to_files(root):
    for name in (
        "README.md",
        "DATASHEET.md",
        "docs/tasks.md",
        "docs/formats.md",
        "docs/releases.md",
        "docs/guidelines.md",
        "baselines/README.md",
        "SECURITY.md",
    ):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page(root, name)):
            assert (root / name).parent.joinpath(link).exists(), (name, link)


def test_the_constraints_name_versions_and_no_addresses(root):
    lines = [line for line in page(root, "constraints.txt").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+", line) for line in lines)


def test_results_follow_their_schema_and_name_the_release(root, newest):
    from jsonschema import Draft202012Validator

    schema = json.loads(page(root, "schema/v1/result.schema.json"))
    paths = sorted((root / "baselines").glob(f"*/results/{newest.name}/*.json"))
    assert {path.parts[-4] for path in paths} == {"floor", "majority", "rules", "linear", "crf", "annotators"}
    for path in paths:
        result = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(result)
        assert result["gold"] == f"{newest.name}:{path.stem}"
        assert all(f"v:{newest.name}|" in score["signature"] for score in result["scores"])
