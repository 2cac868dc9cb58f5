"""Names from data become files below a folder, on every system, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.paths import below, spread
from communique.problems import CommuniqueError

BAD = [
    "",
    "/",
    "/etc/x",
    "..",
    "../x",
    "a/../b",
    "a//b",
    "a/",
    ".",
    ".git/hooks",
    "a\\b",
    "c:x",
    "nul",
    "a/CON.txt",
    "com1",
]
BAD += ["a\0b", "a\nb", "a\x1bb", "\ud800", "a ", " a", "a.", "x" * 201, "é" * 101, 'a"b', "a|b", "a*", "what?", "<a>"]


@pytest.mark.parametrize("name", BAD)
def test_bad_names_are_refused_with_a_reason(tmp_path, name):
    with pytest.raises(CommuniqueError, match=r"cannot name a file below .*; rename it in the data"):
        below(tmp_path, name, ".txt")


@pytest.mark.parametrize(
    "name", ["one", "made/one", "2016-09-07_a@b", "naïve/Übung", "a b", "null", "console", "x" * 200]
)
def test_good_names_stand_below_their_folder(tmp_path, name):
    path = below(tmp_path, name, ".txt")
    assert path == tmp_path / f"{name}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")


def test_links_do_not_lead_out(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "far").symlink_to(tmp_path)
    with pytest.raises(CommuniqueError, match="by a link"):
        below(tmp_path / "in", "far/one")


@given(st.text(max_size=12))
def test_any_name_is_refused_or_stands_below(name):
    from pathlib import Path

    root = Path("/nowhere/folder")
    try:
        path = below(root, name)
    except CommuniqueError:
        return
    assert path.is_relative_to(root)
    assert ".." not in path.parts


@pytest.mark.parametrize(
    "names", [("a", "A"), ("straße", "STRASSE"), ("é", "e\u0301"), ("a", "b", "a"), ("a.ann/b", "a")]
)
def test_names_that_collide_are_refused(tmp_path, names):
    with pytest.raises(CommuniqueError, match=r"one file on some systems|given twice|cannot both stand"):
        spread(tmp_path, names, (".txt", ".ann"))


def test_names_apart_have_paths_of_their_own(tmp_path):
    found = spread(tmp_path, ["a", "b/c", "b/d"], (".txt", ".ann"))
    assert found["b/c"] == [tmp_path / "b/c.txt", tmp_path / "b/c.ann"]
    assert len({path for paths in found.values() for path in paths}) == 6
