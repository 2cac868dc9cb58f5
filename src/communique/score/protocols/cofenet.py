"""Exact, begin and Jaccard of contiguous fragments, as published for PolNeAR by Wang et al. (2022), "CofeNet".

A fragment is a run of tokens (`communique.tokens`), so that white space between two claims of one attribution does
not split its content. The definitions are those of the paper's code, ``exe/eval/evaluation.py`` of cofe-ai/CofeNet:
exact and begin are F1; Jaccard is a mean, not an F1. It could not be confirmed that the published figures come from
that state of the code, nor how the texts were cut into instances and overlapping attributions into one tag per token.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from communique.records import Document, Prediction
from communique.score.items import Item, attributions, iou, items, merged, units
from communique.score.metrics import Counts, Figure, Totals, prf, ratio
from communique.score.sweep import near
from communique.score.task import Task, document_by_document
from communique.tokens import tokens

UNITS = ("source", "cue", "content")
Word = tuple[str, int, int]
Fragments = dict[str, frozenset[tuple[int, int]]]


def counts(gold: Document, predicted: Prediction) -> Counts:
    """Count the distinct fragments of a document per unit.

    Keys are ``(unit, name)``: ``gold`` and ``predicted``, numbers of fragments; ``exact`` and ``begin``, matched ones;
    ``jaccard``, the sum over gold of the best intersection over union; ``stray``, predicted ones that meet no gold.
    """
    found: Counts = Counter()
    words = tokens(gold.text)
    wanted, given = (fragments(layer, gold.text, words) for layer in (gold, predicted))
    for unit in UNITS:
        found.update({(unit, name): number for name, number in _compared(wanted[unit], given[unit]).items()})
    return found


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield exact F1, begin F1 and the mean Jaccard of each unit.

    Jaccard = sum over gold fragments of the best intersection over union, divided by the number of gold fragments and
    of predicted fragments that meet none. It has neither precision nor recall, and is not symmetric.
    """
    for unit in UNITS:
        gold, predicted, best = (totals[unit, name] for name in ("gold", "predicted", "jaccard"))
        for measure in ("exact", "begin"):
            yield prf(unit, measure, totals[unit, measure], gold, predicted)
        value = ratio(best, gold + totals[unit, "stray"])
        yield Figure(unit=unit, measure="jaccard", gold=gold, predicted=predicted, matched=best, value=value)


def fragments(layer: Document | Prediction, text: str, words: list[Word]) -> Fragments:
    """Return the distinct fragments of source, cue and content, as token numbers, half-open.

    Parameters
    ----------
    layer : Document or Prediction
        Its speakers are sources; content is the union of the claims of an attribution.
    text : str
        Text it stands in.
    words : list of (str, int, int)
        Its tokens.
    """
    known = items(layer, text)
    spoken = units(layer, known)
    content = {said.content for said in attributions(layer, known)}
    groups = zip(UNITS, (spoken["speaker"], spoken["cue"], content), strict=True)
    return {name: frozenset(part for one in group for part in _runs(one, words)) for name, group in groups}


def _runs(one: Item, words: list[Word]) -> Item:
    start, end = itemgetter(1), itemgetter(2)
    return merged((bisect_right(words, a, key=end), bisect_left(words, b, key=start)) for a, b in one)


def _compared(gold: frozenset[tuple[int, int]], predicted: frozenset[tuple[int, int]]) -> dict[str, float]:
    wanted, given = ([(one,) for one in sorted(side)] for side in (gold, predicted))
    best, met = [0.0] * len(wanted), set[int]()
    for i, j in near(wanted, given):
        best[i] = max(best[i], iou(wanted[i], given[j]))
        met.add(j)
    begins = [Counter(start for start, _ in side) for side in (gold, predicted)]
    return {
        "gold": len(gold),
        "predicted": len(predicted),
        "exact": len(gold & predicted),
        "begin": (begins[0] & begins[1]).total(),
        "jaccard": sum(best),
        "stray": len(predicted) - len(met),
    }


TASK = Task(
    name="cofenet",
    order=1,
    wanted="exact, begin and Jaccard of source, cue and content",
    match="cofenet",
    headlines={
        ("source", "exact"): "exact F1 of sources",
        ("cue", "exact"): "exact F1 of cues",
        ("content", "exact"): "exact F1 of contents",
    },
    figures=figures,
    count=document_by_document(counts),
    words=("tokenizers",),
)
