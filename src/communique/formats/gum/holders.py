"""Who says it: the words of a source as GUM signals them, and the coreference chain that they belong to."""

from collections import Counter
from collections.abc import Iterable, Sequence

from communique.formats.gum.words import Mention, Text, Word
from communique.labels import EntityKind
from communique.places import Place
from communique.problems import tidy
from communique.records import Entity

_KINDS = {"person": EntityKind.PERSON, "organization": EntityKind.INSTITUTION, "place": EntityKind.STATE}
_APPOSED = ("", ",", "(", "-", "–", "—")
_SMALL = ("ADP", "DET", "PART")


class Mentions:
    """The mentions of a text, found by their words.

    Parameters
    ----------
    text : Text
        Whose mentions are in order of their start, longer ones first.
    """

    def __init__(self, text: Text):
        self._text = text
        self._starts = {(m.start, m.chain): m for m in text.mentions if m.link == "appos"}
        self._around: dict[Mention, Mention | None] = {}
        self._innermost: list[Mention | None] = []
        self._nest()

    def _nest(self) -> None:
        ahead, open_ = list(reversed(self._text.mentions)), list[Mention]()
        for number in range(len(self._text.words)):
            while open_ and open_[-1].end <= number:
                open_.pop()
            while ahead and ahead[-1].start <= number:
                mention = ahead.pop()
                self._around.setdefault(mention, open_[-1] if open_ else None)
                open_.append(mention)
            self._innermost.append(open_[-1] if open_ else None)

    def of(self, words: Sequence[int]) -> Mention | None:
        """Return the least mention that holds these words, or the first that begins with them."""
        found = self._innermost[words[0]]
        while found and not found.start <= words[0] <= words[-1] < found.end:
            found = self._around[found]
        return found or next((m for word in words if (m := self._innermost[word]) and m.end - 1 <= words[-1]), None)

    def widened(self, mention: Mention) -> Place:
        """Return a mention's words with those of an apposition right after it."""
        end = mention.end
        for gap in (0, 1):
            between = "".join(word.form for word in self._text.words[end : end + gap])
            apposed = self._starts.get((end + gap, mention.chain))
            if apposed and between in _APPOSED:
                return mention.start, apposed.end
        return mention.start, end


def entities(text: Text, speaking: Iterable[Mention], noticed: Counter[str]) -> dict[str, Entity]:
    """Return the entity of each chain that a speaker belongs to.

    Parameters
    ----------
    text : Text
        With all mentions.
    speaking : iterable of Mention
        Those by which somebody speaks: the only pronouns that are kept.
    noticed : Counter
        Pronouns left out are added to it.

    Returns
    -------
    dict of str to Entity
        By chain; the name is the mention that is most purely a name, or else the first.
    """
    held: dict[str, list[Mention]] = {mention.chain: [] for mention in speaking}
    spoken = set(speaking)
    for mention in text.mentions:
        if mention.chain not in held:
            continue
        if mention in spoken or not _pronoun(_words(text, mention)):
            held[mention.chain].append(mention)
        else:
            noticed["mentions left out: pronouns that do not speak"] += 1
    return {chain: _entity(text, chain, mentions) for chain, mentions in sorted(held.items())}


def _words(text: Text, mention: Mention) -> Sequence[Word]:
    return text.words[mention.start : mention.end]


def _pronoun(words: Sequence[Word]) -> bool:
    return all(word.upos == "PRON" for word in words)


def _entity(text: Text, chain: str, mentions: Sequence[Mention]) -> Entity:
    best = min(mentions, key=lambda m: (*_impure(_words(text, m)), m.start, m.end))
    places = sorted({(text.words[m.start].start, text.words[m.end - 1].end) for m in mentions})
    words = text.text[text.words[best.start].start : text.words[best.end - 1].end]
    return Entity(id=f"e{chain}", name=tidy(words) or chain, kind=_kind(text, best), mentions=tuple(places))


def _impure(words: Sequence[Word]) -> tuple[bool, bool, int, int]:
    """Return how far words are from a name: no name, nothing but a pronoun, words beside it, fewer names."""
    named = sum(word.upos == "PROPN" for word in words)
    beside = sum(word.upos not in ("PROPN", *_SMALL) for word in words)
    return not named, _pronoun(words), beside if named else 0, -named


def _kind(text: Text, mention: Mention) -> EntityKind:
    kind = _KINDS.get(mention.kind, EntityKind.UNKNOWN)
    if kind is EntityKind.PERSON and _several(_words(text, mention)):
        return EntityKind.GROUP
    return kind


def _several(words: Sequence[Word]) -> bool:
    """Say whether the head, the word that hangs on none of the others in a compound, is in the plural."""
    heads = [word for word in words if word.upos in ("NOUN", "PROPN", "PRON") and word.deprel not in _LIGHT]
    return bool(heads) and "Number=Plur" in heads[0].feats.split("|")


_LIGHT = ("compound", "nmod:poss", "flat", "amod")
