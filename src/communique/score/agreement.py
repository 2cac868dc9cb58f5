"""How far annotators of the same texts agree: on types, and as if one scored the other."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import msgspec
import numpy as np
from msgspec.structs import replace

from communique.admission import sound
from communique.labels import Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, as_prediction, evaluate
from communique.score.items import Meant, iou
from communique.score.pairing import Pairing
from communique.score.tasks.rhetoric import family

Unit = Sequence[str]
"""The labels that several annotators gave one claim."""
Pair = tuple[str, str]
Key = tuple[str, str]
"""An annotator, and the id of a claim."""
_SEPARATOR = "@"


class TypeAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement on one rhetoric type, or ``none``, against all others; kappa is None where it never occurs."""

    type: str
    first: int
    second: int
    both: int
    kappa: float | None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement of two annotators or more.

    Attributes
    ----------
    texts, annotators : int
        What was annotated, and by how many.
    matched : int
        Pairs of claims of two annotators whose contents overlap by the threshold: types are compared on these.
    kappa, family_kappa : float or None
        Mean over pairs of annotators of Cohen's kappa of types, and of families.
    alpha : float or None
        Krippendorff's alpha (nominal) of types, over claims that two annotators or more have.
    types : tuple of TypeAgreement
        Each type on its own, over all pairs of annotators; ``first`` and ``second`` in the order of their names.
    scores : Evaluation
        Of each pair of annotators the second scored against the first: spans, attribution, full. Intervals are over
        texts, or storylines.
    """

    texts: int
    annotators: int
    matched: int
    kappa: float | None
    alpha: float | None
    family_kappa: float | None
    types: tuple[TypeAgreement, ...]
    scores: Evaluation


def cohen_kappa(pairs: Sequence[Pair]) -> float | None:
    """Return Cohen's kappa (1960), (po - pe) / (1 - pe), None where it is undefined."""
    labels = sorted({label for pair in pairs for label in pair})
    if len(labels) < 2:
        return None
    from sklearn.metrics import cohen_kappa_score

    first, second = zip(*pairs, strict=True)
    return round(float(cohen_kappa_score(first, second, labels=labels)), 6)


def mean_kappa(pairs: Mapping[Hashable, Sequence[Pair]]) -> float | None:
    """Return the mean of Cohen's kappa over pairs of annotators for whom it is defined, None where it is for none."""
    known = [kappa for some in pairs.values() if (kappa := cohen_kappa(some)) is not None]
    return round(float(np.mean(known)), 6) if known else None


def krippendorff_alpha(units: Iterable[Unit]) -> float | None:
    """Return Krippendorff's alpha for nominal data, None where it is undefined.

    ``1 - Do / De`` from the coincidence matrix: of a unit with m labels each ordered pair of them counts 1 / (m - 1);
    units with one label count for nothing (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
    """
    paired = [unit for unit in units if len(unit) > 1]
    index = {label: number for number, label in enumerate(sorted({label for unit in paired for label in unit}))}
    if len(index) < 2:
        return None
    coincidences = np.zeros((len(index), len(index)))
    for unit in paired:
        counts = np.bincount([index[label] for label in unit], minlength=len(index)).astype(float)
        coincidences += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    margins = coincidences.sum(axis=0)
    total = margins.sum()
    observed = total - np.trace(coincidences)
    expected = (total**2 - (margins**2).sum()) / (total - 1)
    return round(float(1 - observed / expected), 6)


def agree(annotators: Mapping[str, Sequence[Document]], threshold: float = 0.5) -> Agreement:
    """Measure agreement on the texts that two annotators or more have annotated.

    Parameters
    ----------
    annotators : mapping of str to sequence of Document
        Their versions of texts, which have the same id in all of them.
    threshold : float, optional
        Least intersection over union at which two claims are the same claim.

    Returns
    -------
    Agreement
        The same whatever the annotators are called, but for who is first.

    Raises
    ------
    CommuniqueError
        No text has two versions.
    DataError
        A document is faulty, or an id stands twice.
    """
    for name, documents in annotators.items():
        sound(documents, name)
    versions = _versions(annotators)
    if not versions:
        raise CommuniqueError("no two annotators have a text in common; give annotations of the same texts")
    compared = [_Text(text, by, threshold) for text, by in sorted(versions.items())]
    pairs: dict[Hashable, list[Pair]] = {}
    for text in compared:
        for names, found in text.pairs.items():
            pairs.setdefault(names, []).extend(found)
    everything = [pair for _, some in sorted(pairs.items()) for pair in some]
    families = {names: [(family(one), family(other)) for one, other in some] for names, some in pairs.items()}
    return Agreement(
        texts=len(compared),
        annotators=len({name for by in versions.values() for name in by}),
        matched=len(everything),
        kappa=mean_kappa(pairs),
        alpha=krippendorff_alpha(unit for text in compared for unit in text.units()),
        family_kappa=mean_kappa(families),
        types=tuple(one_type(label, everything) for label in Rhetoric),
        scores=_scores(compared, threshold),
    )


