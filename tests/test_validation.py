import json
from pathlib import Path

import pytest

import communique
import samples
from communique import jsonl
from communique.problems import CommuniqueError, Level, describe
from communique.validation import validate_paths

CASES = Path(__file__).parent / "cases"
INVALID = sorted(CASES.joinpath("invalid").iterdir())


def name_of(path: Path) -> str:
    return path.name.split(".")[0]


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_each_bad_file_is_found_by_its_check(path):
    problems = validate_paths([path])
    assert name_of(path) in {problem.id for problem in problems}
    assert len({problem.level for problem in problems}) == 1, "a level that fails stops the next"
    for problem in problems:
        assert problem.file.startswith(str(path))
        assert problem.message.strip()
        assert describe(problem).endswith(f"[{problem.level}/{problem.id}]")


@pytest.mark.parametrize("path", INVALID, ids=name_of)
def test_bad_files_end_the_command_with_1_and_change_nothing(path, run):
    before = {p: p.read_bytes() for p in [path, *path.rglob("*")] if p.is_file()}
    code, out, err = run("validate", path, "--json")
    assert code == 1
    assert not err
    told = json.loads(out)
    assert name_of(path) in {problem["id"] for problem in told}
    assert {p: p.read_bytes() for p in [path, *path.rglob("*")] if p.is_file()} == before


@pytest.mark.parametrize("path", sorted(CASES.joinpath("valid").iterdir()), ids=name_of)
def test_good_files_have_no_problem(path, run):
    assert validate_paths([path]) == []
    assert run("validate", path)[0] == 0


def test_places_are_the_lines_of_the_file():
    (problem,) = validate_paths([CASES / "invalid" / "document-id-duplicate.jsonl"])
    assert problem.line == 2
    assert problem.level is Level.RELEASE


def test_a_line_of_100_megabytes_is_refused_without_being_read(tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "')
        file.truncate(100 << 20)
    (problem,) = validate_paths([path])
    assert problem.id == "line-too-long"


@pytest.mark.parametrize(
    "line", [b"[]\n", b"3\n", b"null\n", b'{"id": {}}\n', b"[" * 100_000 + b"\n", b'{"id":"a","id":"b"}\n']
)
def test_lines_that_are_no_record_are_named_not_raised(tmp_path, line):
    path = tmp_path / "odd.jsonl"
    path.write_bytes(line)
    assert {problem.level for problem in validate_paths([path])} == {Level.SCHEMA}


def test_misuse_is_an_error_that_names_the_path(tmp_path):
    with pytest.raises(CommuniqueError, match="nowhere"):
        validate_paths([tmp_path / "nowhere"])
    with pytest.raises(CommuniqueError, match=r"no \.jsonl"):
        validate_paths([tmp_path])


def test_several_files_are_checked_each_on_its_own():
    paths = [CASES / "valid" / "documents.jsonl", CASES / "valid" / "documents.jsonl"]
    assert validate_paths(paths) == []


def test_the_package_offers_validate_however_often_it_is_asked_for(tmp_path):
    jsonl.write(tmp_path / "one.jsonl", [samples.document()])
    for _ in range(2):
        assert communique.validate([tmp_path / "one.jsonl"]) == []
