"""Words that name somebody: speakers, the parts of joint ones, and names anywhere in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from communique.baselines.lexicon import lexicon
from communique.places import Place

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_AFTER_HEAD = frozenset(
    ("of", "for", "from", "to", "in", "at", "on", "with", "by", "who", "whose", "that", "which", "and", "or", "not")
)
_BEFORE = re.compile(r"([^\W\d_]+)[ “\"‘']*$")
_OTHER_PRONOUNS = frozenset(("his", "her", "their", "its", "our", "my", "him", "them"))
_PLURAL = re.compile(r"(?i)\b(?:both|the two|the three|the pair)\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a holder.

    Attributes
    ----------
    at : int
        Where it stands, code points.
    words : str
        Empty where the speaker is implicit.
    spoken : bool
        Whether it is a speaker.
    before : str
        What stands before it in the text, or the end of that.
    """

    at: int
    words: str
    spoken: bool = True
    before: str = ""

    @property
    def place(self) -> Place | None:
        """Its stretch of the text, None where it is implicit."""
        return (self.at, self.at + len(self.words)) if self.words else None

    @property
    def forms(self) -> tuple[str, ...]:
        """Its words, determiners left out."""
        return _forms(self.words)

    @property
    def pronoun(self) -> str:
        """The pronoun or possessive that it is, in lower case; else empty."""
        return _pronoun(self.words)

    @property
    def names(self) -> tuple[str, ...]:
        """Its capitalised words, in order."""
        return _names(self.words)

    @property
    def head(self) -> str:
        """The noun it is built around, in lower case; of a name its last word."""
        return _head(self.words)

    @property
    def lead(self) -> str:
        """The word before it, in lower case; empty where it begins a sentence."""
        found = _BEFORE.search(self.before)
        return found[1].lower() if found else ""

    @property
    def kind(self) -> str:
        """Return implicit, pronoun, several, name or description."""
        return _kind(self.words)


_kept = lru_cache(maxsize=4096)
"""What words are is asked again and again of the few holders of a text."""


@_kept
def _forms(words: str) -> tuple[str, ...]:
    found = _WORD.findall(words)
    return tuple(found if len(found) == 1 else (form for form in found if form.lower() not in lexicon().determiners))


@_kept
def _pronoun(words: str) -> str:
    forms = _forms(words)
    alone = forms[0].lower() if len(forms) == 1 else ""
    return alone if alone in lexicon().pronouns or alone in _OTHER_PRONOUNS else ""


@_kept
def _names(words: str) -> tuple[str, ...]:
    return () if _pronoun(words) else tuple(form for form in _forms(words) if form[0].isupper())


@_kept
def _head(words: str) -> str:
    before: list[str] = []
    for form in _WORD.findall(words.partition(",")[0]):
        if before and form.lower() in _AFTER_HEAD:
            break
        before.append(form.lower())
    return before[-1].removesuffix("’s").removesuffix("'s") if before else ""


@_kept
def _kind(words: str) -> str:
    if not words or _pronoun(words):
        return "pronoun" if words else "implicit"
    if _PLURAL.search(words):
        return "several"
    return "name" if _names(words) else "description"


def speakers(text: str, places: Sequence[Place], at: int) -> list[Mention]:
    """Return those whom a speaker names: one, or the parts of a joint one; an implicit one stands at `at`."""
    if not places:
        return [Mention(at, "")]
    start, end = places[0]
    return [Mention(a, text[a:b], before=_before(text, a)) for a, b in _parts(text, start, end)]


def _before(text: str, at: int) -> str:
    return text[max(0, at - 40) : at]


def _parts(text: str, start: int, end: int) -> list[Place]:
    """Split at "and" where both sides begin with a capital letter or a determiner, and the first has no apposition."""
    joint = re.match(r"(?:[Bb]oth )?([^,]+?),? and (.+)$", text[start:end], re.DOTALL)
    if not joint or not all(map(_begins_anew, joint.groups())):
        return [(start, end)]
    return [(start + a, start + b) for a, b in (joint.span(1), joint.span(2))]


def _begins_anew(words: str) -> bool:
    first = words.split(maxsplit=1)[0]
    return first[0].isupper() or first.lower() in lexicon().determiners


def names(text: str) -> Iterator[Mention]:
    """Yield the names in a text: runs of capitalised words, unless of one word that the text has in lower case too."""
    lower = set(re.findall(r"(?<![\w’'-])[^\W\d_]+", text))
    for run in _runs(text):
        start, end = run[0].start(), run[-1].end()
        if len(run) > 1 or run[0][0].lower() not in lower:
            words = text[start:end].removesuffix("’s").removesuffix("'s")
            yield Mention(start, words, spoken=False, before=_before(text, start))


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield runs of capitalised words with nothing but a space between them."""
    closed = lexicon().determiners | lexicon().pronouns | lexicon().stops
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        capital = word[0][0].isupper()
        if run and not (capital and text[run[-1].end() : word.start()] == " "):
            yield run
            run = []
        if capital and (run or word[0].lower() not in closed):
            run.append(word)
    if run:
        yield run
