"""Classes of words, read from ``baselines/crf/classes.toml``."""

from functools import cache

from communique import resources


@cache
def classes() -> dict[str, str]:
    """Return, by lemma in lower case, its class."""
    areas = resources.settings("crf", "classes.toml")
    return {word: name for found in areas.values() for name, words in found.items() for word in words.split()}
