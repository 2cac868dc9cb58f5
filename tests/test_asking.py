"""Tasks for people and models: what they are shown, and what of their answers is taken."""

import csv
import json
import re

import msgspec
import pytest

import samples
from communique import jsonl, typed
from communique.asking.assignment import Wanted
from communique.asking.pages import batches
from communique.asking.units import numbered
from communique.baselines.base import Source
from communique.records import Prediction
from communique.validation import validate_paths

ONE = "made/one"
HEADER = "claim,rhetoric,also,conditional,negated,note"


@pytest.fixture
def docs(tmp_path):
    jsonl.write(tmp_path / "docs.jsonl", samples.documents())
    return tmp_path / "docs.jsonl"


@pytest.fixture
def asked(tmp_path, docs, run):
    """Ask of the three documents, and return the folder."""

    def call(wanted="types", *options):
        folder = tmp_path / wanted
        code, out, err = run("ask", docs, "--for", wanted, "-o", folder, *options)
        assert (code, err) == (0, ""), out
        return folder

    return call


def table(path, separator=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def fill(path, answer, key="claim"):
    """Fill in a form: what is answered, as a mapping of columns, for each number."""
    rows = table(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | answer(int(row[key])) for row in rows)


def gold(document):
    """Return what gold answers about a claim."""
    claims = {claim.id: claim for claim in document.claims}
    units = numbered(document, Wanted.TYPES)

    def answer(number):
        claim = claims[units[number].id]
        flags = {name: "x" if getattr(claim, name) else "" for name in ("conditional", "negated")}
        return {"rhetoric": claim.rhetoric, "also": claim.also or "", **flags}

    return answer


def fill_all(folder):
    for document in samples.documents():
        fill(folder / f"{document.id}.csv", gold(document))


def rows_of(folder, *rows, header=HEADER):
    """Write the form of the first document anew."""
    (folder / f"{ONE}.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")


RIGHT = ("1,threat,,,,", "2,assertion,,,,", "3,commitment,,,,", "4,denial,accusation,,,")


# what is asked


def test_a_page_shows_lines_and_claims_and_no_label(asked):
    folder = asked()
    page = (folder / f"{ONE}.txt").read_text(encoding="utf-8")
    assert "\n2  Minister Orla Vint warned on Monday" in page
    wanted = (
        "4. line 3\n   speaker: the council’s treasurer, Édil Maro 🚩\n   cue: replied\n"
        "   claim: “Not one coin,” […] “was ever promised.”\n"
    )
    assert wanted.replace(" 🚩", "") in page
    shown = page.split("## Text")[1]
    assert not re.search(r"\b(threat|assertion|commitment|denial|accusation|e1)\b", shown)
    assert (folder / f"{ONE}.csv").read_text(encoding="utf-8") == HEADER + "\n1,,,,,\n2,,,,,\n3,,,,,\n4,,,,,\n"


def test_the_labels_of_gold_change_no_byte_of_the_tasks(tmp_path, asked, docs):
    """With other types, entities and forms the folder is the same: nothing that is asked can be read off it."""
    before = {}
    for wanted in Wanted:
        folder = asked(wanted)
        before |= {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    blank = []
    for document in samples.documents():
        claims = (msgspec.structs.replace(c, rhetoric="appeal", also=None, targets=()) for c in document.claims)
        held = (msgspec.structs.replace(a, entities=(), form="mixed") for a in document.attributions)
        fields = {"claims": tuple(claims), "attributions": tuple(held), "entities": ()}
        blank.append(msgspec.structs.replace(document, **fields))
    jsonl.write(docs, blank)
    for wanted in Wanted:
        asked(wanted)
    assert {path: path.read_bytes() for path in before} == before


def test_holders_are_asked_of_attributions_and_all_of_texts(asked):
    folder = asked("holders")
    page = (folder / f"{ONE}.txt").read_text(encoding="utf-8")
    assert "\n3. line 2\n   speaker: the Tarn Council\n   cue: had promised\n   claim: to pay\n" in page
    form = (folder / f"{ONE}.csv").read_text(encoding="utf-8")
    assert form.splitlines() == ["attribution,holders,note", "1,,", "2,,", "3,,", "4,,"]
    folder = asked("all")
    assert "speaker:" not in (folder / f"{ONE}.txt").read_text(encoding="utf-8")
    form = json.loads((folder / f"{ONE}.json").read_text(encoding="utf-8"))
    assert form == {"id": ONE, "entities": [], "attributions": [], "notes": ["unanswered"]}


def test_an_implicit_speaker_is_a_dash_and_a_claim_over_lines_is_one_line(tmp_path, run):
    text = "Vint told us:\nwe pay\nnothing.\n"
    document = samples.made(text, [("Vint", "we pay\nnothing", "v")])
    attributions = (msgspec.structs.replace(document.attributions[0], speaker=None),)
    jsonl.write(tmp_path / "d.jsonl", [msgspec.structs.replace(document, attributions=attributions, speakers=())])
    assert run("ask", tmp_path / "d.jsonl", "--for", "types", "-o", tmp_path / "t")[0] == 0
    page = (tmp_path / "t" / f"{ONE}.txt").read_text(encoding="utf-8")
    assert page.endswith("1. line 2\n   speaker: –\n   cue: –\n   claim: we pay nothing\n")


def test_the_tasks_say_what_was_asked(asked, docs):
    told = json.loads((asked() / "tasks.json").read_text(encoding="utf-8"))
    assert (told["schema"], told["asked"], told["source"], told["between"]) == ("v1", "types", str(docs), False)
    layers = [typed.types_of(document) for document in samples.documents()]
    assert [(d["id"], d["file"], d["sha256"], d["spans"], d["units"]) for d in told["documents"]] == [
        (layer.id, layer.id, layer.sha256, layer.spans, len(layer.claims)) for layer in layers
    ]


@pytest.mark.parametrize(
    ("sizes", "most", "told"),
    [([2, 2, 2], 4, [1, 1, 2]), ([5, 1, 1], 4, [1, 2, 2]), ([0, 0, 3], 2, [1, 1, 1]), ([1, 9, 1], 3, [1, 2, 3])],
)
def test_batches_divide_no_document(sizes, most, told):
    assert list(batches(sizes, most)) == told


def test_batches_are_folders_and_are_read_again(tmp_path, asked, run):
    folder = asked("types", "--batch", 4)
    forms = {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    assert forms == {"batch-01/made/one.csv", "batch-02/made/two.csv", "batch-02/made/three.csv"}
    for path in sorted(folder.rglob("*.csv")):
        fill(path, gold(samples.document(f"made/{path.stem}")))
    assert run("answers", folder, "-o", tmp_path / "x.jsonl")[0] == 0
    assert list(typed.read(tmp_path / "x.jsonl").values()) == [typed.types_of(d) for d in samples.documents()]


def renamed(*names):
    return [
        msgspec.structs.replace(document, id=name) for document, name in zip(samples.documents(), names, strict=False)
    ]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["../up"], "types"),
        (["/etc/passwd"], "types"),
        (["a/../../b"], "holders"),
        ([".hidden"], "types"),
        (["con"], "all"),
        (["a|b"], "types"),
        (["x" * 300], "types"),
        (["Doc", "doc"], "types"),
        (["a", "a.txt/b"], "types"),
        (["tasks"], "all"),
        (["TASKS"], "all"),
        (["first.jsonl/x"], "types"),
    ],
)
def test_an_id_that_can_name_no_file_is_refused_and_nothing_written(tmp_path, run, names, wanted):
    jsonl.write(tmp_path / "d.jsonl", renamed(*names))
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run("ask", tmp_path / "d.jsonl", "--for", wanted, "-o", tmp_path / "t")
    assert (code, out) == (2, "")
    assert "rename" in err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_id_that_a_spreadsheet_would_obey_is_in_no_form(tmp_path, run):
    jsonl.write(tmp_path / "d.jsonl", renamed("=cmd()", "tasks", "a b"))
    assert run("ask", tmp_path / "d.jsonl", "--for", "types", "-o", tmp_path / "t")[0] == 0
    assert (tmp_path / "t" / "=cmd().csv").read_text().startswith(HEADER + "\n1,")


