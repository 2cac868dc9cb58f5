"""Who says what in a sentence, by reporting verbs, quotation marks and the nearest noun phrase."""

from collections.abc import Iterator, Sequence

from communique.baselines.cues import MARKS, PUNCTUATION, cues
from communique.baselines.lexicon import lemma, lexicon
from communique.baselines.shared.attributions import Frame
from communique.baselines.surface import Surface, Word
from communique.places import Place

_LONGEST_PHRASE = 10
_NESTED = 3
"""Attributions that the content of another may hold, one behind the other."""


def reports(surface: Surface, sentence: Place) -> Iterator[Frame]:
    """Yield the attributions of one sentence.

    Parameters
    ----------
    surface : Surface
        The text.
    sentence : (int, int)
        Place of the sentence.
    """
    words = surface.words(sentence)
    found = list(cues(words))
    starts = [0, *(last + 1 for _, last in found)]
    spoken = [_speaker(words, first, last, start) for (first, last), start in zip(found, starts, strict=False)]
    ends = _ends(words, found, spoken)
    for (first, last), start, end, (speaker, inverted) in zip(found, starts, ends, spoken, strict=False):
        claims = _content(surface, words, (first, last), (start, end), speaker, inverted)
        if claims:
            who = ((words[speaker[0]].start, words[speaker[1]].end),) if speaker else ()
            yield Frame(((words[first].start, words[last].end),), who, (claims,))


def _ends(
    words: Sequence[Word], found: Sequence[tuple[int, int]], spoken: Sequence[tuple[tuple[int, int] | None, bool]]
) -> list[int]:
    """Return where the content of each cue ends: before the clause of a later one, or behind those nested in it."""
    clauses = [_clause(words, first, *speaker) for (first, _), speaker in zip(found, spoken, strict=True)]
    ends = []
    for number in range(1, len(found) + 1):
        later = clauses[number : number + _NESTED + 1]
        apart = (at for depth, (at, joined) in enumerate(later) if joined or depth == _NESTED)
        ends.append(next(apart, len(words)))
    return ends


def _clause(words: Sequence[Word], first: int, speaker: tuple[int, int] | None, inverted: bool) -> tuple[int, bool]:
    """Return where the clause of a cue begins, with what joins it to the one before, and whether it stands apart."""
    at = first if inverted or not speaker else speaker[0]
    begun = at
    while at and words[at - 1].form not in PUNCTUATION and words[at - 1].lower in lexicon().joining:
        at -= 1
    return at, inverted or at < begun or (at > 0 and words[at - 1].form in PUNCTUATION)


def _speaker(words: Sequence[Word], first: int, last: int, before: int) -> tuple[tuple[int, int] | None, bool]:
    """Return the noun phrase that speaks, as indices of words, and whether it follows the cue."""
    after = words[last + 1 : last + 2]
    opened = first == before or words[first - 1].form in MARKS or words[first - 1].form in PUNCTUATION
    if words[last - 1].lower == "according":
        return _forward(words, last + 1), True
    if after and after[0].lower == "by" and not after[0].quoted and words[last].lower.endswith("ed"):
        return _forward(words, last + 2), True
    if opened and after and _opens_phrase(after[0]):
        return _forward(words, last + 1), True
    return _backward(words, _before_adverbs(words, first - 1, before), before), False


def _opens_phrase(word: Word) -> bool:
    opens = word.form[0].isupper() or word.lower in lexicon().openers
    return opens and word.lower not in lexicon().times


def _before_adverbs(words: Sequence[Word], at: int, before: int) -> int:
    while at > before and _adverb(words[at]):
        at -= 1
    return at


def _adverb(word: Word) -> bool:
    if word.form[0].isupper():
        return word.lower in lexicon().times
    return word.lower in lexicon().adverbs or (word.lower.endswith("ly") and len(word.form) > 4)


def _forward(words: Sequence[Word], at: int) -> tuple[int, int] | None:
    end = at
    while end < len(words) and end - at < _LONGEST_PHRASE and _within_phrase(words[end]):
        end += 1
    return (at, end - 1) if end > at else None


def _backward(words: Sequence[Word], at: int, before: int) -> tuple[int, int] | None:
    lexical = lexicon()
    start = at + 1
    while start > before and at - start < _LONGEST_PHRASE and _within_phrase(words[start - 1]):
        start -= 1
        if words[start].lower in lexical.openers:
            break
    return (start, at) if start <= at else None


def _within_phrase(word: Word) -> bool:
    inside = word.form not in PUNCTUATION and word.form not in MARKS and not word.quoted
    return (
        inside
        and word.lower not in lexicon().times
        and word.lower not in lexicon().stops
        and word.lower not in lexicon().auxiliaries
    )


def _content(
    surface: Surface,
    words: Sequence[Word],
    cue: tuple[int, int],
    bounds: tuple[int, int],
    speaker: tuple[int, int] | None,
    inverted: bool,
) -> tuple[Place, ...]:
    first, last = (
        min(cue[0], speaker[0] if speaker else cue[0]),
        max(cue[1], speaker[1] if speaker and inverted else cue[1]),
    )
    leading = (words[bounds[0]].start, words[first].start)
    trailing = (words[_recipient(words, last + 1, bounds[1]) - 1].end, words[bounds[1] - 1].end)
    quoted = [place for stretch in (leading, trailing) for place in surface.quotations_in(stretch)]
    if quoted and (inverted or not _said_plainly(surface, words, last, bounds[1])):
        return tuple(quoted)
    plain = leading if inverted and bounds[0] < first else trailing
    if inverted and words[cue[1] + 1 : cue[1] + 2] and words[cue[1] + 1].lower == "by":
        plain = _done(words, first, bounds[0])
    return _trimmed(surface.text, plain)


def _recipient(words: Sequence[Word], at: int, until: int) -> int:
    """Return where the content begins behind a cue: at "that", "to" or behind "of", if whom and when stand before."""
    told = (lexicon().recipients.get(lemma(words[number].lower)) for number in (at - 1, at - 2))
    if opening := next(filter(None, told), None):
        for number in range(at + 1, min(at + _LONGEST_PHRASE, until)):
            if words[number].lower in opening:
                return number + (words[number].lower not in ("to", "that"))
            if words[number].quoted or words[number].form in PUNCTUATION:
                break
    addressed = lemma(words[at - 1].lower) in lexicon().addressing
    if not addressed and at < until and words[at].lower not in lexicon().circumstances:
        return at
    for number in range(at, min(at + _LONGEST_PHRASE, until)):
        if words[number].lower == "that":
            return number
        if words[number].quoted or words[number].form in PUNCTUATION:
            break
    return at


def _done(words: Sequence[Word], first: int, before: int) -> Place:
    """Return what stands before "was condemned by", as far as its clause goes."""
    at = first
    while at > before and words[at - 1].form not in PUNCTUATION and words[at - 1].lower not in lexicon().joining:
        at -= 1
    return words[at].start, words[max(at, first - 1)].end


def _said_plainly(surface: Surface, words: Sequence[Word], last: int, until: int) -> bool:
    """Say whether content follows the cue outside quotation marks."""
    return last + 1 < until and not words[last + 1].quoted and words[last + 1].form not in PUNCTUATION


def _trimmed(text: str, place: Place) -> tuple[Place, ...]:
    start, end = place
    while start < end and (text[start].isspace() or text[start] in PUNCTUATION):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ".,;:—–"):
        end -= 1
    return ((start, end),) if len(text[start:end].split()) > 1 else ()
