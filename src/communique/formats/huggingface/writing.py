"""From documents to parquet of the three configurations, with a card."""

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from communique.features import CONFIGS
from communique.folders import replacing_folder
from communique.formats.declared import Outgoing
from communique.formats.huggingface.card import card
from communique.labels import Split
from communique.problems import CommuniqueError
from communique.records import Document
from communique.views import claim_rows, token_rows
from communique.writing import replacing

_VIEWS: dict[str, Callable[[Document], Iterable[msgspec.Struct]]] = {
    "documents": lambda document: (document,),
    "claims": claim_rows,
    "tokens": token_rows,
}
_WHOLE = str(Split.TRAIN)
"""What documents without splits are called, as `datasets.load_dataset` calls them."""


def write(
    documents: Iterable[Document], target: Path, *, force: bool = False, outgoing: Outgoing | None = None
) -> None:
    """Write ``documents.parquet``, ``claims.parquet``, ``tokens.parquet`` and a card that declares and describes them.

    Where ``outgoing`` has splits, these are folders with a file a split. The other parameters are those of
    `communique.formats.brat.folder.write`.
    """
    known = outgoing or Outgoing(name=target.name)
    parts = _parts(list(documents), known)
    if not parts:
        raise CommuniqueError("there are no documents to write; parquet needs rows to know its columns")
    paths = {
        name: {split: f"{name}/{split}.parquet" if known.splits else f"{name}.parquet" for split in parts}
        for name in CONFIGS
    }
    with replacing_folder(target, force=force) as stage:
        for name, view in _VIEWS.items():
            for split, items in parts.items():
                _write_parquet(name, chain.from_iterable(map(view, items)), stage / paths[name][split])
        with replacing(stage / "README.md") as file:
            file.write(card(known, parts, paths).encode("utf-8"))


def _parts(documents: Sequence[Document], outgoing: Outgoing) -> Mapping[str, list[Document]]:
    """Return documents by split, in the order train, dev, test."""
    order = [str(split) for split in Split]
    parts: dict[str, list[Document]] = {}
    for item in documents:
        parts.setdefault(outgoing.splits.get(item.id, _WHOLE), []).append(item)
    return {
        name: parts[name] for name in sorted(parts, key=lambda name: (name not in order, [*order, name].index(name)))
    }


def _write_parquet(name: str, records: Iterable[msgspec.Struct], path: Path) -> None:
    import datasets
    import pyarrow.parquet

    features = datasets.Features._from_yaml_list(json.loads(json.dumps(CONFIGS[name])))
    rows = [msgspec.to_builtins(record, builtin_types=(datetime.date,)) for record in records]
    columns: dict[str, list[Any]] = {key: [row.get(key) for row in rows] for key in features}
    table = datasets.Dataset.from_dict(columns, features=features).data.table
    with replacing(path) as file:
        pyarrow.parquet.write_table(table, file)
