"""Everything from text alone: claims with their holder and type, and whom and on what terms they are aimed at."""

from communique.score.labels import MEASURES, judged
from communique.score.metrics import of_units
from communique.score.pairing import Pairing
from communique.score.task import Earned, Judged, Task

RUNGS = ("content", "content+entity", "content+entity+type")
MISSED = "none"


def judge(pairing: Pairing) -> Judged:
    """Judge claims by the rungs they reach; nothing in collections that name no entities."""
    if not pairing.entities:
        return Judged([], {})
    earned = []
    for number, asked in enumerate(pairing.asked):
        other = pairing.met.get(number)
        held = other is not None and pairing.holder_right(asked.said, other.said)
        reached = (other is not None, held, held and other is not None and asked.claim.rhetoric == other.claim.rhetoric)
        shares = {name: float(holds) for name, holds in zip(RUNGS, reached, strict=True)}
        kind = (f"type:{asked.claim.rhetoric or MISSED}",)
        earned.append(Earned("claim", (asked.said.id,), shares, len(asked.claim.spans) > 1, kind))
    labels = judged(pairing, pairing.met)
    return Judged([*earned, *labels.earned], {"claim": len(pairing.answered), **labels.predicted})


TASK = Task(
    name="full",
    order=5,
    wanted="everything: claims, their holder, type, targets, conditions",
    match="one2one-iou@{iou}",
    headlines={
        ("claim", "content"): "content F1",
        ("claim", "content+entity"): "content and holder F1",
        ("claim", "content+entity+type"): "full F1",
    },
    figures=of_units({"claim": RUNGS, **MEASURES}),
    judge=judge,
)
