"""However a run ends, it ends in an exit code and one sentence."""

import os
import subprocess
import sys

import pytest

import samples
from communique import jsonl
from communique.cli.ending import exit_code
from communique.problems import CommuniqueError, DataError, Level, Problem

POSIX = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")


def raising(error):
    def run():
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (CommuniqueError("no"), 2, "communique: no\n"),
        (DataError([Problem("a.jsonl", 3, "x-y", Level.BYTES, "bad")]), 1, "a.jsonl:3: bad [bytes/x-y]\n"),
        (OSError(28, "No space left on device", "/a/b"), 2, "communique: /a/b: No space left on device; check"),
        (OSError(36, "File name too long", "a", None, "b"), 2, "communique: a and b: File name too long; check"),
        (OSError(9, "Bad file descriptor"), 2, "communique: standard input or output: Bad file descriptor; check"),
        (MemoryError(), 2, "communique: there is not enough memory"),
        (RecursionError("deep"), 1, "communique: the data are nested too deeply"),
        (ValueError("odd\x1b[2J"), 2, "communique: ValueError: odd␛[2J; this should not happen: `communique --debug"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
        (SystemExit(3), 3, ""),
    ],
)
def test_every_exception_has_a_code_and_a_sentence(capfd, error, code, told):
    assert exit_code(raising(error)) == code
    err = capfd.readouterr().err
    assert err.startswith(told)
    assert err.count("\n") == bool(told)


def test_debug_shows_the_traceback(tmp_path):
    command = [sys.executable, "-m", "communique", "--debug", "validate", str(tmp_path / "nowhere.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, True)
    done = subprocess.run([c for c in command if c != "--debug"], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


@POSIX
@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("stats newest:dev > /dev/full", 2, "No space left on device"),
        ("predict rules newest:dev > /dev/full", 2, "No space left on device"),
        ("export events newest:dev -o /dev/full", 2, "No space left on device"),
        ("stats newest:dev >&-", 2, "Bad file descriptor"),
        ("predict rules - <&-", 2, "Bad file descriptor"),
        ("verify nowhere 2>&-", 2, ""),
        ("stats newest:dev 2>&-", 0, ""),
        ("predict rules newest:all | head -c 10 > /dev/null; exit ${PIPESTATUS[0]}", 141, ""),
        ("validate /dev/fd/9", 2, "/dev/fd/9"),
        ("stats .", 2, ""),
        ("show .", 2, ""),
        ("predict rules $'no\\xff\\xfe.txt'", 2, "No such file"),
        ("validate $'no\\xff\\xfe.jsonl'", 2, "no such file"),
        ("import brat file.txt -o x.jsonl", 2, "file.txt"),
        ("import cas file.txt -o x.jsonl", 1, "file.txt"),
        ("import huggingface file.txt -o x.jsonl", 1, "file.txt"),
        ("import label-studio . -o x.jsonl", 2, "Is a directory"),
        ("import conll . -o x.jsonl", 2, "Is a directory"),
        ("export brat newest:dev -o file.txt", 2, "is not a folder"),
        ("export brat newest:dev -o file.txt/x", 2, "file.txt"),
        ("export conll newest:dev -o file.txt/x", 2, "file.txt"),
        ("train rules -o file.txt", 2, "is not a folder"),
        ("predict file.txt newest:dev", 2, "file.txt"),
        ("export conll newest:dev -o $(printf 'x%.0s' $(seq 300)).conll", 2, "File name too long"),
        ("train rules -o $(printf 'x%.0s' $(seq 300))", 2, "File name too long"),
        ("evaluate newest:dev .", 2, "Is a directory"),
        ("agreement . .", 2, "holds no .ann and no .json file"),
        ("leaderboard file.txt", 2, "no results"),
        ("hydrate file.txt . -o x.jsonl", 1, "file.txt:1"),
        ("build --seeds file.txt", 2, "file.txt"),
        ("verify file.txt", 2, "file.txt"),
    ],
)
def test_trouble_with_files_and_streams_ends_in_one_sentence(tmp_path, line, code, told):
    (tmp_path / "file.txt").write_text("some words\n")
    script = f"communique() {{ '{sys.executable}' -m communique \"$@\"; }}; communique {line}"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, check=False)
    err = done.stderr.decode("utf-8")
    assert (done.returncode, told in err + done.stdout.decode("utf-8")) == (code, True), (
        done.returncode,
        err,
        done.stdout,
    )
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]


@POSIX
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_terminals_that_lack_a_letter_show_its_number(tmp_path, encoding):
    jsonl.write(tmp_path / "gold.jsonl", samples.documents())
    done = subprocess.run(
        [sys.executable, "-m", "communique", "show", tmp_path / "gold.jsonl"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=True,
    )
    assert ("\\xc9dil" if encoding == "ascii" else "Édil") in done.stdout.decode(encoding)
