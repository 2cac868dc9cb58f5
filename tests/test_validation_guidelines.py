"""What `validate --guidelines` tells, and what it leaves to those who read."""

import msgspec
import pytest

import samples
from communique import jsonl
from communique.labels import Rhetoric
from communique.validation import validate_paths


def told(tmp_path, **changed):
    """Return the problems of a document whose first claim, and whose first entity's name, are as given."""
    document = samples.document()
    name = changed.pop("name", document.entities[0].name)
    others = (msgspec.structs.replace(claim, also=None, targets=()) for claim in document.claims[1:])
    claims = (msgspec.structs.replace(document.claims[0], **changed), *others)
    entities = (msgspec.structs.replace(document.entities[0], name=name), *document.entities[1:])
    path = tmp_path / "one.jsonl"
    jsonl.write(path, [msgspec.structs.replace(document, claims=claims, entities=entities)])
    assert validate_paths([path]) == []
    return {(problem.id, problem.line) for problem in validate_paths([path], guidelines=True)}


def holder():
    document = samples.document()
    (attribution,) = [one for one in document.attributions if one.id == document.claims[0].attribution]
    return attribution.entities[0]


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"rhetoric": Rhetoric.THREAT, "also": Rhetoric.DEMAND, "targets": ()}, set()),
        ({"rhetoric": Rhetoric.DEMAND, "also": Rhetoric.THREAT, "targets": ()}, {"secondary-pair"}),
        ({"rhetoric": Rhetoric.PREDICTION, "also": None, "targets": ("OTHER",)}, {"target-unwanted"}),
        ({"rhetoric": Rhetoric.DENIAL, "also": None, "targets": ("HOLDER",)}, {"target-self"}),
        ({"rhetoric": Rhetoric.DENIAL, "also": None, "targets": ()}, set()),
        ({"name": "the Quillon Board", "rhetoric": Rhetoric.DENIAL, "also": None, "targets": ()}, {"name-elsewhere"}),
        ({"name": "whoever spoke", "rhetoric": Rhetoric.DENIAL, "also": None, "targets": ()}, set()),
    ],
)
def test_each_rule_is_told_by_its_name(tmp_path, changed, ids):
    held = holder()
    other = next(entity.id for entity in samples.document().entities if entity.id != held)
    named = {"HOLDER": held, "OTHER": other}
    if "targets" in changed:
        changed = changed | {"targets": tuple(named[one] for one in changed["targets"])}
    assert told(tmp_path, **changed) == {(one, 1) for one in ids}


def test_annotators_of_a_release_are_not_held_to_it(tmp_path, run):
    document = samples.document()
    claim = msgspec.structs.replace(document.claims[0], rhetoric=Rhetoric.DEMAND, also=Rhetoric.THREAT)
    wrong = msgspec.structs.replace(document, claims=(claim, *document.claims[1:]))
    for folder in ("annotators", "mine"):
        (tmp_path / folder).mkdir()
        jsonl.write(tmp_path / folder / "a.jsonl", [wrong])
    found = validate_paths([tmp_path], guidelines=True)
    assert {problem.file for problem in found} == {str(tmp_path / "mine" / "a.jsonl")}
    code, out, _ = run("validate", tmp_path, "--guidelines")
    assert (code, "secondary-pair" in out) == (1, True)
