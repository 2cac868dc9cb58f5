"""Additive counts of one document per task: the only thing the metrics are computed from."""

from collections import Counter
from collections.abc import Sequence

from communique.labels import FAMILY_OF, Rhetoric
from communique.records import Document, Prediction
from communique.score import pairs
from communique.score.pairs import UNITS
from communique.score.tally import Tally, tally

Key = tuple[str, ...]
Counts = Counter[Key]
"""Sums of overlaps are fractions: values are ints or floats."""
MISSED = "none"


def spans(gold: Document, predicted: Prediction) -> Counts:
    """Count speaker, cue and claim spans: exact, and one-to-one weighted by intersection over union."""
    return span_counts([gold], [predicted])[0]


def span_counts(golds: Sequence[Document], predictions: Sequence[Prediction]) -> list[Counts]:
    """Return the counts of `spans` for each of many documents, far faster than one by one.

    Parameters
    ----------
    golds, predictions : sequence of Document, of Prediction
        Of the same texts in the same order, as many.
    """
    return as_counts(tally(golds, predictions))


def as_counts(found: Tally) -> list[Counts]:
    """Return a tally as the counts of `spans`, one per document."""
    keys = [(unit, measure) for unit in UNITS for measure in Tally.__struct_fields__]
    columns = (getattr(found, measure)[:, UNITS.index(unit)].tolist() for unit, measure in keys)
    return [Counter(dict(zip(keys, row, strict=True))) for row in zip(*columns, strict=True)]


def attribution(gold: Document, predicted: Prediction, threshold: float) -> Counts:
    """Count (speaker, cue, content) triples, strictly, by overlap, and by the entity that holds the content.

    Holders are counted where gold names any entity; imported corpora do not.
    """
    found, given = pairs.attribution(gold, predicted, threshold)
    counts: Counts = Counter({("triple", "gold"): len(found), ("triple", "predicted"): given})
    counts["triple", "strict"] = sum(pair.strict for pair in found)
    counts["triple", "overlap"] = sum(pair.overlap for pair in found)
    if gold.entities:
        counts["holder", "gold"], counts["holder", "predicted"] = len(found), given
        counts["holder", "entity"] = sum(pair.entity for pair in found)
    return counts


def rhetoric(gold: Document, predicted: Prediction) -> Counts:
    """Count types on gold claims that have one: the predicted claim has the same content, cue and speaker."""
    counts: Counts = Counter()
    for asked, answer in pairs.rhetoric(gold, predicted):
        wanted, said = asked.claim, answer.claim.rhetoric if answer else None
        counts["type", str(wanted.rhetoric), str(said or MISSED)] += 1
        counts["lenient", "right"] += said is not None and said in (wanted.rhetoric, wanted.also)
    return counts


def full(gold: Document, predicted: Prediction, threshold: float) -> Counts:
    """Count claims whose content is found, then whose holder is right as well, then whose type is right as well.

    Documents whose gold names no entity, as in imported corpora, are not counted.
    """
    if not gold.entities and gold.claims:
        return Counter()
    found, given = pairs.full(gold, predicted, threshold)
    counts: Counts = Counter({("claim", "gold"): len(found), ("claim", "predicted"): given})
    for rung, measure in enumerate(("content", "content+entity", "content+entity+type"), 1):
        counts["claim", measure] = sum(pair.rungs >= rung for pair in found)
    return counts


def family(label: str) -> str:
    """Return the family of a type, or `MISSED` unchanged."""
    return label if label == MISSED else str(FAMILY_OF[Rhetoric(label)])
