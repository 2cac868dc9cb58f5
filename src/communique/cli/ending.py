"""How a run ends: in an exit code and one sentence, whatever goes wrong; in a traceback only where it is asked for."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from communique.problems import CommuniqueError, DataError, plain

FAULTY, MISUSED = 1, 2
_STOPS = ("SIGTERM", "SIGHUP")
_UNUSABLE = {0: (os.O_WRONLY, "stdin", "r"), 1: (os.O_RDONLY, "stdout", "w"), 2: (os.O_WRONLY, "stderr", "w")}
"""What takes the place of a closed standard stream: reading standard input and writing standard output then fail."""


class Debugging:
    """Whether the user wants to see tracebacks."""

    wanted = False


def exit_code(run: Callable[[], object]) -> int:
    """Run a command line and return its exit code; trouble is told on standard error.

    Parameters
    ----------
    run : callable
        Returns an exit code or anything else for 0; what it raises is told.
    """
    Debugging.wanted = False
    _open_streams()
    try:
        with _stoppable():
            code = _returned(run)
            sys.stdout.flush()
            return code
    except BaseException as error:
        if Debugging.wanted:
            raise
        return _told(error)


def _returned(run: Callable[[], object]) -> int:
    try:
        code = run()
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # Typer makes an exit of it
            raise stop.__context__ from None
        code = stop.code
    return code if isinstance(code, int) else 0


def _told(error: BaseException) -> int:
    code, message = _meaning(error)
    with suppress(OSError, ValueError):
        if message:
            sys.stderr.write(f"{plain(message)}\n")
            sys.stderr.flush()
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return code


def _meaning(error: BaseException) -> tuple[int, str]:
    if hasattr(error, "format_message"):
        return _misused(error)
    return next((code, tell(error)) for kind, code, tell in _MEANINGS if isinstance(error, kind))


def _refused(error: OSError) -> str:
    names = [os.fsdecode(name) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
    where = " and ".join(names) or "standard input or output"
    return f"communique: {where}: {error.strerror or error}; check the path, its rights and the space there"


def _unforeseen(error: BaseException) -> str:
    told = f"communique: {type(error).__name__}: {error}"
    return f"{told}; this should not happen: `communique --debug …` shows where it does, please report it"


_MEANINGS: tuple[tuple[type[BaseException], int, Callable[..., str]], ...] = (
    (DataError, FAULTY, str),
    (CommuniqueError, MISUSED, "communique: {}".format),
    (KeyboardInterrupt, 130, lambda _: ""),
    (BrokenPipeError, 141, lambda _: ""),
    (OSError, MISUSED, _refused),
    (MemoryError, MISUSED, lambda _: "communique: there is not enough memory; give less at a time"),
    (RecursionError, FAULTY, lambda _: "communique: the data are nested too deeply to be read"),
    (BaseException, MISUSED, _unforeseen),
)
"""By kind of exception, the first that fits: exit code and message."""


def _misused(error: BaseException) -> tuple[int, str]:
    """Tell what Typer found wrong with the arguments."""
    context = getattr(error, "ctx", None)
    told = str(error.format_message()).strip()  # type: ignore[attr-defined]
    hint = f"; see {context.command_path} --help" if context and "\n" not in told else ""
    return int(getattr(error, "exit_code", MISUSED)), f"{told.rstrip('.')}{hint}" if told else ""


def _open_streams() -> None:
    """Put something in the place of closed streams, so that no file gets their number; never stop at a letter."""
    for number, (flags, name, mode) in _UNUSABLE.items():
        if getattr(sys, name) is None and os.open(os.devnull, flags) == number:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - a number
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a signal to stop end the run as an exception does, so that nothing half-written stays."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _STOPS if hasattr(signal, name)]
    before = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
