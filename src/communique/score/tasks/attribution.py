"""(Speaker, cue, content) triples, strictly and by overlap, and whose they are."""

from collections import Counter

from communique.score.items import Item, Said
from communique.score.metrics import of_units
from communique.score.pairing import Pairing
from communique.score.task import Earned, Judged, Task


def judge(pairing: Pairing) -> Judged:
    """Judge triples, and holders where the document's collection names entities."""
    strict = _equal(pairing)
    near = {i: weight for i, _, weight in pairing.triples}
    held = {one.id for one, other in pairing.held if pairing.holder_right(one, other)} if pairing.entities else set()
    broken = {claim.attribution for claim in pairing.gold.claims if len(claim.spans) > 1}
    earned = []
    for number, said in enumerate(pairing.wanted):
        shares = {"strict": float(number in strict), "overlap": near.get(number, 0.0)}
        earned.append(Earned("triple", (said.id,), shares, said.id in broken))
        if pairing.entities:
            earned.append(Earned("holder", (said.id,), {"entity": float(said.id in held)}, said.id in broken))
    given = len(pairing.given)
    return Judged(earned, {"triple": given, "holder": given if pairing.entities else 0})


def _equal(pairing: Pairing) -> set[int]:
    """Return the numbers of the gold attributions with an equal predicted one, each of which is used once."""
    left = Counter(map(_triple, pairing.given))
    found = set()
    for number, triple in enumerate(map(_triple, pairing.wanted)):
        if left[triple]:
            left[triple] -= 1
            found.add(number)
    return found


def _triple(said: Said) -> tuple[Item | None, Item | None, Item]:
    return said.speaker, said.cue, said.content


TASK = Task(
    name="attribution",
    order=2,
    wanted="(speaker, cue, content), and the entities that hold it",
    match="one2one-geomean-iou,holder@{iou}",
    headlines={
        ("triple", "strict"): "strict triple F1",
        ("triple", "overlap"): "overlap triple F1",
        ("holder", "entity"): "holder F1",
    },
    figures=of_units({"triple": ("strict", "overlap"), "holder": ("entity",)}),
    judge=judge,
)
