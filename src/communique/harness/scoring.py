"""Figures of the harness: what ``communique evaluate`` says of all answers together."""

import logging
from collections.abc import Sequence
from typing import Any

from communique import releases
from communique.records import Document
from communique.report.tables import headline, interval, percent
from communique.score.evaluate import Evaluation, Score
from communique.score.tasks import TASKS

Item = tuple[str, str, str, str]
"""Release, split, id, answer."""
_log = logging.getLogger(__name__)


def asked(items: Sequence[Item], ids: set[str]) -> tuple[list[Document], dict[str, Any]]:
    """Return the documents that were asked about, and how they are named in signatures.

    Parameters
    ----------
    items : sequence of Item
        All of one release and split.
    ids : set of str
        Of these documents. Where they are not all of the split, as under ``--limit``, it is called ``SPLIT-part``.
    """
    release, split, *_ = items[0]
    documents, version, _ = releases.part(f"{release}:{split}")
    some = [document for document in documents if document.id in ids]
    name = split if len(some) == len(documents) else f"{split}-part"
    return some, {"version": version, "split": name, "admitted": True}


def tell(evaluation: Evaluation, task: str) -> None:
    """Log the headlines of a task with interval and signature, for which the harness has no place."""
    for unit, measure in TASKS[task].headlines:
        if score := headline(evaluation, task, unit, measure):
            _log.warning(
                "%s %s (%s) %s", measure, percent(score.value), interval(score.low, score.high), score.signature
            )


def value(score: Score | None) -> float:
    """Return a figure in [0, 1], not a number where it is undefined."""
    return float("nan") if score is None or score.value is None else score.value
