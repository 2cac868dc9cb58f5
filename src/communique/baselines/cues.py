"""Words that report: verbs and phrases of the lexicon where they stand as verbs, with what they take with them."""

from collections.abc import Callable, Iterator, Sequence

from communique.baselines.lexicon import lemma, lexicon
from communique.baselines.surface import Word

PUNCTUATION = set(",.;:!?—–()[]…")
MARKS = set('“”"‘„»«')
_LONGEST_VOICED = 6
_POSSESSING = {"of", "’", "'", "s", "whose", "which", "what"}


def cues(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the cues of a sentence with their auxiliaries, as numbers of their first and last word."""
    lexical, at = lexicon(), 0
    while at < len(words):
        length = 0 if words[at].quoted else _phrase(words, at) or _verb(words, at)
        if length:
            last = at + length - 1
            first = at
            while first and words[first - 1].lower in lexical.auxiliaries and not words[first - 1].quoted:
                first -= 1
            yield first, last
            at = last
        at += 1


def _phrase(words: Sequence[Word], at: int) -> int:
    """Return how many words of a reporting phrase start here."""
    for phrase in lexicon().opening.get(words[at].lower, ()):
        if tuple(word.lower for word in words[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return _voiced(words, at)


def _voiced(words: Sequence[Word], at: int) -> int:
    """Return how many words of "expressed its deep concern at" start here, 0 where no feeling is voiced."""
    lexical = lexicon()
    if lemma(words[at].lower) not in lexical.voicing:
        return 0
    for last in range(at + 1, min(at + _LONGEST_VOICED, len(words))):
        if words[last].quoted or words[last].form in PUNCTUATION:
            return 0
        if words[last].lower in lexical.feelings:
            governs = last + 1 < len(words) and words[last + 1].lower in lexical.governing
            return last + 1 + governs - at
    return 0


def _verb(words: Sequence[Word], at: int) -> bool:
    lexical = lexicon()
    if lexical.verb(words[at].form) is None:
        return False
    noun = at > 0 and (words[at - 1].lower in lexical.determiners or words[at - 1].lower in _POSSESSING)
    noun = noun or (at > 0 and lemma(words[at - 1].lower) == "take")
    name = at > 0 and words[at].form[0].isupper()
    return not noun and not name and not any(told(words, at) for told in _FILTERS)


def _before(words: Sequence[Word], at: int) -> str:
    """Return the word before a verb in lower case, adverbs and negations passed over; empty where there is none."""
    while at and (words[at - 1].lower.endswith("ly") or words[at - 1].lower in ("not", "also", "never", "t", "’", "'")):
        at -= 1
    return words[at - 1].lower if at else ""


def _suffered(words: Sequence[Word], at: int) -> bool:
    """Say whether the subject suffers what the verb tells, as in "must be held" or "was repeated"."""
    if words[at + 1 : at + 2] and words[at + 1].lower == "by":
        return False
    past = words[at].lower.endswith(("ed", "en")) or words[at].lower in lexicon().suffered
    return past and _before(words, at) in lexicon().copulas and words[at].lower not in lexicon().reported


def _hypothetical(words: Sequence[Word], at: int) -> bool:
    """Say whether the act may or will be performed, but is not; one that is refused ("would not say") is told."""
    return at > 0 and words[at - 1].lower in lexicon().modals


def _counted(words: Sequence[Word], at: int) -> bool:
    """Say whether the form is a noun that is counted, as in "seven claims"."""
    return at > 0 and words[at - 1].lower.isdigit() and words[at].lower.endswith("s")


def _infinitive(words: Sequence[Word], at: int) -> bool:
    """Say whether the act is told by another verb, as in "wished to say"."""
    return at > 0 and words[at - 1].lower == "to"


def _particle(words: Sequence[Word], at: int) -> bool:
    """Say whether "back" belongs to another verb, as in "put back"."""
    before = words[at - 1].lower if at else ""
    return words[at].lower == "back" and not (before.endswith("s") or before in lexicon().pronouns)


_FILTERS: tuple[Callable[[Sequence[Word], int], bool], ...] = (
    _suffered,
    _hypothetical,
    _counted,
    _infinitive,
    _particle,
)