def test_filled_in_forms_are_not_replaced(tmp_path, asked, run, docs):
    folder = asked()
    rows_of(folder, *RIGHT)
    before = (folder / f"{ONE}.csv").read_bytes()
    code, _, err = run("ask", docs, "--for", "types", "-o", folder)
    assert code == 2
    assert "made/one.csv, not written by communique or changed since" in err
    assert (folder / f"{ONE}.csv").read_bytes() == before
    assert run("ask", docs, "--for", "types", "-o", folder, "--force")[0] == 0
    assert (folder / f"{ONE}.csv").read_bytes() != before


def test_asking_anew_leaves_no_page_of_an_older_folder(asked):
    folder = asked("types", "--batch", 4)
    assert asked() == folder
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.txt"))
    assert pages == ["made/one.txt", "made/three.txt", "made/two.txt"]


def test_where_there_is_nothing_to_ask_nothing_is_written(tmp_path, run):
    empty = {name: () for name in ("entities", "speakers", "cues", "attributions", "claims")}
    jsonl.write(tmp_path / "d.jsonl", [msgspec.structs.replace(samples.document(), **empty)])
    code, _, err = run("ask", tmp_path / "d.jsonl", "--for", "types", "-o", tmp_path / "t")
    assert code == 2
    assert "there is nothing to ask about in" in err
    assert not (tmp_path / "t").exists()


# types


