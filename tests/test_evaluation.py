"""Scoring by names, paths, records and labels, from Python and on the command line."""

import csv
import json

import pytest
from msgspec.structs import replace

import communique
import samples
from communique import baselines, jsonl, releases
from communique.baselines import Source, without_types
from communique.baselines.labelling import typed
from communique.problems import CommuniqueError, DataError
from communique.score.config import TASKS, ScoreConfig
from communique.score.evaluate import as_prediction

DEV = releases.load("dev")
NEWEST = releases.listed()[-1]
TYPES = {f"{document.id}#{claim.id}": str(claim.rhetoric) for document in DEV for claim in document.claims}


def told(result, task, measure, unit=None):
    (found,) = [
        s for s in result.scores if (s.task, s.measure, s.group) == (task, measure, "all") and unit in (None, s.unit)
    ]
    return found


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.jsonl"
    sources = [Source(id=document.id, text=document.text) for document in DEV]
    jsonl.write(path, baselines.create("rules").predict(sources))
    return path


@pytest.fixture(params=["csv", "jsonl"])
def labels(request, tmp_path):
    """Return a function that writes ids and labels as a file."""

    def write(rows):
        path = tmp_path / f"types.{request.param}"
        with path.open("w", encoding="utf-8", newline="") as file:
            if request.param == "csv":
                writer = csv.writer(file)
                writer.writerows([("label", "split", "id"), *((label, "dev", name) for name, label in rows)])
            else:
                file.writelines(json.dumps({"id": name, "label": label, "split": "dev"}) + "\n" for name, label in rows)
        return path, 2 if request.param == "csv" else 1

    return write


def test_names_and_paths_are_signed_with_release_and_split(rules):
    result = communique.evaluate("newest:dev", str(rules))
    assert (result.gold, result.system, result.documents) == (f"{NEWEST}:dev", "rules.jsonl", len(DEV))
    assert all(s.signature.startswith(f"communique|v:{NEWEST}|collection:dispatches|split:dev|") for s in result.scores)
    assert communique.evaluate("newest:dev", rules) == result
    records = communique.evaluate(DEV, predictions_in(rules))
    assert [s.value for s in records.scores] == [s.value for s in result.scores]
    assert all("|v:none|" in s.signature and "|split:all|" in s.signature for s in records.scores)


def predictions_in(path):
    return list(jsonl.read(path, communique.Prediction))


def test_one_record_is_as_good_as_many():
    gold, right = samples.document(), samples.layer()
    many = communique.evaluate([gold], [right])
    assert communique.evaluate(gold, right) == communique.evaluate(gold, gold) == many
    assert communique.evaluate([gold], (one for one in [gold])) == many
    assert told(many, "full", "content+entity+type").value == 1


