"""How often intervals of several kinds cover the truth, and how wide they are.

Usage: python benchmarks/coverage.py [--sizes 6 9 12 20 31 60] [--draws 250] [--resamples 500] [--release newest]

The population is what `rules`, `linear` and `crf`, trained on train, make of all documents of a release; SIZE documents
are drawn from it with replacement, DRAWS times, and the interval of each method covers the population's figure or not.
Samples in which a figure does not vary get no interval by any method and count for none. A cell is the least, mean and
greatest coverage over the figures, in percent, and the mean width in points. BLAS runs on as many threads as
OMP_NUM_THREADS says.
"""

import argparse
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm
from scipy.stats import t as student

from communique import baselines, releases
from communique.baselines import Source, without_types
from communique.labels import Rhetoric
from communique.records import Document, Prediction
from communique.score.config import KNOWN
from communique.score.intervals import Clusters, jackknife
from communique.score.metrics import Array, Counts, Totals
from communique.score.submission import paired
from communique.score.task import counted
from communique.score.tasks.rhetoric import MISSED

TYPES = [str(label) for label in Rhetoric]
FIGURE_OF = {"claim": ("spans", "claim", "exact"), "full": ("full", "claim", "content+entity+type")}
MACRO = "macro-F1"
PAIRS = (("rules", "crf", "claim"), ("rules", "crf", "full"), ("rules", "linear", MACRO))
CLUSTER_SIZES = (6, 8, 10, 12)
PRECISE = 8


# What is drawn from: one table of (documents, systems, types, [matched, gold, predicted]) for each figure


def populations(release: str) -> tuple[list[Document], dict[str, Array]]:
    """Return the documents of a release, and the table of each figure of one system and of each difference of two."""
    parts = {split: releases.part(f"{release}:{split}")[0] for split in ("train", "dev", "test")}
    documents = sorted((d for part in parts.values() for d in part), key=lambda d: d.id)
    single: dict[tuple[str, str], Array] = {}
    for name in ("rules", "linear", "crf"):
        single |= {(name, figure): table for figure, table in tables(name, parts["train"], documents)}
    single = {key: table for key, table in single.items() if key[0] != "linear" or key[1] == MACRO}
    pairs = {f"{b} − {a}: {f}": np.concatenate((single[a, f], single[b, f]), axis=1) for a, b, f in PAIRS}
    return documents, {f"{name}: {figure}": table for (name, figure), table in single.items()} | pairs


def tables(name: str, train: Sequence[Document], documents: Sequence[Document]) -> Iterator[tuple[str, Array]]:
    model = baselines.create(name).fit(train)
    if "spans" in model.tasks:
        given = model.predict([Source(id=d.id, text=d.text) for d in documents])
        counts = {task: counts_of(task, documents, given) for task in ("spans", "full")}
        for figure, (task, unit, measure) in FIGURE_OF.items():
            keys = [(unit, what) for what in (measure, "gold", "predicted")]
            table = np.array([[[[count[key] for key in keys]]] for count in counts[task]], dtype=float)
            yield figure, checked(table, task, (unit, measure), counts[task])
    if "rhetoric" in model.tasks:
        typed = model.predict([Source(id=d.id, text=d.text, layer=without_types(d)) for d in documents])
        rows = counts_of("rhetoric", documents, typed)
        yield MACRO, checked(np.array([[by_type(row)] for row in rows]), "rhetoric", ("claim", "macro-f1"), rows)


def counts_of(task: str, documents: Sequence[Document], given: Sequence[Prediction]) -> list[Counts]:
    pairings = paired(documents, given, "predictions", 0.5)
    return KNOWN[task].count(pairings) if KNOWN[task].count else [counted(KNOWN[task].judge(one)) for one in pairings]


def by_type(counts: Counts) -> Array:
    table = np.zeros((len(TYPES), 3))
    for key, times in counts.items():
        if key[0] == "type":
            wanted, said = key[1:]
            table[TYPES.index(wanted)] += (times * (wanted == said), times, 0)
            if said != MISSED:
                table[TYPES.index(said), 2] += times
    return table


def checked(table: Array, task: str, key: tuple[str, str], counts: Sequence[Counts]) -> Array:
    """Return the table if its figure is the scorer's."""
    told = next(
        f.value[0] for f in KNOWN[task].figures(Totals(counts)) if (f.unit, f.measure, f.group) == (*key, "all")
    )
    assert abs(figure(table.sum(axis=0)) - told) < 1e-9, (task, key)
    return table


