"""What the harness shows of a release: rows by split, each with what ``llm`` would say to a model about it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from communique import releases
from communique.baselines.base import Source
from communique.baselines.llm.prompts import Prompts
from communique.baselines.llm.settings import settings
from communique.labels import Split
from communique.records import Document

if TYPE_CHECKING:
    from datasets import Dataset

Row = dict[str, Any]
_END = "\n\n"
"""Ends what is said before the answer: without a chat template the harness joins turns as they are."""


def by_split(release: str, rows: Callable[[Document, Prompts], Iterable[Row]]) -> "dict[str, Dataset]":
    """Return the rows of each split of a release, none of which is downloaded.

    Parameters
    ----------
    release : str
        Version or folder.
    rows : callable
        Makes those of a document.
    """
    from datasets import Dataset

    prompts = Prompts(settings().prompt)
    return {str(split): Dataset.from_list(list(_rows(release, split, prompts, rows))) for split in Split}


def _rows(
    release: str, split: Split, prompts: Prompts, rows: Callable[[Document, Prompts], Iterable[Row]]
) -> Iterator[Row]:
    documents, version, _ = releases.part(f"{release}:{split}")
    for document in documents:
        for row in rows(document, prompts):
            yield {"release": release, "version": version, "split": str(split), **row}


def asked(prompts: Prompts, source: Source) -> Row:
    """Return the two turns that are said about a source."""
    system, question = prompts.conversation(source)
    return {"system": system["content"] + _END, "question": question["content"] + _END}