def test_a_file_of_documents_is_gold_too(tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", DEV[:2])
    result = communique.evaluate(tmp_path / "gold.jsonl", DEV[:2])
    assert (result.gold, told(result, "spans", "exact", "claim").value) == ("none:gold", 1)


# Types alone


def test_types_by_id_are_scored_as_rhetoric_alone():
    result = communique.evaluate("newest:dev", TYPES)
    assert {score.task for score in result.scores} == {"rhetoric"}
    for measure in ("macro-f1", "accuracy", "family-macro-f1"):
        assert told(result, "rhetoric", measure).value == 1
    assert told(result, "rhetoric", "accuracy").gold == len(TYPES)
    assert result.notes == ()


def test_wrong_types_are_wrong_where_they_stand():
    wrong = dict.fromkeys(TYPES, "offer")
    result = communique.evaluate(DEV, wrong)
    assert told(result, "rhetoric", "accuracy").matched == list(TYPES.values()).count("offer")
    assert set(result.confusion["denial"]) == {"offer"}


def test_files_of_ids_and_labels_are_types_alone(labels, run):
    path, _ = labels(TYPES.items())
    result = communique.evaluate("newest:dev", path)
    assert [(s.unit, s.measure, s.group, s.value) for s in result.scores] == [
        (s.unit, s.measure, s.group, s.value) for s in communique.evaluate("newest:dev", TYPES).scores
    ]
    code, out, _ = run("evaluate", "newest:dev", path, "--json")
    assert code == 0
    assert json.loads(out)["scores"] == json.loads(as_json(result))["scores"]
    code, out, _ = run("evaluate", "newest:dev", path, "--signature-only")
    signed = f"|v:{NEWEST}|collection:dispatches|split:dev|task:rhetoric|"
    assert (code, out.count(signed), out.count("\n")) == (0, 1, 1)


def as_json(result):
    import msgspec

    return msgspec.json.encode(result)


NAMES = list(TYPES)


@pytest.mark.parametrize(
    ("rows", "line", "words"),
    [
        ([(NAMES[0], "threat"), ("made/one#c1", "threat")], 1, "'made/one#c1' is no gold claim"),
        ([(NAMES[0], "threat"), (NAMES[1], "insult")], 1, "insult"),
        ([(NAMES[0], "threat"), (NAMES[1], "threat"), (NAMES[0], "denial")], 2, "has a type already"),
    ],
    ids=["unknown claim", "unknown type", "twice"],
)
def test_faulty_labels_are_told_with_their_line(labels, run, rows, line, words):
    path, first = labels(rows)
    with pytest.raises(DataError, match=words) as error:
        communique.evaluate("newest:dev", path)
    assert [problem.line for problem in error.value.problems] == [first + line]
    code, _, err = run("evaluate", "newest:dev", path)
    assert (code, f"{path.name}:{first + line}" in err) == (1, True)


@pytest.mark.parametrize(
    ("types", "words"),
    [({"made/one#c1": "threat"}, "is no gold claim"), ({NAMES[0]: "insult"}, "unknown type 'insult'")],
)
def test_faulty_types_from_python_are_told(types, words):
    with pytest.raises(DataError, match=words):
        communique.evaluate("newest:dev", types)


def test_types_of_some_claims_may_leave_out_the_claim_that_others_lie_in():
    outer = [f"{document.id}#{one.parent}" for document in DEV for one in document.attributions if one.parent]
    some = {name: label for name, label in TYPES.items() if name not in outer}
    assert 0 < len(some) < len(TYPES)
    assert told(communique.evaluate("newest:dev", some), "rhetoric", "accuracy").matched == len(some)


def test_a_table_without_its_columns_is_misuse(tmp_path, run):
    path = tmp_path / "types.csv"
    path.write_text("id,type\nx,threat\n")
    with pytest.raises(CommuniqueError, match="has no column 'label'; name the columns id and label"):
        communique.evaluate("newest:dev", path)
    assert run("evaluate", "newest:dev", path)[0] == 2


def test_a_short_row_of_a_table_is_told(tmp_path):
    path = tmp_path / "types.csv"
    path.write_text(f"id,label\n{NAMES[0]}\n")
    with pytest.raises(DataError, match=r"types\.csv:2"):
        communique.evaluate("newest:dev", path)


def test_predictions_whose_claim_is_called_label_are_predictions(tmp_path):
    renamed = replace(samples.layer("made/two"), claims=(replace(samples.layer("made/two").claims[0], id="label"),))
    jsonl.write(tmp_path / "pred.jsonl", [renamed])
    result = communique.evaluate([samples.document("made/two")], tmp_path / "pred.jsonl")
    assert told(result, "full", "content+entity+type").value == 1


def test_a_perfect_typer_scores_100_in_each_shape_of_the_how_to():
    """A line of the page says no more than claims and bare attributions; Nearest types the layer that is given."""
    bare = [
        replace(
            as_prediction(document),
            entities=(),
            speakers=(),
            cues=(),
            attributions=tuple(
                replace(item, speaker=None, cue=None, entities=(), parent=None) for item in document.attributions
            ),
            claims=tuple(replace(claim, targets=()) for claim in as_prediction(document).claims),
        )
        for document in DEV
    ]
    like_nearest = [
        typed(without_types(document), {claim.id: {claim.rhetoric: 1.0} for claim in document.claims})
        for document in DEV
    ]
    for predictions in (bare, like_nearest):
        result = communique.evaluate(DEV, predictions, ScoreConfig(tasks=("rhetoric",)))
        for measure in ("macro-f1", "accuracy", "family-macro-f1", "lenient-accuracy"):
            assert told(result, "rhetoric", measure).value == 1
        assert result.notes == ()


def test_other_ids_are_the_same_claims_where_words_cue_and_speaker_are():
    renamed = [
        replace(one, claims=tuple(replace(claim, id=f"x{claim.id}") for claim in one.claims))
        for one in map(as_prediction, DEV)
    ]
    renamed = [
        replace(
            one,
            attributions=tuple(replace(item, parent=item.parent and f"x{item.parent}") for item in one.attributions),
        )
        for one in renamed
    ]
    result = communique.evaluate(DEV, renamed, ScoreConfig(tasks=("rhetoric",)))
    assert told(result, "rhetoric", "accuracy").value == 1


def test_an_id_of_gold_on_other_words_is_no_partner():
    gold, right = samples.document(), samples.layer()
    claims = list(right.claims)
    claims[0], claims[1] = (replace(claims[n], id=claims[1 - n].id) for n in (0, 1))
    swapped = replace(right, claims=tuple(sorted(claims, key=lambda claim: claim.id)))
    swapped = replace(swapped, attributions=tuple(replace(a, parent=None) for a in swapped.attributions))
    result = communique.evaluate(gold, swapped, ScoreConfig(tasks=("rhetoric",)))
    assert told(result, "rhetoric", "accuracy").value == 1, "they are paired by their words"


# What is left out, and why


def test_claims_without_partner_are_counted_and_told(run, labels):
    left = {name: label for name, label in TYPES.items() if not name.startswith(DEV[0].id) and name != NAMES[-1]}
    result = communique.evaluate("newest:dev", left)
    own = len(DEV[0].claims)
    (note,) = result.notes
    assert note == (
        f"rhetoric: {own + 1} of {len(TYPES)} gold claims have no predicted partner and count as wrong: "
        f"{own} in documents without prediction, 1 whose words none has"
    )
    assert told(result, "rhetoric", "accuracy").matched == len(left)
    assert result.missing == (DEV[0].id,)
    path, _ = labels(left.items())
    assert note in " ".join(run("evaluate", "newest:dev", path)[1].split())


def test_claims_of_their_own_leave_out_what_is_given(rules, run):
    result = communique.evaluate("newest:dev", rules)
    assert {score.task for score in result.scores} == {"spans", "attribution", "full"}
    assert [note.partition(" is left out: ")[0] for note in result.notes] == ["holders", "rhetoric"]
    assert "of the predicted attributions are not gold's; predict with --given-attributions" in result.notes[0]
    assert "of the predicted claims are not gold's; predict with --given-claims" in result.notes[1]
    code, out, _ = run("evaluate", "newest:dev", rules)
    assert code == 0
    assert all(note in " ".join(out.split()) for note in result.notes)


@pytest.mark.parametrize(("task", "unit"), [("rhetoric", "claim"), ("holders", "attribution")])
def test_asked_for_alone_they_are_scored_all_the_same(rules, run, task, unit):
    code, out, _ = run("evaluate", "newest:dev", rules, "--task", task, "--json")
    result = json.loads(out)
    assert code == 0
    assert {score["task"] for score in result["scores"]} == {task}
    assert f"{task}: " in result["notes"][0]
    assert f"gold {unit}s have no predicted partner and count as wrong" in result["notes"][0]


def test_gold_against_itself_leaves_nothing_out():
    result = communique.evaluate("newest:dev", DEV)
    assert [*dict.fromkeys(score.task for score in result.scores)] == list(TASKS)
    assert result.notes == ()


def test_labels_may_leave_out_a_claim_that_others_stand_in():
    document = samples.document()
    nested = {item.id: item.parent for item in document.attributions}
    (left_out,) = {nested[claim.attribution] for claim in document.claims} - {None}
    labels = {f"{document.id}#{c.id}": str(c.rhetoric) for c in document.claims if c.id != left_out}
    result = communique.evaluate(document, labels)
    accuracy = next(score.value for score in result.scores if score.measure == "accuracy")
    assert accuracy == len(labels) / len(document.claims)