def figure(sums: Array) -> Array:
    """Return F1, or macro-F1 over the types that occur in gold; of two systems the difference."""
    matched, gold, predicted = np.moveaxis(sums, -1, 0)
    scores = 2 * matched / np.maximum(gold + predicted, 1)
    values = np.sum(np.where(gold > 0, scores, 0), axis=-1) / np.maximum(np.sum(gold > 0, axis=-1), 1)
    return np.asarray(values[..., 1] - values[..., 0] if values.shape[-1] == 2 else values[..., 0])


# The methods: from one sample, moved into [0, 1], to the ends of its interval


class Sample(NamedTuple):
    """A figure of a sample, without each cluster, and of resamples with their own jackknife errors."""

    value: float
    left: Array
    drawn: Array
    errors: Array


def error(left: Array, value: Array, times: Array | float = 1.0) -> Array:
    n = left.shape[-1]
    return np.asarray(np.sqrt((n - 1) / n * np.sum(times * (left - value) ** 2, axis=-1)))


def tail(sample: Sample, wide: bool) -> float:
    """Return 2.5 %, or less as Student's quantile and n / (n - 1) have it (Hesterberg 2015)."""
    n = len(sample.left)
    return float(norm.cdf(-np.sqrt(n / (n - 1)) * student.ppf(0.975, n - 1))) if wide else 0.025


def percentile(sample: Sample, wide: bool = False) -> Array:
    share = tail(sample, wide)
    return np.quantile(sample.drawn, [share, 1 - share])


def bca(sample: Sample, wide: bool = False) -> Array:
    below = np.mean(sample.drawn < sample.value) + np.mean(sample.drawn == sample.value) / 2
    bias = norm.ppf(np.clip(below, 1 / len(sample.drawn), 1 - 1 / len(sample.drawn)))
    away = sample.left.mean() - sample.left
    growth = np.sum(away**3) / (6 * np.sum(away**2) ** 1.5)
    reach = bias + norm.ppf(tail(sample, wide)) * np.array([1, -1])
    return np.quantile(sample.drawn, norm.cdf(bias + reach / (1 - growth * reach)))


def arcsine(values: Array) -> Array:
    return np.arcsin(np.sqrt(values))


SCALES: dict[str, tuple[Callable, Callable, Callable]] = {
    "": (lambda v: v, lambda x: np.clip(x, 0, 1), lambda v: v * 0 + 1),
    ", arcsine": (arcsine, lambda x: np.sin(np.clip(x, 0, np.pi / 2)) ** 2, lambda v: 0.5 / np.sqrt(v * (1 - v))),
    ", logit": (logit, expit, lambda v: 1 / (v * (1 - v))),
}
"""Each with its inverse and its slope."""


def jackknife_t(sample: Sample, scale: str) -> Array:
    to, back, slope = SCALES[scale]
    reach = student.ppf(0.975, len(sample.left) - 1) * error(sample.left, sample.value) * slope(sample.value)
    return back(to(sample.value) + reach * np.array([-1, 1]))


def studentised(sample: Sample, scale: str) -> Array:
    to, back, slope = SCALES[scale]
    drawn = np.clip(sample.drawn, 1e-9, 1 - 1e-9)
    varying = sample.errors > 1e-9
    away = ((to(drawn) - to(sample.value)) / np.where(varying, sample.errors * slope(drawn), 1))[varying]
    reach = error(sample.left, sample.value) * slope(sample.value)
    return back(to(sample.value) - reach * np.quantile(away, [0.975, 0.025]))


def chosen(sample: Sample) -> Array:
    return np.array(jackknife(np.append(sample.value, sample.left))[:2])


CHOSEN = "**jackknife-t, logit, accelerated**"
METHODS: dict[str, Callable[[Sample], Array]] = {
    "percentile bootstrap": percentile,
    "percentile, t and n/(n-1)": lambda s: percentile(s, wide=True),
    "BCa": bca,
    "BCa, t and n/(n-1)": lambda s: bca(s, wide=True),
    **{f"studentised bootstrap{scale}": lambda s, scale=scale: studentised(s, scale) for scale in SCALES},
    **{f"jackknife-t{scale}": lambda s, scale=scale: jackknife_t(s, scale) for scale in SCALES},
    CHOSEN: chosen,
}


WHOLE = ("percentile bootstrap", "BCa, t and n/(n-1)", CHOSEN)
"""Those tried on clusters."""


# Drawing and telling


