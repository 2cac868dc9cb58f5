"""How quick the page of documents is with many of them: size, and the time to open, filter, search and read.

Usage: python benchmarks/explorer.py [--documents 5000] [--runs 3]

The documents are those of the newest release with its annotators, repeated under new ids. Times are in headless
Chromium, from a file; the first search reads all texts, a second one has them.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from msgspec.structs import replace

from communique.report import explorer
from communique.report.explorer.shown import Shown
from communique.report.site.html import Frame, write_style

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from browser import chromium, opened

STEPS = {
    "open, ms": ("", "body[data-ready]"),
    "filter by a type, ms": ("location.hash = 'type=threat'", ".matching"),
    "first search, ms": ("location.hash = 'q=embassy'", ".snippet mark"),
    "second search, ms": ("location.hash = 'q=ceasefire&in=claims'", ".matching"),
    "read a document, ms": ("location.hash = 'doc=' + encodeURIComponent(LAST)", ".piece"),
}


def many(number: int) -> Shown:
    """Return the newest release, repeated."""
    shown = explorer.of_release()
    names = [(one, f"{one.id}~{at}") for at, one in enumerate(islice(cycle(shown.documents), number))]
    annotators = {
        who: {name: replace(by[one.id], id=name) for one, name in names if one.id in by}
        for who, by in shown.annotators.items()
    }
    splits = {name: shown.splits[one.id] for one, name in names}
    return Shown(documents=[replace(one, id=name) for one, name in names], splits=splits, annotators=annotators)


def timed(folder: Path, last: str, browser) -> dict[str, float]:
    """Return how long each of `STEPS` takes in a new page."""
    found: dict[str, float] = {}
    began = time.perf_counter()
    page = opened(browser, folder / "index.html")
    for name, (script, done) in STEPS.items():
        if script:
            began = time.perf_counter()
            page.evaluate("() => { for (const e of document.querySelectorAll('.snippet, .matching')) e.remove(); }")
            page.evaluate(script.replace("LAST", repr(last)))
        page.wait_for_selector(done, state="attached")
        found[name] = 1000 * (time.perf_counter() - began)
    if page.troubles:
        raise SystemExit("\n".join(page.troubles))
    page.close()
    return found


def main(arguments: argparse.Namespace, say: Callable[[str], None] = print) -> None:
    """Print the figures."""
    shown = many(arguments.documents)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        began = time.process_time()
        write_style(folder)
        explorer.write(folder, Frame("communique"), shown, "index.html")
        say(f"{'documents':24}{len(shown.documents):>10,}")
        say(f"{'claims':24}{sum(len(one.claims) for one in shown.documents):>10,}")
        say(f"{'write, s':24}{time.process_time() - began:>10.1f}")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        say(f"{'folder, MB':24}{size / 1e6:>10.1f}")
        say(f"{'index, MB':24}{(folder / 'data' / 'index-0.js').stat().st_size / 1e6:>10.1f}")
        runs = [timed(folder, shown.documents[-1].id, browser) for _ in range(arguments.runs)]
    for step in STEPS:
        say(f"{step:24}{statistics.median(run[step] for run in runs):>10.0f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    main(parser.parse_args())
