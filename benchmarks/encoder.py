"""How fast `encoder` labels, and how well, by precision, number of networks and size of batches.

Usage: python benchmarks/encoder.py MODEL DEV [--networks 1 3] [--pieces 256 1024 4096] [--runs 3]

MODEL is a saved model, DEV a file of documents or RELEASE:split. Every row is a saved model loaded with other settings:
tokens labelled in a second of one thread's processor time (median of RUNS, after one to warm up), and on DEV, in
percent, F1 of exact fragments (`cofenet`) and of triples. The first row is as the model was saved; below, where the
time goes for it. Nothing is tuned here.
"""

import argparse
import cProfile
import pstats
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from against.articles import FIGURES
from communique import baselines, releases
from communique.baselines import Source
from communique.baselines.base import Baseline, load_card
from communique.records import Document, Prediction
from communique.report.tables import headline, percent
from communique.score.config import ScoreConfig
from communique.score.evaluate import evaluate
from communique.tokens import tokens

PRECISIONS = ("float32", "bfloat16")
PARTS = ("cut", "_encoded", "find", "assemble")
"""Functions whose time the profile gives."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL", type=Path)
    parser.add_argument("dev", metavar="DEV")
    parser.add_argument("--networks", type=int, nargs="+")
    parser.add_argument("--pieces", type=int, nargs="+", default=[256, 1024, 4096])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    dev = releases.part(options.dev)[0]
    print_row("", ("tokens/s", *FIGURES))
    print_row("---", ["---:"] * (1 + len(FIGURES)))
    for name, changed in variants(options.model, options.networks, options.pieces):
        model = baselines.load(options.model, ["threads=1", *changed])
        speed, layers = labelled(model, dev, options.runs)
        print_row(name, (f"{speed:,.0f}", *figures(dev, layers)))
    profile(baselines.load(options.model, ["threads=1"]), dev)


def print_row(name: str, cells: Sequence[str]) -> None:
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def variants(model: Path, networks: Sequence[int] | None, pieces: Sequence[int]) -> Iterator[tuple[str, list[str]]]:
    """Yield what to call each way to label, and its settings: first precisions by networks, then sizes of batches."""
    yield "as saved", []
    for count in networks or range(1, load_card(model).parameters["networks"] + 1):
        for precision in PRECISIONS:
            yield f"{precision}, networks: {count}", [f'precision="{precision}"', f"networks={count}"]
    for most in pieces:
        yield f"as saved, {most:,} pieces at a time", [f"pieces={most}"]


def labelled(model: Baseline, dev: Sequence[Document], runs: int) -> tuple[float, list[Prediction]]:
    """Return tokens labelled in a second of processor time, and the labels."""
    texts = [Source(id=document.id, text=document.text) for document in dev]
    layers = model.predict(texts)
    taken = []
    for _ in range(runs):
        start = time.process_time()
        model.predict(texts)
        taken.append(time.process_time() - start)
    return sum(len(tokens(text.text)) for text in texts) / median(taken), layers


def figures(dev: Sequence[Document], layers: Sequence[Prediction]) -> list[str]:
    result = evaluate(dev, layers, ScoreConfig(tasks=("cofenet", "attribution")))
    scores = (headline(result, *figure) for figure in FIGURES.values())
    return [percent(score.value if score else None) for score in scores]


def profile(model: Baseline, dev: Sequence[Document]) -> None:
    """Print where the time goes, for the model as saved."""
    texts = [Source(id=document.id, text=document.text) for document in dev]
    model.predict(texts)
    watched = cProfile.Profile()
    watched.runcall(model.predict, texts)
    told = pstats.Stats(watched).get_stats_profile().func_profiles  # type: ignore[attr-defined]
    whole = told["predict"].cumtime
    print_row("", ("share of the time, %",))
    for name in PARTS:
        print_row(name, (f"{100 * told[name].cumtime / whole:.0f}",))


if __name__ == "__main__":
    main()
