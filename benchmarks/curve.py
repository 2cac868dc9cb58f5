"""How `linear` and `crf` grow with the storylines that they learn from.

Usage: python benchmarks/curve.py [--train newest:train] [--score newest:dev] [--storylines 1 2 4 7 10]
       [--orders 5] [--crf-orders 2] [--only linear|crf] [--seed 13]

Whole storylines: of each of ORDERS orders, drawn with the seed, the first 1, 2, 4 … are learnt from; of `crf`, which is
slow, CRF-ORDERS. Texts of no storyline are left out. Percent, mean and standard deviation over orders; all storylines
are one set, whatever their order. `rules` learn nothing: the floor. `linear` types given claims, `crf` finds
attributions in text. Nothing is tuned here.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence

from against.articles import FIGURES as ATTRIBUTIONS
from communique import releases
from communique.baselines import Source, create, without_types
from communique.records import Document
from communique.report.tables import NOTHING, headline, percent
from communique.score.config import ScoreConfig
from communique.score.evaluate import evaluate
from communique.tokens import tokens

TYPES = {"accuracy": ("rhetoric", "claim", "accuracy"), "macro-f1": ("rhetoric", "claim", "macro-f1")}
LEARNERS = {"linear": TYPES, "crf": ATTRIBUTIONS}
Figures = Mapping[str, tuple[str, str, str]]


def storylines(documents: Sequence[Document]) -> list[str]:
    return sorted({document.storyline for document in documents if document.storyline})


def orders(names: Sequence[str], number: int, seed: int) -> list[list[str]]:
    drawn = random.Random(seed)
    return [drawn.sample(names, len(names)) for _ in range(number)]


def chosen(documents: Sequence[Document], ordered: Sequence[Sequence[str]], size: int) -> Iterator[list[Document]]:
    """Yield the documents of the first `size` storylines of each order, in the order of the release, each set once."""
    for some in dict.fromkeys(frozenset(order[:size]) for order in ordered):
        yield [document for document in documents if document.storyline in some]


def figures(name: str, train: Sequence[Document], scored: Sequence[Document], wanted: Figures) -> list[float | None]:
    given = without_types if wanted is TYPES else lambda _: None
    answers = create(name).fit(train).predict(Source(id=d.id, text=d.text, layer=given(d)) for d in scored)
    result = evaluate(scored, answers, ScoreConfig(tasks=tuple(sorted({task for task, _, _ in wanted.values()}))))
    scores = [headline(result, *figure) for figure in wanted.values()]
    return [score.value if score else None for score in scores]


def spread(values: Sequence[float | None]) -> str:
    """Return the mean of shares in percent, with the standard deviation where there are several."""
    known = [100 * value for value in values if value is not None]
    if not known:
        return NOTHING
    return f"{statistics.mean(known):.1f}" + (f" ± {statistics.stdev(known):.1f}" if len(known) > 1 else "")


def row(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def curve(
    name: str,
    train: Sequence[Document],
    scored: Sequence[Document],
    ordered: Sequence[Sequence[str]],
    sizes: Sequence[int],
) -> None:
    """Print a row for the rules, and one for each number of storylines that is learnt from."""
    wanted = LEARNERS[name]
    row(["learnt from", "texts", "tokens", *wanted, "processor s"])
    row(["---"] + ["---:"] * (len(wanted) + 3))
    row(["nothing: rules", "0", "0", *map(percent, figures("rules", [], scored, wanted)), NOTHING])
    for size in sizes:
        start, sets = time.process_time(), list(chosen(train, ordered, size))
        found = [figures(name, some, scored, wanted) for some in sets]
        taken = (time.process_time() - start) / len(sets)
        texts = statistics.mean(len(some) for some in sets)
        words = statistics.mean(sum(len(tokens(document.text)) for document in some) for some in sets)
        told = f"{size} storyline{'s' * (size > 1)}, {len(sets)} set{'s' * (len(sets) > 1)}"
        row([told, f"{texts:.0f}", f"{words:,.0f}", *map(spread, zip(*found, strict=True)), f"{taken:.0f}"])


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default="newest:train")
    parser.add_argument("--score", default="newest:dev")
    parser.add_argument("--storylines", type=int, nargs="+", default=[1, 2, 4, 7, 10])
    parser.add_argument("--orders", type=int, default=5)
    parser.add_argument("--crf-orders", type=int, default=2)
    parser.add_argument("--only", choices=tuple(LEARNERS))
    parser.add_argument("--seed", type=int, default=13)
    options = parser.parse_args(arguments)
    train, scored = (releases.part(part)[0] for part in (options.train, options.score))
    names = storylines(train)
    if min(options.storylines) < 1 or max(options.storylines) > len(names):
        parser.error(f"{options.train} has {len(names)} storylines; --storylines is of 1 to {len(names)}")
    ordered = orders(names, max(options.orders, options.crf_orders), options.seed)
    for name, number in {"linear": options.orders, "crf": options.crf_orders}.items():
        if options.only in (None, name):
            print(f"\n`{name}`, scored on {options.score} ({len(scored)} texts)\n", flush=True)
            curve(name, train, scored, ordered[:number], options.storylines)


if __name__ == "__main__":
    main()
