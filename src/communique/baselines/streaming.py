"""Texts labelled one after the other, never all in memory: in batches, or several at a time and still in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from communique.baselines.base import Baseline, Source
from communique.records import Prediction

BATCH = 16
"""Texts that a baseline is handed at a time which does not say how many it wants."""
_AHEAD = 8
"""Texts, for each of those under way, that may wait for one before them."""
T = TypeVar("T")
R = TypeVar("R")


def stream(model: Baseline, sources: Iterable[Source]) -> Iterator[Prediction]:
    """Yield the labels of texts in their order.

    Parameters
    ----------
    model : Baseline
        Its method ``stream``, if it has one, is handed all texts; else `predict` is handed as many at a time as its
        attribute ``batch`` says, by default `BATCH`.
    sources : iterable of Source
        Taken as they are needed.
    """
    if own := getattr(model, "stream", None):
        yield from own(sources)
        return
    rest, size = iter(sources), getattr(model, "batch", BATCH)
    while batch := list(islice(rest, size)):
        yield from model.predict(batch)


def in_order(work: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    """Yield what work makes of items, in their order, with several under way in threads.

    Parameters
    ----------
    work : callable
        What it raises is raised when it is the turn of its item; what has not begun then is not begun.
    items : iterable
        Taken as they are needed.
    workers : int
        Threads.
    """
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                while waiting and (waiting[0].done() or len(waiting) >= _AHEAD * workers):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
