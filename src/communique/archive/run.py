"""A run: what is there is kept, what is missing is labelled, and then everything is told."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from communique import baselines, jsonl
from communique.archive import local, plan, ray_tasks, table
from communique.archive.encoding import JSONL
from communique.archive.found import Found, add
from communique.archive.gather import Failure, File, gather
from communique.archive.model import Model, named
from communique.archive.reading import Columns, read
from communique.archive.rows import rows
from communique.archive.shards import OURS, Labelled, Shard, Store, cut
from communique.problems import CommuniqueError
from communique.writing import refuse_input

FAILURES = "failures.jsonl"
LOCAL, RAY = "local", "ray"
SHARD = 200
Watch = Callable[[int, int], Callable[[int], None]]
"""Given the texts that are done and all there are; returns what is told how many more were done."""


class Engine(msgspec.Struct, frozen=True):
    """Who does the work; the labels do not depend on it.

    Attributes
    ----------
    name : str
        `LOCAL` or `RAY`.
    jobs : int or None
        Processes, or tasks at a time; None for one, or for as many as the cluster has processors. A script that asks
        for several does so under ``if __name__ == "__main__":``, because processes read it.
    address : str or None
        Of a cluster.
    """

    name: str = LOCAL
    jobs: int | None = None
    address: str | None = None


_COLUMNS, _HERE = Columns(), Engine()


class Ended(msgspec.Struct, frozen=True):
    """How a run ended.

    Attributes
    ----------
    found : Found
        Counts of all labels.
    failures : list of Failure
        Files that were passed over and texts that were not labelled, as in ``failures.jsonl``.
    kept : int
        Texts that an earlier run had labelled.
    """

    found: Found
    failures: list[Failure]
    kept: int


def label(
    sources: Sequence[str],
    output: Path,
    *,
    model: str = baselines.PACKAGED,
    form: str = JSONL,
    shard: int = SHARD,
    columns: Columns = _COLUMNS,
    engine: Engine = _HERE,
    to: Path | None = None,
    watch: Watch = lambda done, total: lambda more: None,
    force: bool = False,
) -> Ended:
    """Label an archive; what an earlier run of the same plan has done is not done again.

    Parameters
    ----------
    sources : sequence of str
        Files, folders and patterns.
    output : Path
        Folder of the labels.
    model : str, optional
        A baseline that needs no training, or the folder of a saved model; by default the packaged one.
    form : str, optional
        Of the shards: ``jsonl`` or ``parquet``.
    shard : int, optional
        Most texts of a shard.
    columns : Columns, optional
        Under which names records have text and id.
    engine : Engine, optional
        Who does the work.
    to : Path, optional
        A table for people.
    watch : callable, optional
        Is told how far the work is.
    force : bool, optional
        Begin anew where the folder has another plan or holds other files, and replace another file by the table.

    Raises
    ------
    CommuniqueError
        There is nothing to read, the folder has another plan, or no text could be labelled.
    """
    files, skipped, planned = _planned(sources, output, to, model, form, shard, columns)
    store = Store(output, form)
    _refuse(sources, output, to, store, force)
    plan.begin(output, planned, OURS, force=force)
    done = store.finished()
    before = [store.record(number) for number in sorted(done)]
    tell = watch(sum(record.items for record in before), planned.inputs.texts)
    numbers: list[int] = []
    missing = _missing(cut(read(files, columns), shard), done, numbers)
    for one in _labelled(missing, planned.model, form, engine):
        store.write(one)
        tell(one.record.items)
    kept = sum(record.found.texts for record in before)
    return _ended(output, store, len(numbers), skipped, kept, to)


def _planned(
    sources: Sequence[str], output: Path, to: Path | None, model: str, form: str, shard: int, columns: Columns
) -> tuple[list[File], list[Failure], plan.Plan]:
    if to:
        table.writer(to)
    files, skipped = gather(sources, [output, *([to] if to else [])])
    files, unread, inputs = plan.survey(files)
    if not files:
        told = next((f": {one.file} {one.told}" for one in (*skipped, *unread)), "")
        raise CommuniqueError(f"{' '.join(sources)}: there is nothing to label here{told}")
    settings = plan.Settings(form, shard, columns)
    return files, [*skipped, *unread], plan.Plan.of(named(model), inputs, settings)


def _refuse(sources: Sequence[str], output: Path, to: Path | None, store: Store, force: bool) -> None:
    for path in (output, *([to] if to else [])):
        refuse_input(path, map(Path, sources))
    if to and to.exists() and not force and not store.wrote(to):
        raise CommuniqueError(f"{to} is there, and not as a run of {output} wrote it; name another, or use --force")


def _missing(shards: Iterable[Shard], done: set[int], numbers: list[int]) -> Iterator[Shard]:
    for shard in shards:
        numbers.append(shard.number)
        if shard.number not in done:
            yield shard


def _labelled(shards: Iterable[Shard], model: Model, form: str, engine: Engine) -> Iterator[Labelled]:
    if engine.name == RAY:
        return ray_tasks.labelled(shards, model, form, engine.jobs, engine.address)
    return local.labelled(shards, model, form, engine.jobs or 1)


def _ended(output: Path, store: Store, shards: int, skipped: list[Failure], kept: int, to: Path | None) -> Ended:
    total, failures = Found(), list(skipped)
    for number in range(shards):
        record = store.record(number)
        add(total, record.found)
        failures += record.failures
    (output / FAILURES).unlink(missing_ok=True)
    if failures:
        jsonl.write(output / FAILURES, failures)
    if to:
        table.write(to, rows(pair for number in range(shards) for pair in store.labels(number)))
        store.remember(to)
    return Ended(total, failures, kept)
