import json

from communique import labels


def taxonomy(root):
    return json.loads((root / "schema" / "v1" / "taxonomy.json").read_text(encoding="utf-8"))


def test_label_sets_are_those_of_the_taxonomy(root):
    told = taxonomy(root)
    assert [label.value for label in labels.Rhetoric] == [item["id"] for item in told["types"]]
    assert [family.value for family in labels.Family] == [item["id"] for item in told["families"]]
    for name, known in (
        ("entity_kinds", labels.EntityKind),
        ("forms", labels.Form),
        ("genres", labels.Genre),
        ("origins", labels.Origin),
        ("strata", labels.Stratum),
        ("splits", labels.Split),
    ):
        assert told[name] == [member.value for member in known]


def test_every_type_has_its_family(root):
    told = taxonomy(root)
    assert {item["id"]: item["family"] for item in told["types"]} == {
        str(k): str(v) for k, v in labels.FAMILY_OF.items()
    }
    assert [name for item in told["families"] for name in item["types"]] == [item["id"] for item in told["types"]]


def test_questions_are_asked_in_the_order_of_the_guidelines(root):
    text = (root / "docs" / "guidelines.md").read_text(encoding="utf-8")
    for item in taxonomy(root)["types"]:
        row = next(line for line in text.splitlines() if line.startswith(f"| {item['family']} | `{item['id']}` |"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[2] == item["definition"]
        assert int(cells[-1]) == item["ask"]
