"""Progress of training: a bar on a terminal, silence in a pipe."""

import sys

from communique.baselines.progress import progress


def _shown():
    with progress(4) as bar:
        bar.begin("learning cue (1 of 2)")
        bar.advance(3)


def test_a_pipe_hears_nothing(capfd):
    _shown()
    assert capfd.readouterr() == ("", "")


def test_a_terminal_is_told_what_is_done_and_how_long_it_takes(capsys, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _shown()
    out, error = capsys.readouterr()
    assert out == ""
    assert "learning cue (1 of 2)" in error
    assert "left" in error
