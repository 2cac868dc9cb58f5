"""Ids that an answer in quotes leaves out."""

from collections.abc import Iterator

from msgspec.structs import replace

from communique.quotes.records import QuotedDocument, QuotedEntity


def key_of(entity: QuotedEntity) -> str:
    """Return the id by which an answer refers to an entity: its name, where it gives none."""
    return entity.id if entity.id is not None else entity.name


def named(quoted: QuotedDocument) -> QuotedDocument:
    """Return an answer in which every unit has an id; those that are filled in are none that it gives itself."""
    claims = {claim.id for item in quoted.attributions for claim in item.claims}
    free = {"a": _free("a", {item.id for item in quoted.attributions}), "c": _free("c", claims)}
    return replace(
        quoted,
        entities=tuple(replace(entity, id=key_of(entity)) for entity in quoted.entities),
        attributions=tuple(
            replace(
                item,
                id=item.id if item.id is not None else next(free["a"]),
                claims=tuple(replace(c, id=c.id if c.id is not None else next(free["c"])) for c in item.claims),
            )
            for item in quoted.attributions
        ),
    )


def _free(letter: str, taken: set[str | None]) -> Iterator[str]:
    numbers = range(1, len(taken) + 1_000_000_000)
    return (name for number in numbers if (name := f"{letter}{number}") not in taken)
