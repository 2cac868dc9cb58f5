"""Who says what in a sentence, by reporting verbs, quotation marks and the nearest noun phrase."""

from collections.abc import Iterator, Sequence

from communique.baselines.frames import Frame
from communique.baselines.lexicon import lexicon
from communique.baselines.surface import Surface, Word
from communique.places import Place

_LONGEST_PHRASE = 10
_PUNCTUATION = set(",.;:!?—–()[]…")
_MARKS = set('“”"‘„»«')


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
    cues = list(_cues(words))
    for number, (first, last) in enumerate(cues):
        before = cues[number - 1][1] + 1 if number else 0
        until = cues[number + 1][0] if number + 1 < len(cues) else len(words)
        speaker, inverted = _speaker(words, first, last, before)
        claims = _content(surface, words, (first, last), (before, until), speaker, inverted)
        if claims:
            spoken = ((words[speaker[0]].start, words[speaker[1]].end),) if speaker else ()
            yield Frame(((words[first].start, words[last].end),), spoken, (claims,))


def _cues(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
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
    return 0


def _verb(words: Sequence[Word], at: int) -> bool:
    lexical = lexicon()
    if lexical.verb(words[at].form) is None:
        return False
    noun = at > 0 and (words[at - 1].lower in lexical.determiners or words[at - 1].lower in ("of", "’", "'", "s"))
    name = at > 0 and words[at].form[0].isupper()
    return not noun and not name


def _speaker(words: Sequence[Word], first: int, last: int, before: int) -> tuple[tuple[int, int] | None, bool]:
    """Return the noun phrase that speaks, as indices of words, and whether it follows the cue."""
    after = words[last + 1 : last + 2]
    opened = first == before or words[first - 1].form in _MARKS or words[first - 1].form in _PUNCTUATION
    if words[last].form == "to":
        return _forward(words, last + 1), True
    if opened and after and (after[0].form[0].isupper() or after[0].lower in lexicon().openers):
        return _forward(words, last + 1), True
    return _backward(words, first - 1, before), False


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
    inside = word.form not in _PUNCTUATION and word.form not in _MARKS and not word.quoted
    return inside and word.lower not in lexicon().stops and word.lower not in lexicon().auxiliaries


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
    trailing = (words[last].end, words[bounds[1] - 1].end)
    quoted = [place for stretch in (leading, trailing) for place in surface.quotations_in(stretch)]
    if quoted and (inverted or not _said_plainly(surface, words, last, bounds[1])):
        return tuple(quoted)
    plain = leading if inverted and bounds[0] < first else trailing
    return _trimmed(surface.text, plain)


def _said_plainly(surface: Surface, words: Sequence[Word], last: int, until: int) -> bool:
    """Say whether content follows the cue outside quotation marks."""
    return last + 1 < until and not words[last + 1].quoted and words[last + 1].form not in _PUNCTUATION


def _trimmed(text: str, place: Place) -> tuple[Place, ...]:
    start, end = place
    while start < end and (text[start].isspace() or text[start] in _PUNCTUATION):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ".,;:—–"):
        end -= 1
    return ((start, end),) if len(text[start:end].split()) > 1 else ()