def test_asking_and_answering_as_gold_gives_gold(tmp_path, asked, run, docs):
    folder = asked()
    fill_all(folder)
    code, out, err = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert (code, err) == (0, "")
    assert out == f"{tmp_path / 'x.jsonl'} holds the answers about 3 of 3 texts\n"
    assert validate_paths([tmp_path / "x.jsonl"]) == []
    layers = typed.read(tmp_path / "x.jsonl")
    for document in samples.documents():
        blank = tuple(msgspec.structs.replace(c, rhetoric=None, also=None) for c in document.claims)
        assert typed.apply(layers[document.id], msgspec.structs.replace(document, claims=blank)) == document
        assert layers[document.id].annotators == 1
    run("answers", folder, "-o", tmp_path / "y.jsonl", "--annotators", 2)
    assert {layer.annotators for layer in typed.read(tmp_path / "y.jsonl").values()} == {2}


def test_flags_reasons_and_labels_are_read_in_any_case(tmp_path, asked, run):
    folder = asked()
    fill_all(folder)
    rows_of(folder, "1, Threat ,DEMAND,X,0,", "2,None,none,no,,hm", "3,UNREADABLE,,,FALSE,", "4,denial,None,Yes,True,a")
    assert run("answers", folder, "-o", tmp_path / "x.jsonl")[0] == 0
    claims = typed.read(tmp_path / "x.jsonl")[ONE].claims
    told = [(c.rhetoric, c.reason, c.also, c.conditional, c.negated) for c in claims]
    assert told == [
        ("threat", None, "demand", True, False),
        (None, "no-act", None, False, False),
        (None, "unreadable", None, False, False),
        ("denial", None, None, True, True),
    ]


