"""Files are written whole or not at all, and never over what is somebody else's."""

import gzip
import os
import signal
import stat
import subprocess
import sys
import time

import pytest

import samples
from communique import files, jsonl, writing
from communique.problems import CommuniqueError, DataError
from communique.writing import refuse_unwritten, replacing

LINES = [samples.document(), samples.document("made/two")]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_that_fails_leaves_the_old_one_and_nothing_beside(tmp_path):
    path = tmp_path / "one.jsonl"
    path.write_text("old\n")
    with pytest.raises(RuntimeError), replacing(path) as file:
        file.write(b"new")
        raise RuntimeError
    assert (path.read_text(), names(tmp_path)) == ("old\n", ["one.jsonl"])


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_umask_is_respected_and_the_mode_of_what_is_replaced_kept(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        jsonl.write(tmp_path / "new.jsonl", LINES)
        (tmp_path / "old.jsonl").write_text("")
        (tmp_path / "old.jsonl").chmod(0o640)
        jsonl.write(tmp_path / "old.jsonl", LINES)
    finally:
        os.umask(before)
    found = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new.jsonl", "old.jsonl")]
    assert found == [mode, 0o640]


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path):
    (tmp_path / "far").mkdir()
    for name in ("there", "missing"):
        (tmp_path / name).symlink_to(tmp_path / "far" / name)
    (tmp_path / "far" / "there").write_text("old")
    for name in ("there", "missing"):
        jsonl.write(tmp_path / name, LINES)
        assert (tmp_path / name).is_symlink()
        assert len((tmp_path / "far" / name).read_bytes().splitlines()) == 2
    assert names(tmp_path / "far") == ["missing", "there"]


def test_devices_and_pipes_are_written_to_and_stay_what_they_are(tmp_path):
    jsonl.write("/dev/null", LINES)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)  # noqa: PTH116 - follows no link by mistake
    os.mkfifo(tmp_path / "pipe")
    code = "import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read())"
    reader = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "pipe")], stdout=subprocess.PIPE)
    jsonl.write(tmp_path / "pipe", LINES)
    assert len(reader.communicate(timeout=60)[0].splitlines()) == 2
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    with pytest.raises(CommuniqueError, match="is a folder; name a file"):
        jsonl.write(tmp_path, LINES)


def test_standard_output_is_utf8_whatever_the_locale(tmp_path):
    jsonl.write(tmp_path / "gold.jsonl", LINES)
    done = subprocess.run(
        [sys.executable, "-m", "communique", "dehydrate", tmp_path / "gold.jsonl", "-o", "-"],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"},
        cwd=tmp_path,
        check=True,
    )
    assert len(done.stdout.decode("utf-8").splitlines()) == 2
    assert b"standard output holds 2 documents" in done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "communique", "predict", "rules", tmp_path / "gold.jsonl"],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert "“" in done.stdout.decode("utf-8")
    assert names(tmp_path) == ["gold.jsonl"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_stopped_run_left_is_cleaned_and_what_a_living_one_writes_is_not(tmp_path, number):
    code = (
        "import sys, time; from communique.cli.ending import exit_code; from communique.writing import replacing\n"
        "def run():\n"
        "    with replacing(sys.argv[1]) as file:\n"
        "        file.write(b'half'); file.flush(); print('writing', flush=True); time.sleep(60)\n"
        "sys.exit(exit_code(run))"
    )
    target = tmp_path / "one.jsonl"
    stopped, living = (
        subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=subprocess.PIPE) for _ in range(2)
    )
    try:
        for process in (stopped, living):
            assert process.stdout.readline() == b"writing\n"
        assert len(names(tmp_path)) == 2
        stopped.send_signal(number)
        stopped.wait(30)
        writing._sweep.cache_clear()
        jsonl.write(target, LINES)
        assert len(names(tmp_path)) == 2, "the file, and what the other process is about to write"
    finally:
        living.kill()
        for process in (stopped, living):
            process.communicate(timeout=30)
    writing._sweep.cache_clear()
    jsonl.write(target, LINES)
    assert names(tmp_path) == ["one.jsonl"]


def test_scratch_of_another_host_is_left_until_it_is_old(tmp_path):
    other = tmp_path / f".communique-00000000-1-{'0' * 16}.part"
    other.write_text("half")
    writing.scratch(tmp_path)
    assert other.exists()
    os.utime(other, (time.time() - 90_000,) * 2)
    writing._sweep.cache_clear()
    writing.scratch(tmp_path)
    assert not other.exists()


def test_an_output_that_is_an_input_or_of_another_kind_is_refused(tmp_path):
    notes, ours = tmp_path / "notes.jsonl", tmp_path / "ours.jsonl"
    notes.write_text("my notes\n")
    jsonl.write(ours, LINES)
    with pytest.raises(CommuniqueError, match=r"notes\.jsonl is there .* --force"):
        refuse_unwritten(notes, rb'\{"id":')
    refuse_unwritten(notes, rb'\{"id":', force=True)
    refuse_unwritten(ours, rb'\{"id":')
    (tmp_path / "twin.jsonl").hardlink_to(ours)
    for same in (ours, tmp_path / "twin.jsonl"):
        with pytest.raises(CommuniqueError, match="is read, so it cannot be written"):
            refuse_unwritten(same, rb'\{"id":', [ours], force=True)
    (tmp_path / "empty.jsonl").touch()
    refuse_unwritten(tmp_path / "empty.jsonl", rb'\{"id":')
    jsonl.write(tmp_path / "ours.jsonl.gz", LINES)
    refuse_unwritten(tmp_path / "ours.jsonl.gz", rb'\{"id":')
    (tmp_path / "odd.jsonl.gz").write_bytes(b"my notes")
    with pytest.raises(CommuniqueError, match=r"odd\.jsonl\.gz is there"):
        refuse_unwritten(tmp_path / "odd.jsonl.gz", rb'\{"id":')


@pytest.mark.parametrize(
    "command",
    [
        ["import", "conll", "in.conll"],
        ["export", "conll", "in.jsonl"],
        ["export", "events", "in.jsonl"],
        ["export", "label-studio", "in.jsonl"],
        ["dehydrate", "in.jsonl"],
        ["hydrate", "in.layer.jsonl", "."],
        ["align", "in.answers.jsonl", "--texts", "in.jsonl"],
        ["predict", "rules", "in.jsonl"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_no_command_writes_over_its_input_or_a_file_of_somebody_else(tmp_path, run, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    samples.write_everything(tmp_path)
    notes = tmp_path / "notes.jsonl"
    notes.write_text("my notes\n")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    source = next(word for word in command if word.startswith("in."))
    for output, told in ((source, "cannot be written"), ("notes.jsonl", "--force"), (".", "folder")):
        code, out, err = run(*command, "-o", output)
        assert (code, told in err or "cannot be written" in err) == (2, True), (output, out, err)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    assert run(*command, "-o", "notes.jsonl", "--force")[0] == 0
    assert notes.read_text(encoding="utf-8") != "my notes\n"


def test_whole_files_are_read_within_bounds(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 1000)
    (tmp_path / "big").write_bytes(b"x" * 1001)
    with gzip.open(tmp_path / "bomb.gz", "wb") as file:
        file.write(b"x" * 1001)
    for path in (tmp_path / "big", tmp_path / "bomb.gz", files.Path("/dev/zero")):
        with pytest.raises((CommuniqueError, DataError)):
            files.content(path)
    (tmp_path / "right").write_bytes(b"x" * 1000)
    assert files.content(tmp_path / "right") == b"x" * 1000
