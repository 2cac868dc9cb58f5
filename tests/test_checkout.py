"""What is committed works wherever it is cloned."""

import ast
import subprocess
from pathlib import Path

import pytest

from communique import releases
from communique.build.freeze import build
from communique.verification import verify

HERE = Path(__file__).parent


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def checkout(root):
    try:
        found = git(root, "rev-parse", "--show-toplevel")
    except FileNotFoundError:
        pytest.skip("git is not installed")
    if found.returncode or Path(found.stdout.strip()).resolve() != root:
        pytest.skip("not a git checkout")
    return root


@pytest.fixture
def clone(checkout, tmp_path):
    """Clone what stands in the checkout, committed or not, as git for Windows does: line ends made CR LF."""
    copy = tmp_path / "copy"
    copy.mkdir()
    names = git(checkout, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    for name in filter(None, names):
        if (checkout / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((checkout / name).read_bytes())
    windows = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    me = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q"], ["add", "-A", "-f"], [*me, "commit", "-q", "-m", "all"]):
        assert git(copy, *arguments).returncode == 0
    assert git(tmp_path, *windows, "clone", "-q", str(copy), "clone").returncode == 0
    return tmp_path / "clone"


def test_a_clone_with_windows_line_ends_verifies_and_builds(clone, root):
    for version in releases.listed(clone / "corpus"):
        assert verify(clone / "corpus" / version) == []
    newest = releases.listed(clone / "corpus")[-1]
    assert build(clone / "seeds", clone / "corpus") == (clone / "corpus" / newest, False)
    for name in ("README.md", "tests/test_checkout.py", "seeds/annotations/annotation.conf"):
        assert (clone / name).read_bytes() == (root / name).read_bytes()


def test_no_link_is_committed(checkout):
    listed = git(checkout, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    assert [name for name in listed if name and (checkout / name).is_symlink()] == []


def test_no_test_imports_from_a_package_of_tests():
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] == "tests"], path.name
