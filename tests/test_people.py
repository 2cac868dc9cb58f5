"""Our labels against people's: the arithmetic of each check on made-up clones, the figures on real ones at hand."""

import csv
import json
import re
from pathlib import Path

import msgspec
import pytest
from sklearn.metrics import cohen_kappa_score

import samples
from communique import jsonl, layers, typed
from communique.formats import gum, plover, polnear, unsc
from communique.formats.common import Imported
from communique.problems import CommuniqueError
from communique.records import Attribution, Claim, Cue, Entity, Span, Speaker
from communique.score.evaluate import Evaluation
from communique.score.type_agreement import agree_on_types
from test_types_agreement import drawn

replace = msgspec.structs.replace


@pytest.fixture(autouse=True)
def benchmarks(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))


# Figures


def test_a_share_counts_units_and_leaves_out_texts():
    from against.rows import share

    found = {f"t{n}": [1.0, 0.0] if n % 3 else [1.0] for n in range(12)} | {"empty": []}
    name, value, ends, of, texts = share("x", found)
    assert (name, value, of, texts) == ("x", "60.0", "20", "12"), "12 of 20, a text without units counts for none"
    low, high = map(float, ends.split("–"))
    assert 0 < low < 60 < high < 100
    assert share("few", {"a": [1.0], "b": [0.0]})[2] == "–"
    assert share("none", {"a": []})[1:] == ["–", "–", "0", "0"]


def test_kappa_is_that_of_the_pooled_labels():
    from against.rows import kappa

    found = {f"t{n}": [("a", "a"), ("b", "a" if n % 4 else "b")] for n in range(12)}
    pairs = [pair for some in found.values() for pair in some]
    _, value, ends, of, texts = kappa("x", found)
    assert value == f"{cohen_kappa_score(*zip(*pairs, strict=True)):.3f}"
    assert (of, texts, "–" in ends) == ("24", "12", True)


# 1. Types


SENTENCES = [  # event, of whom, the two annotators' types
    ("AGREE", "offer", "commitment"),
    ("DEMAND", "demand", "demand"),
    ("REJECT", None, "denial"),
    ("DISAPPROVE", "concern", "condemnation"),
    ("FIGHT", None, "threat"),
]


@pytest.fixture
def sentences(tmp_path):
    """Return a clone of made-up sentences and a folder of both annotators' types of them."""
    records = []
    for number, (event, *_) in enumerate(SENTENCES):
        markup = f"(SRC: Lock {number}) (EVT: told) (TAR: Tarn) to wait."
        plain = re.sub(r"\([A-Z]+: |\)", "", markup)
        told = {"id": f"X-{number}", "event": event, "text": plain, "date": "2000-01-01", "publication": None}
        records.append(told | {"textInfo": {"markup": markup}})
    path = tmp_path / "clone" / "gold_standard_records" / "PLOVER_GSR_CAMEO.txt"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(records), encoding="utf-8")
    documents = plover.read(tmp_path / "clone").documents
    for side, name in ((1, "annotator-1"), (2, "annotator-2")):
        made = [
            typed.types_of(replace(d, claims=(replace(d.claims[0], rhetoric=row[side]),)))
            for d, row in zip(documents, SENTENCES, strict=True)
        ]
        jsonl.write(folder(tmp_path / "plover", name) / "all.jsonl", made)
    return tmp_path


def folder(base, name):
    made = base / "annotators" / name
    made.mkdir(parents=True, exist_ok=True)
    return made


def rows_of(out):
    """Return the rows of printed tables, by title and first cell."""
    found, title = {}, ""
    for line in out.splitlines():
        title = line[3:] if line.startswith("## ") else title
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "---":
            found.setdefault(title, []).append(cells)
    return found


