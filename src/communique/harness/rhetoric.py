"""Task ``communique_rhetoric``: the type of each gold claim, the likeliest of 16."""

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from communique.baselines.base import Source
from communique.baselines.given import without_types
from communique.baselines.llm.prompts import Prompts
from communique.evaluation import SEPARATOR, evaluate
from communique.harness.asking import Row, by_split
from communique.harness.asking import asked as said
from communique.harness.scoring import Item, asked, tell, value
from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document
from communique.report.tables import headline
from communique.score.evaluate import Evaluation
from communique.views import claim_rows

if TYPE_CHECKING:
    from datasets import Dataset

METRICS = ("macro-f1", "accuracy", "family-macro-f1")
TYPES = tuple(map(str, Rhetoric))
SHOWN = ("paragraph", "text")
_ALONE = "c1"
"""Id of the one claim that is asked about, as the task's ``gen_prefix`` has it."""


def rows(release: str = "newest", shown: str = "paragraph", **_: Any) -> "dict[str, Dataset]":
    """Return a row a claim: what is asked, and its type by number.

    Parameters
    ----------
    release : str, optional
        Version or folder; ``--metadata`` sets it, and ``shown``. What else is set there is for others.
    shown : {"paragraph", "text"}, optional
        How much of the text around a claim is shown: its paragraphs, or all.

    Raises
    ------
    CommuniqueError
        There is no such way to show it.
    """
    if shown not in SHOWN:
        raise CommuniqueError(f"shown={shown!r} is neither of {' and '.join(SHOWN)}; set one of them in --metadata")
    return by_split(release, partial(_rows, shown))


def _rows(shown: str, document: Document, prompts: Prompts) -> Iterator[Row]:
    layer = without_types(document)
    for row, claim in zip(claim_rows(document), layer.claims, strict=True):
        if row.label is not None:
            text = document.text if shown == "text" else row.context
            alone = replace(layer, claims=(replace(claim, id=_ALONE),))
            source = Source(id=document.id, text=text, layer=alone)
            yield {"id": row.id, **said(prompts, source), "label": TYPES.index(row.label)}


def choices(row: Row) -> list[str]:
    """Return how an answer goes on after the id of the claim, for each type."""
    return [f' "{label}"}}}}' for label in TYPES]


def chosen(row: Row, results: Sequence[tuple[float, bool]]) -> dict[str, Item]:
    """Return for each metric the likeliest type of a row, the first of equals."""
    label = TYPES[max(range(len(TYPES)), key=lambda number: results[number][0])]
    return dict.fromkeys(METRICS, (row["release"], row["split"], row["id"], label))


def macro(items: Sequence[Item]) -> float:
    """Return macro-F1 of the types that occur in gold."""
    return _figure(items, "macro-f1")


def accuracy(items: Sequence[Item]) -> float:
    """Return the share of claims with the right type."""
    return _figure(items, "accuracy")


def families(items: Sequence[Item]) -> float:
    """Return macro-F1 of the families."""
    return _figure(items, "family-macro-f1")


def _figure(items: Sequence[Item], measure: str) -> float:
    return value(headline(_evaluated(tuple(map(tuple, items))), "rhetoric", "claim", measure))


@lru_cache(maxsize=1)
def _evaluated(items: tuple[Item, ...]) -> Evaluation:
    labels = {name: label for *_, name, label in items}
    documents, names = asked(items, {name.rpartition(SEPARATOR)[0] for name in labels})
    evaluation = evaluate([_asked_of(one, labels) for one in documents], labels, **names)
    tell(evaluation, "rhetoric")
    return evaluation


def _asked_of(document: Document, labels: dict[str, str]) -> Document:
    """Return a document with the claims that were asked about alone: under ``--limit`` the last lacks some."""
    claims = tuple(claim for claim in document.claims if f"{document.id}{SEPARATOR}{claim.id}" in labels)
    return replace(document, claims=claims)
