"""Machine labels measured against people's: types, spans and links, acts in speeches, holders; never a word of text.

Usage: python benchmarks/people.py [--polnear CLONE] [--gum CLONE] [--unsc CLONE] [--plover CLONE] [--verbose]
       [--results baselines] [--layers seeds/layers]

A CLONE is the user's own copy of the public repository; what is missing is left out, and said. Our labels are the
layers of the checkout. Intervals are of 95 %, by leaving out one article, speech or sentence at a time. With --results
the spans and holders are written as results of the systems `annotators` and `people`, and the leaderboard with them.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from against.agreement import Labelled, claim_pairs, typed_pairs, with_each_other
from against.articles import against_people
from against.coreference import against_coreference
from against.events import against_experts
from against.rows import ANNOTATORS, typed_by
from against.speeches import against_conflicts, spoken_by
from communique.problems import CommuniqueError
from communique.report import bench
from communique.score.evaluate import Evaluation

MISSING = {
    "plover": "types against experts",
    "polnear": "spans and links against people",
    "unsc": "acts in speeches, and annotators of speeches with each other",
    "gum": "holders against coreference",
}
TYPED = {"polnear": "dev", "gum": "dev", "plover": "all"}


def measured(options: argparse.Namespace) -> list[Evaluation]:
    results: list[Evaluation] = []
    folder: Callable[[str], Path] = options.layers.joinpath
    pairs: dict[str, Labelled] = {
        name: typed_pairs(*typed_by(folder(name), part).values()) for name, part in TYPED.items()
    }
    if options.plover:
        against_experts(options.plover, folder("plover"))
    if options.polnear:
        results += against_people(options.polnear, folder("polnear"), options.verbose)
    if options.unsc:
        spoken = spoken_by(options.unsc, folder("unsc"))
        against_conflicts(options.unsc, spoken)
        pairs["unsc"] = claim_pairs(*(spoken[name] for name in ANNOTATORS))
    if options.gum:
        results += against_coreference(options.gum, folder("gum"))
    with_each_other(pairs)
    return results


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in MISSING:
        parser.add_argument(f"--{name}", type=Path, metavar="CLONE")
    parser.add_argument("--verbose", action="store_true", help="spans by article and by person, too")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="write results and leaderboard there")
    parser.add_argument("--layers", type=Path, default=Path(__file__).resolve().parents[1] / "seeds" / "layers")
    options = parser.parse_args(arguments)
    for name, what in MISSING.items():
        if getattr(options, name) is None:
            print(f"LEFT OUT: {what}; give --{name} CLONE", file=sys.stderr)
    try:
        results = measured(options)
        if options.results and results:
            bench.write(results, options.results)
    except CommuniqueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
