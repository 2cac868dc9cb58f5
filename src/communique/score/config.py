"""Everything a score depends on, in one object: it is written into every number's signature."""

import re
from importlib.metadata import version as installed

import msgspec

from communique.about import OWN
from communique.problems import CommuniqueError
from communique.score.protocols import PROTOCOLS
from communique.score.task import Task
from communique.score.tasks import TASKS

SCORER = "1.0"
"""Version of the counting rules; changes when a number can change."""
INTERVAL = "jackknife-t"
"""How intervals are made, see `communique.score.intervals`."""
RELEASED = re.compile(r"@[0-9]+(\.[0-9]+){2}$")
"""How the version of a release of another corpus than the project's own ends."""
KNOWN: dict[str, Task] = {**TASKS, **PROTOCOLS}


class ScoreConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How to score.

    Attributes
    ----------
    tasks : tuple of str
        Which of `TASKS` and `PROTOCOLS`.
    iou : float
        Least intersection over union at which content counts as found (holder and full).
    rounds, seed : int
        Of the approximate randomisation, where systems are compared.
    """

    tasks: tuple[str, ...] = tuple(TASKS)
    iou: float = 0.5
    rounds: int = 10_000
    seed: int = 13


def known(config: ScoreConfig) -> list[Task]:
    """Return the tasks that a configuration names.

    Raises
    ------
    CommuniqueError
        One is unknown.
    """
    if unknown := sorted(set(config.tasks) - set(KNOWN)):
        raise CommuniqueError(f"unknown task {unknown[0]!r}; one of {', '.join(KNOWN)}")
    return [KNOWN[name] for name in config.tasks]


def signature(
    config: ScoreConfig,
    *,
    version: str,
    collection: str,
    split: str,
    task: str,
    comparisons: int = 0,
    words: tuple[str, ...] = (),
) -> str:
    """Return the signature of a number: data, task, matching, intervals and scorer version.

    Packages that cut texts into the words or sentences a number depends on are named with their versions: those of the
    task, and ``words``. That of a comparison of systems names its test as well, and how many ``comparisons`` it is
    corrected for. It begins with the name of the corpus, which a ``version`` of the form ``NAME@VERSION`` has.
    """
    match = KNOWN[task].match.format(iou=f"{config.iou:g}")
    test = f"|test:randomisation:{config.rounds},seed:{config.seed},holm:{comparisons}" if comparisons else ""
    cut = "".join(f"|{name}:{installed(name)}" for name in dict.fromkeys((*KNOWN[task].words, *words)))
    corpus, _, release = version.rpartition("@") if RELEASED.search(version) else ("", "", version)
    place = f"v:{release}|collection:{collection}|split:{split}"
    return f"{corpus or OWN}|{place}|task:{task}|match:{match}|interval:{INTERVAL}{test}{cut}|scorer:{SCORER}"
