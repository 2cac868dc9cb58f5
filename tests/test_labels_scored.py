"""What is labelled beside the type, each right, wrong and absent; collections without entities; bare attributions."""

import pytest
from msgspec.structs import replace

import samples
from communique import jsonl
from communique.records import Prediction
from communique.score.config import ScoreConfig
from communique.score.evaluate import as_prediction, evaluate
from communique.score.groups import grouper
from communique.score.labels import MEASURES
from communique.score.pairing import Pairing
from communique.score.task import counted, grouped
from communique.score.tasks import TASKS as TOLD
from communique.stats import counts

TEXT = "Vint warned Maro not to come. Maro told Vint and Tarn to wait. Tarn sang."
NAMES = {"v": ["Vint"], "m": ["Maro"], "t": ["Tarn"]}
SAID = [("Vint", "not to come", "v"), ("Maro", "to wait", "m"), ("Tarn", "sang", "t")]
TASKS = pytest.mark.parametrize("task", ["full", "rhetoric"])


def labelled(*labels):
    """Return the text with labels of its three claims: mappings of field to value."""
    gold = samples.made(TEXT, SAID, mentions=NAMES)
    ids = {entity.name: entity.id for entity in gold.entities}

    def filled(claim, fields):
        targets = tuple(sorted(ids[name] for name in fields.get("targets", "")))
        return replace(claim, **{**fields, "targets": targets})

    return replace(gold, claims=tuple(map(filled, gold.claims, [*labels, {}, {}, {}][:3])))


def told(gold, predicted, task, unit):
    config = ScoreConfig(tasks=(task,))
    (found,) = [s for s in evaluate([gold], [predicted], config).scores if s.unit == unit and s.group == "all"]
    assert found.measure in MEASURES[unit]
    return found.gold, found.predicted, found.matched, found.value


@TASKS
@pytest.mark.parametrize(
    ("given", "target", "dyad"),
    [
        (["m", "vt"], (2, 2, 2, 1), (3, 3, 3, 1)),
        (["m", "v"], (2, 2, 1, 0.5), (3, 2, 2, 0.8)),
        (["mt", "vt"], (2, 2, 1, 0.5), (3, 4, 3, 6 / 7)),
        (["t", "m"], (2, 2, 0, 0), (3, 2, 0, 0)),
        (["", ""], (2, 0, 0, 0), (3, 0, 0, 0)),
        (["m", "vt", "v"], (2, 3, 2, 0.8), (3, 4, 3, 6 / 7)),
    ],
    ids=["right", "one left out", "one too many", "others", "none", "of a claim that has none"],
)
def test_targets_are_right_as_a_set_and_dyads_one_by_one(task, given, target, dyad):
    gold = labelled({"targets": "m"}, {"targets": "vt"})
    predicted = as_prediction(labelled(*({"targets": names} for names in given)))
    for unit, expected in (("target", target), ("dyad", dyad)):
        assert told(gold, predicted, task, unit) == pytest.approx(expected, abs=1e-6), unit


def test_a_dyad_takes_the_right_holder_and_a_target_set_does_not():
    gold = labelled({"targets": "m"})
    right = as_prediction(gold)
    wrong = replace(right.attributions[0], entities=right.attributions[2].entities)
    predicted = replace(right, attributions=(wrong, *right.attributions[1:]))
    assert told(gold, predicted, "rhetoric", "target")[2] == 1
    assert told(gold, predicted, "rhetoric", "dyad")[:3] == (1, 1, 0)


def test_targets_are_aligned_entities_whatever_they_are_called():
    gold = labelled({"targets": "m"}, {"targets": "vt"})
    right = as_prediction(gold)
    turned = {"e1": "e3", "e2": "e1", "e3": "e2"}
    entities = tuple(replace(entity, id=turned[entity.id], name="?") for entity in right.entities)
    attributions = tuple(replace(a, entities=tuple(turned[n] for n in a.entities)) for a in right.attributions)
    claims = tuple(replace(c, targets=tuple(sorted(turned[n] for n in c.targets))) for c in right.claims)
    renamed = replace(right, entities=entities, attributions=attributions, claims=claims)
    assert told(gold, renamed, "full", "target")[2] == 2
    assert told(gold, renamed, "full", "dyad")[2] == 3


@TASKS
@pytest.mark.parametrize(
    ("given", "also"),
    [
        ([{"also": "threat"}, {"also": "denial"}], (2, 2, 2, 1)),
        ([{"also": "threat"}, {"also": "warning"}], (2, 2, 1, 0.5)),
        ([{}, {}], (2, 0, 0, 0)),
        ([{"also": "threat"}, {}, {"also": "denial"}], (2, 2, 1, 0.5)),
    ],
    ids=["right", "wrong", "absent", "elsewhere"],
)
def test_secondary_types_are_right_wrong_or_absent(task, given, also):
    gold = labelled({"also": "threat"}, {"also": "denial"})
    assert told(gold, as_prediction(labelled(*given)), task, "also") == also


@TASKS
@pytest.mark.parametrize("flag", ["conditional", "negated"])
@pytest.mark.parametrize(
    ("given", "expected"),
    [((True, True), (2, 2, 2, 1)), ((True, False), (2, 1, 1, 2 / 3)), ((False, False), (2, 0, 0, 0))],
)
def test_flags_are_right_or_absent(task, flag, given, expected):
    gold = labelled({flag: True}, {flag: True})
    predicted = as_prediction(labelled(*({flag: holds} for holds in given)))
    assert told(gold, predicted, task, flag) == pytest.approx(expected, abs=1e-6)
    other = "negated" if flag == "conditional" else "conditional"
    assert told(gold, predicted, task, other) == (0, 0, 0, None)