FORMS = {
    "as it is": lambda t: t.encode(),
    "byte order mark": lambda t: b"\xef\xbb\xbf" + t.encode(),
    "windows": lambda t: t.replace("\n", "\r\n").encode(),
    "old mac": lambda t: t.replace("\n", "\r").encode(),
    "semicolons": lambda t: t.replace(",", ";").encode(),
    "tabs": lambda t: t.replace(",", "\t").encode(),
    "semicolons and a comma in a note": lambda t: (
        t.replace(",", ";").replace("1;threat;;;;", "1;threat;;;;a, b").encode()
    ),
    "blank rows": lambda t: ("\n\n" + t.replace("\n", "\n\n,,,,,\n") + "\n \n").encode(),
    "capital header": lambda t: t.replace("claim,rhetoric", "Claim, RHETORIC ").encode(),
    "quoted": lambda t: re.sub(r"[^,\n]+", lambda m: f'"{m[0]}"', t).encode(),
    "more columns": lambda t: re.sub("(?m)(.)$", r"\1,mine", t).replace("note,mine", "note,who").encode(),
    "columns turned": lambda t: "\n".join(",".join(line.split(",")[::-1]) for line in t.split("\n")).encode(),
    "rows turned": lambda t: "\n".join([t.split("\n")[0], *t.split("\n")[:0:-1]]).encode(),
    "decimal numbers": lambda t: re.sub(r"(?m)^(\d),", r"\1.0,", t).encode(),
    "no last line feed": lambda t: t.rstrip("\n").encode(),
    "a note over lines": lambda t: t.replace("1,threat,,,,", '1,threat,,,,"a\nb"').encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_are_read_in_any_hand(tmp_path, asked, run, form):
    folder = asked()
    fill_all(folder)
    (folder / f"{ONE}.csv").write_bytes(FORMS[form]("\n".join((HEADER, *RIGHT)) + "\n"))
    code, out, _ = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert (code, out.split()[-5:]) == (0, ["about", "3", "of", "3", "texts"]), out
    assert typed.read(tmp_path / "x.jsonl")[ONE] == typed.types_of(samples.document())


@pytest.mark.parametrize(
    ("rows", "line", "check", "told"),
    [
        (["1,,,,,", *RIGHT[1:]], 2, "answer-missing", "claim 1: has no type; write one, or none"),
        (RIGHT[1:], 0, "answer-missing", "claim 1 has no row; add it"),
        ([*RIGHT, "5,threat,,,,"], 6, "answer-unknown", "claim '5' was not asked about; keep the numbers"),
        ([*RIGHT, "0,threat,,,,"], 6, "answer-unknown", "claim '0'"),
        ([*RIGHT, "one,threat,,,,"], 6, "answer-unknown", "claim 'one'"),
        ([*RIGHT, ",threat,,,,"], 6, "answer-unknown", "claim ''"),
        ([*RIGHT, "²,threat,,,,"], 6, "answer-unknown", "claim '²'"),
        ([*RIGHT, "1,threat,,,,"], 6, "answer-repeated", "claim 1 is answered already on line 2; keep one"),
        (["1,treat,,,,", *RIGHT[1:]], 2, "label-unknown", "claim 1: unknown type 'treat'; one of threat, warning"),
        (["1,threat,treat,,,", *RIGHT[1:]], 2, "label-unknown", "claim 1: unknown secondary type 'treat'"),
        (["1,threat,threat,,,", *RIGHT[1:]], 2, "secondary-redundant", "claim 1: secondary type 'threat' repeats"),
        (["1,threat,assertion,,,", *RIGHT[1:]], 2, "secondary-redundant", "'assertion' repeats the primary or is"),
        (["1,none,threat,,,", *RIGHT[1:]], 2, "reason-mismatch", "claim 1: has a secondary type"),
        (["1,none,,x,,", *RIGHT[1:]], 2, "reason-mismatch", "or give the type"),
        (["1,threat,,maybe,,", *RIGHT[1:]], 2, "label-unknown", "claim 1: conditional 'maybe'; write x, or nothing"),
        (['1,threat,,,,"a\nb\nc"', "2,treat,,,,", *RIGHT[2:]], 5, "label-unknown", "claim 2: unknown type 'treat'"),
        (["1,threat,,,2,", *RIGHT[1:]], 2, "label-unknown", "claim 1: negated '2'; write x"),
        (["1,threat,,,,a,b", *RIGHT[1:]], 2, "form-malformed", "has 7 cells under 6 columns; quote"),
        (['1,threat,,,,"a', *RIGHT[1:]], 0, "form-malformed", "no CSV: unexpected end of data; save it"),
    ],
)
def test_faulty_answers_are_refused_with_their_place(tmp_path, asked, run, rows, line, check, told):
    folder = asked()
    fill_all(folder)
    rows_of(folder, *rows)
    code, out, err = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert (code, err) == (1, "")
    (problem,) = out.splitlines()
    place = f"{folder / ONE}.csv:{line}: " if line else f"{folder / ONE}.csv: "
    assert problem.startswith(place + told if not told.startswith(("'", "or ")) else place)
    assert told in problem
    assert problem.endswith(f"/{check}]")
    assert not (tmp_path / "x.jsonl").exists()


@pytest.mark.parametrize(
    ("content", "check", "told"),
    [
        (b"claim,rhetoric,also,conditional,note\n", "form-malformed", ":1: has no column 'negated'; keep the header"),
        (b"claim,claim,rhetoric,also,conditional,negated,note\n", "form-malformed", "has two columns 'claim'"),
        (b"", "form-malformed", "has no column 'claim'"),
        (b"\n\n", "form-malformed", "has no column 'claim'"),
        (b"claim\n\xff", "encoding-not-utf8", "byte 6 is not UTF-8"),
        (b'claim,"rhet\noric\n', "form-malformed", "no CSV"),
        (b"1,threat\n2,threat\n", "form-malformed", "has no column 'claim'"),
    ],
)
def test_a_file_that_is_no_form_is_refused(tmp_path, asked, run, content, check, told):
    folder = asked()
    fill_all(folder)
    (folder / f"{ONE}.csv").write_bytes(content)
    code, out, _ = run("answers", folder, "-o", tmp_path / "x.jsonl")
    (problem,) = out.splitlines()
    assert code == 1
    assert told in problem
    assert problem.endswith(f"/{check}]")


def test_every_fault_of_every_form_is_told_at_once(tmp_path, asked, run):
    folder = asked()
    fill_all(folder)
    rows_of(folder, "1,treat,,maybe,,", "2,assertion,,,,", "3,commitment,,,,", "9,denial,,,,")
    (folder / "made/two.csv").unlink()
    code, out, _ = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert code == 1
    checks = [line.rsplit("/", 1)[1] for line in out.splitlines()]
    assert checks == ["answer-missing]", "label-unknown]", "label-unknown]", "answer-unknown]", "answer-missing]"]
    assert "two.csv: No such file or directory" in out


def test_partial_writes_what_is_complete_and_tells_the_rest(tmp_path, asked, run):
    folder = asked()
    code, out, _ = run("answers", folder, "-o", tmp_path / "x.jsonl", "--partial")
    assert (code, len(out.splitlines())) == (1, 7)
    assert not (tmp_path / "x.jsonl").exists()
    fill(folder / "made/two.csv", gold(samples.document("made/two")))
    code, out, err = run("answers", folder, "-o", tmp_path / "x.jsonl", "--partial")
    assert (code, len(err.splitlines())) == (0, 6)
    assert out.endswith("holds the answers about 1 of 3 texts\n")
    assert list(typed.read(tmp_path / "x.jsonl")) == ["made/two"]


def without_last(document):
    """Return a document without its last attribution and what belongs to it alone."""
    *kept, _ = document.attributions
    return msgspec.structs.replace(
        document,
        attributions=tuple(kept),
        claims=document.claims[:-1],
        speakers=tuple(unit for unit in document.speakers if unit.id in {item.speaker for item in kept}),
        cues=tuple(unit for unit in document.cues if unit.id in {item.cue for item in kept}),
    )


def test_other_documents_are_refused_and_a_moved_file_is_named(tmp_path, asked, run, docs):
    folder = asked()
    fill_all(folder)
    docs.rename(tmp_path / "moved.jsonl")
    code, _, err = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert (code, "docs.jsonl" in err) == (2, True)
    assert run("answers", folder, "-o", tmp_path / "x.jsonl", "--texts", tmp_path / "moved.jsonl")[0] == 0
    first, *others = samples.documents()
    for changed, told in (
        (others, "there is no document 'made/one'; name the documents that were asked about with --texts"),
        ([msgspec.structs.replace(first, text=first.text + "More.\n"), *others], "made/one: sha256 of the text is"),
        (
            [without_last(first), *others],
            "made/one: its claims are not at the places they were when it was asked about",
        ),
    ):
        jsonl.write(docs, changed)
        code, out, err = run("answers", folder, "-o", tmp_path / "y.jsonl")
        assert (code, out, told in err) == (2, "", True), err
    assert not (tmp_path / "y.jsonl").exists()


def test_an_input_is_no_output(tmp_path, asked, run, docs):
    folder = asked()
    fill_all(folder)
    assert run("answers", folder, "-o", docs)[0] == 2
    assert run("answers", folder, "-o", folder)[0] == 2
    assert run("answers", folder, "-o", folder / f"{ONE}.txt")[0] == 2
    assert run("answers", tmp_path, "-o", tmp_path / "x.jsonl")[2].count("holds no tasks.json") == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"file": "../outside"}, "'../outside' cannot name a file below"),
        ({"file": None}, "cannot name a file below"),
        ({"file": "made/nowhere"}, "nowhere.csv: No such file or directory"),
        ({"spans": "0" * 64}, "its claims are not at the places"),
        ({"units": -1}, "schema-mismatch"),
        ({"more": 1}, "schema-mismatch"),
    ],
)
def test_tasks_that_were_tampered_with_lead_nowhere(tmp_path, asked, run, change, told):
    folder = asked()
    fill_all(folder)
    rows_of(folder, *RIGHT)
    (tmp_path / "outside.csv").write_bytes((folder / f"{ONE}.csv").read_bytes())
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    tasks["documents"][0] |= change
    (folder / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    code, out, err = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert code in (1, 2)
    assert told in out + err
    assert "Traceback" not in err
    assert not (tmp_path / "x.jsonl").exists()


def as_json(folder, answers, name=ONE):
    (folder / f"{ONE}.json").write_text(json.dumps({"id": name, "answers": answers}), encoding="utf-8")


def test_a_model_may_answer_in_json(tmp_path, asked, run):
    folder = asked()
    fill_all(folder)
    rows_of(folder, "1,,,,,")
    answers = [{"claim": n, **gold(samples.document())(n), "conditional": False, "note": None} for n in (1, 2, 3, 4)]
    as_json(folder, answers)
    assert run("answers", folder, "-o", tmp_path / "x.jsonl")[0] == 0
    assert typed.read(tmp_path / "x.jsonl")[ONE] == typed.types_of(samples.document())
    for given, name, told in (
        (answers, "made/two", "is about 'made/two', the form is of 'made/one'"),
        ([{**answers[0], "negatd": True}, *answers[1:]], ONE, "has the key 'negatd'; an answer has claim, rhetoric"),
        (answers[1:], ONE, "claim 1 has no row"),
        ([*answers, answers[0]], ONE, "claim 1 is answered already; keep one"),
        ([{**answers[0], "rhetoric": None}, *answers[1:]], ONE, "claim 1: has no type"),
        ([3], ONE, "schema-mismatch"),
    ):
        as_json(folder, given, name)
        code, out, _ = run("answers", folder, "-o", tmp_path / "y.jsonl")
        assert (code, len(out.splitlines())) == (1, 1)
        assert told in out


# holders


def holder_rows(folder, *rows):
    rows_of(folder, *rows, header="attribution,holders,note")


def test_holders_answered_as_gold_are_right(tmp_path, asked, run, docs):
    folder = asked("holders")
    for document in samples.documents():
        names = {entity.id: entity.name for entity in document.entities}
        items = {item.id: item for item in document.attributions}
        units = numbered(document, Wanted.HOLDERS)
        said = {n: " | ".join(names[e] for e in items[unit.id].entities) for n, unit in units.items()}
        fill(folder / f"{document.id}.csv", lambda n, said=said: {"holders": said[n]}, "attribution")
    assert run("answers", folder, "-o", tmp_path / "held.jsonl")[0] == 0
    assert validate_paths([tmp_path / "held.jsonl"]) == []
    code, out, _ = run("evaluate", docs, tmp_path / "held.jsonl", "--task", "holders", "--json")
    assert code == 0
    assert {s["measure"]: s["value"] for s in json.loads(out)["scores"]} == {"holder": 1.0, "b-cubed": 1.0}
    for prediction in jsonl.read(tmp_path / "held.jsonl", Prediction):
        assert {(c.rhetoric, c.also, c.targets) for c in prediction.claims} == {(None, None, ())}


def test_joint_holders_the_author_and_nobody(tmp_path, asked, run):
    folder = asked("holders")
    holder_rows(folder, "1,Orla Vint | Tarn Council|Orla Vint,unsure", "2,,Author", "3,,none", "4,Édil  Maro,author")
    fill(folder / "made/two.csv", lambda _: {"note": "none"}, "attribution")
    fill(folder / "made/three.csv", lambda _: {"note": "author"}, "attribution")
    assert run("answers", folder, "-o", tmp_path / "held.jsonl")[0] == 0
    one, _, three = jsonl.read(tmp_path / "held.jsonl", Prediction)
    names = {entity.id: entity.name for entity in one.entities}
    assert [tuple(names[e] for e in item.entities) for item in one.attributions] == [
        ("Orla Vint", "Tarn Council"),
        ("author",),
        (),
        ("Édil Maro",),
    ]
    assert {e.name: e.mentions for e in one.entities}["author"] == ()
    assert [(e.name, e.mentions) for e in three.entities] == [("author", ())]
    document = samples.document()
    maro = next(e for e in one.entities if e.name == "Édil Maro")
    assert [document.text[s:e] for s, e in maro.mentions] == ["the council’s treasurer, Édil Maro"]
    vint = next(e for e in one.entities if e.name == "Orla Vint")
    assert [document.text[s:e] for s, e in vint.mentions] == ["Orla Vint"], "the words of a joint speaker are of both"


def test_a_name_is_taken_as_the_text_spells_it(tmp_path, run):
    text = "Jo O’Neva said no. Later Jo O’Neva said yes.\n"
    jsonl.write(tmp_path / "d.jsonl", [samples.made(text, [("Jo O’Neva", "no", "v"), ("Jo O’Neva", "yes", "v")])])
    assert run("ask", tmp_path / "d.jsonl", "--for", "holders", "-o", tmp_path / "t")[0] == 0
    holder_rows(tmp_path / "t", "1,Jo O'Neva,author", "2,Jo O’Neva,")
    assert run("answers", tmp_path / "t", "-o", tmp_path / "x.jsonl")[0] == 0
    (prediction,) = jsonl.read(tmp_path / "x.jsonl", Prediction)
    assert [(e.name, len(e.mentions)) for e in prediction.entities] == [("Jo O’Neva", 2)]


@pytest.mark.parametrize(
    ("row", "check", "told"),
    [
        ("1,Orla Vint | Nobody Here,", "quote-not-found", "attribution 1: holder 'Nobody Here' does not stand in the"),
        ("1,,", "answer-missing", "attribution 1: has no holder; name one, or write none or author under note"),
        ("1,,perhaps", "answer-missing", "attribution 1: has no holder"),
        ("1, | ,", "answer-missing", "attribution 1: has no holder"),
    ],
)
def test_holders_that_are_not_in_the_text_are_refused(tmp_path, asked, run, row, check, told):
    folder = asked("holders")
    holder_rows(folder, row, "2,,none", "3,,none", "4,,none")
    for name in ("two", "three"):
        fill(folder / f"made/{name}.csv", lambda _: {"note": "none"}, "attribution")
    code, out, _ = run("answers", folder, "-o", tmp_path / "held.jsonl")
    (problem,) = out.splitlines()
    assert code == 1
    assert f"{folder / ONE}.csv:2: {told}" in problem
    assert problem.endswith(f"/{check}]")
    assert not (tmp_path / "held.jsonl").exists()


def test_annotators_are_of_types_alone(tmp_path, asked, run):
    folder = asked("holders")
    code, _, err = run("answers", folder, "-o", tmp_path / "x.jsonl", "--annotators", 2)
    assert (code, "--annotators is written into types layers alone" in err) == (2, True)


# all


def test_whole_annotations_are_aligned(tmp_path, asked, run):
    folder = asked("all")
    for name, (_, quoted, *_) in samples.SOURCES.items():
        (folder / f"{name}.json").write_text(json.dumps(quoted), encoding="utf-8")
    assert run("answers", folder, "-o", tmp_path / "x.jsonl")[0] == 0
    assert list(jsonl.read(tmp_path / "x.jsonl", Prediction)) == [samples.layer(name) for name in samples.SOURCES]


def test_whole_annotations_that_are_not_done_or_not_verbatim_are_refused(tmp_path, asked, run):
    folder = asked("all")
    one = json.loads(json.dumps(samples.QUOTED))
    one["attributions"][0]["claims"][0]["quote"] = "We will never say this"
    (folder / f"{ONE}.json").write_text(json.dumps(one), encoding="utf-8")
    (folder / "made/two.json").write_text(json.dumps(samples.QUOTED), encoding="utf-8")
    code, out, _ = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert code == 1
    assert [line.rsplit("/", 1)[1] for line in out.splitlines()] == [
        "quote-not-found]",
        "form-malformed]",
        "answer-missing]",
    ]
    assert "not in the text: 'We will never say this'" in out
    assert "is about 'made/one', the form is of 'made/two'" in out
    assert "made/three: has the note 'unanswered'; annotate the text, then drop the note" in out
    assert not (tmp_path / "x.jsonl").exists()


# differences


@pytest.fixture
def two(tmp_path):
    """Two annotators: gold, and one who types the first claim of one text otherwise, the last as no act."""
    layers = [typed.types_of(document) for document in samples.documents()]
    first, *middle, last = layers[0].claims
    other = (
        msgspec.structs.replace(first, rhetoric="demand", conditional=True),
        *middle,
        msgspec.structs.replace(last, rhetoric=None, also=None, reason="no-act"),
    )
    jsonl.write(tmp_path / "a.jsonl", layers)
    jsonl.write(tmp_path / "b.jsonl", [msgspec.structs.replace(layers[0], claims=other), *layers[1:]])
    return tmp_path / "a.jsonl", tmp_path / "b.jsonl"


def test_an_adjudicator_is_asked_where_two_differ(tmp_path, asked, run, two):
    folder = asked("types", "--between", *two)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if path.is_file())[1:] == [
        "first.jsonl",
        "made/one.csv",
        "made/one.txt",
        "second.jsonl",
        "tasks.json",
    ]
    form = (folder / f"{ONE}.csv").read_text(encoding="utf-8").splitlines()
    assert form == [
        "claim,first,second,rhetoric,also,conditional,negated,note",
        "1,threat,demand conditional,,,,,",
        "4,denial also accusation,none,,,,,",
    ]
    page = (folder / f"{ONE}.txt").read_text(encoding="utf-8")
    assert ("\n1. line 2" in page, "\n2. line 2" in page, "\n4. line 3" in page) == (True, False, True)
    code, out, _ = run("answers", folder, "-o", tmp_path / "x.jsonl")
    assert (code, out.count("has no type")) == (1, 2)
    fill(folder / f"{ONE}.csv", lambda n: {"rhetoric": {1: "demand", 4: "denial"}[n]})
    assert run("answers", folder, "-o", tmp_path / "x.jsonl")[0] == 0
    layers = typed.read(tmp_path / "x.jsonl")
    assert [str(c.rhetoric) for c in layers[ONE].claims] == ["demand", "assertion", "commitment", "denial"]
    assert (layers[ONE].claims[0].conditional, layers[ONE].claims[3].also) == (False, None)
    assert {layer.annotators for layer in layers.values()} == {3}
    assert [layer.claims for layer in layers.values()][1:] == [
        typed.types_of(document).claims for document in samples.documents()[1:]
    ]


