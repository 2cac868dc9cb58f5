"""Which predicted entity is which gold one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from communique.records import Entity
from communique.score.items import Item, iou
from communique.score.match import ranked
from communique.score.sweep import near

SHARED = 0.5
"""Least intersection over union at which two mentions are one, and at which a speaker's words name a holder."""
Names = frozenset[str]
Alignment = Mapping[str, str]
"""From ids of predicted entities to ids of gold ones, one to one."""


def aligned(gold: Iterable[Entity], predicted: Iterable[Entity], held: Iterable[tuple[Names, Names]]) -> Alignment:
    """Align entities one to one by the mentions they share.

    Parameters
    ----------
    gold, predicted : iterable of Entity
        Of one document.
    held : iterable of (frozenset of str, frozenset of str)
        Of attributions whose contents meet, the gold and the predicted holders: they decide between entities that share
        as many mentions.

    Returns
    -------
    mapping of str to str
        Predicted ids to gold ids, by the greatest total of shared mentions; then by attributions that both hold, then
        by name and kind. Entities without mentions are aligned with each other alone.
    """
    ones, others = sorted(gold, key=_naming), sorted(predicted, key=_naming)
    mentions = _shared(ones, others)
    together = Counter(pair for names, more in held for pair in product(names, more))
    silent = [[number for number, entity in enumerate(side) if not entity.mentions] for side in (ones, others)]
    candidates = sorted({*mentions, *product(silent[0], silent[1])})

    def tiers(i: int, j: int) -> tuple[int, int, int, int]:
        one, other = ones[i], others[j]
        told = mentions.get((i, j), 0), together[one.id, other.id]
        return *told, int(one.name == other.name), int(one.kind == other.kind)

    found = ranked(range(len(ones)), range(len(others)), tiers, candidates)
    return {others[j].id: ones[i].id for i, j in found}


def _naming(entity: Entity) -> tuple[list[tuple[int, int]], str, str]:
    return sorted(entity.mentions), entity.name, entity.kind


def _shared(ones: Sequence[Entity], others: Sequence[Entity]) -> dict[tuple[int, int], int]:
    """Return for pairs of entities how many mentions they share, each counted once on either side."""
    places = [[(n, ((a, b),)) for n, entity in enumerate(side) for a, b in entity.mentions] for side in (ones, others)]
    items: list[list[Item]] = [[item for _, item in side] for side in places]
    met: defaultdict[tuple[int, int], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for one, other in near(*items):
        if iou(items[0][one], items[1][other]) >= SHARED:
            sides = met[places[0][one][0], places[1][other][0]]
            sides[0].add(one)
            sides[1].add(other)
    return {pair: min(map(len, sides)) for pair, sides in met.items()}