def test_types_against_events(sentences, capsys):
    from against.events import against_experts

    against_experts(sentences / "clone", sentences / "plover")
    tables = list(rows_of(capsys.readouterr().out).values())
    told = {row[0]: (row[1], row[3]) for row in tables[0]}
    assert told["annotator-1: type in the event's set"] == ("50.0", "4"), "offer and demand, not none, not concern"
    assert told["annotator-1: … where it saw an act"] == ("66.7", "3")
    assert told["annotator-1: family in the event's set"] == ("75.0", "4"), "concern is disapproval"
    assert told["annotator-2: family in the event's set"] == ("100.0", "4")
    assert told["annotator-1: other events, answered none"] == ("100.0", "1")
    assert told["annotator-2: other events, answered none"] == ("0.0", "1")
    pairs = [("commitment", "commitment"), ("demand", "demand"), ("rejection", "none")]
    expected = f"{cohen_kappa_score(*zip(*pairs, strict=True)):.3f}"
    assert told["annotator-1: kappa, events of one type"] == (expected, "3"), "an offer counts as commitment"
    assert told["annotators with each other: kappa, all events"][1] == "5"
    assert tables[1][1:] == [
        ["DISAPPROVE", "concern", "1", "0"],
        ["REJECT", "denial", "0", "1"],
        ["REJECT", "none", "1", "0"],
        ["FIGHT", "threat", "0", "1"],
    ]


def test_types_of_another_text_are_refused(sentences, capsys):
    from people import main

    path = sentences / "clone" / "gold_standard_records" / "PLOVER_GSR_CAMEO.txt"
    path.write_text(path.read_text().replace("Lock 1", "Bell 1"))
    with pytest.raises(SystemExit) as stop:
        main(["--plover", str(sentences / "clone"), "--layers", str(with_nothing_else(sentences))])
    assert stop.value.code == 2
    assert "X-1" in capsys.readouterr().err


def with_nothing_else(base):
    """Return the folder of layers with empty ones where it has none."""
    for collection in ("polnear", "gum"):
        for name in ("annotator-1", "annotator-2"):
            (folder(base / collection, name) / "dev.jsonl").touch()
    return base


# 2. Spans


ARTICLE = "The mayor said again no way. Orla Vint thinks that the crew denies it. Guards deny that.\n"
MARKED = {
    "ab12": [("The mayor", "said again", "no way"), ("Orla Vint", "thinks", "that the crew denies it")],
    "cd34": [
        ("The mayor", "said", "no way"),
        ("Orla Vint", "thinks", "that the crew denies it"),
        ("the crew", "denies", "it"),
        ("Guards", "deny", "that."),
    ],
}
OURS = [
    ("The mayor", "said", "no way."),
    ("Orla Vint", "thinks", "that the crew denies it"),
    ("the crew", "denies", "it"),
]


def place(words):
    """Return where words stand last."""
    start = ARTICLE.rindex(words)
    return start, start + len(words)


def standoff(some):
    """Return a PolNeAR annotation of (source, cue, content)."""
    lines = ""
    for number, words in enumerate(some):
        labels = zip(("Source", "Cue", "Content", "Attribution"), (*words, words[1]), strict=True)
        for at, (label, one) in enumerate(labels, 4 * number):
            start, end = place(one)
            lines += f"T{at}\t{label} {start} {end}\t{one}\n"
        first = 4 * number
        lines += f"E{number}\tAttribution:T{first + 3} Source:T{first} Cue:T{first + 1} Content:T{first + 2}\n"
    return lines


def version(document, some):
    """Return a document with these attributions; the third is nested in the claim of the second."""
    held = {"speakers": [], "cues": [], "attributions": [], "claims": []}
    for n, words in enumerate(some):
        spans = [(Span(start=place(one)[0], end=place(one)[1], text=one),) for one in words]
        held["speakers"].append(Speaker(id=f"s{n}", spans=spans[0]))
        held["cues"].append(Cue(id=f"q{n}", spans=spans[1]))
        link = {"speaker": f"s{n}", "cue": f"q{n}", "parent": "c1" if n == 2 else None}
        held["attributions"].append(Attribution(id=f"a{n}", entities=(), form="indirect", **link))
        held["claims"].append(replace(document.claims[0], id=f"c{n}", attribution=f"a{n}", spans=spans[2]))
    return replace(document, **{name: tuple(units) for name, units in held.items()})


@pytest.fixture
def articles(tmp_path):
    """Return a clone with one article by two people, and layers: one of three attributions, one of the first alone."""
    for kind in ("text", "attributions"):
        (tmp_path / "clone" / "dev" / kind).mkdir(parents=True)
    (tmp_path / "clone" / "dev" / "text" / "a_2031_lock.txt").write_text(ARTICLE)
    for person, some in MARKED.items():
        (tmp_path / "clone" / "dev" / "attributions" / f"a_2031_lock_{person}.ann").write_text(standoff(some))
    gold = polnear.read(tmp_path / "clone").documents[0]
    for name, some in (("annotator-1", OURS), ("annotator-2", OURS[:1])):
        jsonl.write(folder(tmp_path / "polnear", name) / "people.jsonl", [layers.dehydrate(version(gold, some))])
    return tmp_path


