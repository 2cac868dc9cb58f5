"""At whom an act is aimed: whoever is named where its cue, or its verb, has the one it is directed to."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property, partial

from msgspec.structs import replace

from communique.baselines.authors import Author
from communique.baselines.holders.mentions import Mention
from communique.baselines.holders.resolve import Standing
from communique.baselines.lexicon import pattern, settings
from communique.baselines.surface import Surface
from communique.labels import EntityKind
from communique.problems import tidy
from communique.records import Entity, PredictedClaim, Prediction

_REACH = 160
"""Characters in which the verb of a claim, and whoever is addressed behind it, are looked for."""
_pattern = partial(pattern, "targets")
_ARTICLE = re.compile(r"(?i)^(?:the|an?) (?=\S)")
_BACK = 8
"""Names before a claim among which its target may be."""


def aimed(layer: Prediction, text: str, *, closed: bool = False) -> Prediction:
    """Return a layer with targets, and with the entities that only these bring.

    Parameters
    ----------
    layer : Prediction
        Its claims typed.
    text : str
        The text.
    closed : bool, optional
        Whether the entities are given, so that no other is a target.
    """
    directed = [claim for claim in layer.claims if str(claim.rhetoric) in settings()["targets"]["types"]]
    if not directed:
        return layer
    aims = _Aims(layer, text, closed)
    found = _carried(layer, {claim.id: aims.of(claim) for claim in directed})
    claims = tuple(replace(claim, targets=found.get(claim.id, ())) for claim in layer.claims)
    return replace(layer, claims=claims, entities=aims.entities)


def _carried(layer: Prediction, found: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Let a clause that goes on ("and demands that") be aimed at whom the one before was, unless it names another."""
    last: tuple[str, tuple[str, ...]] = ("", ())
    for claim in layer.claims:
        goes_on = claim.attribution == last[0] and claim.spans[0].text.startswith(("and ", "but "))
        if claim.id in found and not found[claim.id] and goes_on:
            found[claim.id] = last[1]
        last = (claim.attribution, found.get(claim.id, ()))
    return found


class _Aims:
    """The entities of a layer by where they are named, and those that its targets add unless the entities are given."""

    def __init__(self, layer: Prediction, text: str, closed: bool):
        self._text, self._closed = text, closed
        self._entities = list(layer.entities)
        self._held = {item.id: item for item in layer.attributions}
        self._cues = {cue.id: cue.spans[-1].end for cue in layer.cues}
        self._named = sorted((start, end, e.id) for e in layer.entities for start, end in e.mentions)
        self._starts = [start for start, _, _ in self._named]
        self._known = {form: e.id for e in reversed(layer.entities) for form in Mention(0, e.name).names}

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Those of the layer, and those that targets have added."""
        return tuple(self._entities)

    @cached_property
    def _standing(self) -> Standing:
        return Standing(self._text)

    def of(self, claim: PredictedClaim) -> tuple[str, ...]:
        """Return the ids of those a claim is aimed at, without those who hold it."""
        holders = self._held[claim.attribution].entities
        return next(((name,) for name in self._candidates(claim) if name and name not in holders), ())

    def _candidates(self, claim: PredictedClaim) -> Iterator[str | None]:
        start, end = claim.spans[0].start, claim.spans[-1].end
        cue = self._cues.get(self._held[claim.attribution].cue or "", start)
        yield from self._within(cue, start)
        yield self._phrase(cue, start)
        if cue == start and _pattern("you").search(self._text, start, end):
            yield self._owner(self._addressee) if self._addressee else None
        if str(claim.rhetoric) in settings()["targets"]["charging"]:
            agent = _pattern("agent").search(self._text, start, end)
            yield self._phrase(agent.end(), end) if agent else None
        verb = _pattern("verb").search(self._text, start, min(end, start + _REACH)) if cue == start else None
        if verb:
            yield self._phrase(verb.end(), min(end, verb.end() + _REACH))
        if str(claim.rhetoric) in settings()["targets"]["obliging"]:
            yield self._phrase(start, end, "obliged")
        yield from self._within(start, end)
        if str(claim.rhetoric) in settings()["targets"]["always"]:
            last = bisect_left(self._starts, start)
            yield from (owner for _, _, owner in self._named[max(0, last - _BACK) : last][::-1])

    def _within(self, start: int, end: int) -> Iterator[str]:
        for number in range(bisect_left(self._starts, start), bisect_left(self._starts, end)):
            yield self._named[number][2]

    def _phrase(self, start: int, end: int, shape: str = "phrase") -> str | None:
        """Return the entity that the noun phrase at a place names, a new one where none is known."""
        match = _pattern(shape).match(self._text, start, end)
        if match is None:
            return None
        return self._owner(Mention(match.start("who"), match["who"]))

    def _owner(self, mention: Mention) -> str | None:
        met = next(self._within(mention.at, mention.at + len(mention.words)), None)
        keys = mention.names[::-1] or (mention.words,)
        known = met or next((self._known[key] for key in keys if key in self._known), None)
        if known or self._closed or mention.pronoun or not mention.forms:
            return known
        addressee = self._addressee
        return self._added(addressee if addressee and {*mention.names} & {*addressee.names} else mention)

    @cached_property
    def _addressee(self) -> Mention | None:
        """Whom a letter, a note or a speech addresses."""
        place = Author(Surface(self._text)).addressee
        return Mention(place[0], self._text[slice(*place)]) if place else None

    def _added(self, mention: Mention) -> str:
        name = f"e{len(self._entities) + 1}"
        places = tuple(self._standing.places(mention.words)) if mention.names else (mention.place or (0, 0),)
        bare = _ARTICLE.sub("", mention.words)
        self._entities.append(Entity(id=name, name=tidy(bare), kind=EntityKind.UNKNOWN, mentions=places))
        self._known |= {form: name for form in (mention.names or (mention.words,)) if form not in self._known}
        return name
