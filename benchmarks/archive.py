"""Texts a second and memory of `communique label` at growing sizes, in one process, two, and on Ray; and a check.

Usage: python benchmarks/archive.py [--texts 1000 10000 100000] [--jobs 1 2] [--model rules] [--ray]
       python benchmarks/archive.py --check [--texts 10000]

Texts are made-up press releases, replicated with other numbers in them, in a file of JSON lines. Each run is a command
of its own. Memory is the sum over its processes of what each holds alone and its share of what they hold together
(PSS), sampled every 50 ms, and that of the largest. Seconds of the processor are not known of Ray's servers. Runs of
one size must have the same labels, whoever made them. With --check a run is killed three times, goes on, and must come
to the bytes of an unbroken one.
"""

import argparse
import hashlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from communique.tokens import tokens

PAGE = Path(__file__).resolve().parents[1] / "docs" / "howto" / "label-an-archive.md"
NOTHING = "–"
SAMPLED = 0.05
KILLED = (0.2, 0.45, 0.7)
"""Shares of the shards that are done when a run is killed."""


def releases() -> list[str]:
    """Return the made-up press releases of the how-to page."""
    return re.findall(r"^`releases/\S+\n\n```text\n((?:.*\n)+?)```", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def archive(path: Path, count: int) -> int:
    """Write so many texts, and return how many tokens they have."""
    bodies, size = releases(), 0
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            text = f"{bodies[number % len(bodies)]}\nReference {number}\n"
            file.write(json.dumps({"id": f"{number:08}", "text": text, "date": "2031-05-02"}) + "\n")
            size += len(tokens(text)) if number < len(bodies) else 0
    return size * count // len(bodies)


def command(source: Path, output: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "communique", "label", str(source), "-o", str(output), *more]


def tree(process: int) -> set[int]:
    """Return a process, those it started, and so on, Ray's servers included."""
    found, below = {process}, [process]
    while below:
        for task in Path(f"/proc/{below.pop()}/task").glob("*/children"):
            try:
                new = set(map(int, task.read_text().split())) - found
            except OSError:
                continue
            found |= new
            below += new
    return found


def held(process: int) -> int:
    """Return the memory of a process in kB, what it shares counted in parts."""
    try:
        read = re.search(r"^Pss: +(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(read[1]) if read else 0


def spent() -> float:
    """Return the seconds of processor that ended processes took, and those they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(arguments: Sequence[str]) -> tuple[float, float, float, float]:
    """Run a command; return its seconds, those of the processor, and the peak MB of all processes and the largest."""
    start, before, peak, largest = time.perf_counter(), spent(), 0, 0
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        sizes = [held(one) for one in tree(process.pid)]
        peak, largest = max(peak, sum(sizes)), max([largest, *sizes])
        time.sleep(SAMPLED)
    if process.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - start, spent() - before, peak / 1024, largest / 1024


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def table(options: argparse.Namespace) -> None:
    print("| texts | engine | processes | s | processor s | texts/s | tokens/s | peak MB, all | largest |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for count in options.texts:
        with tempfile.TemporaryDirectory() as scratch:
            folder, made = Path(scratch), set()
            size = archive(folder / "texts.jsonl", count)
            for engine in ("local", *(["ray"] if options.ray else [])):
                for jobs in options.jobs:
                    output = folder / f"{engine}-{jobs}"
                    more = ["--model", options.model, "--jobs", str(jobs), "--engine", engine]
                    seconds, used, peak, largest = measured(command(folder / "texts.jsonl", output, *more))
                    made.add(digest(output))
                    rates = f"{count / seconds:,.0f} | {size / seconds:,.0f}"
                    processor = f"{used:.1f}" if engine == "local" else NOTHING
                    figures = f"{seconds:.1f} | {processor} | {rates} | {peak:,.0f} | {largest:,.0f}"
                    print(f"| {count:,} | {engine} | {jobs} | {figures} |", flush=True)
            if len(made) > 1:
                sys.exit(f"the labels of {count:,} texts differ")


def check(options: argparse.Namespace) -> None:
    for count in options.texts:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            archive(folder / "texts.jsonl", count)
            more = ["--model", options.model, "--jobs", str(max(options.jobs))]
            measured(command(folder / "texts.jsonl", folder / "whole", *more))
            shards = len(list((folder / "whole" / "done").glob("*.json")))
            again = command(folder / "texts.jsonl", folder / "broken", *more)
            done = ", ".join(str(killed(again, folder / "broken" / "done", share * shards)) for share in KILLED)
            measured(again)
            same = digest(folder / "whole") == digest(folder / "broken")
            told = "the same bytes" if same else "OTHER BYTES"
            print(f"{count:,} texts, killed when {done} of {shards} shards were done: {told}")
            if not same:
                sys.exit(1)


def killed(arguments: Sequence[str], done: Path, shards: float) -> int:
    """Kill a run when so many shards are done, and return how many are."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and len(list(done.glob("*.json"))) < shards:
        time.sleep(SAMPLED / 10)
    if process.poll() is not None:
        sys.exit(f"the run ended before it was killed, with {process.returncode}; give more --texts")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return len(list(done.glob("*.json")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, nargs="+", default=None)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--model", default="rules")
    parser.add_argument("--ray", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    options.texts = options.texts or ([10_000] if options.check else [1000, 10_000, 100_000])
    if options.ray and not find_spec("ray"):
        sys.exit("Ray is not installed; pip install 'communique[ray]'")
    check(options) if options.check else table(options)


if __name__ == "__main__":
    main()