def sampled(
    table: Array, groups: Sequence[Hashable], options: argparse.Namespace, random: np.random.Generator
) -> Sample:
    shape, sums = table.shape[1:], Clusters(groups).sums(table.reshape(len(table), -1))
    own, n = sums[0] - sums[1:], len(sums) - 1
    resamples = options.resamples if set(options.methods) - {CHOSEN} else 0
    times = random.multinomial(n, np.full(n, 1 / n), resamples).astype(float)
    drawn = times @ own

    def values(some: Array) -> Array:
        found = figure(some.reshape(*some.shape[:-1], *shape))
        return (found + 1) / 2 if shape[0] == 2 else found

    whole, again = values(sums), values(drawn)
    within = values(drawn[:, None] - own) if any(name.startswith("studentised") for name in options.methods) else None
    errors = np.zeros(0) if within is None else error(within, again[:, None], times)
    return Sample(float(whole[0]), whole[1:], again, errors)


def covered(
    table: Array, members: Sequence[Array], size: int, options: argparse.Namespace, whole: bool = True
) -> dict[str, list[tuple[bool, float]]]:
    """Return for each method whether each interval covers, and its width; clusters are drawn, and kept if `whole`."""
    truth, span, random = figure(table.sum(axis=0)), table.shape[1], np.random.default_rng(size)
    target = (truth + 1) / 2 if span == 2 else truth
    found: dict[str, list[tuple[bool, float]]] = {name: [] for name in options.methods}
    for _ in range(options.draws):
        some = [members[i] for i in random.integers(0, len(members), size)]
        rows = np.concatenate(some)
        groups = np.repeat(np.arange(size), [len(part) for part in some]) if whole else np.arange(len(rows))
        sample = sampled(table[rows], groups.tolist(), options, random)
        if np.ptp(np.append(sample.left, sample.value)) > 1e-12:
            for name, method in options.methods.items():
                low, high = method(sample)
                found[name].append((bool(low <= target <= high), span * float(high - low)))
    return found


def share(found: Sequence[tuple[bool, float]]) -> float:
    return 100 * sum(hit for hit, _ in found) / len(found)


def width(found: Sequence[tuple[bool, float]]) -> float:
    return 100 * sum(size for _, size in found) / len(found)


def row(name: str, cells: Sequence[object]) -> None:
    print(f"| {name} | {' | '.join(map(str, cells))} |", flush=True)


def head(name: str, cells: Sequence[object]) -> None:
    print()
    row(name, cells)
    row("---", ["---:"] * len(cells))


def by_method(some: Sequence[dict[str, list[tuple[bool, float]]]], name: str) -> str:
    """Return the least, mean and greatest coverage over figures, and the mean width."""
    shares = [share(found[name]) for found in some]
    return f"{min(shares):.0f} {np.mean(shares):.1f} {max(shares):.0f} ({np.mean([width(f[name]) for f in some]):.1f})"


def clusterings(documents: Sequence[Document]) -> dict[str, list[Array]]:
    """Return the numbers of the documents of each storyline, and of each three that follow each other in one."""
    told: dict[Hashable, list[int]] = {}
    for number, document in enumerate(documents):
        told.setdefault(document.storyline or document.id, []).append(number)
    threes = [story[i : i + 3] for story in told.values() for i in range(0, len(story), 3)]
    return {"storyline": [np.array(s) for s in told.values()], "three of a storyline": [np.array(s) for s in threes]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=(6, 9, 12, 20, 31, 60))
    parser.add_argument("--draws", type=int, default=250)
    parser.add_argument("--resamples", type=int, default=500)
    parser.add_argument("--release", default="newest")
    options = parser.parse_args()
    documents, population = populations(options.release)
    alone = [np.array([number]) for number in range(len(documents))]

    options.methods = METHODS
    head(f"coverage by method, documents of {len(documents)}", options.sizes)
    found = [[covered(table, alone, size, options) for table in population.values()] for size in options.sizes]
    for method in METHODS:
        row(method, [by_method(some, method) for some in found])

    options.methods, options.draws = {CHOSEN: chosen}, PRECISE * options.draws
    head(f"the last by figure, {PRECISE} times the draws", options.sizes)
    for name, table in population.items():
        cells = [covered(table, alone, size, options)[CHOSEN] for size in options.sizes]
        row(f"{name} ({100 * figure(table.sum(axis=0)):.1f})", [f"{share(c):.1f} ({width(c):.1f})" for c in cells])
    options.draws //= PRECISE

    for kind, members in clusterings(documents).items():
        head(f"coverage by method, clusters: {kind}, of {len(members)}", CLUSTER_SIZES)
        for names, whole, label in ((WHOLE, True, ""), ((CHOSEN,), False, " over documents")):
            options.methods = {name: METHODS[name] for name in names}
            drawn = [[covered(t, members, s, options, whole) for t in population.values()] for s in CLUSTER_SIZES]
            for name in names:
                row(name + label, [by_method(some, name) for some in drawn])


if __name__ == "__main__":
    main()
