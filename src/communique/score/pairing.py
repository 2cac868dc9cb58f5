"""A gold document and its prediction, paired once: every count, breakdown and comparison reads this."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator
from functools import cached_property
from itertools import product
from typing import TypeVar

from communique.records import Document, Prediction
from communique.score.entities import SHARED, Alignment, aligned
from communique.score.items import Item, Meant, Said, attributions, claims, iou, items, words
from communique.score.match import match, ranked
from communique.score.sweep import near

Unit = TypeVar("Unit", Said, Meant)
Pairs = list[tuple[int, int]]
_STEPS = 1_000_000
"""Into how many steps an intersection over union is divided where ties are told from differences."""


class Pairing:
    """What is compared in one document; each part is worked out when it is first asked for, in an order of its own.

    Parameters
    ----------
    gold : Document
        What is right.
    predicted : Prediction
        Of the same text.
    threshold : float
        Least intersection over union at which content counts as found.
    entities : bool
        Whether the document's collection names entities: holders and targets are scored where it does.
    """

    def __init__(self, gold: Document, predicted: Prediction, threshold: float = 0.5, entities: bool = True):
        self.gold, self.predicted, self.threshold, self.entities = gold, predicted, threshold, entities
        self._as_gold: dict[frozenset[str], frozenset[str]] = {}
        self._held: dict[tuple[str, str], bool] = {}

    @cached_property
    def gold_items(self) -> dict[str, Item]:
        """The characters of each gold speaker, cue and claim, by id."""
        return items(self.gold, self.gold.text)

    @cached_property
    def predicted_items(self) -> dict[str, Item]:
        """The characters of each predicted one."""
        return items(self.predicted, self.gold.text)

    @cached_property
    def wanted(self) -> list[Said]:
        """Gold attributions."""
        return attributions(self.gold, self.gold_items)

    @cached_property
    def given(self) -> list[Said]:
        """Predicted attributions."""
        return attributions(self.predicted, self.predicted_items)

    @cached_property
    def asked(self) -> list[Meant]:
        """Gold claims."""
        return claims(self.gold, self.wanted, self.gold_items)

    @cached_property
    def answered(self) -> list[Meant]:
        """Predicted claims."""
        return claims(self.predicted, self.given, self.predicted_items)

    @cached_property
    def triples(self) -> list[tuple[int, int, float]]:
        """Attributions paired by the geometric mean of the overlaps of speaker, cue and content, and that mean."""
        return match(self.wanted, self.given, triple_overlap, self._near)

    @cached_property
    def held(self) -> list[tuple[Said, Said]]:
        """Attributions whose contents meet by the threshold, paired by overlap, then so that most holders are right."""
        pairs = ranked(self.wanted, self.given, _tiers(self.holder_right), self._meeting)
        return [(self.wanted[i], self.given[j]) for i, j in pairs]

    @cached_property
    def met(self) -> dict[int, Meant]:
        """Of the numbers in `asked` the predicted claim each is paired with: by overlap, then holder, then type."""
        tiers = _tiers(self._holder, self._both, self._labels)
        meeting = self._meet(self.asked, self.answered, _near(self.asked, self.answered))
        pairs = ranked(self.asked, self.answered, tiers, meeting)
        return {i: self.answered[j] for i, j in pairs}

    def _holder(self, one: Meant, other: Meant) -> int:
        return int(self.entities and self.holder_right(one.said, other.said))

    def _both(self, one: Meant, other: Meant) -> int:
        return int(one.claim.rhetoric == other.claim.rhetoric and self._holder(one, other))

    def _labels(self, one: Meant, other: Meant) -> int:
        """Return how many of the other labels are right, which decides where nothing else does."""
        same = [getattr(one.claim, name) == getattr(other.claim, name) for name in ("also", "conditional", "negated")]
        return same.count(True) + int(self.targets_right(one, other))

    def targets_right(self, one: Meant, other: Meant) -> bool:
        """Say whether a predicted claim is aimed at exactly those whom the gold one is aimed at."""
        return self.as_gold(other.claim.targets) == frozenset(one.claim.targets)

    @cached_property
    def _near(self) -> Pairs:
        return _near(self.wanted, self.given)

    @cached_property
    def _meeting(self) -> Pairs:
        return self._meet(self.wanted, self.given, self._near)

    def _meet(self, gold: list[Unit], predicted: list[Unit], close: Pairs) -> Pairs:
        """Return the pairs whose contents meet by the threshold; without one, those that share nothing do, too."""
        pairs = close if self.threshold > 0 else product(range(len(gold)), range(len(predicted)))
        return [(i, j) for i, j in pairs if iou(gold[i].content, predicted[j].content) >= self.threshold]

    @cached_property
    def alignment(self) -> Alignment:
        """Predicted entities by the gold ones they are."""
        close = [(self.wanted[i].holders, self.given[j].holders) for i, j in self._meeting]
        return aligned(self.gold.entities, self.predicted.entities, close)

    def as_gold(self, names: Collection[str]) -> frozenset[str]:
        """Return predicted entities as the gold ones they are aligned with; others under names that gold has not."""
        some = frozenset(names)
        if some not in self._as_gold:
            self._as_gold[some] = frozenset(self.alignment.get(name, f"\0{name}") for name in some)
        return self._as_gold[some]

    def holder_right(self, one: Said, other: Said) -> bool:
        """Say whether a predicted attribution is held by exactly those who hold the gold one.

        Words that the prediction names as speaker must name one of them, too: share half of a mention, or of the words
        of an attribution that the same hold.
        """
        pair = one.id, other.id
        if pair not in self._held:
            self._held[pair] = self.as_gold(other.holders) == one.holders and self._named(one, other)
        return self._held[pair]

    def _named(self, one: Said, other: Said) -> bool:
        if not other.speaker or not one.holders:
            return True
        return any(iou(other.speaker, words) >= SHARED for words in self._naming(one.holders))

    def _naming(self, holders: frozenset[str]) -> Iterator[Item]:
        for entity in self.gold.entities:
            if entity.id in holders:
                yield from ((mention,) for mention in entity.mentions)
        yield from (said.speaker for said in self.wanted if said.speaker and said.holders <= holders)

    @cached_property
    def repeated(self) -> dict[int, Said]:
        """Of the numbers in `wanted` the predicted attribution of the same words: that of the same id, or else any."""

        def tiers(one: Said, other: Said) -> tuple[int, int]:
            return int(one.id == other.id), int(self.as_gold(other.holders) == one.holders)

        pairs = ranked(self.wanted, self.given, tiers, equal(self.wanted, self.given, words))
        return {i: self.given[j] for i, j in pairs}

    @cached_property
    def typed(self) -> dict[int, Meant]:
        """Of the numbers in `asked` the predicted claim that is the same: the same content, and the same id.

        Where ids differ it is that with the same cue and speaker, or else any.
        """
        given = {claim.claim.id: claim for claim in self.answered}
        named = ((i, given.get(claim.claim.id)) for i, claim in enumerate(self.asked))
        found = {i: other for i, other in named if other and other.content == self.asked[i].content}
        taken = {other.claim.id for other in found.values()}
        left = [i for i in range(len(self.asked)) if i not in found]
        free = [other for other in self.answered if other.claim.id not in taken]
        return found | _same([self.asked[i] for i in left], free, left)


def _same(asked: list[Meant], answered: list[Meant], numbers: list[int]) -> dict[int, Meant]:
    def tiers(one: Meant, other: Meant) -> tuple[int, int]:
        alike = (one.said.cue == other.said.cue) + (one.said.speaker == other.said.speaker)
        return alike, int(one.claim.rhetoric == other.claim.rhetoric)

    pairs = ranked(asked, answered, tiers, equal(asked, answered, lambda meant: meant.content))
    return {numbers[i]: answered[j] for i, j in pairs}


def _near(gold: list[Unit], predicted: list[Unit]) -> Pairs:
    return near([unit.content for unit in gold], [unit.content for unit in predicted])


def _tiers(*rights: Callable[[Unit, Unit], int]) -> Callable[[Unit, Unit], tuple[int, ...]]:
    def tiers(one: Unit, other: Unit) -> tuple[int, ...]:
        return round(iou(one.content, other.content) * _STEPS), *(int(right(one, other)) for right in rights)

    return tiers


def equal(gold: list[Unit], predicted: list[Unit], key: Callable[[Unit], Hashable]) -> Pairs:
    """Return the numbers of all pairs of units that are equal in something."""
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for number, unit in enumerate(predicted):
        places[key(unit)].append(number)
    return [(i, j) for i, unit in enumerate(gold) for j in places[key(unit)]]


def triple_overlap(one: Said, other: Said) -> float:
    """Return the geometric mean of the overlaps of speaker, cue and content; absent and absent is 1, else 0."""
    shared = iou(one.content, other.content)
    for wanted, given in ((one.speaker, other.speaker), (one.cue, other.cue)):
        shared *= iou(wanted, given) if wanted and given else wanted is given
    return float(shared ** (1 / 3))