def _versions(annotators: Mapping[str, Sequence[Document]]) -> dict[str, dict[str, Document]]:
    found: dict[str, dict[str, Document]] = {}
    for name, documents in sorted(annotators.items()):
        for document in documents:
            found.setdefault(document.id, {})[name] = document
    return {text: by for text, by in found.items() if len(by) > 1}


class _Text:
    """One text in the versions of its annotators, paired with each other."""

    def __init__(self, name: str, by: Mapping[str, Document], threshold: float):
        self.name, self.by = name, by
        couples = {
            names: Pairing(by[names[0]], as_prediction(by[names[1]]), threshold) for names in combinations(by, 2)
        }
        self._matched = {
            names: [(couple.asked[i], other) for i, other in sorted(couple.met.items())]
            for names, couple in couples.items()
        }
        self.pairs = {
            names: [(str(a.claim.rhetoric), str(b.claim.rhetoric)) for a, b in found if typed(a) and typed(b)]
            for names, found in self._matched.items()
        }

    def units(self) -> Iterator[Unit]:
        """Yield the labels of each claim: those matched with each other, directly or through others, are one.

        The nearest are joined first; a unit has at most one claim of each annotator.
        """
        edges = [
            (-iou(one.content, other.content), one.content, other.content, (first, one), (second, other))
            for (first, second), found in self._matched.items()
            for one, other in found
        ]
        groups: dict[Key, dict[str, Meant]] = {}
        for *_, (first, one), (second, other) in sorted(edges, key=lambda edge: edge[:3]):
            left = groups.setdefault((first, one.claim.id), {first: one})
            right = groups.setdefault((second, other.claim.id), {second: other})
            if left is not right and not left.keys() & right.keys():
                left.update(right)
                groups.update({(name, claim.claim.id): left for name, claim in right.items()})
        for group in {id(group): group for group in groups.values()}.values():
            yield [str(claim.claim.rhetoric) for claim in group.values() if typed(claim)]


def typed(claim: Meant) -> bool:
    """Say whether a claim has a type."""
    return claim.claim.rhetoric is not None


def _scores(texts: Sequence[_Text], threshold: float) -> Evaluation:
    """Score the second of each two annotators against the first; texts are drawn whole, whoever annotated them."""
    config = ScoreConfig(tasks=("spans", "attribution", "full", "cofenet"), iou=threshold)
    gold, given = [], []
    for text in texts:
        for first, second in combinations(text.by, 2):
            name = f"{text.name}{_SEPARATOR}{first}+{second}"
            one, other = (replace(text.by[annotator], id=name) for annotator in (first, second))
            gold.append(replace(one, storyline=one.storyline or text.name))
            given.append(as_prediction(other))
    return evaluate(gold, given, config, system="second annotator", split="shared")


def by_annotator(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """Divide documents whose ids end in ``@annotator`` by that."""
    found: dict[str, list[Document]] = {}
    for document in documents:
        text, _, annotator = document.id.rpartition(_SEPARATOR)
        found.setdefault(annotator if text else "", []).append(replace(document, id=text or document.id))
    return found


def one_type(label: str, pairs: Sequence[Pair]) -> TypeAgreement:
    """Return the agreement on one type, of the types that two annotators gave the same claims."""
    marked = [(str(a == label), str(b == label)) for a, b in pairs]
    first, second = (sum(pair[side] == "True" for pair in marked) for side in (0, 1))
    both = sum(pair == ("True", "True") for pair in marked)
    return TypeAgreement(type=label, first=first, second=second, both=both, kappa=cohen_kappa(marked))
