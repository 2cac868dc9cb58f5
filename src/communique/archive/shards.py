"""Shards: consecutive texts, labelled together and written as one; each is there whole or not at all."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from communique.archive import encoding
from communique.archive.found import Found
from communique.archive.gather import LABELS, Failure
from communique.archive.reading import Item, Text
from communique.files import digest
from communique.problems import CommuniqueError
from communique.records import Prediction
from communique.writing import replacing

CHARACTERS = 1_000_000
"""Code points at which a shard is full, however few texts it has."""
TEXTS, DONE, TABLES = "texts", "done", "tables.json"
OURS = (f"{LABELS}/*.*", f"{TEXTS}/*.*", f"{DONE}/*.json")
"""Patterns of what stands in a folder of labels."""


class Shard(msgspec.Struct, frozen=True):
    """Texts to be labelled together, and what among them could not be read."""

    number: int
    texts: list[Text]
    failures: list[Failure]


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a labelled text: where it was read, and what its record said."""

    id: str
    file: str
    line: int
    date: str | None = None
    title: str | None = None
    genre: str | None = None
    language: str | None = None


class Record(msgspec.Struct, frozen=True):
    """That a shard is done: the digests of its two files, its failures and its counts."""

    labels: str
    texts: str
    items: int
    failures: list[Failure]
    found: Found


class Labelled(msgspec.Struct, frozen=True):
    """A shard as it is written."""

    number: int
    labels: bytes
    texts: bytes
    record: Record


def cut(items: Iterable[Item], size: int) -> Iterator[Shard]:
    """Yield shards of at most so many texts; where they begin depends on the texts alone."""
    number, weight = 0, 0
    texts: list[Text] = []
    failures: list[Failure] = []
    for item in items:
        if isinstance(item, Text):
            texts.append(item)
            weight += len(item.text)
        else:
            failures.append(item)
        if len(texts) + len(failures) >= size or weight >= CHARACTERS:
            yield Shard(number, texts, failures)
            number, weight, texts, failures = number + 1, 0, [], []
    if texts or failures:
        yield Shard(number, texts, failures)


class Store:
    """The shards in a folder.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    form : str
        ``jsonl`` or ``parquet``.
    """

    def __init__(self, folder: Path, form: str):
        self._folder, self._form = folder, form

    def finished(self) -> set[int]:
        """Return the numbers of shards that are there as they were written; any other is to be labelled again."""
        names = (path.stem for path in sorted((self._folder / DONE).glob("*.json")) if path.stem.isdecimal())
        return {int(name) for name in names if self._whole(int(name))}

    def _whole(self, number: int) -> bool:
        try:
            record = self.record(number)
            parts = (digest(self._path(part, number)) for part in (LABELS, TEXTS))
            return (record.labels, record.texts) == tuple(parts)
        except (CommuniqueError, OSError, ValueError):
            return False

    def write(self, shard: Labelled) -> None:
        """Write a shard; it counts from the moment on that its record stands."""
        for part, content in ((LABELS, shard.labels), (TEXTS, shard.texts), (DONE, msgspec.json.encode(shard.record))):
            with replacing(self._path(part, shard.number)) as file:
                file.write(content)

    def record(self, number: int) -> Record:
        """Return the record of a shard that is done."""
        return msgspec.json.decode(self._path(DONE, number).read_bytes(), type=Record)

    def labels(self, number: int) -> Iterator[tuple[About, Prediction]]:
        """Yield the labelled texts of a shard that is done."""
        about = encoding.decoded(self._path(TEXTS, number).read_bytes(), About, self._form)
        labels = encoding.decoded(self._path(LABELS, number).read_bytes(), Prediction, self._form)
        return zip(about, labels, strict=True)

    def wrote(self, table: Path) -> bool:
        """Say whether a table stands as an earlier run wrote it."""
        return table.is_file() and self._tables().get(table.name) == digest(table)

    def remember(self, table: Path) -> None:
        """Note a table that was written."""
        with replacing(self._folder / DONE / TABLES) as file:
            file.write(msgspec.json.encode(self._tables() | {table.name: digest(table)}, order="deterministic"))

    def _tables(self) -> dict[str, str]:
        try:
            return msgspec.json.decode((self._folder / DONE / TABLES).read_bytes(), type=dict[str, str])
        except (OSError, ValueError):
            return {}

    def _path(self, part: str, number: int) -> Path:
        return self._folder / part / f"{number:06}.{'json' if part == DONE else self._form}"


def labelled(shard: Shard, predictions: list[Prediction], failures: list[Failure], found: Found, form: str) -> Labelled:
    """Return a shard as it is written.

    Parameters
    ----------
    shard : Shard
        As it was read.
    predictions : list of Prediction
        Of its texts, in their order, but for those that failed.
    failures : list of Failure
        Texts that could not be read or labelled.
    found : Found
        Counts of the predictions.
    form : str
        ``jsonl`` or ``parquet``.
    """
    there = {layer.id for layer in predictions}
    about = [About(one.id, one.file, one.line, **one.about) for one in shard.texts if one.id in there]
    labels, texts = encoding.encoded(predictions, Prediction, form), encoding.encoded(about, About, form)
    items = len(shard.texts) + len(shard.failures)
    return Labelled(shard.number, labels, texts, Record(_digest(labels), _digest(texts), items, failures, found))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
