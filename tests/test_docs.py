"""What the pages say is checked against what is there."""

import json
import re

import pytest
import yaml

import communique
from communique import files, formats, releases
from communique.collection import listed
from communique.digests import published
from communique.problems import Level
from communique.score.protocols import PROTOCOLS
from communique.score.tasks import TASKS

ON_BOARD = {
    "overlap triple": ("attribution", "triple", "overlap"),
    "holder F1": ("attribution", "holder", "entity"),
    "holders right": ("holders", "attribution", "holder"),
    "macro-F1 of types": ("rhetoric", "claim", "macro-f1"),
    "full F1": ("full", "claim", "content+entity+type"),
    "overlap of claims": ("spans", "claim", "overlap"),
    "content F1": ("full", "claim", "content"),
}
CHANGED = {
    "overlap triple F1": ("attribution", "triple", "overlap"),
    "F1 of holders": ("attribution", "holder", "entity"),
    "content and holder F1": ("full", "claim", "content+entity"),
    "F1 of everything": ("full", "claim", "content+entity+type"),
    "`holders`, share": ("holders", "attribution", "holder"),
}
CARDED = {
    "strict triple": ("attribution", "triple", "strict"),
    "overlap triple": ("attribution", "triple", "overlap"),
    "full F1": ("full", "claim", "content+entity+type"),
}


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
    importers = {f"{name}-malformed" for name in ("brat", "cas", "conll", "gum", "label-studio", "parquet", "plover")}
    importers |= {f"{name}-malformed" for name in ("doccano", "prodigy", "spacy")}
    unheld = {"link-present", "file-special", "folder-empty"}  # git cannot hold them: tests/test_verification.py
    unheld |= {"spans-too-long"}  # a file of 64 MB: tests/test_hostile.py
    build = {"source-changed", "annotated-text-differs", "release-unfilled", "split-unknown", "split-empty"}
    answers = {"answer-missing", "answer-unknown", "answer-repeated", "form-malformed"}
    guidelines = {"secondary-pair", "target-unwanted", "target-self", "name-elsewhere"}
    exchange = {"quote-not-found", "document-unknown", "text-missing", "text-differs", *importers}
    assert documented == cases | build | answers | exchange | unheld | guidelines
    emitted = set()
    for path in (root / "src").rglob("*.py"):
        emitted |= set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', path.read_text(encoding="utf-8")))
    assert documented - {"encoding-not-utf8"} <= emitted


def test_the_figures_of_the_datasheet_are_those_of_the_release(root, newest, monkeypatch):
    """The counts, the types and difficulties, and the agreement: what `tools/datasheet.py` would write."""
    monkeypatch.syspath_prepend(str(root / "tools"))
    from datasheet import rewritten

    text = page(root, "DATASHEET.md")
    spoilt = text.replace("| train | dispatches |", "| train | other |")
    for name in ("`claims.threat`", "`secondary`", "agreement, both", "speaker, exact", "denial"):
        spoilt, times = re.subn(rf"(?<=^\| {re.escape(name)} \| )[\d,]+", "7", spoilt, flags=re.MULTILINE)
        assert times == 1
    assert rewritten(re.sub(r"\d+ documents:$", "7 documents:", spoilt, flags=re.MULTILINE), newest) == text
    total = sum(parts["documents"] for by in releases.manifest(newest).counts.values() for parts in by.values())
    assert f"{total} documents" in page(root, "README.md")


def test_the_table_of_tasks_is_what_they_declare(root):
    rows = tables(page(root, "docs/tasks.md").split("\n## ", 1)[0])[2:]
    declared = [[f"`{t.name}`", t.given, t.wanted, ", ".join(t.headlines.values())] for t in TASKS.values()]
    assert rows == declared


def test_the_table_of_protocols_names_them_all(root):
    rows = tables(page(root, "docs/protocols.md").split("\n## ", 1)[0])[2:]
    assert [row[0].strip("`") for row in rows] == list(PROTOCOLS)


def results(root, release, split):
    """Return the committed figures over all documents, and by kind of speaker, of every baseline."""
    found = {}
    for path in (root / "baselines").glob(f"*/results/{release}/{split}.json"):
        for score in json.loads(path.read_text(encoding="utf-8"))["scores"]:
            found[path.parts[-4], score["task"], score["unit"], score["measure"], score["group"]] = score["value"]
    return found