@pytest.mark.parametrize("fields", [{"conditional": True}, {"negated": True}, {"also": "demand"}])
def test_two_differ_in_any_label(tmp_path, run, docs, two, fields):
    layers = list(typed.read(two[0]).values())
    claims = (msgspec.structs.replace(layers[0].claims[1], **fields),)
    other = msgspec.structs.replace(layers[0], claims=(layers[0].claims[0], *claims, *layers[0].claims[2:]))
    jsonl.write(two[1], [other, *layers[1:]])
    code, out, _ = run("ask", docs, "--for", "types", "-o", tmp_path / "t", "--between", *two)
    assert (code, "asks 1 questions about 1 texts" in out) == (0, True)


def test_where_two_agree_there_is_nothing_to_decide(tmp_path, run, docs, two):
    code, _, err = run("ask", docs, "--for", "types", "-o", tmp_path / "t", "--between", two[0], two[0])
    assert (code, "the two differ on no claim" in err) == (2, True)


def test_layers_of_other_documents_are_refused(tmp_path, run, docs, two):
    layers = list(typed.read(two[0]).values())
    other = msgspec.structs.replace(layers[0], spans="0" * 64)
    for changed, told in (
        (layers[1:], "bad.jsonl: has no types of 'made/one'; give layers of the same documents"),
        ([other, *layers[1:]], "bad.jsonl: made/one: sha256 of the claims' places is"),
    ):
        jsonl.write(tmp_path / "bad.jsonl", changed)
        code, _, err = run(
            "ask", docs, "--for", "types", "-o", tmp_path / "t", "--between", two[0], tmp_path / "bad.jsonl"
        )
        assert (code, told in err) == (2, True), err
    jsonl.write(docs, samples.documents()[1:])
    code, _, err = run("ask", docs, "--for", "types", "-o", tmp_path / "t", "--between", *two)
    assert (code, "'made/one' is none of the documents" in err) == (2, True)
    code, _, err = run("ask", docs, "--for", "holders", "-o", tmp_path / "t", "--between", *two)
    assert (code, "ask --for types" in err) == (2, True)
    assert not (tmp_path / "t").exists()


