"""Events, written: who did what to whom, one row per claim and target, with PLOVER and CAMEO codes."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from communique import resources
from communique.escapes import spreadsheet
from communique.formats.declared import Format
from communique.records import Claim, Document
from communique.writing import refuse_unwritten, replacing

COLUMNS = (
    "date",
    "source",
    "source_kind",
    "action",
    "plover",
    "cameo",
    "target",
    "target_kind",
    "conditional",
    "negated",
    "document",
    "claim",
    "offsets",
)
SIGN = ",".join(COLUMNS).encode()


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write a CSV file; a claim without targets has one row with an empty target, one with two holders two rows.

    Offsets are ``start-end`` in code points, half-open, fragments joined by ``;``. Cells a spreadsheet would take for a
    formula are preceded by an apostrophe.

    Parameters
    ----------
    documents : iterable of Document
        Any.
    target : Path
        The file; ``-`` for standard output.
    force : bool, optional
        Replace a file of another kind.
    """
    refuse_unwritten(target, SIGN, force=force)
    with replacing(target) as file:
        lines = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for document in documents:
            writer.writerows(map(spreadsheet, row) for row in _rows(document))
        lines.detach()


def _rows(document: Document) -> Iterator[list[str]]:
    entities = {entity.id: (entity.name, str(entity.kind)) for entity in document.entities}
    holders = {item.id: item.entities for item in document.attributions}
    for claim in document.claims:
        for holder in holders[claim.attribution] or (None,):
            for target in claim.targets or (None,):
                source, other = (entities[name] if name else ("", "") for name in (holder, target))
                day = document.date.isoformat() if document.date else ""
                yield [day, *source, *_codes(claim), *other, *_flags(claim), document.id, claim.id, _offsets(claim)]


def _codes(claim: Claim) -> list[str]:
    code = _taxonomy().get(claim.rhetoric or "", {})
    return [claim.rhetoric or "", code.get("plover") or "", ";".join(code.get("cameo", []))]


@cache
def _taxonomy() -> dict[str, dict[str, Any]]:
    path = resources.folder("schema") / "v1" / "taxonomy.json"
    return {item["id"]: item for item in json.loads(path.read_text(encoding="utf-8"))["types"]}


def _flags(claim: Claim) -> list[str]:
    return [str(flag).lower() for flag in (claim.conditional, claim.negated)]


def _offsets(claim: Claim) -> str:
    return ";".join(f"{span.start}-{span.end}" for span in claim.spans)


FORMAT = Format(
    name="events",
    place="CSV, one row a claim, holder and target, with PLOVER and CAMEO codes",
    loses=(
        "texts and the words of spans (offsets stay)",
        "cues, forms, nesting, mentions and speakers' spans",
        "types without a code of their own (concern, prediction, assertion have no PLOVER code)",
    ),
    write=write,
    sign=SIGN,
)
