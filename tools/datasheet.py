"""Write the figures of DATASHEET.md anew, from a release and its annotators; words and the order of rows stay.

Usage: python tools/datasheet.py [--check]
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from communique import jsonl, releases
from communique.labels import Split
from communique.records import Document
from communique.score.agreement import agree
from communique.writing import replacing

PAGE = Path("DATASHEET.md")
UNITS = ("documents", "tokens", "entities", "attributions", "claims")
AGREED = [
    ("claim", "exact"),
    ("triple", "strict"),
    ("triple", "overlap"),
    ("holder", "entity"),
    ("claim", "content+entity+type"),
]
PARTS = {
    "seeds": {"seeds"},
    "literary": {"literary"},
    "natural": {"natural"},
    "enriched": {"enriched"},
    "both": {"seeds", "dispatches"},
}
"""Parts whose agreement is told, by the collections or strata that they have; the last is everything."""
LABELLED = {
    "speaker, exact": ("speaker", "exact"),
    "cue, exact": ("cue", "exact"),
    "set of targets of a claim": ("target", "set"),
    "link of a holder and a target": ("dyad", "link"),
    "secondary type": ("also", "label"),
    "conditional": ("conditional", "flag"),
    "negated": ("negated", "flag"),
}
_COUNTED = re.compile(
    r"(?<=^\| split \| collection \| documents \| tokens \| entities \| attributions \| claims \|\n)(\|.*\n)+", re.M
)
_TOTAL = re.compile(r"(?<=^\*\*2\. How many are there\?\*\* )[\d,]+(?= documents:$)", re.M)


def rewritten(page: str, release: Path) -> str:
    """Return the page with the figures of a release.

    Raises
    ------
    ValueError
        The page has no place for a figure.
    """
    counts = releases.manifest(release).counts
    total = sum(parts["documents"] for by in counts.values() for parts in by.values())
    page, tables = _COUNTED.subn("".join(_counted(counts)), page)
    page, totals = _TOTAL.subn(f"{total:,}", page)
    found = dict(_by_split(page, counts)) | dict(_agreement(release))
    missing = sorted(set(found) - {_cells(line)[0] for line in page.split("\n") if line.startswith("|")})
    if missing or (tables, totals) != (1, 1):
        raise ValueError(f"{PAGE}: there is no row {missing[0]!r}" if missing else f"{PAGE}: it has no table of counts")
    return "\n".join(_row(line, found) for line in page.split("\n"))


def _counted(counts: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[str]:
    yield "|---|---|---:|---:|---:|---:|---:|\n"
    for split in Split:
        for collection, parts in counts.get(split, {}).items():
            yield f"| {split} | {collection} | {' | '.join(f'{parts[unit]:,}' for unit in UNITS)} |\n"


def _by_split(page: str, counts: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[tuple[str, list[str]]]:
    for name in re.findall(r"^\| `([a-z.-]+)` \|(?: \d+ \|){3}$", page, re.M):
        yield f"`{name}`", [str(sum(parts.get(name, 0) for parts in counts[split].values())) for split in Split]


def _agreement(release: Path) -> Iterator[tuple[str, list[str]]]:
    layers = [list(jsonl.read(release / "annotators" / f"annotator-{i}.jsonl", Document)) for i in (1, 2)]
    for name, kept in PARTS.items():
        parts = ([d for d in layer if {d.collection, str(d.stratum)} & kept] for layer in layers)
        result = agree(dict(zip(("first", "second"), parts, strict=True)))
        scores = {(s.unit, s.measure): s for s in result.scores.scores if s.group == "all" and s.task != "cofenet"}
        figures = [f"{x:.2f}" for x in (result.kappa, result.alpha, result.family_kappa)]
        yield f"agreement, {name}", [f"{result.matched:,}", *figures, *(_with_ends(scores[key]) for key in AGREED)]
    yield from ((name, [f"{scores[key].gold:,}", _with_ends(scores[key])]) for name, key in LABELLED.items())
    for one in result.types:
        yield one.type, [*(f"{n:,}" for n in (one.first, one.second, one.both)), f"{one.kappa:.2f}"]


def _with_ends(score) -> str:
    """Return a score in percent, with its interval where it has one."""
    ends = f" ({100 * score.low:.1f}–{100 * score.high:.1f})" if score.low is not None else ""
    return f"{100 * score.value:.1f}{ends}"


def _row(line: str, found: Mapping[str, list[str]]) -> str:
    name, *figures = _cells(line)
    known = found.get(name) if line.startswith("|") else None
    return f"| {' | '.join([name, *known])} |" if known and len(known) == len(figures) else line


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 where a figure is another.")
    options = parser.parse_args()
    before = PAGE.read_text(encoding="utf-8")
    after = rewritten(before, releases.find())
    changed = [line for line in after.split("\n") if line not in before.split("\n")]
    for line in changed:
        print(line)
    if changed and not options.check:
        with replacing(PAGE) as file:
            file.write(after.encode("utf-8"))
    return int(bool(changed) and options.check)


if __name__ == "__main__":
    sys.exit(main())
