"""Seconds and memory that readers, commands and baselines take for hostile input of two sizes.

Usage: python benchmarks/hostile.py [--small 250] [--large 1000] [--only NAME …] [--models FOLDER]

Sizes are in kB of text, or in units of which 10 kB hold a hundred. Each run is a process of its own; what it needs to
start is told first and is part of all others. What takes over 5 s beyond that, or over 1 GB, or grows far more than
the input is marked. NAME is part of the name of an input or a command. Models are trained into FOLDER where it has
none; without it only `rules` is run.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from communique import jsonl
from communique.formats.common import document
from communique.layers import dehydrate
from communique.records import Attribution, Cue, Entity, PredictedClaim, Prediction, Span, Speaker

SECONDS, BYTES, GROWTH = 5.0, 1 << 30, 2.0
"""The most that a run may take beyond its start, hold, and grow by in proportion to its input."""
LIMIT = 90
WORDS = "He said no, again. "
HEADING = "Statement by the Ministry of Locks of Kest\n\n"
TEXTS: dict[str, Callable[[int], str]] = {
    "double marks": lambda size: '"' * size,
    "single marks": lambda size: "'" * size,
    "opening marks": lambda size: "“" * size,
    "marks and words": lambda size: ('"a" ' * size)[:size],
    "one letter": lambda size: "a" * size,
    "one capital": lambda size: "A" * size,
    "capitals": lambda size: ("AAAA " * size)[:size],
    "capitals, commas": lambda size: ("AAAA, BBBB, " * size)[:size],
    "no spaces": lambda size: ("said,“I”." * size)[:size],
    "one line": lambda size: (WORDS * size)[:size],
    "short lines": lambda size: ("a b.\n" * size)[:size],
    "paragraphs": lambda size: (WORDS + "\n\n") * (size // 100),
    "reports": lambda size: "".join(f"Mr Ab{n} said no to Cd{n}. " for n in range(size // 30)),
    "quoted reports": lambda size: ("“We will not do that again today,” said Mr Vint. " * size)[:size],
    "labels": lambda size: ("MR AB: We say no.\n" * size)[:size],
    "capitals and marks": lambda size: ("A'B’" * size)[:size],
    "brackets": lambda size: "(" * size,
    "digits": lambda size: "1" * size,
    "conditions": lambda size: "He said " + ("if we our " * size)[:size],
    "statement": lambda size: HEADING + ("We will go, and we ask them to. " * size)[:size],
    "statement of connectives": lambda size: HEADING + (", and The " * size)[:size],
    "statement with reports": lambda size: HEADING + ("Mr Vint told the Board that it was late. " * size)[:size],
    "numbered articles": lambda size: HEADING + "".join(f"{n}. We call on A{n} to go.\n" for n in range(size // 25)),
    "nested reports": lambda size: ("he said she denied " * size)[:size],
    "accused": lambda size: "".join(f"He accused the men of B{n} of all theft. " for n in range(size // 40)),
    "line separators": lambda size: ("a\u2028b " * size)[:size],
    "form feeds": lambda size: "\f" * size + "a",
    "combining marks": lambda size: "a" + "\u0301" + "\u0323" * (size // 2),
    "emoji": lambda size: "\U0001f600" * (size // 4),
}


def claims(count: int) -> tuple[str, Prediction]:
    """Return a text and as many attributions, of one entity."""
    width = len(WORDS)
    text = WORDS * count

    def span(number: int, start: int, end: int) -> tuple[Span]:
        at = number * width
        return (Span(start=at + start, end=at + end, text=text[at + start : at + end]),)

    numbers = range(count)
    mentions = tuple((n * width, n * width + 2) for n in numbers)
    return text, Prediction(
        id="made",
        entities=(Entity(id="e1", name="He", kind="person", mentions=mentions),),
        speakers=tuple(Speaker(id=f"s{n}", spans=span(n, 0, 2)) for n in numbers),
        cues=tuple(Cue(id=f"q{n}", spans=span(n, 3, 7)) for n in numbers),
        attributions=tuple(
            Attribution(id=f"a{n}", speaker=f"s{n}", cue=f"q{n}", entities=("e1",), form="indirect", parent=None)
            for n in numbers
        ),
        claims=tuple(
            PredictedClaim(id=f"c{n}", attribution=f"a{n}", spans=span(n, 8, 17), rhetoric="rejection") for n in numbers
        ),
    )


def chained(count: int) -> tuple[str, Prediction]:
    """Return claims each of whose attributions is nested in the one before."""
    text, layer = claims(count)
    nested = tuple(
        msgspec.structs.replace(item, parent=f"c{n - 1}" if n else None) for n, item in enumerate(layer.attributions)
    )
    return text, msgspec.structs.replace(layer, attributions=nested)


def fragmented(count: int) -> tuple[str, Prediction]:
    """Return one claim of as many fragments."""
    text, layer = claims(count)
    spans = tuple(span for claim in layer.claims for span in claim.spans)
    claim = msgspec.structs.replace(layer.claims[0], spans=spans)
    first = {name: getattr(layer, name)[:1] for name in ("speakers", "cues", "attributions")}
    return text, msgspec.structs.replace(layer, claims=(claim,), **first)


LAYERS = {"claims": claims, "parent chain": chained, "fragments": fragmented}
FORMATS = {"brat": "", "conll": ".conll", "label-studio": ".json", "cas": "", "huggingface": "", "events": ".csv"}
READ = ("brat", "conll", "label-studio", "cas", "huggingface")


def layer_runs(
    folder: Path, make: Callable[[int], tuple[str, Prediction]], size: int, models: Path | None
) -> Iterator[tuple[str, list]]:
    """Write annotated documents, and yield the commands that take them."""
    text, layer = make(10 * size)
    item = document(layer, text)
    documents, given = folder / "documents.jsonl", folder / "predictions.jsonl"
    jsonl.write(documents, [item])
    jsonl.write(given, [layer])
    jsonl.write(folder / "layers.jsonl", [dehydrate(item)])
    (folder / "texts").mkdir()
    (folder / "texts" / "made.txt").write_text(text, encoding="utf-8")
    for name in ("validate", "stats", "show"):
        yield name, [name, documents]
    yield "agreement", ["agreement", documents, documents]
    yield "evaluate", ["evaluate", documents, given]
    yield "hydrate", ["hydrate", folder / "layers.jsonl", "--texts", folder / "texts", "-o", folder / "joined.jsonl"]
    for name in ("rules", *(("majority", "linear", "crf") if models else ())):
        model = models / name if models and name != "rules" else name
        yield f"{name}, given", ["predict", model, documents, "--given-claims", "-o", folder / f"{name}.out.jsonl"]
    for name, ending in FORMATS.items():
        yield f"export {name}", ["export", name, documents, "-o", folder / f"{name}{ending}"]
    for name in READ:
        yield f"import {name}", ["import", name, folder / f"{name}{FORMATS[name]}", "-o", folder / f"{name}.jsonl"]


def text_runs(folder: Path, text: str, models: Path | None) -> Iterator[tuple[str, list]]:
    """Write a text, and yield the commands that take it."""
    path = folder / "made.txt"
    path.write_text(text, encoding="utf-8", newline="")
    quoted = {"id": "made", "attributions": [attribution(text)]}
    (folder / "quoted.json").write_text(json.dumps(quoted), encoding="utf-8")
    yield "align", ["align", folder / "quoted.json", "--texts", folder, "-o", folder / "aligned.jsonl", "--drop"]
    for name in ("majority", "linear", "crf") if models else ():
        yield name, ["predict", models / name, path, "-o", folder / f"{name}.jsonl"]
    yield "rules", ["predict", "rules", path, "-o", folder / "rules.jsonl"]


def attribution(text: str) -> dict[str, object]:
    """Return one in quotes that occur as often as can be."""
    words = text.split()
    first, last = words[0][:2], words[-1][:2]
    claim = {"id": "c1", "quote": [first, last, first], "rhetoric": "denial"}
    return {"id": "a1", "speaker": first, "cue": last, "form": "indirect", "claims": [claim]}


def raw_runs(folder: Path, text: str) -> Iterator[tuple[str, list]]:
    """Write a text where other things are expected, and yield the readers."""
    path = folder / "made.jsonl"
    path.write_text(text, encoding="utf-8", newline="")
    yield "validate", ["validate", path]
    yield "stats", ["stats", path]
    for name in ("conll", "label-studio", "cas", "huggingface"):
        yield f"import {name}", ["import", name, path, "-o", folder / "read.jsonl"]
    (folder / "brat").mkdir()
    shutil.copy(path, folder / "brat" / "made.txt")
    shutil.copy(path, folder / "brat" / "made.ann")
    yield "import brat", ["import", "brat", folder / "brat", "-o", folder / "read.jsonl"]


def taken(arguments: list) -> tuple[float, int, int]:
    """Return seconds of the processor, bytes at the peak and exit status of a run."""
    command = [sys.executable, "-m", "communique", *map(str, arguments)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    status = 0
    while not (done := os.wait4(process.pid, os.WNOHANG))[0]:
        if time.perf_counter() - start > LIMIT:
            process.kill()
            done = os.wait4(process.pid, 0)
            break
        time.sleep(0.01)
    status = os.waitstatus_to_exitcode(done[1])
    process.returncode = status
    return done[2].ru_utime + done[2].ru_stime, done[2].ru_maxrss * 1024, status


def inputs(models: Path | None) -> Iterator[tuple[str, Callable[[Path, int], Iterator[tuple[str, list]]]]]:
    """Yield each input's name, and what writes it at a size and yields its runs."""
    for name, text in TEXTS.items():
        yield f"text: {name}", lambda folder, size, text=text: text_runs(folder, text(1000 * size), models)
    for name, text in TEXTS.items():
        yield f"raw: {name}", lambda folder, size, text=text: raw_runs(folder, text(1000 * size))
    for name, make in LAYERS.items():
        yield f"layer: {name}", lambda folder, size, make=make: layer_runs(folder, make, size, models)


