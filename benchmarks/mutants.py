"""Of faults made by hand, one line each, how many the tests catch.

Usage: python benchmarks/mutants.py [--only WORD] [--jobs 2]

Each fault is put into a scratch copy of the checkout, where the tests named beside it are run until one fails. A fault
that no test notices is told as alive; so is one whose line is not there any more, once and no more. Takes about half an
hour on two cores.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "src/communique"
LIMIT = 600
"""Seconds of one run of tests; longer is a fault noticed."""


class Fault(NamedTuple):
    """A line and what is made of it, and the tests that ought to fail."""

    file: str
    line: str
    fault: str
    tests: str


FAULTS = [
    # items and matching
    Fault("score/items.py", "        elif start < end:", "        elif start <= end:", "counting"),
    Fault(
        "score/items.py", "if joined and start <= joined[-1][1]:", "if joined and start < joined[-1][1]:", "counting"
    ),
    Fault(
        "score/items.py",
        "    return shared / (size(one) + size(other) - shared)",
        "    return shared / max(size(one), size(other))",
        "score pairing",
    ),
    Fault("score/items.py", "if unit.id in content", "if True", "labels_scored"),
    Fault(
        "score/match.py",
        "(w := weight(gold[i], predicted[j])) > 0]",
        "(w := weight(gold[i], predicted[j])) >= 0]",
        "match score pairing",
    ),
    Fault(
        "score/match.py",
        "    falling = padded[:, 0, 0] + padded[:, 1, 1] >= ",
        "    falling = padded[:, 0, 0] + padded[:, 1, 1] < ",
        "match score",
    ),
    Fault(
        "score/match.py",
        "edges[np.lexsort((edges, -weights[edges], piece[edges]))]",
        "edges[np.lexsort((edges, weights[edges], piece[edges]))]",
        "match score",
    ),
    Fault("score/match.py", "(padded[number], maximize=True)", "(padded[number], maximize=False)", "match score"),
    Fault(
        "score/match.py",
        "rest = [(1,) * len(tiers), *others]",
        "rest = [(0,) * len(tiers), *others]",
        "match pairing",
    ),
    Fault(
        "score/match.py",
        "[number * size + tier for number, tier in",
        "[number + tier for number, tier in",
        "match pairing",
    ),
    # pairing
    Fault(
        "score/pairing.py",
        "predicted[j].content) >= self.threshold]",
        "predicted[j].content) > self.threshold]",
        "counting",
    ),
    Fault("score/pairing.py", "    return float(shared ** (1 / 3))", "    return float(shared)", "pairing score"),
    Fault(
        "score/pairing.py", "if wanted and given else wanted is given", "if wanted and given else 1", "pairing score"
    ),
    Fault(
        "score/pairing.py",
        "self._held[pair] = self.as_gold(other.holders) == one.holders and",
        "self._held[pair] = bool(self.as_gold(other.holders) & one.holders) and",
        "pairing",
    ),
    Fault(
        "score/pairing.py",
        "self._held[pair] = self.as_gold(other.holders) == one.holders and",
        "self._held[pair] = self.as_gold(other.holders) >= one.holders and",
        "pairing",
    ),
    Fault("score/pairing.py", "iou(other.speaker, words) >= SHARED", "iou(other.speaker, words) > 0", "pairing"),
    Fault("score/pairing.py", "if said.speaker and said.holders <= holders)", "if said.speaker)", "counting"),
    Fault("score/pairing.py", "_tiers(self._holder, self._both, self._labels)", "_tiers()", "counting"),
    Fault("score/pairing.py", "_tiers(self.holder_right)", "_tiers()", "counting"),
    Fault(
        "score/pairing.py",
        "found = {i: other for i, other in named if other and other.content == self.asked[i].content}",
        "found = {i: other for i, other in named if other}",
        "score pairing evaluation",
    ),
    Fault(
        "score/pairing.py",
        "        alike = (one.said.cue == other.said.cue) + (one.said.speaker == other.said.speaker)",
        "        alike = 0",
        "counting",
    ),
    Fault("score/entities.py", ">= SHARED:", "> SHARED:", "counting"),
    Fault("score/entities.py", "SHARED = 0.5", "SHARED = 0.05", "counting"),
    Fault("score/entities.py", "if not entity.mentions] for side", "] for side", "pairing"),
    Fault(
        "score/entities.py",
        "told = mentions.get((i, j), 0), together[one.id, other.id]",
        "told = 0, together[one.id, other.id]",
        "counting",
    ),
    Fault("score/submission.py", "if document.entities}", "}", "counting"),
    Fault(
        "score/submission.py", "return sorted(found, key=lambda document: document.id)", "return found", "score pairing"
    ),
    # tasks
    Fault("score/tasks/attribution.py", "            left[triple] -= 1", "            left[triple] -= 0", "counting"),
    Fault(
        "score/tasks/full.py",
        "held and other is not None and asked.claim.rhetoric == other.claim.rhetoric",
        "other is not None and asked.claim.rhetoric == other.claim.rhetoric",
        "score pairing",
    ),
    Fault("score/tasks/full.py", "    if not pairing.entities:", "    if False:", "counting"),
    Fault(
        "score/tasks/holders.py",
        "pairing.as_gold(other.holders) == said.holders",
        "bool(pairing.as_gold(other.holders) & said.holders)",
        "pairing score",
    ),
    Fault("score/tasks/holders.py", "np.maximum(shared.diagonal(), 1)", "shared.diagonal()", "b_cubed"),
    Fault(
        "score/tasks/holders.py",
        "    common = np.minimum(gold, given)",
        "    common = np.maximum(gold, given)",
        "b_cubed",
    ),
    Fault("score/tasks/holders.py", "    if len(said.holders) > 1:", "    if len(said.holders) > 2:", "b_cubed"),
    Fault(
        "score/tasks/rhetoric.py",
        "np.where(figure.gold > 0, np.nan_to_num(figure.value), np.nan)",
        "np.where(figure.predicted > 0, np.nan_to_num(figure.value), np.nan)",
        "score pairing",
    ),
    Fault("score/tasks/rhetoric.py", "said in (wanted.rhetoric, wanted.also)", "said == wanted.rhetoric", "score"),
    Fault("score/tasks/rhetoric.py", "if name(p) == label], zero)", "if name(g) == label], zero)", "counting"),
    Fault(
        "score/labels.py",
        "float(targets == frozenset(asked.claim.targets))",
        "float(targets >= frozenset(asked.claim.targets))",
        "score pairing labels_scored",
    ),
    Fault(
        "score/labels.py",
        "float(holder in holders and target in targets)",
        "float(target in targets)",
        "score pairing labels_scored",
    ),
    Fault(
        "score/labels.py",
        "    yield from (flag for flag in FLAGS if getattr(claim.claim, flag))",
        "    yield from ()",
        "score pairing labels_scored",
    ),
    Fault("score/repeats.py", "        if own and len(tasks) > 1:", "        if own:", "score pairing evaluation"),
    Fault(
        "score/repeats.py",
        "        silent += 0 if answered else asked.total()",
        "        silent += 0",
        "score evaluation",
    ),
    Fault(
        "score/calibration.py",
        "int(chances.get(top, 0.0) * BINS)",
        "int(chances.get(top, 0.0) * (BINS - 1))",
        "calibration",
    ),
    Fault("score/calibration.py", "** 2 for label in Rhetoric", "** 2 for label in chances", "calibration"),
    Fault(
        "score/groups.py",
        "any(unit.speaker is None for unit in units)",
        "all(unit.speaker is None for unit in units)",
        "counting",
    ),
    Fault(
        "score/groups.py",
        "any(unit.parent is not None for unit in units)",
        "all(unit.parent is not None for unit in units)",
        "counting",
    ),
    Fault(
        "score/metrics.py",
        "value=ratio(2 * matched, gold + predicted)",
        "value=ratio(matched, gold + predicted)",
        "score",
    ),
    Fault("score/submission.py", "    yield from predicted_faults(prediction)", "    yield from ()", "score"),
    Fault("score/submission.py", "if total > 1 + _ROUNDING:", "if total > 2 + _ROUNDING:", "calibration score"),
    # chance
    Fault("score/intervals.py", "_UPPER = 0.975", "_UPPER = 0.95", "intervals"),
    Fault("score/intervals.py", "np.sqrt((1 - 1 / len(moved)) * squares)", "np.sqrt(squares)", "intervals"),
    Fault(
        "score/intervals.py",
        "    if documents < FEWEST_DOCUMENTS:",
        "    if documents <= FEWEST_DOCUMENTS:",
        "intervals score",
    ),
    Fault("score/intervals.py", "    if carriers < FEWEST_CLUSTERS:", "    if carriers < 2:", "intervals"),
    Fault(
        "score/randomisation.py",
        "yield swaps[:, clusters.of].astype(float)",
        "yield random.integers(0, 2, size=(len(swaps), len(clusters.of))).astype(float)",
        "compare intervals",
    ),
    Fault(
        "score/randomisation.py",
        "    return (int(hits) + 1) / (len(chance) + 1)",
        "    return int(hits) / len(chance)",
        "compare",
    ),
    Fault(
        "score/randomisation.py", "np.minimum(1, np.maximum.accumulate(stepped))", "np.minimum(1, stepped)", "compare"
    ),
    Fault(
        "score/compare.py",
        "tested = self._tested(other.value - one.value,",
        "tested = self._tested(one.value - other.value,",
        "compare",
    ),
    # agreement
    Fault("score/agreement.py", "np.diag(counts)) / (len(unit) - 1)", "np.diag(counts))", "agreement"),
    Fault(
        "score/agreement.py",
        "expected = (total**2 - (margins**2).sum()) / (total - 1)",
        "expected = (total**2 - (margins**2).sum()) / total",
        "agreement",
    ),
    Fault(
        "score/agreement.py",
        "cohen_kappa_score(first, second, labels=labels)",
        "cohen_kappa_score(first, second, labels=labels[:2])",
        "agreement",
    ),
    Fault("score/agreement.py", "storyline=one.storyline or text.name", "storyline=None", "agreement"),
    # protocols
    Fault(
        "score/protocols/seqeval.py",
        'if not (tag.startswith("I-") and tag[2:] == before[2:]):',
        'if not tag.startswith("I-"):',
        "protocols",
    ),
    Fault("score/protocols/nervaluate.py", "_COR, _PAIR = 3.0, 1.0", "_COR, _PAIR = 1.5, 1.0", "protocols"),
    Fault(
        "score/protocols/ptc.py",
        "        if disjoint and start < disjoint[-1][1]:",
        "        if disjoint and start <= disjoint[-1][1]:",
        "protocols",
    ),
    Fault(
        "score/protocols/cofenet.py",
        '"begin": (begins[0] & begins[1]).total(),',
        '"begin": len(set(begins[0]) & set(begins[1])),',
        "protocols",
    ),
    # the ground
    Fault(
        "checks.py",
        "            if start < end and one != other:",
        "            if start <= end and one != other:",
        "edges",
    ),
    Fault(
        "checks.py",
        "any(a.end > b.start for a, b in pairwise(unit.spans))",
        "any(a.end > b.start + 1 for a, b in pairwise(unit.spans))",
        "edges",
    ),
    Fault("stats.py", "for step in (-1, 1))", "for step in (-1,))", "edges"),
    Fault(
        "stats.py",
        "for at in (span.start, span.end - 1))",
        "for at in (span.start, span.start))",
        "edges",
    ),
    Fault(
        "stats.py",
        "ends = (at for span in claim.spans for at in (span.start, span.end - 1))",
        "ends = (at for span in claim.spans for at in (span.start, span.end))",
        "edges",
    ),
    Fault(
        "nesting.py",
        "not all(around[parent].holds(*place) for place in places(claim))",
        "not any(around[parent].holds(*place) for place in places(claim))",
        "edges",
    ),
    Fault(
        "places.py",
        "return at >= 0 and end <= self._ends[at]",
        "return at >= 0 and end <= self._ends[at] + 1",
        "validation admission hostile",
    ),
    Fault("canonical.py", 'parent=c.get(u.parent or ""),', "parent=None,", "build brat formats"),
    Fault(
        "canonical.py",
        "claims = sorted(unsorted, key=lambda claim: (_place(claim.spans), rank[claim.attribution]))",
        "claims = sorted(unsorted, key=lambda claim: _place(claim.spans))",
        "canonical",
    ),
    Fault(
        "views.py",
        "sorted(spans, key=lambda s: (s[0] - s[1], s))",
        "sorted(spans, key=lambda s: (s[1] - s[0], s))",
        "build protocols",
    ),
    Fault(
        "releases.py",
        "return datasets.load_dataset(str(find(release)), config, split=split, **options)",
        "return datasets.load_dataset(str(find(release)), config, split=split)",
        "load_dataset",
    ),
    Fault(
        "releases.py",
        "return datasets.load_dataset(str(find(release)), config, split=split, **options)",
        "return datasets.load_dataset(str(find()), config, split=split, **options)",
        "load_dataset",
    ),
    Fault(
        "admission.py",
        "    if not told:\n        yield from ((Level.DOCUMENT, *fault) for fault in _units(document))",
        "    if told:\n        yield from ((Level.DOCUMENT, *fault) for fault in _units(document))",
        "admission validation",
    ),
    Fault(
        "texts.py",
        'lines = raw.removeprefix(_MARK).replace("\\r\\n", "\\n")',
        'lines = raw.replace("\\r\\n", "\\n")',
        "texts hostile_files",
    ),
    Fault(
        "folders.py",
        "    if not force:\n        _refuse(target, [n for n in taken",
        "    if force:\n        _refuse(target, [n for n in taken",
        "folders",
    ),
    Fault("writing.py", "and (head := _head(path)) and not re.match(sign, head):", "and False:", "files"),
    Fault("writing.py", "            beside.chmod(stat.S_IMODE(target.stat().st_mode))", "            pass", "files"),
    Fault("paths.py", '"it leads out of it": part in (".", ".."),', "", "paths build"),
    Fault("escapes.py", "＝", "=", "tables voice"),
    Fault("problems.py", 'return plain(words).replace("\\n", "␊")', "return plain(words)", "voice"),
    # formats, quotes, baselines, report
    Fault(
        "formats/conll/units.py",
        "        found = min(near, default=None)",
        "        found = max(near, default=None)",
        "formats hostile",
    ),
    Fault("quotes/nearest.py", "_CLASH = 1_000_000", "_CLASH = 0", "align hostile"),
    Fault(
        "quotes/find.py",
        "return [hit for hit in hits if self._whole(*hit)] or hits if edged else hits",
        "return hits",
        "align",
    ),
    Fault(
        "baselines/linear.py",
        "return np.asarray(softmax(sums / self.fitted.temperature, axis=1))",
        "return np.asarray(softmax(sums, axis=1))",
        "baselines",
    ),
    Fault(
        "baselines/given.py",
        "claims = tuple(PredictedClaim(id=c.id, attribution=c.attribution, spans=c.spans) for c in document.claims)",
        "claims = tuple(PredictedClaim(id=c.id, attribution=c.attribution, spans=c.spans, rhetoric=c.rhetoric) for c in document.claims)",
        "baselines bench pairing",
    ),
    Fault(
        "baselines/given.py",
        "    return replace(given, entities=(), attributions=attributions)",
        "    return replace(given, attributions=attributions)",
        "pairing baselines bench",
    ),
    Fault("baselines/resolve.py", "return found[::-1] if len(found) == 2 else []", "return []", "holders"),
    Fault(
        "report/terminal.py",
        'shown(", ".join(names[name] for name in item.entities)),',
        'Text(", ".join(names[name] for name in item.entities)),',
        "voice cli",
    ),
    Fault(
        "report/compare.py",
        "return found.randomisation_holm < LEVEL and not found.low <= 0 <= found.high",
        "return found.randomisation_holm < LEVEL",
        "compare",
    ),
    Fault(
        "report/bench.py",
        "    return all(score.signature.endswith",
        "    return True or all(score.signature.endswith",
        "results",
    ),
    Fault("cli/ending.py", "(DataError, FAULTY, str),", "(DataError, MISUSED, str),", "ending cli"),
    Fault(
        "evaluation.py",
        '        return "claim-unknown", Level.DOCUMENT, told',
        "        return None",
        "evaluation score",
    ),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="faults whose file has this in its name")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS if options.only in fault.file]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        spare = [copied(Path(folder) / str(number)) for number in range(options.jobs)]
        tests = sorted({name for fault in chosen for name in fault.tests.split()})
        if broken := [
            name
            for name, bad in zip(tests, pool.map(lambda name: broken_already(name, spare), tests), strict=True)
            if bad
        ]:
            raise SystemExit(f"these tests fail without any fault: {', '.join(broken)}; mend them first")
        done = list(pool.map(lambda fault: (fault, noticed(fault, spare)), chosen))
    print(table(done))


def copied(folder: Path) -> Path:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def noticed(fault: Fault, spare: list[Path]) -> str:
    """Return what became of a fault: caught, alive, or not to be put in."""
    folder = spare.pop()
    path = folder / PACKAGE / fault.file
    right = path.read_text(encoding="utf-8")
    try:
        if right.count(fault.line) != 1:
            return f"stands {right.count(fault.line)} times"
        path.write_text(right.replace(fault.line, fault.fault), encoding="utf-8")
        return "caught" if fails(folder, fault.tests.split()) else "alive"
    finally:
        path.write_text(right, encoding="utf-8")
        spare.append(folder)


def broken_already(test: str, spare: list[Path]) -> bool:
    """Say whether a file of tests fails without any fault."""
    folder = spare.pop()
    try:
        return fails(folder, [test])
    finally:
        spare.append(folder)


def fails(folder: Path, tests: Sequence[str]) -> bool:
    files = [f"tests/test_{name}.py" for name in tests if (folder / f"tests/test_{name}.py").is_file()]
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "src"),
        "COMMUNIQUE_UNSHRUNK": "1",
        "COMMUNIQUE_FUZZ": "0.1",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "0", *files]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return True
    if done.returncode not in (0, 1, 2):
        raise RuntimeError(done.stdout.decode()[-2000:])
    return done.returncode != 0


def table(done: Sequence[tuple[Fault, str]]) -> str:
    rows = [f"| `{fault.file}` | `{shown(fault.line)}` | `{shown(fault.fault)}` | {fate} |" for fault, fate in done]
    caught = sum(fate == "caught" for _, fate in done)
    head = ["| file | line | fault | |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, "", f"{caught} of {len(done)} caught, {100 * caught / len(done):.1f} %"])


def shown(line: str) -> str:
    words = " ".join(line.split()).replace("|", "¦") or "(nothing)"
    return words if len(words) <= 60 else f"{words[:59]}…"


if __name__ == "__main__":
    main()
