"""Shards labelled on this machine, in this process or several."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from communique.archive.model import Model, load
from communique.archive.shards import Labelled, Shard
from communique.archive.work import label
from communique.baselines.base import Baseline
from communique.problems import CommuniqueError

_AHEAD = 2
"""Shards a process that are read before they are labelled."""


class _Own:
    """What a worker holds."""

    model: Baseline
    form: str


def labelled(shards: Iterable[Shard], model: Model, form: str, jobs: int) -> Iterator[Labelled]:
    """Yield shards as they get labelled, in any order; few are in memory at a time.

    Parameters
    ----------
    shards : iterable of Shard
        Read as they are needed.
    model : Model
        Every process loads it once.
    form : str
        ``jsonl`` or ``parquet``.
    jobs : int
        Processes.

    Raises
    ------
    CommuniqueError
        A process was killed.
    """
    if jobs == 1:
        ready = load(model)
        yield from (label(ready, shard, form) for shard in shards)
        return
    waiting: set[Future[Labelled]] = set()
    with _pool(model, form, jobs) as pool:
        for shard in shards:
            waiting.add(pool.submit(_label, shard))
            if len(waiting) >= _AHEAD * jobs:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)


@contextmanager
def _pool(model: Model, form: str, jobs: int) -> Iterator[ProcessPoolExecutor]:
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (model, form))
    try:
        yield pool
    except BrokenProcessPool as error:
        told = "a process was killed, perhaps for want of memory; run the same again, with fewer --jobs"
        raise CommuniqueError(f"{told}: what is done stays") from error
    finally:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        pool.shutdown(cancel_futures=True)


def _begin(model: Model, form: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Own.model, _Own.form = load(model), form


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _label(shard: Shard) -> Labelled:
    return label(_Own.model, shard, _Own.form)
