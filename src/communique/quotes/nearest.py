"""Of the occurrences of several quotes those that lie closest together, without looking at every combination."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, islice, pairwise, product

from communique.places import Place
from communique.quotes.find import Stretch

_CLASH = 1_000_000
_COMBINATIONS = 20_000
_AROUND = 2
"""Occurrences on each side of another one that are tried first."""
Options = Sequence[Stretch]


def nearest(options: Sequence[Options]) -> tuple[Stretch, ...]:
    """Return an occurrence of each quote so that they overlap least and reach over the fewest characters.

    Parameters
    ----------
    options : sequence of sequence of Stretch
        Occurrences of each quote, in order of the text.

    Returns
    -------
    tuple of Stretch
        Of equally good choices the first.
    """
    if all(len(several) == 1 for several in options):
        return tuple(several[0] for several in options)
    bound = min(map(_cost, islice(_tried(options), _COMBINATIONS)))
    found = min(islice(_within(options, bound), _COMBINATIONS), key=_cost)
    return found if _cost(found) <= bound else min(islice(_tried(options), _COMBINATIONS), key=_cost)


def _tried(options: Sequence[Options]) -> Iterator[tuple[Stretch, ...]]:
    """Yield combinations of each occurrence of the rarest quote with those about it of the others."""
    rarest = min(range(len(options)), key=lambda number: len(options[number]))
    for anchor in options[rarest]:
        yield from product(
            *([anchor] if number == rarest else _about(several, anchor) for number, several in enumerate(options))
        )


def _about(several: Options, anchor: Stretch) -> Options:
    low = bisect_right(several, anchor[0][0], key=_end)
    high = bisect_left(several, anchor[-1][1], key=_start)
    if high - low <= 2 * _AROUND:
        return several[max(0, low - _AROUND) : high + _AROUND]
    ends = several[max(0, low - _AROUND) : low + _AROUND], several[high - _AROUND : high + _AROUND]
    return [*ends[0], *ends[1]]


def _within(options: Sequence[Options], bound: int) -> Iterator[tuple[Stretch, ...]]:
    """Yield in order the combinations that may reach over no more characters than a bound."""
    first, *others = options
    for one in first:
        yield from product([one], *(_reached(several, one, bound) for several in others))


def _reached(several: Options, one: Stretch, bound: int) -> Options:
    low = bisect_left(several, one[-1][1] - bound, key=_start)
    return several[low : bisect_right(several, one[0][0] + bound, key=_end)]


def _cost(parts: Sequence[Stretch]) -> int:
    """Total length of the hull, with a penalty for parts that overlap each other."""
    spans = sorted(chain.from_iterable(parts))
    return max(end for _, end in spans) - spans[0][0] + _CLASH * _clashes(spans)


def _clashes(spans: Sequence[Place]) -> int:
    return sum(one[1] > other[0] for one, other in pairwise(spans))


def _start(stretch: Stretch) -> int:
    return stretch[0][0]


def _end(stretch: Stretch) -> int:
    return stretch[-1][1]


class Hull:
    """What stretches reach over, and where in it there is room for more.

    Parameters
    ----------
    chosen : iterable of Stretch
        At least one.
    """

    def __init__(self, chosen: Sequence[Stretch]):
        self._spans = sorted(chain.from_iterable(chosen))
        self._start, self._end = self._spans[0][0], max(end for _, end in self._spans)

    def take(self, options: Options) -> Stretch:
        """Add the occurrence that overlaps least and lengthens the hull least, of equals the first; return it."""
        best = options[0] if len(options) == 1 else self._best(options)
        for span in best:
            insort(self._spans, span)
        self._start, self._end = min(self._start, best[0][0]), max(self._end, best[-1][1])
        return best

    def _best(self, options: Options) -> Stretch:
        bound = min(map(self._cost, _about(options, ((self._start, self._end),))))
        low = bisect_left(options, self._end - bound, key=_start)
        options = options[low : min(low + _COMBINATIONS, bisect_right(options, self._start + bound, key=_end))]
        best, lowest = options[0], self._cost(options[0])
        for option in options:
            if (cost := self._cost(option)) < lowest:
                best, lowest = option, cost
            if lowest == self._end - self._start:
                break
        return best

    def _cost(self, option: Stretch) -> int:
        hull = max(self._end, option[-1][1]) - min(self._start, option[0][0])
        return hull + _CLASH * sum(map(self._added, *zip(*self._gaps(option), strict=True)))

    def _gaps(self, option: Stretch) -> Iterator[tuple[int, list[Place]]]:
        """Yield the fragments of an option by the place among the chosen ones where they would stand."""
        for at, several in groupby(option, key=lambda span: bisect_left(self._spans, span)):
            yield at, list(several)

    def _added(self, at: int, several: list[Place]) -> int:
        before, after = self._spans[max(0, at - 1) : at], self._spans[at : at + 1]
        return _clashes([*before, *several, *after]) - _clashes([*before, *after])
