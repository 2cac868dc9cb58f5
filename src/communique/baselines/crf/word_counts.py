"""What is learned of words: how often they stand in cues and sources, and clusters of like words."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from communique.baselines.crf.features import Words
from communique.baselines.lexicon import lemma
from communique.baselines.shared.token_table import Column, Pages

_COMMON = 2000
_WIDTH = 60


def words(table: Pages, rows: Mapping[str, Column], sizes: Sequence[int], seed: int) -> Words:
    """Count lemmas, and cluster word forms by their neighbours.

    Parameters
    ----------
    table : Pages
        Tokens of the training texts.
    rows : mapping of str to (array of int)
        Their tags.
    sizes : sequence of int
        Numbers of clusters, coarse to fine.
    seed : int
        Of the clustering.
    """
    lemmas = [lemma(form.lower()) for form in table.forms]
    return Words(
        seen=_counted(lemmas, table.form),
        hits={role: _counted(lemmas, table.form[rows[role] > 0]) for role in ("cue", "source")},
        clusters=_alone(table, sizes, seed),
    )


def _alone(table: Pages, sizes: Sequence[int], seed: int) -> dict[str, tuple[int, ...]]:
    """Cluster on one thread: on several, sums are rounded otherwise, and clusters differ."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return _clusters(table, sizes, seed)


def _counted(lemmas: Sequence[str], form: Column) -> dict[str, int]:
    found: Counter[str] = Counter()
    for number, count in zip(*np.unique(form, return_counts=True), strict=True):
        found[lemmas[number]] += int(count)
    return dict(sorted(found.items()))


def own(table: Pages, rows: Mapping[str, Column]) -> dict[str, Column]:
    """Return, per token, how often its own text has its lemma, and has it in each role."""
    names: dict[str, int] = {}
    numbers = np.array([names.setdefault(lemma(form.lower()), len(names)) for form in table.forms], np.int64)
    key = table.document * len(names) + numbers[table.form]
    _, place = np.unique(key, return_inverse=True)
    masks = {"seen": np.ones(len(key), bool), **{role: rows[role] > 0 for role in ("cue", "source")}}
    return {name: np.bincount(place, mask)[place].astype(np.int64) for name, mask in masks.items()}


def _clusters(table: Pages, sizes: Sequence[int], seed: int) -> dict[str, tuple[int, ...]]:
    """Cluster forms by k-means over the singular vectors of their positive mutual information with neighbours.

    Where fewer than two forms stand twice there is nothing to compare: all forms are one cluster then.
    """
    from scipy.sparse import csr_array
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.preprocessing import normalize
    from sklearn.utils.extmath import randomized_svd

    lower, names = _vocabulary(table)
    seen = np.bincount(lower, minlength=len(names))
    order = np.argsort(-seen, kind="stable")[: int((seen > 1).sum())]
    if len(order) < 2:
        return dict.fromkeys(names, (0,) * len(sizes))
    rank = np.full(len(names), -1)
    rank[order] = np.arange(len(order))
    word = rank[lower]
    common = np.where((word >= 0) & (word < _COMMON), word, _COMMON)
    same = np.diff(table.paragraph) == 0
    left = np.concatenate(([_COMMON + 1], np.where(same, common[:-1], _COMMON + 1)))
    right = np.concatenate((np.where(same, common[1:], _COMMON + 1), [_COMMON + 1]))
    known = word >= 0
    pairs = np.concatenate((word[known], word[known])), np.concatenate((left[known], right[known] + _COMMON + 2))
    counts = csr_array((np.ones(len(pairs[0])), pairs), shape=(len(order), 2 * (_COMMON + 2))).tocoo()
    expected = counts.sum(axis=1)[counts.row] * counts.sum(axis=0)[counts.col] / counts.sum()
    counts.data = np.maximum(np.log(counts.data / expected), 0)
    width = min(_WIDTH, len(order) - 1)
    vectors, strength, _ = randomized_svd(counts.tocsr(), width, random_state=seed)
    points = normalize(vectors * np.sqrt(strength))
    found = [
        MiniBatchKMeans(min(size, len(order)), random_state=seed, n_init=1, batch_size=4096).fit_predict(points)
        for size in sizes
    ]
    labels = np.stack(found, axis=1).tolist()
    return {names[number]: tuple(row) for number, row in zip(order.tolist(), labels, strict=True)}


def _vocabulary(table: Pages) -> tuple[Column, list[str]]:
    names: dict[str, int] = {}
    numbers = np.array([names.setdefault(form.lower(), len(names)) for form in table.forms], np.int64)
    return numbers[table.form], list(names)
