"""The reporting lexicon of the rules, read from ``baselines/rules/config.toml``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import simplemma

from communique import resources
from communique.labels import Rhetoric


@dataclass(frozen=True)
class Lexicon:
    """Reporting verbs and phrases with the type they report, patterns of contents (lower case), closed word classes."""

    verbs: dict[str, Rhetoric]
    phrases: dict[tuple[str, ...], Rhetoric]
    contents: tuple[tuple[Rhetoric, re.Pattern[str]], ...]
    auxiliaries: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    stops: frozenset[str]

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
        """Return the type that the words of a cue report, None where they are neutral."""
        words = cue.lower().split()
        phrases = [label for phrase, label in self.phrases.items() if list(phrase) == words[-len(phrase) :]]
        labels = phrases + [label for word in reversed(words) if (label := self.verb(word))]
        return labels[0] if labels and labels[0] is not Rhetoric.ASSERTION else None

    def content_type(self, words: str) -> Rhetoric:
        """Return the type that the wording of a claim suggests."""
        return next(self.content_types(words), Rhetoric.ASSERTION)

    def content_types(self, words: str) -> Iterator[Rhetoric]:
        """Yield the types whose wording a claim has."""
        lower = words.lower()
        return (label for label, pattern in self.contents if pattern.search(lower))


@cache
def lemma(form: str) -> str:
    """Return the dictionary form of an English word in lower case."""
    return simplemma.lemmatize(form, lang="en") if form.isalpha() else form


@cache
def lexicon() -> Lexicon:
    """Return the packaged lexicon."""
    config = resources.settings("rules")
    words = {name: frozenset(forms) for name, forms in config["words"].items()}
    return Lexicon(
        verbs={verb: Rhetoric(label) for label, verbs in config["verbs"].items() for verb in verbs},
        phrases={tuple(phrase.split()): Rhetoric(label) for phrase, label in config["phrases"].items()},
        contents=tuple((Rhetoric(item["type"]), re.compile(item["pattern"])) for item in config["contents"]),
        **words,
    )
