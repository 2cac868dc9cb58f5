"""Where the mentions of entities stand: every occurrence that is not part of a longer one, or the one that is meant."""

from collections.abc import Iterable, Iterator, Sequence

from communique.places import Place, outermost
from communique.quotes.find import AlignmentError, Text, candidates
from communique.quotes.ids import key_of
from communique.quotes.records import Quotable, Quote, QuotedEntity

Placed = list[tuple[Quotable, set[Place]]]
"""Each quote of an entity, and where it stands."""


def mentions_of(text: Text, entities: Sequence[QuotedEntity]) -> tuple[dict[str, set[Place]], list[str]]:
    """Find the mentions of entities.

    Parameters
    ----------
    text : Text
        The text.
    entities : sequence of QuotedEntity
        All of an annotation.

    Returns
    -------
    dict of str to set of (int, int)
        By the id of each entity, code points, half-open, none in another of the same entity. Occurrences within a
        longer mention of another entity are left out, unless the quote says its line or number and stands nowhere else
        there, or the entity would be left without mention.
    list of str
        The quotes that do not stand in the text.
    """
    found: dict[str, Placed] = {}
    refused = []
    for entity in entities:
        try:
            found[key_of(entity)] = [(value, set(_places(text, value))) for value in entity.mentions]
        except AlignmentError as error:
            refused.append(f"entity {key_of(entity)}: {error}")
    apart = set(outermost(_all(placed for several in found.values() for placed in several)))
    return {key: _meant(several, apart) for key, several in found.items()}, refused


def _places(text: Text, value: Quotable) -> Iterator[Place]:
    if isinstance(value, str) and (opening := value[0].upper() + value[1:]) != value and text.find(opening):
        yield from text.find(opening)
        yield from text.find(value)
    else:
        yield from ((stretch[0][0], stretch[-1][1]) for stretch in candidates(text, value))


def _all(several: Iterable[tuple[Quotable, set[Place]]]) -> set[Place]:
    return {place for _, places in several for place in places}


def _meant(several: Placed, apart: set[Place]) -> set[Place]:
    """Return those occurrences of an entity that are meant; ``apart`` are those in no longer mention of anyone."""
    own = set(outermost(_all(several)))
    kept = own & apart
    for value, places in several:
        if isinstance(value, Quote) and (value.at or value.nth) and not places & apart:
            kept |= places & own
    return kept or own
