"""Rows of the board for real text: the baselines on collections whose texts are the user's own clones.

Other rows, such as people against people, stand beside these where their result is written to
``baselines/NAME/results/COLLECTION@LAYER/SPLIT.json``: the board is made of what is there.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from communique import baselines
from communique.baselines import Baseline
from communique.collection import Kind, Shelved, chosen, find
from communique.joining import join
from communique.labels import Split
from communique.problems import CommuniqueError
from communique.records import Document
from communique.report.scoring import FROM_TEXT, HUMAN, against, fitted, modelled
from communique.score.evaluate import Evaluation

LEARNING = ("linear",)
"""Baselines that are trained on real text as well, as the system ``NAME-COLLECTION``; `crf` would take too long."""


class Joined(NamedTuple):
    """A collection with its documents by split, and the clone they were made of."""

    found: Shelved
    texts: Path
    parts: dict[Split, list[Document]]


def joined(option: str) -> Joined:
    """Return the collection that ``NAME=CLONE`` names, joined.

    Raises
    ------
    CommuniqueError
        It is not of that form, or there is no such collection or clone.
    DataError
        The clone is not the one that was labelled.
    """
    name, _, texts = option.partition("=")
    if not name or not texts:
        raise CommuniqueError(f"{option!r} is not COLLECTION=CLONE; for example polnear=path/to/PolNeAR")
    found = find(name)
    parts = {split: join(found, split, Path(texts)) for split in chosen(found, None)}
    return Joined(found, Path(texts), parts)


def run(name: str, release: str, given: Sequence[Joined], model: Baseline | None = None) -> list[Evaluation]:
    """Score a system on every split but train of real collections.

    Parameters
    ----------
    name : str
        One of `communique.report.bench.systems`. One of `LEARNING` is trained on each collection's train as well, and
        then scored on the tasks that both collections have.
    release : str
        Version or folder of what the others are trained on.
    given : sequence of Joined
        The collections.
    model : Baseline, optional
        As `communique.report.scoring.fitted` returns it; else it is trained.
    """
    if name == HUMAN:
        return [result for one in given for result in _annotators(one)]
    results = [*_scored(model or fitted(name, release), name, given)] if given else []
    for one in given:
        if name in LEARNING and Split.TRAIN in one.parts:
            own = baselines.create(name).fit(one.parts[Split.TRAIN])
            results += _scored(own, f"{name}-{one.found.about.name}", given, one.found.about.tasks)
    return results


def _scored(
    model: Baseline, system: str, given: Sequence[Joined], learnt: Sequence[str] | None = None
) -> Iterator[Evaluation]:
    for one in given:
        tasks = [task for task in one.found.about.tasks if learnt is None or task in learnt]
        for split in (split for split in one.parts if split is not Split.TRAIN):
            if result := modelled(model, system, tasks, one.parts[split], one.found.version(split), split):
                yield result


def _annotators(one: Joined) -> Iterator[Evaluation]:
    """Score the second annotator's layer against the first's, where the checkout has them: the wheel has not."""
    about = one.found.about
    tasks = ("rhetoric",) if about.layer is Kind.TYPES else tuple(task for task in FROM_TEXT if task in about.tasks)
    for split in (split for split in one.parts if split is not Split.TRAIN):
        layers = sorted((one.found.folder / "annotators").glob(f"annotator-*/{split}.jsonl"))
        if len(layers) > 1:
            first, second = (join(one.found, split, one.texts, layer) for layer in layers[:2])
            yield against(first, second, tasks, one.found.version(split), split)
