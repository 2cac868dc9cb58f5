"""The reporting lexicon of the rules, read from ``baselines/rules/config.toml``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import simplemma

from communique import resources
from communique.labels import Rhetoric

_FORM = re.compile(r"[^\W_]+")
_LONGEST = 3
"""Words of an entry of `Lexicon.cues`."""
Patterns = tuple[tuple[Rhetoric, re.Pattern[str]], ...]


@dataclass(frozen=True)
class Lexicon:
    """Reporting verbs and phrases with the type they report, patterns of contents (lower case), closed word classes.

    Attributes
    ----------
    verbs, phrases : dict
        By lemma and by words: what finds a cue, and the type it reports.
    cues : dict of tuple of str to Rhetoric
        By lemmas, up to three: what tells the type of a cue that is given; verbs and phrases are among them.
    """

    verbs: dict[str, Rhetoric]
    phrases: dict[tuple[str, ...], Rhetoric]
    cues: dict[tuple[str, ...], Rhetoric]
    contents: Patterns
    formulas: Patterns
    wordings: Patterns
    recipients: dict[str, frozenset[str]]
    auxiliaries: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    stops: frozenset[str]
    times: frozenset[str]
    adverbs: frozenset[str]
    copulas: frozenset[str]
    suffered: frozenset[str]
    joining: frozenset[str]
    addressing: frozenset[str]
    circumstances: frozenset[str]
    reported: frozenset[str]
    modals: frozenset[str]
    voicing: frozenset[str]
    feelings: frozenset[str]
    governing: frozenset[str]

    @cached_property
    def opening(self) -> dict[str, list[tuple[str, ...]]]:
        """The phrases by their first word."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for phrase in self.phrases:
            found.setdefault(phrase[0], []).append(phrase)
        return found

    @cached_property
    def openers(self) -> frozenset[str]:
        """The words that begin a noun phrase: determiners and pronouns."""
        return self.determiners | self.pronouns

    def verb(self, form: str) -> Rhetoric | None:
        """Return the type a word reports if it is a form of a reporting verb."""
        return self.verbs.get(lemma(form.lower()))

    def cue_type(self, cue: str) -> Rhetoric | None:
        """Return the type that the words of a cue report, None where they are neutral; the last that tell it decide."""
        words = lemmas(cue)
        ends = ((end, size) for end in range(len(words), 0, -1) for size in range(_LONGEST, 0, -1) if size <= end)
        found = (self.cues.get(words[end - size : end]) for end, size in ends)
        label = next(filter(None, found), None)
        return None if label is Rhetoric.ASSERTION else label

    def content_type(self, words: str) -> Rhetoric:
        """Return the type that the wording of a claim suggests."""
        return next(self.content_types(words), Rhetoric.ASSERTION)

    def content_types(self, words: str) -> Iterator[Rhetoric]:
        """Yield the types whose wording a claim has."""
        lower = words.lower()
        return (label for label, pattern in self.contents if pattern.search(lower))


def lemmas(words: str) -> tuple[str, ...]:
    """Return the dictionary forms of words, without punctuation."""
    return tuple(lemma(form) for form in _FORM.findall(words.lower()))


@cache
def lemma(form: str) -> str:
    """Return the dictionary form of an English word in lower case."""
    return simplemma.lemmatize(form, lang="en") if form.isalpha() else form


@cache
def settings() -> dict[str, Any]:
    """Return ``baselines/rules/config.toml``."""
    return resources.settings("rules")


@cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """Return a pattern of a table of the settings; BODIES in it stands for what may be an author.

    Parameters
    ----------
    table, name : str
        Of the settings.
    """
    return re.compile(settings()[table][name].replace("BODIES", "|".join(settings()["authors"]["bodies"])))


@cache
def lexicon() -> Lexicon:
    """Return the packaged lexicon."""
    config = settings()
    words = {name: frozenset(forms) for name, forms in config["words"].items()}
    verbs = _labels(config["verbs"])
    phrases = {tuple(phrase.split()): Rhetoric(label) for phrase, label in config["phrases"].items()}
    given = {**verbs, **config["phrases"], **_labels(config["cues"])}
    return Lexicon(
        verbs=verbs,
        phrases=phrases,
        cues={lemmas(entry): Rhetoric(label) for entry, label in given.items()},
        contents=_patterns(config["contents"]),
        formulas=_patterns(config["formulas"]),
        wordings=_patterns(config["wordings"]),
        recipients={lemma: frozenset(words) for lemma, words in config["recipients"].items()},
        **words,
    )


def _patterns(entries: list[dict[str, str]]) -> Patterns:
    return tuple((Rhetoric(item["type"]), re.compile(item["pattern"])) for item in entries)


def _labels(entries: dict[str, list[str]]) -> dict[str, Rhetoric]:
    return {entry: Rhetoric(label) for label, listed in entries.items() for entry in listed}