@TASKS
@pytest.mark.parametrize("flag", ["conditional", "negated"])
def test_a_flag_where_gold_has_none_is_wrong(task, flag):
    gold = labelled({flag: True})
    assert told(gold, as_prediction(labelled({}, {flag: True})), task, flag) == (1, 1, 0, 0)


@TASKS
def test_nothing_earns_by_being_absent(task):
    gold = labelled()
    scores = evaluate([gold], [as_prediction(gold)], ScoreConfig(tasks=(task,))).scores
    for unit in MEASURES:
        (found,) = [s for s in scores if s.unit == unit and s.group == "all"]
        assert (found.gold, found.predicted, found.matched, found.value) == (0, 0, 0, None), unit


@TASKS
def test_a_claim_that_is_not_found_has_no_labels(task):
    gold = labelled({"targets": "m", "also": "threat", "conditional": True, "negated": True})
    for unit in MEASURES:
        assert told(gold, Prediction(id=gold.id), task, unit) == (1, 0, 0, 0), unit


# Collections without entities


def without(document, **fields):
    """Return a document whose collection names no entities."""
    bare = tuple(replace(item, entities=()) for item in document.attributions)
    claims = tuple(replace(claim, targets=()) for claim in document.claims)
    return replace(document, entities=(), attributions=bare, claims=claims, **fields)


def figures(gold, predictions, group="all"):
    scores = evaluate(gold, predictions).scores
    return {(s.task, s.unit, s.measure): s for s in scores if s.group == group}


HELD = [
    ("attribution", "holder", "entity"),
    ("holders", "attribution", "holder"),
    ("holders", "attribution", "b-cubed"),
    ("full", "claim", "content"),
    ("full", "claim", "content+entity"),
    ("full", "claim", "content+entity+type"),
    ("full", "target", "set"),
    ("full", "dyad", "link"),
    ("rhetoric", "target", "set"),
    ("rhetoric", "dyad", "link"),
]


def test_where_no_entities_are_named_holders_and_full_are_undefined():
    gold = [without(document) for document in samples.documents()]
    for predictions in ([as_prediction(d) for d in samples.documents()], [as_prediction(d) for d in gold], []):
        found = figures(gold, predictions)
        for key in HELD:
            assert (found[key].value, found[key].gold, found[key].predicted, found[key].matched) == (None, 0, 0, 0), key
    found = figures(gold, [as_prediction(document) for document in gold])
    assert found["attribution", "triple", "strict"].value == 1
    assert found["rhetoric", "claim", "accuracy"].value == 1


def test_collections_are_decided_one_by_one():
    """Of two collections one names entities: the whole is that one's, the other has none."""
    named = samples.document("made/one")
    bare = without(samples.document("made/three"), collection="bare")
    found, own, none = (
        figures([named, bare], [as_prediction(named), as_prediction(samples.document("made/three"))], group)
        for group in ("all", "collection:made", "collection:bare")
    )
    for key in HELD:
        assert (found[key].value, found[key].gold) == (own[key].value, own[key].gold) == (1, own[key].gold), key
        assert own[key].gold > 0, key
        assert (none[key].value, none[key].gold, none[key].predicted) == (None, 0, 0), key


def test_a_document_without_entities_counts_where_its_collection_has_them():
    named, bare = samples.document("made/one"), without(samples.document("made/three"))
    right, wrong = as_prediction(bare), as_prediction(samples.document("made/three"))
    for predicted, expected in ((right, 6), (wrong, 4)):
        found = figures([named, bare], [as_prediction(named), predicted])
        assert found["attribution", "holder", "entity"].gold == 6
        assert found["attribution", "holder", "entity"].matched == expected
        assert found["full", "claim", "content+entity"].matched == expected


# Attributions without claims


@pytest.fixture
def unsaid():
    """Return gold with an attribution that no claim hangs on."""
    document = samples.document("made/three")
    return replace(document, claims=document.claims[1:])


def test_an_attribution_without_claim_is_no_unit_and_stops_no_count(unsaid):
    pairing = Pairing(unsaid, samples.layer("made/three"))
    assert counts([unsaid])["attributions"] == 2
    assert [said.id for said in pairing.wanted] == ["a2"]
    for task in TOLD.values():
        judged = task.judge(pairing)
        found, parts = counted(judged), grouped(judged, grouper(unsaid))
        for (unit, *measure), number in found.items():
            if measure == ["gold"] and unit not in MEASURES:
                of_form = sum(
                    n for key, n in parts.items() if key[0].startswith("form:") and key[-2:] == (unit, "gold")
                )
                assert of_form == number, (task.name, unit)


@pytest.mark.parametrize("command", ["evaluate", "stats", "agreement"])
def test_a_file_with_an_attribution_without_claim_is_told_of(unsaid, tmp_path, run, command):
    gold, guess = tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"
    jsonl.write(gold, [unsaid])
    jsonl.write(guess, [samples.layer("made/three")])
    more = {"evaluate": [guess, "--breakdown"], "agreement": [gold], "stats": []}[command]
    code, out, err = run(command, gold, *more)
    assert (code, "gold.jsonl:1" in err, "attribution-without-claim" in err) == (1, True, True)
    assert "Traceback" not in out + err