def measured(
    write: Callable[[Path, int], Iterator[tuple[str, list]]], size: int, wanted: Callable[[str], bool]
) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        runs = list(write(Path(folder), size))
        return {name: taken(arguments) for name, arguments in runs if wanted(name) or name.startswith("export")}


def row(name: str, command: str, one: tuple, other: tuple, started: float, times: float) -> str:
    below, above = (max(0.1, seconds - started) for seconds, _, _ in (one, other))
    marks = [
        mark
        for mark, holds in (
            ("slow", above > SECONDS),
            ("large", other[1] > BYTES),
            ("grows", above > 1 and above / below > GROWTH * times),
            (f"exit {other[2]}", other[2] not in (0, 1, 2)),
        )
        if holds
    ]
    figures = f"{one[0]:.1f} | {other[0]:.1f} | {above / below:.1f} | {other[1] / 1e6:.0f}"
    return f"| {name} | {command} | {figures} | {', '.join(marks)} |"


def trained(folder: Path) -> Path:
    for name in ("majority", "linear", "crf"):
        if not (folder / name / "model.json").is_file():
            taken(["train", name, "-o", folder / name])
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=250)
    parser.add_argument("--large", type=int, default=1000)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--models", type=Path)
    options = parser.parse_args()
    models = trained(options.models) if options.models else None
    started = min(taken(["--help"])[0] for _ in range(3))
    print(f"start: {started:.1f} s\n\n| input | command | s, small | s, large | ratio | peak MB | |")
    print("|---|---|--:|--:|--:|--:|---|")
    for name, write in inputs(models):
        here = not options.only or any(part in name for part in options.only)

        def wanted(command: str, here: bool = here) -> bool:
            return here or any(part in command for part in options.only)

        small, large = (measured(write, size, wanted) for size in (options.small, options.large))
        for command, figures in large.items():
            if wanted(command):
                print(row(name, command, small[command], figures, started, options.large / options.small), flush=True)


if __name__ == "__main__":
    main()
