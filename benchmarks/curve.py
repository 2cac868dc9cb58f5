"""How `linear` and `crf` grow with the storylines that they learn from.

Usage: python benchmarks/curve.py [--train newest:train] [--score newest:dev] [--storylines 1 2 4 7 10]
       [--orders 5] [--crf-orders 2] [--only linear|crf] [--seed 13] [--results baselines]

Whole storylines: of each of ORDERS orders, drawn with the seed, the first 1, 2, 4 … are learnt from; of `crf`, which is
slow, CRF-ORDERS. Texts of no storyline are left out. Percent, mean and standard deviation over orders; all storylines
are one set, whatever their order. `rules` learn nothing: the floor. `linear` types given claims, `crf` finds
attributions in text. Nothing is tuned here. With `--results`, rows go to NAME/growth/VERSION.json in that folder, where
`communique site` draws them; rows of other numbers of storylines stay.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from against.articles import FIGURES as ATTRIBUTIONS
from communique import releases
from communique.baselines import Source, create, without_types
from communique.records import Document
from communique.report import growth
from communique.report.growth import Growth, Step
from communique.report.tables import headline, signatures
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, evaluate
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


def evaluated(
    name: str, train: Sequence[Document], scored: Sequence[Document], wanted: Figures, gold: str
) -> Evaluation:
    given = without_types if wanted is TYPES else lambda _: None
    answers = create(name).fit(train).predict(Source(id=d.id, text=d.text, layer=given(d)) for d in scored)
    config = ScoreConfig(tasks=tuple(sorted({task for task, _, _ in wanted.values()})))
    version, _, split = gold.rpartition(":")
    return evaluate(scored, answers, config, version=version or "none", split=split)


def values(result: Evaluation, wanted: Figures) -> list[float | None]:
    scores = [headline(result, *figure) for figure in wanted.values()]
    return [score.value if score else None for score in scores]


def print_row(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def step(size: int, sets: Sequence[Sequence[Document]], results: Sequence[Evaluation], wanted: Figures) -> Step:
    """Return means over sets of documents that were learnt from, and over what was reached with each."""
    found = zip(*(values(result, wanted) for result in results), strict=True)
    return Step(
        storylines=size,
        sets=len(sets),
        texts=round(statistics.mean(len(some) for some in sets), 1),
        tokens=round(statistics.mean(sum(len(tokens(document.text)) for document in some) for some in sets), 1),
        figures=dict(zip(wanted, map(growth.spread, found), strict=True)),
    )


def curve(
    name: str,
    train: Sequence[Document],
    scored: Sequence[Document],
    ordered: Sequence[Sequence[str]],
    sizes: Sequence[int],
    gold: str,
) -> tuple[list[Step], list[str]]:
    """Print a row for the rules, and one for each number of storylines; return them with their signatures."""
    wanted = LEARNERS[name]
    print_row(growth.header(wanted))
    print_row(["---"] + ["---:"] * (len(wanted) + 3))
    floor = evaluated("rules", [], scored, wanted, gold)
    steps = [step(0, [[]], [floor], wanted)]
    print_row(growth.row(steps[0]))
    for size in sizes:
        start, sets = time.process_time(), list(chosen(train, ordered, size))
        results = [evaluated(name, some, scored, wanted, gold) for some in sets]
        taken = round((time.process_time() - start) / len(sets), 1)
        steps.append(replace(step(size, sets, results, wanted), seconds=taken))
        print_row(growth.row(steps[-1]))
    return steps, signatures(headline(floor, *figure) for figure in wanted.values())


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default="newest:train")
    parser.add_argument("--score", default="newest:dev")
    parser.add_argument("--storylines", type=int, nargs="+", default=[1, 2, 4, 7, 10])
    parser.add_argument("--orders", type=int, default=5)
    parser.add_argument("--crf-orders", type=int, default=2)
    parser.add_argument("--only", choices=tuple(LEARNERS))
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--results", type=Path, help="folder of baselines to write the rows to")
    options = parser.parse_args(arguments)
    (train, *learnt), (scored, *place) = (releases.part(part) for part in (options.train, options.score))
    gold, command = ":".join(place), " ".join(["python benchmarks/curve.py", *(arguments or sys.argv[1:])])
    names = storylines(train)
    if min(options.storylines) < 1 or max(options.storylines) > len(names):
        parser.error(f"{options.train} has {len(names)} storylines; --storylines is of 1 to {len(names)}")
    ordered = orders(names, max(options.orders, options.crf_orders), options.seed)
    for name, number in {"linear": options.orders, "crf": options.crf_orders}.items():
        if options.only in (None, name):
            print(f"\n`{name}`, scored on {options.score} ({len(scored)} texts)\n", flush=True)
            steps, signs = curve(name, train, scored, ordered[:number], options.storylines, gold)
            if options.results:
                found = Growth(
                    system=name,
                    learnt=":".join(learnt),
                    gold=gold,
                    documents=len(scored),
                    signatures=tuple(signs),
                    command=command,
                    steps=tuple(steps),
                )
                growth.write(found, options.results)


if __name__ == "__main__":
    main()
