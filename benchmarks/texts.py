"""How varied texts are: words per text and sentence, types per 1,000 tokens, shared runs of words.

Usage: python benchmarks/texts.py NAME=FOLDER …       (folders of .txt files, searched recursively)
"""

import statistics
import sys
from collections import Counter
from pathlib import Path

from communique.tokens import sentences, tokens

WINDOW = 1000
RUN = 8


def words(text: str) -> list[str]:
    return [word.lower() for word, _, _ in tokens(text) if any(letter.isalpha() for letter in word)]


def sentence_lengths(text: str) -> list[int]:
    return [len(words(text[start:end])) for line in text.split("\n") for start, end in sentences(line)]


def types_per_window(texts: list[list[str]]) -> float:
    """Return the mean number of distinct words in windows of `WINDOW` words of the texts joined in order."""
    joined = [word for text in texts for word in text]
    windows = [joined[i : i + WINDOW] for i in range(0, len(joined) - WINDOW + 1, WINDOW)] or [joined]
    return statistics.mean(len(set(window)) * WINDOW / len(window) for window in windows)


def shared_runs(texts: list[list[str]]) -> int:
    """Return how many runs of `RUN` words stand in more than one text."""
    owners = Counter(run for text in texts for run in set(zip(*(text[i:] for i in range(RUN)), strict=False)))
    return sum(times > 1 for times in owners.values())


def row(name: str, folder: Path) -> list[str]:
    contents = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.txt"))]
    texts = [words(content) for content in contents]
    lengths = [length for content in contents for length in sentence_lengths(content) if length]
    low, middle, high = (statistics.quantiles(lengths, n=10)[i] for i in (0, 4, 8))
    median = statistics.median(len(text) for text in texts)
    figures = [len(texts), round(median), round(types_per_window(texts)), round(low), round(middle), round(high)]
    spread = statistics.stdev(lengths)
    return [name, *map(str, figures), f"{spread:.1f}", str(shared_runs(texts))]


def main() -> None:
    header = [
        "texts",
        "n",
        "words, median",
        "types / 1,000",
        "sentence p10",
        "median",
        "p90",
        "sd",
        f"shared {RUN}-word runs",
    ]
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    for argument in sys.argv[1:]:
        name, _, folder = argument.partition("=")
        print("| " + " | ".join(row(name, Path(folder))) + " |", flush=True)


if __name__ == "__main__":
    main()
