"""What the author of a text claims: sentence by sentence, cut where the act changes, and what others say in between."""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from communique.baselines.acts import own, performed
from communique.baselines.authors import Author
from communique.baselines.lexicon import pattern
from communique.baselines.reporting import reports
from communique.baselines.shared.attributions import Frame, Places
from communique.baselines.surface import Surface
from communique.labels import Rhetoric
from communique.places import Place

_pattern = partial(pattern, "authors")
_CUTS = 16
"""Connectives of a sentence at which the act may change."""
_LOOKED = 300
"""Characters of a clause by which its act is told from that of the one before."""
_RUN = 3
"""Neighbouring sentences of one act that are one claim, at most."""
_QUOTED = 0.5
"""Share of a sentence in quotation marks from which on it is the claim of whoever is quoted, not of the author."""


def frames(surface: Surface, author: Author) -> Iterator[Frame]:
    """Yield the attribution of the author, and those of others in it.

    Parameters
    ----------
    surface : Surface
        The text.
    author : Author
        Who speaks in it.
    """
    claims: list[Places] = []
    for paragraph in author.body:
        last, run = None, 0
        for sentence in surface.sentences(paragraph):
            others = [frame for frame in reports(surface, sentence) if _another(surface, author, frame)]
            yield from others
            if _of_another(surface, sentence, others):
                last = None
                continue
            for clause in _clauses(surface, _bare(surface, sentence)):
                label = performed(surface.text[slice(*clause)])
                run = run + 1 if label is last and run < _RUN else 1
                if run > 1:
                    claims[-1] = ((claims[-1][0][0], clause[1]),)
                else:
                    claims.append((clause,))
                last = label
    if claims:
        yield Frame((), (), tuple(claims), author.place)


def _another(surface: Surface, author: Author, frame: Frame) -> bool:
    """Say whether somebody else than the author speaks in an attribution."""
    words = " ".join(surface.text[slice(*place)] for place in frame.speaker)
    return bool(words) and not author.named(words)


def _of_another(surface: Surface, sentence: Place, others: list[Frame]) -> bool:
    """Say whether a sentence is nothing but what somebody else says."""
    if not others:
        return False
    quoted = sum(end - start for start, end in surface.quotations_in(sentence))
    return (
        quoted >= _QUOTED * (sentence[1] - sentence[0]) or _pattern("side").match(surface.text, *sentence) is not None
    )


def _bare(surface: Surface, sentence: Place) -> Place:
    """Leave out the number of an article, and the compliments of a note; what is nothing else is empty."""
    start, end = sentence
    for name in ("numbered", "courtesy"):
        match = _pattern(name).match(surface.text, start, end)
        start = match.end() if match else start
    return start, end


def _clauses(surface: Surface, sentence: Place) -> Iterator[Place]:
    """Cut a sentence where the act changes, and leave out its final period."""
    start, end = sentence
    while end > start and (surface.text[end - 1] in ".!?;" or surface.text[end - 1].isspace()):
        end -= 1
    if start == end:
        return
    for match in islice(_pattern("cut").finditer(surface.text, start, end), _CUTS):
        at = match.start("next")
        before = surface.text[start : min(match.start(), start + _LOOKED)]
        if _another_act(before, surface.text[at : min(end, at + _LOOKED)], match.group()):
            yield start, match.start()
            start = at
    yield start, end


def _another_act(before: str, after: str, between: str) -> bool:
    """Say whether a clause performs an act of its own: its verb tells one, or a whole clause is worded like another."""
    if own(after):
        return True
    label = performed(after)
    whole = between[0] in ",;" and _pattern("clause").match(after) is not None
    return whole and label is not Rhetoric.ASSERTION and label is not performed(before)
