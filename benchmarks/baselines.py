"""How fast baselines train and predict, how large they are, and how much memory they take, one core each.

Usage: python benchmarks/baselines.py [NAME …] [--train newest:train] [--predict newest:dev] [--repeat 20] [--runs 3]

Texts are read before the clock starts and predicted REPEAT times over, under other ids. `types` is of given claims, the
task `rhetoric`; `text` is of everything from text. Each baseline runs in a process of its own.
"""

import argparse
import multiprocessing
import os
import resource
import statistics
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

from communique import baselines, releases
from communique.baselines import Source, without_types
from communique.tokens import tokens


def median(call: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs):
        start = perf_counter()
        call()
        taken.append(perf_counter() - start)
    return statistics.median(taken)


def measured(name: str, options: argparse.Namespace) -> list[str]:
    train, labelled = (releases.part(part)[0] for part in (options.train, options.predict))
    numbered = [(number, document) for number in range(options.repeat) for document in labelled]
    texts = [Source(id=f"{n}/{d.id}", text=d.text) for n, d in numbered]
    given = [Source(id=f"{n}/{d.id}", text=d.text, layer=without_types(d)) for n, d in numbered]
    size = options.repeat * sum(len(tokens(document.text)) for document in labelled)
    claims = options.repeat * sum(len(document.claims) for document in labelled)
    start = perf_counter()
    model = baselines.create(name).fit(train)
    trained = perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder))
        weight = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        model = baselines.load(Path(folder))
    cells = [NOTHING, NOTHING]
    if "spans" in model.tasks:
        cells[0] = f"{size / median(lambda: model.predict(texts), options.runs):,.0f}"
    if "rhetoric" in model.tasks:
        cells[1] = f"{claims / median(lambda: model.predict(given), options.runs):,.0f}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [name, f"{trained:.1f}", *cells, f"{weight / 1e6:.2f}", f"{peak:,.0f}"]


NOTHING = "–"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=baselines.NAMES)
    parser.add_argument("--train", default="newest:train")
    parser.add_argument("--predict", default="newest:dev")
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print("| baseline | training s | text: tokens/s | types: claims/s | model MB | peak memory MB |")
    print("|---|---:|---:|---:|---:|---:|")
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    for name in options.names:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            print(f"| {' | '.join(pool.submit(measured, name, options).result())} |", flush=True)


if __name__ == "__main__":
    main()