def test_differences_of_some_documents_of_many(tmp_path, run, docs, two):
    """Layers may be of fewer documents than the file has; a layer that is gone or broken is told."""
    for path in two:
        jsonl.write(path, list(typed.read(path).values())[:1])
    folder = tmp_path / "t"
    assert run("ask", docs, "--for", "types", "-o", folder, "--between", *two)[0] == 0
    fill(folder / f"{ONE}.csv", lambda n: {"rhetoric": "none"})
    assert run("answers", folder, "-o", tmp_path / "x.jsonl", "--annotators", 4)[0] == 0
    (layer,) = typed.read(tmp_path / "x.jsonl").values()
    assert (layer.annotators, layer.claims[0].reason, layer.claims[1].rhetoric) == (4, "no-act", "assertion")
    for kept, told in (
        ([typed.types_of(samples.document("made/two"))], "'made/two' is none of the documents"),
        ([], "first.jsonl: is not of all that was asked about"),
    ):
        for name in ("first.jsonl", "second.jsonl"):
            jsonl.write(folder / name, kept)
        code, out, err = run("answers", folder, "-o", tmp_path / "y.jsonl")
        assert (code, out, told in err) == (2, "", True), err
    (folder / "second.jsonl").write_text("{}\n")
    code, out, err = run("answers", folder, "-o", tmp_path / "y.jsonl")
    assert code in (1, 2)
    assert "second.jsonl:1" in out + err


