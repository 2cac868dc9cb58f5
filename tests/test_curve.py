"""`benchmarks/curve.py`: whole storylines in seeded orders, means over sets, the rules as the floor."""

import pytest
from msgspec.structs import replace

import samples
from communique import jsonl
from communique.baselines import create
from communique.report.growth import header, read, row, spread, told


@pytest.fixture(autouse=True)
def benchmarks(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))


def made():
    """Return two texts of each of three storylines, and one of none."""
    names = ("dam", "dam", "gate", "gate", "weir", "weir", None)
    return [
        replace(samples.document(("made/one", "made/two")[n % 2]), id=f"t{n}", storyline=name)
        for n, name in enumerate(names)
    ]


def test_orders_hold_every_storyline_and_are_the_same_for_a_seed():
    from curve import orders, storylines

    names = storylines(made())
    assert names == ["dam", "gate", "weir"]
    found = orders(names, 8, 13)
    assert found == orders(names, 8, 13) != orders(names, 8, 14)
    assert found[:3] == orders(names, 3, 13), "fewer orders are the first of more"
    assert [sorted(order) for order in found] == [names] * 8
    assert len({*map(tuple, found)}) > 1


def test_a_set_is_the_first_storylines_whole_and_comes_once():
    from curve import chosen

    orders = [["gate", "dam", "weir"], ["dam", "gate", "weir"], ["weir", "gate", "dam"]]
    ids = [[[document.id for document in some] for some in chosen(made(), orders, size)] for size in (1, 2, 3)]
    assert ids[0] == [["t2", "t3"], ["t0", "t1"], ["t4", "t5"]]
    assert ids[1] == [["t0", "t1", "t2", "t3"], ["t2", "t3", "t4", "t5"]]
    assert ids[2] == [["t0", "t1", "t2", "t3", "t4", "t5"]]


def test_means_are_percent_with_their_deviation():
    assert told(spread([0.5])) == "50.0"
    assert told(spread([0.5, 0.52, None])) == "51.0 ± 1.4"
    assert told(spread([None])) == "–"


def test_the_table_has_the_rules_and_a_row_for_each_number(tmp_path, monkeypatch, capsys):
    import curve

    learnt = []

    def logged(name):
        model = create("rules")
        monkeypatch.setattr(model, "fit", lambda documents: learnt.append((name, len(documents))) or model)
        return model

    monkeypatch.setattr(curve, "create", logged)
    jsonl.write(tmp_path / "train.jsonl", [replace(d, text=f"{d.text}Day {d.id}.\n") for d in made()])
    jsonl.write(tmp_path / "dev.jsonl", [samples.document("made/three")])
    paths = ["--train", str(tmp_path / "train.jsonl"), "--score", str(tmp_path / "dev.jsonl")]
    options = ["--orders", "6", "--crf-orders", "1", "--seed", "1", "--results", str(tmp_path / "baselines")]
    curve.main([*paths, "--storylines", "1", "3", *options])
    assert learnt == [("rules", 0), *[("linear", 2)] * 3, ("linear", 6), ("rules", 0), ("crf", 2), ("crf", 6)]
    out = capsys.readouterr().out
    rows = [line.strip("| ").split(" | ") for line in out.splitlines() if line.startswith("|")]
    assert [row[:2] for row in rows if row[1].isdigit()] == [
        ["nothing: rules", "0"],
        ["1 storyline, 3 sets", "2"],
        ["3 storylines, 1 set", "6"],
        ["nothing: rules", "0"],
        ["1 storyline, 1 set", "2"],
        ["3 storylines, 1 set", "6"],
    ]
    assert all("–" not in row[3:-1] for row in rows if row[1].isdigit())
    written = read(tmp_path / "baselines", "none")
    assert [row for row in rows if row[1].isdigit()] == [row(step) for one in reversed(written) for step in one.steps]
    assert [one.system for one in written] == ["crf", "linear"]
    curve.main([*paths, "--storylines", "2", *options, "--only", "linear"])
    assert [step.storylines for step in read(tmp_path / "baselines", "none")[1].steps] == [0, 1, 2, 3]


def test_the_published_tables_are_what_the_site_draws(root):
    """The tables of benchmarks/README.md, cell by cell; the note of a step is part of its name."""
    page = (root / "benchmarks/README.md").read_text(encoding="utf-8").split("## Growth", 1)[1]
    for growth in read(root / "baselines", "0.3.0"):
        table = page.split(f"\n`{growth.system}`,", 1)[1].split("\n\n")[1].splitlines()
        cells = [line.strip("| ").split(" | ") for line in table]
        assert cells[0] == header(growth.steps[0].figures)
        assert cells[2:] == [row(step) for step in growth.steps]


def test_more_storylines_than_there_are_is_misuse(tmp_path, capsys):
    import curve

    jsonl.write(tmp_path / "train.jsonl", [replace(d, text=f"{d.text}Day {d.id}.\n") for d in made()])
    with pytest.raises(SystemExit) as stop:
        curve.main(["--train", str(tmp_path / "train.jsonl"), "--score", str(tmp_path / "train.jsonl")])
    assert stop.value.code == 2
    assert "has 3 storylines; --storylines is of 1 to 3" in capsys.readouterr().err
