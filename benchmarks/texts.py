"""How varied texts are, and how near their register is to real news: a table for each genre, with targets.

Usage: python benchmarks/texts.py NAME=TEXTS …        (for example 0.1.0=0.1.0:all polnear=polnear-dev.jsonl new=FOLDER)

TEXTS is RELEASE:split, a file of documents (.jsonl), or a folder of .txt files, searched recursively. The genre of a
.txt file is its name where that is one, after a number ("03-briefing.txt"), else `other`; what is measured from the
annotation is "–" there. A figure outside its target is marked "✗".
"""

import math
import statistics
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from communique import files, releases
from communique.labels import Genre
from communique.problems import CommuniqueError
from communique.texts import normal
from communique.tokens import sentences, tokens
from register import Text
from targets import ALL, MEASURES, NEWS_GROUP, Group, Target

WINDOW = 1000
RUN = 8
NONE = "–"
MISSED = "✗"
VARIETY = f"n|words, median|types / {WINDOW:,}|sentence p10|median|p90|sd|shared {RUN}-word runs".split("|")


def collection(argument: str) -> tuple[str, list[Text]]:
    """Read NAME=TEXTS.

    Raises
    ------
    CommuniqueError
        It is not of that form, there are no texts, or they cannot be read.
    """
    name, separator, place = argument.partition("=")
    if not separator or not name or not place:
        raise CommuniqueError(f"{argument!r} is not NAME=TEXTS; for example 0.1.0=0.1.0:all or new=FOLDER")
    texts = folder(Path(place)) if Path(place).is_dir() else documents(place)
    if not texts:
        raise CommuniqueError(f"{place}: there are no texts; name a folder of .txt files, or documents")
    return name, texts


def folder(place: Path) -> list[Text]:
    paths = sorted(place.rglob("*.txt"))
    return [Text(normal(files.content(path), str(path)), genre(path.stem)) for path in paths]


def genre(stem: str) -> Genre:
    """Return the genre a file is named for, after its number."""
    name = stem.lstrip("0123456789").lstrip("-_")
    return Genre(name) if name in list(Genre) else Genre.OTHER


def documents(place: str) -> list[Text]:
    """Read documents; where none of them has an attribution, they are not annotated."""
    read = releases.part(place)[0]
    annotated = any(document.attributions for document in read)
    return [Text(one.text, one.genre, one if annotated else None) for one in read]


def words(text: str) -> list[str]:
    return [word.lower() for word, _, _ in tokens(text) if any(letter.isalpha() for letter in word)]


def sentence_lengths(text: str) -> list[int]:
    return [len(words(text[start:end])) for line in text.split("\n") for start, end in sentences(line)]


def types_per_window(texts: list[list[str]]) -> float:
    """Return the mean number of distinct words in windows of `WINDOW` words of the texts joined in order."""
    joined = [word for text in texts for word in text]
    windows = [joined[i : i + WINDOW] for i in range(0, len(joined) - WINDOW + 1, WINDOW)] or [joined]
    return statistics.mean(len(set(window)) * WINDOW / max(1, len(window)) for window in windows)


def shared_runs(texts: list[list[str]]) -> int:
    """Return how many runs of `RUN` words stand in more than one text."""
    owners = Counter(run for text in texts for run in set(zip(*(text[i:] for i in range(RUN)), strict=False)))
    return sum(times > 1 for times in owners.values())


def variety(contents: Sequence[str]) -> list[str]:
    """Return the cells of `VARIETY`."""
    texts = [words(content) for content in contents]
    lengths = [length for content in contents for length in sentence_lengths(content) if length]
    median = statistics.median(len(text) for text in texts)
    figures: list[float | None] = [len(texts), median, types_per_window(texts)]
    several = len(lengths) > 1
    figures += [statistics.quantiles(lengths, n=10)[at] if several else None for at in (0, 4, 8)]
    spread = statistics.stdev(lengths) if several else None
    return [*map(partial(shown, digits=0), figures), shown(spread, 1), str(shared_runs(texts))]


def shown(figure: float | None, digits: int) -> str:
    return NONE if figure is None else f"{figure:.{digits}f}"


def groups(texts: Sequence[Text]) -> Iterator[Group]:
    """Yield the news genres together, all texts, and each genre that there is."""
    yield from (NEWS_GROUP, ALL)
    there = {text.genre for text in texts}
    yield from (Group(str(one), (one,)) for one in Genre if one in there)


def rows(group: Group, collections: Sequence[Sequence[Text]]) -> Iterator[list[str]]:
    """Yield the measures of a group that it has a target for or a figure: name, target, a cell for each collection."""
    chosen = [[text for text in texts if text.genre in group.genres] for texts in collections]
    for measure in MEASURES:
        target = next((one for one in measure.targets if set(group.genres) <= set(one.genres)), None)
        figures = [shown(measure.figure(texts), measure.digits) for texts in chosen]
        if target or set(figures) != {NONE}:
            yield [measure.name, described(target), *(marked(figure, target) for figure in figures)]


def marked(figure: str, target: Target | None) -> str:
    """Return a figure, marked where, as it is shown, it misses its target."""
    missed = target and figure != NONE and not target.low <= float(figure) <= target.high
    return f"{figure} {MISSED}" if missed else figure


def described(target: Target | None) -> str:
    if target is None:
        return ""
    if target.high == math.inf:
        return f"≥{target.low:g}"
    return f"{target.low:g}–{target.high:g}" if target.low else f"≤{target.high:g}"


def table(header: Sequence[str], lines: Iterator[list[str]]) -> None:
    print("| " + " | ".join(header) + " |\n|" + "---|" + "---:|" * (len(header) - 1))
    for line in lines:
        print("| " + " | ".join(line) + " |", flush=True)


def main() -> None:
    named = [collection(argument) for argument in sys.argv[1:]]
    if not named:
        raise CommuniqueError("nothing is named; for example 0.1.0=0.1.0:all new=FOLDER")
    names, collections = [name for name, _ in named], [texts for _, texts in named]
    lines = ([name, *variety([text.text for text in texts])] for name, texts in named)
    table(["texts", *VARIETY], lines)
    for group in groups([text for texts in collections for text in texts]):
        counted = (sum(text.genre in group.genres for text in texts) for texts in collections)
        heads = [f"{name} ({number})" for name, number in zip(names, counted, strict=True)]
        print()
        table([group.name, "target", *heads], rows(group, collections))


if __name__ == "__main__":
    try:
        main()
    except CommuniqueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
