"""How often the interval of Cohen's kappa over texts covers the truth.

Usage: python benchmarks/kappa.py [--sizes 12 30 84] [--draws 1000]

Texts are made up: 5 to 49 claims with types of their own text's distribution, and a second annotator who says the same
with a chance that is also the text's own. The truth is kappa of 20,000 texts; SIZE of them are drawn, DRAWS times.
"""

import argparse

import numpy as np

from communique.score.intervals import DIFFERENCE, Clusters, interval
from communique.score.metrics import Array
from communique.score.type_agreement import figures

TYPES = 8
TEXTS = 20_000


def text(draw: np.random.Generator, common: Array) -> Array:
    """Return how often each two types were given to a claim of one text."""
    claims, alike, own = draw.integers(5, 50), draw.beta(6, 3), draw.dirichlet(common * 10)
    first, other = draw.choice(TYPES, (2, claims), p=own)
    second = np.where(draw.random(claims) < alike, first, other)
    return np.bincount(first * TYPES + second, minlength=TYPES**2).astype(float)


def kappa(tables: Array) -> Array:
    """Return kappa of tables that are rows."""
    return figures(tables.reshape(-1, TYPES, TYPES))[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[12, 30, 84])
    parser.add_argument("--draws", type=int, default=1000)
    chosen = parser.parse_args()
    draw = np.random.default_rng(13)
    common = draw.dirichlet(np.full(TYPES, 1.5))
    population = np.array([text(draw, common) for _ in range(TEXTS)])
    (truth,) = kappa(population.sum(axis=0))
    print(f"kappa {truth:.3f}")
    for size in chosen.sizes:
        clusters, found = Clusters(range(size)), []
        for _ in range(chosen.draws):
            sums = clusters.sums(population[draw.integers(0, TEXTS, size)])
            found.append(interval(kappa(sums), sums.sum(axis=1), clusters, DIFFERENCE))
        covered = np.mean([one.low <= truth <= one.high for one in found])
        width = np.mean([one.high - one.low for one in found])
        print(f"{size} texts: covers {100 * covered:.1f}, width {width:.3f}")


if __name__ == "__main__":
    main()
