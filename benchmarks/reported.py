"""Measures of how a text reports what is said, from its annotation; None where there is no annotation."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from communique.labels import EntityKind, Form
from communique.records import Document, Entity, Words
from register import Figure, Text, share

SAYING = re.compile(r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old|elling)|according)\b", re.IGNORECASE)
NEGATION = re.compile(r"\b(?:not|no|never|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)
GOVERNING = frozenset({EntityKind.STATE, EntityKind.OFFICE, EntityKind.INSTITUTION})
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_PLACE = re.compile(
    r"[^\W\da-z]\S*(?: [^\W\da-z]\S*)* (?:Street|Quay|House|Palace|Hill|Square|Stair|Castle|Gate|Tower)"
)
_SEATS = """Ankara Beijing Berlin Brussels Capitol Delhi Islamabad Jerusalem Kremlin Kyiv London Madrid Moscow Paris
    Pentagon Pyongyang Quirinal Riyadh Rome Seoul Tehran Tokyo Warsaw Washington Whitehall palace"""
SEATS = frozenset(_SEATS.split())
_PRONOUNS = "he her his i it its my our she their they we you your"
PRONOUNS = frozenset(_PRONOUNS.split())


class Said(NamedTuple):
    """One attribution: its words, None where they are implicit, and its holders."""

    speaker: str | None
    cue: str | None
    form: Form
    holders: tuple[Entity, ...]


def said(texts: Sequence[Text]) -> list[Said]:
    return [one for text in texts if text.document for one in _said(text.document)]


def _said(document: Document) -> list[Said]:
    units: tuple[Words, ...] = (*document.speakers, *document.cues)
    words = {unit.id: " ".join(span.text for span in unit.spans) for unit in units}
    entities = {entity.id: entity for entity in document.entities}
    return [
        Said(
            words.get(item.speaker or ""),
            words.get(item.cue or ""),
            item.form,
            tuple(entities[name] for name in item.entities),
        )
        for item in document.attributions
    ]


def attributions(texts: Sequence[Text]) -> float | None:
    """Return attributions per 100 words of annotated texts."""
    annotated = [text for text in texts if text.document]
    return share(len(said(annotated)), sum(text.words for text in annotated))


def form(chosen: Form) -> Figure:
    def figure(texts: Sequence[Text]) -> float | None:
        found = said(texts)
        return share(sum(one.form is chosen for one in found), len(found))

    return figure


def _cue_share(texts: Sequence[Text], fits: Callable[[str], bool]) -> float | None:
    cues = [one.cue for one in said(texts) if one.cue]
    return share(sum(map(fits, cues)), len(cues))


def said_alone(texts: Sequence[Text]) -> float | None:
    """Return the share of cues that are the word "said"."""
    return _cue_share(texts, lambda cue: cue.lower() == "said")


def saying(texts: Sequence[Text]) -> float | None:
    """Return the share of cues with a form of "say" or "tell", or with "according"."""
    return _cue_share(texts, lambda cue: bool(SAYING.search(cue)))


def negated(texts: Sequence[Text]) -> float | None:
    """Return the share of cues with a word of negation."""
    return _cue_share(texts, lambda cue: bool(NEGATION.search(cue)))


def metonyms(texts: Sequence[Text]) -> float | None:
    """Return the share of speakers that `is_metonym` finds."""
    found = [one for one in said(texts) if one.speaker]
    return share(sum(map(is_metonym, found)), len(found))


def is_metonym(one: Said) -> bool:
    """Say whether a speaker is named by a place or building that stands for a government.

    Without article and possessive its words are the name of a street, quay, house, palace, hill and the like; a known
    seat of government; or capitalised words, no pronoun and no abbreviation, of which none is in the name of its one
    holder, a state, an office or an institution.
    """
    name = _POSSESSIVE.sub("", _ARTICLE.sub("", one.speaker or "", count=1)).strip()
    if _PLACE.fullmatch(name) or name in SEATS:
        return True
    words = re.findall(r"\w+", name)
    named = words and not name.isupper() and all(word.isalpha() and word[0].isupper() for word in words)
    if len(one.holders) != 1 or not named:
        return False
    (holder,) = one.holders
    own = set(re.findall(r"\w+", holder.name.lower()))
    lower = {word.lower() for word in words}
    return holder.kind in GOVERNING and own.isdisjoint(lower) and PRONOUNS.isdisjoint(lower)
