"""What training `crf` takes, and what its parts are worth.

Usage: python benchmarks/crf.py cost TRAIN DEV
       python benchmarks/crf.py parts TRAIN DEV [--share 5]
       python benchmarks/crf.py rows TRAIN DEV [--typed TYPED … -o models/news]

TRAIN and DEV are files of documents or RELEASE:split. `cost` trains in a process of its own and gives processor time,
time, the greatest memory of all its processes together (shared pages counted once, looked at twice a second: Linux),
what is saved, and tokens labelled a second. `parts` learns from each SHARE-th document of TRAIN, with the packaged
settings for much text, without each kind of columns and with other settings; F1 of exact fragments (`cofenet`) and of
triples on DEV, in percent. `rows` learns once and keeps more and fewer rows of the same weights; with `-o` it saves the
model as configured, which then holds claims as learnt from train of the newest release, and types them as learnt from
TYPED: so the model that comes with the package is made. Nothing is tuned here.
"""

import argparse
import copy
import multiprocessing
import os
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from against.articles import FIGURES
from communique import baselines, releases, resources
from communique.baselines import Source
from communique.baselines.crf import Crf, features_of_words
from communique.baselines.crf.taggers import Stage, Taggers
from communique.records import Document
from communique.report.tables import headline, percent
from communique.score.config import ScoreConfig
from communique.score.evaluate import evaluate
from communique.tokens import tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("cost", "parts", "rows"))
    parser.add_argument("train", metavar="TRAIN")
    parser.add_argument("dev", metavar="DEV")
    parser.add_argument("--share", type=int, default=5)
    parser.add_argument("--typed", nargs="+", default=["newest:train"])
    parser.add_argument("-o", "--out", type=Path)
    options = parser.parse_args()
    train, dev = (releases.part(part)[0] for part in (options.train, options.dev))
    if options.what == "cost":
        cost(options.train, dev)
    elif options.what == "rows":
        rows(train, dev, options.typed, options.out)
    else:
        parts(train[:: options.share], dev)


def row(name: str, cells: Sequence[str]) -> None:
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def cost(train: str, dev: Sequence[Document]) -> None:
    """Print what training takes, what is saved, and how fast it labels."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "model"
        process = multiprocessing.get_context("spawn").Process(target=trained, args=(train, folder))
        start = time.perf_counter()
        process.start()
        most = 0
        while process.is_alive():
            most = max(most, memory(process.pid or 0))
            process.join(0.5)
        taken = time.perf_counter() - start
        spent = os.times()
        row("training", ("",))
        row("---", ("---:",))
        row("processor minutes", (f"{(spent.children_user + spent.children_system) / 60:.1f}",))
        row("minutes", (f"{taken / 60:.1f}",))
        row("greatest memory, GB", (f"{most / 1e6:.2f}",))
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            packed = len(zlib.compress(file.read_bytes(), 9))
            row(
                f"{file.relative_to(folder)}, kB, and packed", (f"{file.stat().st_size / 1e3:.0f}, {packed / 1e3:.0f}",)
            )
        row("tokens labelled a second", (f"{rate(folder, dev):,.0f}",))


def trained(train: str, folder: Path) -> None:
    baselines.save(Crf().fit(releases.part(train)[0]), folder)


def rate(folder: Path, dev: Sequence[Document], runs: int = 5) -> float:
    model = baselines.load(folder)
    texts = [Source(id=document.id, text=document.text) for document in dev]
    model.predict(texts)
    start = time.process_time()
    for _ in range(runs):
        model.predict(texts)
    return runs * sum(len(tokens(document.text)) for document in dev) / (time.process_time() - start)


def memory(process: int) -> int:
    """Return the kB of a process and of those it started, of shared pages each one's part."""
    total = 0
    for one in family(process):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:  # it has ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def family(process: int) -> Iterator[int]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found = children.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in found:
            yield from family(int(child))


def parts(train: Sequence[Document], dev: Sequence[Document]) -> None:
    """Print what each kind of columns and each setting is worth."""
    settings = resources.settings("crf") | {"enough": 0}
    row("", (*FIGURES, "processor s"))
    row("---", ["---:"] * (len(FIGURES) + 1))
    row("as configured", figures(settings, train, dev))
    kinds = dict(features_of_words.KINDS)
    for left_out in kinds:
        features_of_words.KINDS = {name: kind for name, kind in kinds.items() if name != left_out}
        row(f"without {left_out}", figures(settings, train, dev))
    features_of_words.KINDS = kinds
    for name, varied in variants(settings):
        row(name, figures(varied, train, dev))


def rows(train: Sequence[Document], dev: Sequence[Document], typed: Sequence[str], out: Path | None) -> None:
    """Print what the model is worth with more and fewer rows of weights, and save it as configured."""
    given: list[tuple[Sequence[Stage], int]] = []
    made = Taggers.of
    Taggers.of = lambda stages, columns, rows: given.append((stages, columns)) or made(stages, columns, rows)  # type: ignore[method-assign]
    held = releases.part("newest:train")[0]
    types = [document for part in typed for document in releases.part(part)[0]]
    model = Crf({"issued_by_rules": True}).fit(train, held=held, typed=types)
    Taggers.of = made  # type: ignore[method-assign]
    if out:
        baselines.save(model, out)
    row("rows of weights", FIGURES)
    row("---", ["---:"] * len(FIGURES))
    row(f"{model.parameters['rows']:,}, as configured", found(model, dev))
    for number in (50_000, 100_000, 150_000, 400_000, 10**9):
        model.taggers = made(*given[0], number)
        row(f"{number:,}" if number < 10**9 else "all", found(model, dev))


def variants(settings: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for least in (1, 2, 5):
        yield f"features of {least} tokens and more", changed(settings, least, "ample", "least")
    for rows in (30_000, 300_000, 10**9):
        yield f"{rows:,} rows of weights", changed(settings, rows, "rows")
    for strength in (0.1, 10.0):
        yield f"linker: C = {strength}", changed(settings, strength, "linker", "C")
    yield "no fragments to spare", changed(settings, {}, "ample", "spare")
    yield "one round", changed(settings, 1, "ample", "rounds")
    default = settings["ample"]["crfsuite"]["default"]
    yield "each trained once", changed(settings, {"default": default[:1]}, "ample", "crfsuite")


def changed(settings: dict[str, Any], value: Any, *path: str) -> dict[str, Any]:
    found = copy.deepcopy(settings)
    *outer, last = path
    place = found
    for name in outer:
        place = place[name]
    place[last] = value
    return found


def figures(settings: dict[str, Any], train: Sequence[Document], dev: Sequence[Document]) -> list[str]:
    start = time.process_time()
    model = Crf(settings).fit(train)
    taken = time.process_time() - start
    return [*found(model, dev), f"{taken:.0f}"]


def found(model: Crf, dev: Sequence[Document]) -> list[str]:
    given = model.predict(Source(id=document.id, text=document.text) for document in dev)
    result = evaluate(dev, given, ScoreConfig(tasks=("cofenet", "attribution")))
    scores = (headline(result, *figure) for figure in FIGURES.values())
    return [percent(score.value if score else None) for score in scores]


if __name__ == "__main__":
    main()
