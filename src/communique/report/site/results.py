"""Which results a site shows: those of its release, and those on real texts; and what they are called there."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from communique import resources
from communique.problems import CommuniqueError
from communique.report.bench import written
from communique.report.tables import headline
from communique.score.evaluate import Evaluation, Score
from communique.score.tasks import TASKS

REFERENCES = ("annotators", "people")
FLOOR = "floor"
PEOPLE = "people:"
"""How parts begin whose gold is what people annotated, many of them."""
_RELEASED = re.compile(r"(?:[^@:]+@)?\d+\.\d+\.\d+:")


class Part(NamedTuple):
    """The results on one part of the data; ``gold`` is its name in results, ``id`` one for links."""

    gold: str
    results: Sequence[Evaluation]

    @property
    def id(self) -> str:
        """Return letters, digits and hyphens that name the part on a page."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.gold).strip("-").lower()

    @property
    def released(self) -> bool:
        """Say whether the part is a release's, and not of real texts."""
        return bool(_RELEASED.match(self.gold))

    @property
    def title(self) -> str:
        """Return the part's name in words."""
        version, _, split = self.gold.partition(":")
        if self.gold.startswith(PEOPLE):
            return f"Against people: {split}"
        return f"Release {version}, {split}" if self.released else f"Real texts: {version}, {split}"

    def doing(self, task: str) -> list[Evaluation]:
        """Return the results of systems that do a task."""
        return [one for one in self.results if any(score.task == task for score in one.scores)]


def shown(version: str, folder: Path | None) -> list[Part]:
    """Return the results of a release and on real texts, those on test of the release first.

    Parameters
    ----------
    version : str
        The release, as `communique.releases.label` calls it.
    folder : Path or None
        Folder of baselines; the packaged one by default.

    Raises
    ------
    CommuniqueError
        There is no folder, or it has no results of the release.
    """
    place = folder or resources.folder("baselines")
    found: dict[str, list[Evaluation]] = {}
    for result in written(place):
        if result.gold.startswith(f"{version}:") or not _RELEASED.match(result.gold):
            found.setdefault(result.gold, []).append(result)
    if not any(gold.startswith(f"{version}:") for gold in found):
        told = f"{place} has no results of release {version}"
        raise CommuniqueError(f"{told}; make them with communique bench --release {version} -o {place}")
    return [Part(gold, results) for gold, results in sorted(found.items(), key=lambda item: _order(item[0]))]


def _order(gold: str) -> tuple[int, bool, str]:
    kind = 0 if _RELEASED.match(gold) else 2 if gold.startswith(PEOPLE) else 1
    return kind, not gold.endswith(":test"), gold


def kind(system: str) -> str:
    """Return as what a system is drawn: ``floor``, ``reference`` (annotators, people) or ``system``."""
    return system if system == FLOOR else "reference" if system in REFERENCES else "system"


def figures(task: str) -> dict[tuple[str, str], str]:
    """Return the headline figures of a task, unit and measure, with their names."""
    return dict(TASKS[task].headlines)


def scores(result: Evaluation, task: str) -> list[Score | None]:
    """Return the headline scores of a task, None where there is none."""
    return [headline(result, task, *figure) for figure in figures(task)]


def by_group(result: Evaluation, task: str, measure: str, prefix: str) -> Iterator[tuple[str, Score]]:
    """Yield the scores of claims in the groups that begin so, as ``type:``, by the rest of their names."""
    for score in result.scores:
        if (score.task, score.unit, score.measure) == (task, "claim", measure) and score.group.startswith(prefix):
            yield score.group.removeprefix(prefix), score
