"""Everything a score depends on, in one object: it is written into every number's signature."""

import msgspec

TASKS = ("spans", "attribution", "rhetoric", "full")
PROTOCOLS = ("cofenet", "ptc", "nervaluate", "seqeval")
"""Foreign ways of scoring, each a task of its own; see docs/protocols.md."""
SCORER = "0.1.0"
"""Version of the counting rules; changes when a number can change."""


class ScoreConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How to score.

    Attributes
    ----------
    tasks : tuple of str
        Which of `TASKS` and `PROTOCOLS`.
    iou : float
        Least intersection over union at which content counts as found (holder and full).
    resamples, seed : int
        Of the document bootstrap; 0 resamples for none.
    rounds : int
        Of the approximate randomisation, where systems are compared.
    """

    tasks: tuple[str, ...] = TASKS
    iou: float = 0.5
    resamples: int = 1000
    seed: int = 13
    rounds: int = 10_000


def signature(
    config: ScoreConfig, *, version: str, collection: str, split: str, task: str, comparisons: int = 0
) -> str:
    """Return the signature of a number: data, task, matching, bootstrap and scorer version.

    That of a comparison of systems names its test as well, and how many ``comparisons`` it is corrected for.
    """
    own = {"spans": "one2one-iou", "rhetoric": "identity"}.get(task, f"one2one-iou@{config.iou:g}")
    match = task if task in PROTOCOLS else own
    boot = f"boot:{config.resamples},seed:{config.seed}" if config.resamples else "boot:none"
    test = f"|test:paired,randomisation:{config.rounds},holm:{comparisons}" if comparisons else ""
    place = f"v:{version}|collection:{collection}|split:{split}"
    return f"communique|{place}|task:{task}|match:{match}|{boot}{test}|scorer:{SCORER}"
