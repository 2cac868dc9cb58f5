"""How well speakers are resolved to entities where the annotated speakers are given: by rules, and as learned.

Usage: python benchmarks/holders.py [--train newest:train] [--score newest:dev] [--strength 3.0]

An attribution is right where its predicted entities are those of gold, entities being paired one to one so that most
attributions are right (as CEAF pairs them, Luo 2005). Percent, by kind of speaker.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from communique import releases
from communique.baselines.frames import Resolve, framed
from communique.baselines.mentions import speakers
from communique.baselines.ranking import fit
from communique.baselines.resolve import resolve
from communique.records import Document

KINDS = ("all", "name", "description", "pronoun", "implicit", "joint")


def judged(document: Document, found: Resolve) -> Iterator[tuple[str, bool]]:
    """Yield the kind of each speaker, and whether its holders are right."""
    given = framed(document)
    held = found(document.text, [frame for frame, _ in given])[1]
    wanted = [holders for _, holders in given]
    paired = one_to_one(wanted, held)
    for (frame, holders), names in zip(given, held, strict=True):
        kind = speakers(document.text, frame.speaker, frame.start)[0].kind
        yield "joint" if len(holders) > 1 else kind, {paired.get(name) for name in names} == set(holders)


def one_to_one(wanted: Sequence[tuple[str, ...]], held: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """Return for predicted entities the gold ones that they share most attributions with, one to one."""
    golds, given = (sorted({name for names in side for name in names}) for side in (wanted, held))
    shared = np.zeros((len(given), len(golds)))
    for names, others in zip(wanted, held, strict=True):
        for one in names:
            for other in others:
                shared[given.index(other), golds.index(one)] += 1
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {given[i]: golds[j] for i, j in zip(rows, columns, strict=True) if shared[i, j]}


def row(name: str, documents: Sequence[Document], found: Resolve) -> str:
    counts: Counter[tuple[str, bool]] = Counter()
    for document in documents:
        for kind, right in judged(document, found):
            counts.update([(kind, right), ("all", right)])
    cells = [(counts[kind, True], counts[kind, True] + counts[kind, False]) for kind in KINDS]
    return f"| {name} | " + " | ".join(f"{100 * right / n:.1f} ({n})" if n else "–" for right, n in cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", default="newest:train")
    parser.add_argument("--score", default="newest:dev")
    parser.add_argument("--strength", type=float, default=3.0)
    options = parser.parse_args()
    train, scored = (releases.part(part)[0] for part in (options.train, options.score))
    print("| resolution | " + " | ".join(KINDS) + " |\n|---|" + "---:|" * len(KINDS))
    print(row("rules", scored, resolve))
    print(row("learned", scored, fit(train, options.strength).resolve))


if __name__ == "__main__":
    main()
