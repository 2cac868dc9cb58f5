"""Make a release of the package, step by step; a step whose files are as it left them is passed over.

Usage: python tools/release.py VERSION [--date YYYY-MM-DD] [--dry-run] [--from STEP] [--without STEP …]

The data have a version of their own, in seeds/release.json. docs/howto/release.md says what each step is for.
"""

import argparse
import datetime
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

STATE = Path("build/release.json")
CHANGES, CODE, CITATION = Path("CHANGELOG.md"), Path("src/communique/__init__.py"), Path("CITATION.cff")
VERSION = re.compile(r"\d+\.\d+\.\d+")
_COMMUNIQUE = [sys.executable, "-m", "communique"]


class Release(NamedTuple):
    """What is released, and when."""

    version: str
    date: str


class Step(NamedTuple):
    """One step: what it is for, the files by which it is known to be done, and what it runs or writes."""

    name: str
    told: str
    files: tuple[str, ...]
    run: Callable[[Release], None]


def _runs(*commands: Sequence[str]) -> Callable[[Release], None]:
    def run(_: Release) -> None:
        for command in commands:
            if subprocess.run(command, check=False).returncode:
                raise SystemExit(f"{' '.join(map(str, command))} fails; mend that, then go on with the same command")

    return run


def _number(release: Release) -> None:
    """Write the version into the package, and make a section of what is unreleased."""
    text = CODE.read_text(encoding="utf-8")
    CODE.write_text(
        re.sub(r'^__version__ = ".*"$', f'__version__ = "{release.version}"', text, flags=re.M), encoding="utf-8"
    )
    CHANGES.write_text(headed(CHANGES.read_text(encoding="utf-8"), release), encoding="utf-8")


def headed(changes: str, release: Release) -> str:
    """Return the changelog with a heading for the version over what was unreleased, once."""
    if re.search(rf"^## {re.escape(release.version)}\b", changes, re.M):
        return changes
    before, head, after = changes.partition("## Unreleased\n")
    if not head or after.lstrip().startswith("## "):
        raise SystemExit(f"{CHANGES}: nothing is unreleased; say there what changed, then go on")
    return f"{before}{head}\n## {release.version} ({release.date})\n{after}"


def _data(made: Release) -> None:
    """Build and verify. Card and citation take their date from the changelog of the data, so it has to have one."""
    planned = json.loads(Path("seeds/release.json").read_text(encoding="utf-8"))["version"]
    if not re.search(
        rf"^## {re.escape(planned)} \(\d{{4}}-\d\d-\d\d\)$",
        Path("corpus/CHANGELOG.md").read_text(encoding="utf-8"),
        re.M,
    ):
        raise SystemExit(
            f"corpus/CHANGELOG.md: has no heading '## {planned} (YYYY-MM-DD)'; write what changed in the data"
        )
    _runs([*_COMMUNIQUE, "build"], [*_COMMUNIQUE, "verify"])(made)


def _cited(_: Release) -> None:
    done = subprocess.run(
        [*_COMMUNIQUE, "cite", "--format", "cff"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    CITATION.write_text(done.stdout, encoding="utf-8")


STEPS = (
    Step("version", "the version of the package, and its heading in CHANGELOG.md", (str(CODE), str(CHANGES)), _number),
    Step("data", "corpus/: release, card, digests, built from seeds/ and verified", ("seeds", "corpus"), _data),
    Step("citation", "CITATION.cff", (str(CITATION), "corpus/DIGESTS", "corpus/CHANGELOG.md"), _cited),
    Step(
        "datasheet",
        "figures of DATASHEET.md",
        ("DATASHEET.md", "corpus/DIGESTS"),
        _runs([sys.executable, "tools/datasheet.py"]),
    ),
    Step(
        "bench",
        "results and board of every baseline",
        ("baselines", "corpus/DIGESTS", "src"),
        _runs([*_COMMUNIQUE, "bench"]),
    ),
    Step("site", "build/site/", ("baselines", "corpus", "src"), _runs([*_COMMUNIQUE, "site", "-o", "build/site"])),
    Step(
        "checks",
        "style, types, every test",
        ("src", "tests", "docs", "corpus", "baselines"),
        _runs(["make", "lint", "test"]),
    ),
    Step(
        "packages",
        "dist/: wheel and sdist, used where no checkout is",
        ("src", "corpus", "baselines", "schema", "pyproject.toml"),
        _runs([sys.executable, "tools/outside.py", "--keep", "dist"]),
    ),
)
BY_HAND = (
    "read the difference: git diff, the card, the board, build/site/index.html",
    "write what DATASHEET.md, README.md and docs/analysis.md say in words about the new figures",
    "commit, then tag: git tag -s v{version}",
    "upload dist/ to the package index, and corpus/ to the Hub",
    "publish build/site/",
    "archive the tag where it gets a DOI, then enter that in CITATION.cff",
)
"""What no command does."""


def state(step: Step) -> str:
    """Return one sha256 over the files by which a step is known."""
    total = hashlib.sha256()
    for name in step.files:
        root = Path(name)
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _done() -> dict[str, str]:
    return json.loads(STATE.read_text(encoding="utf-8")) if STATE.is_file() else {}


def _noted(key: str, value: str) -> None:
    STATE.parent.mkdir(parents=True, exist_ok=True)
    STATE.write_text(json.dumps(_done() | {key: value}, indent=1) + "\n", encoding="utf-8")


def release(made: Release, *, dry: bool, start: str | None, without: Sequence[str]) -> None:
    """Take the steps that are to be taken, and tell what is left."""
    reached = start is None
    for step in STEPS:
        reached = reached or step.name == start
        key = f"{made.version} {step.name}"
        passed = _done().get(key) == state(step) and step.name != start
        told = "left out" if step.name in without or not reached else "done" if passed else "to do" if dry else "now"
        print(f"{step.name:>10}  {told:8}  {step.told}", flush=True)
        if told == "now":
            step.run(made)
            _noted(key, state(step))
    print("by hand:", *(f"  {line.format(version=made.version)}" for line in BY_HAND), sep="\n")


def main() -> None:
    names = [step.name for step in STEPS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="Of the package, as 1.2.3.")
    parser.add_argument(
        "--date", default=datetime.date.today().isoformat(), help="For the changelog; today by default."
    )
    parser.add_argument("--dry-run", action="store_true", help="Say what is done and what is to do; write nothing.")
    parser.add_argument("--from", dest="start", choices=names, help="Begin here, whether it is done or not.")
    parser.add_argument("--without", nargs="*", default=[], choices=names, help="Leave out.")
    options = parser.parse_args()
    if not VERSION.fullmatch(options.version):
        parser.error(f"{options.version!r} is no version; give three numbers, as 1.2.3")
    if not CODE.is_file():
        parser.error(f"there is no {CODE} here; run this at the root of a checkout")
    release(Release(options.version, options.date), dry=options.dry_run, start=options.start, without=options.without)


if __name__ == "__main__":
    main()