def test_what_the_page_of_tasks_says_of_the_board_is_committed(root, newest):
    scores, before = (results(root, release, "test") for release in (newest.name, "0.1.0"))
    told = {row[0]: row[1:] for row in tables(page(root, "docs/tasks.md"))}
    for name, key in ON_BOARD.items():
        assert told[name] == [f"{100 * scores[system, *key, 'all']:.1f}" for system in ("floor", "rules")]
    for name, key in CHANGED.items():
        assert told[name][1] == ", ".join(f"{100 * before[system, *key, 'all']:.1f}" for system in ("rules", "crf"))


ANALYSED = [
    ("rules", "attribution", "triple", "overlap"),
    ("crf", "attribution", "triple", "overlap"),
    ("crf", "attribution", "triple", "strict"),
]
BY_GENRE = [
    *ANALYSED,
    ("crf", "holders", "attribution", "holder"),
    ("linear", "rhetoric", "claim", "accuracy"),
    ("crf", "full", "claim", "content+entity+type"),
    ("annotators", "full", "claim", "content+entity+type"),
]
BY_PROPERTY = [*ANALYSED, ("crf", "attribution", "holder", "entity")]
BY_TYPE = [("rules", "rhetoric", "claim", "f1"), ("linear", "rhetoric", "claim", "f1")]


def test_what_the_analysis_says_is_hard_is_committed(root, newest):
    scores = results(root, newest.name, "test")
    groups = {group for *_, group in scores}
    section = page(root, "docs/analysis.md").split("\n## What is hard", 1)[1].split("\n## ", 1)[0]
    seen = set()
    for name, *cells in tables(section):
        for group, keys, skipped in (
            (f"genre:{name}", BY_GENRE, 2),
            (name.replace(" ", ":"), BY_PROPERTY, 1),
            (f"type:{name}", BY_TYPE, 1),
        ):
            if group in groups:
                told = [f"{100 * scores[*key, group]:.1f}" for key in keys]
                assert cells[skipped : skipped + len(keys)] == told, group
                seen.add(group)
    assert {group for group in groups if group.startswith(("genre:", "type:"))} <= seen


def test_the_cards_of_untrained_baselines_say_what_is_committed(root, newest):
    scores = results(root, newest.name, "test")
    card = page(root, "baselines/rules/README.md")
    for name, key in CARDED.items():
        rules, floor = (f"{100 * scores[system, *key, 'all']:.1f}" for system in ("rules", "floor"))
        assert f"{name} {rules} ({floor})" in card
        if name != "strict triple":
            assert f"{floor} and {rules}" in page(root, "baselines/floor/README.md")
    for kind in ("name", "description", "pronoun", "implicit speaker"):
        group = f"speaker:{kind.split()[0]}"
        assert f"{kind}s {100 * scores['rules', 'holders', 'attribution', 'holder', group]:.1f}" in card


def test_the_table_of_collections_is_what_they_say_of_themselves(root):
    told = {row[0].strip("`"): row for row in tables(page(root, "docs/collections.md"))[2:]}
    for about in (found.about for found in listed()):
        row = told.pop(about.name)
        splits = (f"{split} ({of.documents:,}, {of.claims:,})" for split, of in about.splits.items())
        assert row[-1] == ", ".join(splits)
        assert row[1].startswith(f"{about.repository}: ")
        assert row[2] == (about.commit or "not known: each text is told by its sha256")
        assert about.tasks == tuple(task for task in TASKS if task in about.tasks)
    assert told == {}


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


def test_the_formats_are_told_as_they_declare_themselves(root):
    rows = [row for row in tables(page(root, "docs/formats.md")) if row[0].strip("`") in formats.known()]
    told = {
        form.name: [
            form.place,
            "yes" if form.read else "no",
            "yes" if form.write else "no",
            "; ".join(form.loses) or "–",
        ]
        for form in formats.declared().values()
    }
    assert {row[0].strip("`"): row[1:] for row in rows} == told


def test_the_labels_of_the_how_to_are_scored(root, run, tmp_path, monkeypatch):
    block = re.search(r"```python\n(# labels\.py\n.*?)```", page(root, "docs/howto/your-own-system.md"), re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(block, "labels.py", "exec"), names)
    assert names["result"].gold.endswith(":dev")
    code, out, _ = run("evaluate", "newest:dev", "labels.csv", "--json")
    assert code == 0
    scored = [(score["measure"], score["value"]) for score in json.loads(out)["scores"]]
    assert scored == [(score.measure, score.value) for score in names["result"].scores]
    assert dict(scored)["accuracy"] > 0


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