def test_spans_against_each_person(articles, capsys):
    from against.articles import against_people

    results = against_people(articles / "clone", articles / "polnear", verbose=True)
    spans, by_article, by_person, why = rows_of(capsys.readouterr().out).values()
    told = {row[0]: [cell.split(" ")[0] for cell in row[1:]] for row in spans[1:]}
    assert told["annotator-1"][:4] == ["80.0", "60.0", "40.0", "40.0"], "the nested one counts for nothing"
    assert told["annotator-1"][5:] == ["2", "1"], "pairs, articles"
    assert told["people"][:4] == ["66.7", "33.3", "66.7", "33.3"]
    assert told["annotators"][0] == "66.7"
    assert [row[0] for row in by_article[1:2]] == ["a_2031_lock: annotator-1"]
    assert [row[0].split(":")[0] for row in by_person[1:]] == ["ab12", "ab12", "cd34", "cd34"]
    counts = {row[0]: [re.search(r"\d+(?=\)?$)", cell)[0] for cell in row[1:]] for row in why[1:]}
    assert counts["nothing"] == ["2", "0", "1"]
    assert counts["marks or blanks alone"] == ["1", "1", "0"], "the final stop"
    assert counts["cue alone"] == ["1", "1", "1"]
    assert counts["second has it nested"] == ["1", "0", "0"]
    assert counts["first alone has it"] == ["1", "4", "0"]
    assert counts["… and most other people, too"] == ["0", "2", "0"]
    assert counts["second alone has it"] == ["0", "0", "2"]
    assert (counts["attributions of the first"], counts["attributions of the second"]) == (
        ["6", "6", "2"],
        ["4", "2", "4"],
    )
    assert [(one.system, one.gold, one.documents) for one in results] == [
        ("annotators", "people:polnear", 4),
        ("people", "people:polnear", 1),
    ]


# 3. Speeches


SPEECH = "UNSC_2031_SPV.1_spch002_Tarn"
SPOKEN = ["We are glad.", "The Lock lied to us.", "We fear the flood.", "We reject that."]
CONFLICTS = {1: "Direct_NegEval", 3: "Challenge"}
READINGS = {"": ("accusation", "rejection"), "annotator-1": ("assertion", "rejection"), "annotator-2": ()}


