"""How far two annotators of the same texts agree."""

from collections.abc import Sequence
from itertools import combinations

import msgspec
import numpy as np
from msgspec.structs import replace

from communique.admission import sound
from communique.labels import FAMILY_OF, Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, as_prediction, evaluate
from communique.score.items import claims, iou
from communique.score.match import match
from communique.score.sweep import near


class TypeAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement on one rhetoric type against all others; None where it never occurs."""

    type: Rhetoric
    first: int
    second: int
    both: int
    kappa: float | None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement of two annotators.

    Attributes
    ----------
    documents, matched : int
        Texts, and pairs of claims whose content overlaps by the threshold: types are compared on these.
    kappa, alpha : float or None
        Cohen's kappa and Krippendorff's alpha (nominal) of the types.
    family_kappa : float or None
        Cohen's kappa of the families.
    types : tuple of TypeAgreement
        Each type on its own.
    scores : Evaluation
        The second annotator scored against the first: spans, attribution, full.
    """

    documents: int
    matched: int
    kappa: float | None
    alpha: float | None
    family_kappa: float | None
    types: tuple[TypeAgreement, ...]
    scores: Evaluation


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa (1960), (po - pe) / (1 - pe), None where it is undefined."""
    labels = sorted({label for pair in pairs for label in pair})
    if len(labels) < 2:
        return None
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*pairs, strict=True)
    return round(float(cohen_kappa_score(first, second, labels=labels)), 6)


def krippendorff_alpha(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Krippendorff's alpha for nominal data and two values per unit, None where it is undefined.

    ``1 - Do / De`` from the coincidence matrix, each pair entered both ways
    (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
    """
    labels = sorted({label for pair in pairs for label in pair})
    if len(labels) < 2:
        return None
    index = {label: number for number, label in enumerate(labels)}
    coincidences = np.zeros((len(labels), len(labels)))
    for one, other in pairs:
        coincidences[index[one], index[other]] += 1
        coincidences[index[other], index[one]] += 1
    margins = coincidences.sum(axis=0)
    total = margins.sum()
    observed = total - np.trace(coincidences)
    expected = (total**2 - (margins**2).sum()) / (total - 1)
    return round(float(1 - observed / expected), 6)


def agree(first: Sequence[Document], second: Sequence[Document], threshold: float = 0.5) -> Agreement:
    """Measure agreement on the texts that both have annotated.

    Parameters
    ----------
    first, second : sequence of Document
        The annotators' versions.
    threshold : float, optional
        Least intersection over union at which two claims are the same claim.

    Raises
    ------
    CommuniqueError
        They have no text in common.
    DataError
        A document is faulty, or an id stands twice.
    """
    for documents, name in ((first, "first annotator"), (second, "second annotator")):
        sound(documents, name)
    shared = {document.id for document in first} & {document.id for document in second}
    if not shared:
        raise CommuniqueError("the two files have no document in common; give two annotations of the same texts")
    ones, others = ([d for d in sorted(docs, key=lambda d: d.id) if d.id in shared] for docs in (first, second))
    pairs = [pair for one, other in zip(ones, others, strict=True) for pair in _types(one, other, threshold)]
    config = ScoreConfig(tasks=("spans", "attribution", "full", "cofenet"), iou=threshold)
    return Agreement(
        documents=len(ones),
        matched=len(pairs),
        kappa=cohen_kappa(pairs),
        alpha=krippendorff_alpha(pairs),
        family_kappa=cohen_kappa([(_family(a), _family(b)) for a, b in pairs]),
        types=tuple(_one(label, pairs) for label in Rhetoric),
        scores=evaluate(ones, map(as_prediction, others), config, system="second annotator", split="shared"),
    )


def versions(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    """Pair all versions of each text, for `agree` over several annotators.

    Parameters
    ----------
    documents : sequence of Document
        Versions of one text have ids that differ after ``@`` (``article@annotator``).

    Returns
    -------
    list of Document, list of Document
        First and second of each pair, under an id of their own.

    Raises
    ------
    CommuniqueError
        No text has two versions.
    """
    texts: dict[str, list[Document]] = {}
    for document in sorted(documents, key=lambda d: d.id):
        texts.setdefault(document.id.rpartition("@")[0] or document.id, []).append(document)
    pairs = [pair for several in texts.values() for pair in combinations(several, 2)]
    if not pairs:
        raise CommuniqueError("no text has two versions; give a second file, or ids that end in @annotator")
    named = [(f"{one.id}+{other.id.rpartition('@')[2]}", one, other) for one, other in pairs]
    return [replace(one, id=name) for name, one, _ in named], [replace(other, id=name) for name, _, other in named]


def _types(one: Document, other: Document, threshold: float) -> list[tuple[str, str]]:
    ours, theirs = claims(one, one.text), claims(other, other.text)
    contents = [c.content for c in ours], [c.content for c in theirs]
    found = match(*contents, iou, near(*contents))
    types = [(ours[i].claim.rhetoric, theirs[j].claim.rhetoric) for i, j, near in found if near >= threshold]
    return [(str(one), str(other)) for one, other in types if one and other]


def _family(label: str) -> str:
    return str(FAMILY_OF[Rhetoric(label)])


def _one(label: Rhetoric, pairs: Sequence[tuple[str, str]]) -> TypeAgreement:
    marked = [(str(a == label), str(b == label)) for a, b in pairs]
    first, second = (sum(pair[side] == "True" for pair in marked) for side in (0, 1))
    both = sum(pair == ("True", "True") for pair in marked)
    return TypeAgreement(type=label, first=first, second=second, both=both, kappa=cohen_kappa(marked))
