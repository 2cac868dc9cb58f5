"""Shards labelled as tasks of Ray, on this machine or a cluster; nodes need the package and no common disk."""

import os
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from communique import __version__, baselines
from communique.archive.model import Model, load, named, packed, unpack
from communique.archive.shards import Labelled, Shard
from communique.archive.work import label
from communique.baselines.base import Baseline
from communique.extras import library
from communique.problems import CommuniqueError

_AHEAD = 2
"""Tasks a processor that are handed over before they can begin."""
_SECONDS = 5
"""That an address may take to answer."""
_LOADED: dict[str, tuple[Baseline, object]] = {}
"""Of a worker: its model, by sha256, and the folder it was read from, which stands as long as the worker."""


def labelled(
    shards: Iterable[Shard], model: Model, form: str, jobs: int | None, address: str | None
) -> Iterator[Labelled]:
    """Yield shards as they get labelled, in any order; few are in memory at a time.

    Parameters
    ----------
    shards : iterable of Shard
        Read as they are needed.
    model : Model
        A saved one is sent to the nodes.
    form : str
        ``jsonl`` or ``parquet``.
    jobs : int or None
        Tasks at a time; by default one for each processor that Ray has.
    address : str or None
        Of a cluster, as ``ray.init`` takes it; without one Ray is started here.

    Raises
    ------
    CommuniqueError
        Ray is not installed, no cluster is at the address, or a node has another communique.
    """
    ray = _ray()
    _connect(ray, jobs, address)
    try:
        task = ray.remote(_label).options(max_retries=3)
        files = [ray.put(packed(model))]
        ahead = _AHEAD * (jobs or int(ray.cluster_resources().get("CPU", 1)))
        waiting: list[Any] = []
        for shard in shards:
            waiting.append(task.remote(shard, model, form, __version__, files))
            if len(waiting) >= ahead:
                done, waiting = ray.wait(waiting)
                yield from ray.get(done)
        while waiting:
            done, waiting = ray.wait(waiting)
            yield from ray.get(done)
    except ray.exceptions.RayTaskError as error:
        raise CommuniqueError(f"ray: {error.cause}") from error
    except ray.exceptions.RayError as error:
        raise CommuniqueError(f"ray: {str(error).splitlines()[0]}; run the same again: what is done stays") from error
    finally:
        ray.shutdown()


def _ray() -> Any:
    return library("ray", "ray", "--engine ray needs Ray")


def _reach(address: str) -> None:
    """Refuse an address where nobody listens, for which Ray would wait for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), timeout=_SECONDS).close()
        except OSError as error:
            told = f"{address}: no cluster there: {error.strerror or error}"
            raise CommuniqueError(f"{told}; start one with `ray start --head`, or mend --address") from error


def _connect(ray: Any, jobs: int | None, address: str | None) -> None:
    if address:
        _reach(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    options = {"address": address} if address else {"address": "local", "num_cpus": jobs, "include_dashboard": False}
    try:
        ray.init(**options, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, RuntimeError, ValueError, AssertionError) as error:
        told = str(error).splitlines()[0]
        raise CommuniqueError(f"{address or 'Ray'}: {told}; start a cluster with `ray start --head`") from error


def _label(shard: Shard, model: Model, form: str, version: str, files: list[Any]) -> Labelled:
    if version != __version__:
        raise CommuniqueError(f"a node has communique {__version__}, this machine {version}; install the same")
    if model.sha256 not in _LOADED:
        _LOADED[model.sha256] = _load(model, files[0])
    return label(_LOADED[model.sha256][0], shard, form)


def _load(model: Model, files: Any) -> tuple[Baseline, object]:
    if baselines.is_untrained(model.name):
        if named(model.name) != model:
            raise CommuniqueError(f"a node has other settings of {model.name}; install the same communique")
        return load(model), None
    folder = tempfile.TemporaryDirectory(prefix="communique-")
    unpack(_ray().get(files), Path(folder.name))
    return baselines.load(Path(folder.name)), folder
