"""Texts in which an author speaks: how they are known by their form, who issues them, whom they address."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property, partial

from communique.baselines.holders.mentions import Mention
from communique.baselines.holders.resolve import resolve as by_words
from communique.baselines.lexicon import pattern, settings
from communique.baselines.shared.attributions import Frame, Places
from communique.baselines.surface import Surface
from communique.places import Place
from communique.records import Entity

_PERFORMED = 0.3
"""Share of sentences that tell what they do by telling it ("The Ministry rejects"), above which an author speaks."""
_OPENING = 4
"""Paragraphs at the beginning in which headings and forms of address stand."""
_HEADING = 300
"""Characters of a paragraph in which a heading, a form of address or a signature is looked for."""
_pattern = partial(pattern, "authors")


class Author:
    """The author of a text, by its form.

    Parameters
    ----------
    surface : Surface
        The text.
    """

    def __init__(self, surface: Surface):
        self._surface = surface

    @cached_property
    def speaks(self) -> bool:
        """Whether the text is its author's: by its heading, its form of address, its first person, or its formulae."""
        surface = self._surface
        if surface.transcript or not surface.paragraphs:
            return False
        return self._headed or self._addressing or self._dated or self._signing or surface.authored or self._performing

    @cached_property
    def _opening(self) -> list[str]:
        return [self._surface.text[s : min(e, s + _HEADING)] for s, e in self._surface.paragraphs[:_OPENING]]

    @cached_property
    def _headed(self) -> bool:
        return any(_pattern("heading").match(line) for line in self._opening[:2] if not line.rstrip().endswith("."))

    @cached_property
    def _addressing(self) -> bool:
        return any(_pattern("address").match(line) or _pattern("note").search(line) for line in self._opening)

    @cached_property
    def _dated(self) -> bool:
        """Whether place and date stand at the end, as in a note."""
        start, end = self._surface.paragraphs[-1]
        return end - start < _HEADING and _pattern("dated").match(self._surface.text, start, end) is not None

    @cached_property
    def _signing(self) -> bool:
        """Whether whoever wrote it is named above it, and says "I"."""
        text, quoted = self._surface.text, self._surface.quoted
        told = (match.start() for match in _pattern("first").finditer(text))
        return any(map(_pattern("byline").match, self._opening)) and any(not quoted[at] for at in told)

    @cached_property
    def _performing(self) -> bool:
        surface = self._surface
        places = [place for paragraph in surface.paragraphs for place in surface.sentences(paragraph)]
        return sum(map(self._performs, places)) > _PERFORMED * max(2, len(places))

    def _performs(self, place: Place) -> bool:
        return _pattern("performs").match(self._surface.text, *place) is not None

    @cached_property
    def body(self) -> list[Place]:
        """The paragraphs that perform acts: without heading, date line, form of address and signature."""
        places = [place for place in self._surface.paragraphs if not self._formal(place)]
        return places or self._surface.paragraphs

    def _formal(self, place: Place) -> bool:
        words = self._surface.text[place[0] : min(place[1], place[0] + _HEADING)].strip()
        plain = words[-1:] not in ".!?…”\"'’" and (place[1] - place[0]) < _HEADING
        return plain or any(_pattern(name).match(words) for name in ("address", "closing"))

    @cached_property
    def place(self) -> Places:
        """Where the text names its author, or both of its authors; nothing where it does not."""
        if self._joint and (both := self._both()):
            return (both,)
        for found in (self._in_heading(), self._signed(), self._subject()):
            if found:
                return (found,)
        return ()

    @cached_property
    def addressee(self) -> Place | None:
        """Where the text names whom it addresses, as in a letter; None where it does not, or is no author's."""
        if not self.speaks:
            return None
        lines = [(start, min(end, start + _HEADING)) for start, end in self._surface.paragraphs[:_OPENING]]
        matches = (_pattern("addressee").search(self._surface.text, *line) for line in lines)
        return next((match.span("who") for match in matches if match), None)

    @cached_property
    def _joint(self) -> bool:
        return any(map(_pattern("joint").search, self._opening[:2]))

    def _both(self) -> Place | None:
        lines = [(start, min(end, start + _HEADING)) for start, end in self._surface.paragraphs[:_OPENING]]
        matches = (_pattern("both").search(self._surface.text, *line) for line in lines)
        return next((match.span() for match in matches if match), None)

    def _in_heading(self) -> Place | None:
        text = self._surface.text
        lines = [(start, min(end, start + _HEADING)) for start, end in self._surface.paragraphs[:_OPENING]]
        matches = [_pattern("issuer").search(text, *line) for line in lines[:2]]
        matches += [_pattern("byline").match(text, *line) for line in lines]
        return next((match.span(1) for match in matches if match), None)

    def _signed(self) -> Place | None:
        last = self._surface.paragraphs[-3:]
        lines = [place for place in last if len(self._surface.paragraphs) > 3 and self._formal(place)]
        matches = (_pattern("signature").match(self._surface.text, *place) for place in lines)
        return next((match.span(1) for match in matches if match), None)

    def _subject(self) -> Place | None:
        """Return the fullest of the subjects that stand for the author, as "The Embassy of the Republic of Kest"."""
        starts = [place[0] for paragraph in self.body for place in self._surface.sentences(paragraph)]
        announcing = (_pattern("announcer").match(self._surface.text, start) for start in starts[:_OPENING])
        for match in filter(None, announcing):
            return match.span(1)
        matches = (_pattern("body").match(self._surface.text, start) for start in starts)
        found = [match.span(1) for match in matches if match]
        return max(found, key=lambda place: (place[1] - place[0], -place[0]), default=None)

    @cached_property
    def _forms(self) -> frozenset[str]:
        words = (form for place in self.place for form in Mention(0, self._surface.text[slice(*place)]).forms)
        return frozenset(form.lower() for form in words) | _own_words()

    def named(self, words: str) -> bool:
        """Say whether words stand for the author: a pronoun, or nothing but words of the author's name."""
        mention = Mention(0, words)
        return bool(mention.pronoun) or {form.lower() for form in mention.forms} <= self._forms


def resolve(text: str, frames: Sequence[Frame]) -> tuple[tuple[Entity, ...], Sequence[tuple[str, ...]]]:
    """Return entities and holders by rules; what nobody is said to say, the author says.

    Parameters
    ----------
    text : str
        The text.
    frames : sequence of Frame
        Its attributions in the order of the text.
    """
    if any(_unsaid(frame) for frame in frames):
        author = Author(Surface(text))
        place = author.place if author.speaks else ()
        frames = [replace(frame, holder=place) if _unsaid(frame) else frame for frame in frames]
    return by_words(text, frames)


def _unsaid(frame: Frame) -> bool:
    return not frame.speaker and not frame.cue and not frame.holder


@cache
def _own_words() -> frozenset[str]:
    return frozenset(word for body in settings()["authors"]["bodies"] for word in body.lower().split())
