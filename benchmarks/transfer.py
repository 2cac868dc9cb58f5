"""What is learnt from composed text is worth on real text, and back: holders, spans, types of news and speeches.

Usage: python benchmarks/transfer.py [--gum CLONE] [--unsc CLONE] [--polnear CLONE] [--release newest] [--articles 20]
       [--skip 0] [--layers seeds/layers]

A CLONE is the user's own copy of the public repository; what is missing is left out, and said. "composed" is train of
the release, "real" the collection, "both" the two together; where a release tells strata, those of composed news and
those told for effect are added apart as well. Holders of GUM are learnt in five folds of whole texts, for five
divisions of them, and figures are means over these; `crf` from ARTICLES of PolNeAR's train in the order of their
sha256, the SKIP first left out, `linear` from these and from all; types of speeches from train of unsc. Percent, with
95 % intervals by leaving out one text, or storyline, at a time. Nothing is tuned here.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from across.holders import on_gum
from across.news import on_news
from across.parts import composed
from across.spans import on_polnear
from across.speeches import on_unsc
from communique.problems import CommuniqueError

MISSING = {
    "gum": "holders, learnt from dispatches and from people's coreference",
    "unsc": "types, learnt from dispatches and from speeches",
    "polnear": "spans, attribution and types, learnt from dispatches and from news",
}


def measured(options: argparse.Namespace) -> None:
    release = composed(options.release)
    if options.gum:
        on_gum(options.gum, release, options.layers)
    if options.unsc:
        on_unsc(options.unsc, release, options.layers)
    if options.polnear:
        chosen = slice(options.skip, options.skip + options.articles)
        on_news(options.polnear, release, options.layers, chosen)
        on_polnear(options.polnear, release, options.layers, chosen)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in MISSING:
        parser.add_argument(f"--{name}", type=Path, metavar="CLONE")
    parser.add_argument("--release", default="newest")
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--layers", type=Path, default=Path(__file__).resolve().parents[1] / "seeds" / "layers")
    options = parser.parse_args(arguments)
    if options.articles < 1 or options.skip < 0:
        parser.error("--articles is 1 or more, --skip 0 or more")
    for name, what in MISSING.items():
        if getattr(options, name) is None:
            print(f"LEFT OUT: {what}; give --{name} CLONE", file=sys.stderr)
    try:
        measured(options)
    except CommuniqueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
