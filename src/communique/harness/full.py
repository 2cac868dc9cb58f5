"""Task ``communique_full``: all of a text in quotes, located by ``align --drop``."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from communique.answered import located
from communique.baselines.base import Source
from communique.baselines.llm.prompts import Prompts
from communique.evaluation import evaluate
from communique.harness.asking import Row, by_split
from communique.harness.asking import asked as said
from communique.harness.scoring import Item, asked, tell, value
from communique.records import Document
from communique.report.tables import headline
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation

if TYPE_CHECKING:
    from datasets import Dataset

METRICS = ("content", "content+entity", "content+entity+type", "invention-rate")


def rows(release: str = "newest", **_: Any) -> "dict[str, Dataset]":
    """Return a row a document: what is asked, and gold's answer.

    Parameters
    ----------
    release : str, optional
        Version or folder; ``--metadata`` sets it. What else is set there is for others.
    """
    return by_split(release, _row)


def _row(document: Document, prompts: Prompts) -> Iterator[Row]:
    source = Source(id=document.id, text=document.text)
    answer = prompts.conversation(source, [document])[2]["content"]
    yield {"id": document.id, **said(prompts, source), "answer": answer}


def answered(row: Row, results: Sequence[str]) -> dict[str, Item]:
    """Return for each metric what a model said of a row."""
    return dict.fromkeys(METRICS, (row["release"], row["split"], row["id"], results[0]))


def content(items: Sequence[Item]) -> float:
    """Return F1 of claims found."""
    return _figure(items, "content")


def held(items: Sequence[Item]) -> float:
    """Return F1 of claims found with their holder."""
    return _figure(items, "content+entity")


def everything(items: Sequence[Item]) -> float:
    """Return F1 of claims found with their holder and type."""
    return _figure(items, "content+entity+type")


def invented(items: Sequence[Item]) -> float:
    """Return the share of quotes that are nowhere in the text, not a number where nothing is quoted."""
    rate = _evaluated(tuple(map(tuple, items))).invention_rate
    return float("nan") if rate is None else rate


def _figure(items: Sequence[Item], measure: str) -> float:
    return value(headline(_evaluated(tuple(map(tuple, items))), "full", "claim", measure))


@lru_cache(maxsize=1)
def _evaluated(items: tuple[Item, ...]) -> Evaluation:
    documents, names = asked(items, {name for _, _, name, _ in items})
    predictions, _ = located(((name, answer) for *_, name, answer in items), documents)
    evaluation = evaluate(documents, predictions, ScoreConfig(tasks=("full",)), **names)
    tell(evaluation, "full")
    return evaluation
