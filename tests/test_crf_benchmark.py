"""`benchmarks/crf.py`: memory of a process and those it started, its variants of settings."""

import subprocess
import sys

import pytest

from communique import resources


@pytest.fixture(autouse=True)
def benchmarks(root, monkeypatch):
    monkeypatch.syspath_prepend(str(root / "benchmarks"))


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_memory_counts_what_a_process_started():
    from crf import family, memory

    inner = "held = bytearray(60_000_000); print(flush=True); input()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert len(list(family(process.pid))) == 2
        assert 60_000 < memory(process.pid) < 200_000
        process.communicate(b"\n")
    assert memory(process.pid) == 0


def test_variants_change_one_setting_each_that_there_is():
    from crf import variants

    settings = resources.settings("crf")
    found = dict(variants(settings))
    assert settings == resources.settings("crf")
    assert all(varied != settings and varied.keys() == settings.keys() for varied in found.values())
