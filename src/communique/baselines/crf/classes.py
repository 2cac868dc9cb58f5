"""Classes of words, read from ``baselines/crf/classes.toml``."""

from functools import cache

from communique import resources


@cache
def classes() -> tuple[dict[str, str], dict[str, str]]:
    """Return, by lemma in lower case, its class, and the area of that class."""
    areas = resources.settings("crf", "classes.toml")
    rows = [
        (word, name, area) for area, found in areas.items() for name, words in found.items() for word in words.split()
    ]
    return {word: name for word, name, _ in rows}, {word: area for word, _, area in rows}