def test_prompts_ask_any_client_for_all_and_their_answers_are_aligned_as_given(tmp_path, docs, run):
    from communique.baselines.llm.prompts import Prompts

    code, out, _ = run("ask", docs, "--for", "all", "-o", tmp_path / "prompts.jsonl")
    assert (code, out.strip().endswith("holds prompts for 3 texts")) == (0, True)
    prompts = [json.loads(line) for line in (tmp_path / "prompts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [prompt["id"] for prompt in prompts] == [document.id for document in samples.documents()]
    assert [turn["role"] for turn in prompts[0]["messages"]] == ["system", "user"]
    asked = Source(id="made/one", text=samples.TEXT)
    assert prompts[0]["messages"] == Prompts("v1").conversation(asked)
    answers = [{k: v for k, v in quoted.items() if k != "id"} for _, quoted, *_ in samples.SOURCES.values()]
    around = "Here it is:\n```json\n{}\n```\nAnything else?"
    given = [around.replace("{}", json.dumps(answers[0])), json.dumps(answers[1]), answers[2]]
    rows = [{"id": prompt["id"], "answer": answer} for prompt, answer in zip(prompts, given, strict=True)]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run("align", path, "--texts", docs, "-o", tmp_path / "found.jsonl")[0] == 0
    assert list(jsonl.read(tmp_path / "found.jsonl", Prediction)) == [samples.layer(name) for name in samples.SOURCES]
    path.write_text(json.dumps({"id": "made/one", "answer": "I cannot do that."}) + "\n")
    code, out, _ = run("align", path, "--texts", docs, "-o", tmp_path / "none.jsonl")
    assert (code, "answers.jsonl:1: the answer holds no JSON object" in out) == (1, True)


def test_prompts_are_of_plain_texts_and_of_seeds_too_and_for_all_annotation_only(tmp_path, docs, run):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/a.txt").write_text("Vint said no.\n")
    seeds = samples.write_seeds(tmp_path / "seeds")
    for source, ids in ((tmp_path / "texts", ["a"]), (seeds, list(samples.SOURCES))):
        run("ask", source, "--for", "all", "-o", tmp_path / "p.jsonl", "--force")
        lines = (tmp_path / "p.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["id"] for line in lines] == ids
    code, _, err = run("ask", docs, "--for", "types", "-o", tmp_path / "q.jsonl")
    assert (code, "name a folder" in err) == (2, True)


def test_an_answer_in_a_folder_has_the_id_of_its_file(tmp_path, docs, run):
    path = tmp_path / "answers/made/two.json"
    path.parent.mkdir(parents=True)
    answer = {k: v for k, v in samples.SECOND_QUOTED.items() if k != "id"}
    path.write_text(f"```json\n{json.dumps(answer)}\n```\n", encoding="utf-8")
    assert run("align", tmp_path / "answers", "--texts", docs, "-o", tmp_path / "found.jsonl")[0] == 0
    assert list(jsonl.read(tmp_path / "found.jsonl", Prediction)) == [samples.layer("made/two")]
