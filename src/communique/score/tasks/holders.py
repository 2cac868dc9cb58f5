"""Who holds each attribution, where attributions are given and entities are to be found."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from communique.records import Document
from communique.score.items import Said
from communique.score.metrics import Counts, Figure, Totals, harmonic, ratio
from communique.score.pairing import Pairing
from communique.score.task import Earned, Judged, Task

KINDS = ("name", "description", "pronoun", "implicit", "joint")
"""Kinds of speakers: groups ``speaker:name`` …"""
_PRONOUNS = frozenset(
    [
        "i",
        "me",
        "my",
        "mine",
        "we",
        "us",
        "our",
        "ours",
        "you",
        "your",
        "yours",
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "it",
        "its",
        "they",
        "them",
        "their",
        "theirs",
        "who",
        "whom",
        "whose",
        "this",
        "that",
        "these",
        "those",
        "one",
        "both",
        "all",
        "some",
        "others",
        "another",
    ]
)
_WORD = re.compile(r"[^\W\d_]+")
_UNIT = "attribution"


def judge(pairing: Pairing) -> Judged:
    """Judge the holders of gold attributions that the prediction repeats; nothing where entities are not named."""
    if not pairing.entities:
        return Judged([], {})
    earned = [_earned(pairing, number) for number in range(len(pairing.wanted))]
    return Judged(earned, {_UNIT: len(pairing.repeated)}, _b_cubed(pairing))


def _earned(pairing: Pairing, number: int) -> Earned:
    said, other = pairing.wanted[number], pairing.repeated.get(number)
    right = other is not None and pairing.as_gold(other.holders) == said.holders
    return Earned(_UNIT, (said.id,), {"holder": float(right)}, groups=(f"speaker:{kind_of(said, pairing.gold)}",))


def kind_of(said: Said, gold: Document) -> str:
    """Return by which kind of words a gold attribution names its holder, one of `KINDS`.

    A speaker is a name if a capitalised word of it stands in the name of the holder.
    """
    if said.speaker is None:
        return "implicit"
    if len(said.holders) > 1:
        return "joint"
    words = _WORD.findall(" ".join(gold.text[start:end] for start, end in said.speaker))
    if all(word.lower() in _PRONOUNS for word in words):
        return "pronoun"
    names = {word for entity in gold.entities if entity.id in said.holders for word in _WORD.findall(entity.name)}
    return "name" if any(word[0].isupper() and word in names for word in words) else "description"


def _b_cubed(pairing: Pairing) -> Counts:
    """Count the B-cubed precision and recall of attributions as clusters of those with a holder in common.

    Bagga and Baldwin 1998, for several holders extended as by Amigó et al. 2009: of attributions that share a holder,
    the smaller number of holders shared in gold and prediction, divided by that of the prediction (precision) or of
    gold (recall), averaged over the attributions they share it with, then over all.
    """
    answers = [pairing.repeated.get(number) for number in range(len(pairing.wanted))]
    gold = _clusters([said.holders for said in pairing.wanted])
    given = _clusters([said.holders if said else frozenset() for said in answers])
    answered = np.array([said is not None for said in answers], bool)
    common = np.minimum(gold, given) * np.outer(answered, answered)
    precision, recall = (_mean_share(common, whole)[answered].sum() for whole in (given, gold))
    return Counts({("b-cubed", "precision"): float(precision), ("b-cubed", "recall"): float(recall)})


def _clusters(holders: Sequence[frozenset[str]]) -> np.ndarray:
    """Return how many holders each two attributions share; one that nobody holds shares itself with itself."""
    names = sorted({name for some in holders for name in some})
    table = np.array([[name in some for name in names] for some in holders], int).reshape(len(holders), len(names))
    shared: np.ndarray = table @ table.T
    np.fill_diagonal(shared, np.maximum(shared.diagonal(), 1))
    return shared


def _mean_share(common: np.ndarray, whole: np.ndarray) -> np.ndarray:
    shares = np.divide(common, whole, out=np.zeros(common.shape), where=whole > 0)
    mean: np.ndarray = shares.sum(axis=1) / np.maximum((whole > 0).sum(axis=1), 1)
    return mean


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield the share of attributions whose set of holders is right, and B-cubed F1."""
    gold, given = totals[_UNIT, "gold"], totals[_UNIT, "predicted"]
    right = totals[_UNIT, "holder"]
    yield Figure(unit=_UNIT, measure="holder", gold=gold, predicted=given, matched=right, value=ratio(right, gold))
    precision, recall = ratio(totals["b-cubed", "precision"], given), ratio(totals["b-cubed", "recall"], gold)
    yield Figure(
        unit=_UNIT,
        measure="b-cubed",
        gold=gold,
        predicted=given,
        matched=totals["b-cubed", "recall"],
        precision=precision,
        recall=recall,
        value=np.where(np.isnan(recall), np.nan, harmonic(np.nan_to_num(precision), recall)),
    )


TASK = Task(
    name="holders",
    order=3,
    given="text and gold attributions without entities",
    wanted="the entities, and who holds each attribution",
    match="identity",
    headlines={
        (_UNIT, "holder"): "share of attributions whose holders are right",
    },
    figures=figures,
    judge=judge,
)