@pytest.fixture
def speeches(tmp_path):
    """Return a clone of one speech with two conflicts, and layers: everybody sees the fear, not all the conflicts."""
    text, base = " ".join(SPOKEN), tmp_path / "clone" / "Corpora"
    starts = [text.index(words) for words in SPOKEN]
    for path in (base / "Raw" / "Preproc_Text", base / "Annotated" / "Conflicts"):
        path.mkdir(parents=True)
    (base / "Raw" / "Preproc_Text" / f"{SPEECH}.txt").write_text(text)
    with (base / "Annotated" / "Conflicts" / "main_conflicts.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(unsc._COLUMNS)
        for n, (words, start) in enumerate(zip(SPOKEN, starts, strict=True)):
            name = SPEECH.replace("spch002_", "spch002_edu_") + ".txt"
            rows.writerow([name, n, words, CONFLICTS.get(n, "_"), "_", "_", f"{n}.0", start])
    document = replace(unsc.read(tmp_path / "clone").documents[0], language="en")
    for name, types in READINGS.items():
        where = folder(tmp_path / "unsc", name) if name else tmp_path / "unsc"
        where.mkdir(parents=True, exist_ok=True)
        claims = [(2, "concern"), *zip(CONFLICTS, types, strict=False)]
        jsonl.write(where / "train.jsonl", [layers.dehydrate(spoken(document, sorted(claims), starts))])
    return tmp_path


def spoken(document, claims, starts):
    tarn = Entity(id="e1", name="Tarn", kind="state", mentions=())
    said = Attribution(id="a1", speaker=None, cue=None, entities=("e1",), form="direct", parent=None)
    made = tuple(
        Claim(
            id=f"c{n}",
            attribution="a1",
            spans=(Span(start=starts[n], end=starts[n] + len(SPOKEN[n]) - 1, text=SPOKEN[n][:-1]),),
            rhetoric=label,
            also=None,
            targets=(),
            conditional=False,
            negated=False,
        )
        for n, label in claims
    )
    return replace(document, entities=(tarn,), attributions=(said,), claims=made)


def test_acts_against_conflict_spans(speeches, capsys):
    from against.speeches import against_conflicts, spoken_by

    against_conflicts(speeches / "clone", spoken_by(speeches / "clone", speeches / "unsc"))
    acts, lost, own = rows_of(capsys.readouterr().out).values()
    told = {row[0]: (row[1], row[3]) for row in acts[1:]}
    assert told["adjudicated: NegEval spans in disapproval"] == ("100.0", "1")
    assert told["annotator-1: NegEval spans in disapproval"] == ("0.0", "1")
    assert told["annotator-1: all conflict spans in either"] == ("50.0", "2")
    assert told["annotator-1: all conflict spans in any claim"] == ("100.0", "2")
    assert told["annotator-2: all conflict spans in any claim"] == ("0.0", "2")
    assert told["adjudicated: claims of accusation, condemnation in a conflict span"] == ("100.0", "1")
    assert told["adjudicated: claims of concern in a conflict span"] == ("0.0", "1")
    seen = f"{cohen_kappa_score([0, 1, 0, 1], [0, 1, 1, 1]):.3f}"
    assert told["adjudicated: kappa by sentence, conflict or none"] == (seen, "4")
    assert told["adjudicated: kappa by sentence, … concern left out"] == ("1.000", "4")
    assert lost[1:] == [
        ["Challenge", "no claim", "0", "0", "1"],
        ["Direct_NegEval", "assertion", "0", "1", "0"],
        ["Direct_NegEval", "no claim", "0", "0", "1"],
    ]
    assert ["concern", "in none", "1", "1", "1"] in own


def test_half_of_a_span_must_be_covered():
    from against.speeches import covered

    assert [covered(((0, 10),), ((end, 20),)) for end in (4, 5, 6)] == [1.0, 1.0, 0.0]


# 4. Holders


def test_an_entity_known_by_the_speaker_alone_is_right_by_its_words_and_wrong_by_its_name():
    from against.coreference import answered, right

    gold = samples.document()
    one = layers.dehydrate(gold)
    said = next(a for a in gold.attributions if "treasurer" in speaker(gold, a).text)
    where = (speaker(gold, said).start, speaker(gold, said).end)
    start = gold.text.index("coin")
    stranger = layers.PlacedEntity(id="x", kind="person", name=(start, start + 4), mentions=((start, start + 4), where))
    others = tuple(e for e in one.entities if e.id not in said.entities)
    held = tuple(replace(a, entities=("x",)) if a.id == said.id else a for a in one.attributions)
    wrong = replace(one, entities=(*others, stranger), attributions=held)
    shares = {
        words: sum(right([answered(gold, wrong, Path("x"), own_words=words)])[gold.id]) for words in (True, False)
    }
    assert shares == {True: 4.0, False: 3.0}
    assert sum(right([answered(gold, one, Path("x"), own_words=True)])[gold.id]) == len(gold.attributions) == 4


def speaker(document, attribution):
    return next(unit.spans[0] for unit in document.speakers if unit.id == attribution.speaker)


def test_holders_against_coreference(tmp_path, monkeypatch, capsys):
    from against.coreference import against_coreference

    gold = samples.document()
    monkeypatch.setattr(gum, "read", lambda folder, parts: Imported(documents=[gold]))
    one = layers.dehydrate(gold)
    kept = {"attributions": one.attributions[:1], "claims": one.claims[:1]}
    for name, entities in (("annotator-1", one.entities), ("annotator-2", ())):
        held = tuple(replace(a, entities=a.entities if entities else ()) for a in kept["attributions"])
        jsonl.write(
            folder(tmp_path, name) / "holders.jsonl",
            [replace(one, claims=kept["claims"], attributions=held, entities=entities)],
        )
    (result,) = against_coreference(tmp_path / "clone", tmp_path)
    (rows,) = rows_of(capsys.readouterr().out).values()
    told = {row[0]: (row[1], row[3]) for row in rows}
    assert told["annotator-1: all"] == told["annotator-1: name"] == ("100.0", "1"), "only what was asked counts"
    assert told["annotator-2: all"] == ("0.0", "1")
    assert told["annotators with each other"] == ("0.0", "1")
    assert (result.gold, result.system, result.documents) == ("people:gum", "annotators", 2)
    score = next(s for s in result.scores if (s.measure, s.group) == ("holder", "all"))
    assert (score.value, score.gold) == (0.5, 2)


def test_holders_of_another_text_are_refused():
    from against.coreference import answered

    gold = samples.document()
    with pytest.raises(CommuniqueError, match=r"here\.jsonl: made/one: the text is another one"):
        answered(replace(gold, text=gold.text + "."), layers.dehydrate(gold), Path("here.jsonl"), own_words=True)


# 5. Annotators with each other


def test_agreement_is_that_of_the_command(capsys):
    from against.agreement import typed_pairs, with_each_other

    first, second = drawn(20, 1)
    with_each_other({"made": typed_pairs(first, second)})
    labels, types = rows_of(capsys.readouterr().out).values()
    expected = agree_on_types(first, second)
    for row, one in zip(labels[1:], expected.fields, strict=True):
        assert row[0] == f"made: kappa of {one.field}"
        assert row[1] == ("–" if one.kappa is None else f"{one.kappa:.3f}")
        assert row[2] == ("–" if one.low is None else f"{one.low:.3f}–{one.high:.3f}")
    assert types[1][0] == "threat"
    assert types[1][1].endswith(f"({expected.types[0].first}, {expected.types[0].second}, {expected.types[0].both})")


def test_claims_of_two_versions_are_matched_by_half():
    from against.agreement import claim_pairs

    document = samples.document()
    first, second = document.claims[:2]
    half, less = (moved(document, claim, share) for claim, share in ((first, 0.6), (second, 0.4)))
    assert [
        len(some) for some in claim_pairs({"a": document}, {"a": replace(document, claims=(half, less))}).values()
    ] == [1]
    fewer = replace(document, claims=(first, second))
    ((name, pairs),) = claim_pairs({"a": document}, {"a": fewer, "b": document}).items()
    assert (name, [(one.id, other.id) for one, other in pairs]) == ("a", [(c.id, c.id) for c in document.claims[:2]])


def moved(document, claim, share):
    """Return a claim of the first share of its words."""
    (span,) = claim.spans
    end = span.start + round(share * (span.end - span.start))
    return replace(claim, spans=(replace(span, end=end, text=document.text[span.start : end]),))


# The command


def test_what_is_missing_is_said(tmp_path, capsys, sentences):
    from people import main

    main(["--plover", str(sentences / "clone"), "--layers", str(with_nothing_else(sentences))])
    out, err = capsys.readouterr()
    assert [line.split(";")[1] for line in err.splitlines()] == [
        " give --polnear CLONE",
        " give --unsc CLONE",
        " give --gum CLONE",
    ]
    assert "## Types against experts' events" in out
    assert "Spans and links" not in out


def test_results_stand_on_the_board(articles, tmp_path):
    from people import main

    base = with_nothing_else(articles)
    for name in ("annotator-1", "annotator-2"):
        (folder(base / "plover", name) / "all.jsonl").touch()
    (tmp_path / "board").mkdir()
    main(["--polnear", str(articles / "clone"), "--layers", str(base), "--results", str(tmp_path / "board")])
    for system in ("annotators", "people"):
        path = tmp_path / "board" / system / "results" / "people" / "polnear.json"
        assert msgspec.json.decode(path.read_bytes(), type=Evaluation).system == system
    assert "| people:polnear | people | 66.7" in (tmp_path / "board" / "README.md").read_text(encoding="utf-8")


REAL = ("polnear", "gum", "unsc", "plover")


def test_the_committed_results_and_the_page_are_made_anew_to_the_byte(root, clone, tmp_path, capsys):
    from people import main

    clones = {name: clone(name) for name in REAL}
    main([*(part for name in REAL for part in (f"--{name}", str(clones[name]))), "--results", str(tmp_path)])
    printed = set(capsys.readouterr().out.splitlines())
    page = (root / "docs" / "people.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line.startswith("|") and line not in printed] == []
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.glob("*/results/people/*.json"))
    assert len(made) == 3
    for path in made:
        assert (tmp_path / path).read_bytes() == (root / "baselines" / path).read_bytes(), path
