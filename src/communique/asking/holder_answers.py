"""An answer about who holds an attribution, and the entities that the answers about a text make."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from communique.asking.pages import AUTHOR
from communique.asking.rows import Refused
from communique.asking.sheets import Row
from communique.baselines.given import without_entities
from communique.checks import places, shown
from communique.labels import EntityKind
from communique.places import Stretches
from communique.problems import Level, tidy
from communique.quotes.align import align, hold
from communique.quotes.find import Text
from communique.quotes.records import QuotedDocument, QuotedEntity
from communique.records import Document, Entity, Prediction
from communique.typed import NONE


class Held(NamedTuple):
    """Who holds an attribution: by their names, or the author whom the text does not name, or nobody."""

    names: tuple[str, ...] = ()
    author: bool = False


def holding(document: Document) -> Callable[[str, Row], Held]:
    """Return a function that reads the row of an attribution: of its id and the row, who holds it.

    It raises `Refused` where nothing is answered, or a name does not stand in the text.
    """
    text = Text(document.text)

    def read(_: str, row: Row) -> Held:
        names = dict.fromkeys(part for name in row.cells.get("holders", "").split("|") if (part := tidy(name)))
        if lacking := [name for name in names if not text.find(name)]:
            mend = "write the names as the text spells them"
            told = (f"holder {shown(name)} does not stand in the text; {mend}" for name in lacking)
            raise Refused([("quote-not-found", Level.SPANS, message) for message in told])
        spelled = dict.fromkeys(tidy(text.text[slice(*text.find(name)[0])]) for name in names)
        note = row.cells.get("note", "").lower()
        if not names and note not in (NONE, AUTHOR):
            mend = f"name one, or write {NONE} or {AUTHOR} under note"
            raise Refused([("answer-missing", Level.DOCUMENT, f"has no holder; {mend}")])
        return Held(tuple(spelled), not names and note == AUTHOR)

    return read


def held(document: Document, said: Mapping[str, Held]) -> Prediction:
    """Return a document's attributions with the entities that hold them, and without its labels.

    Each name is an entity, of unknown kind. Its mentions are the speakers' words of attributions that it holds alone,
    and where else the text has the name, but not as part of another name; the words of joint speakers only where no
    mention stands in them.

    Parameters
    ----------
    document : Document
        Whose entities and labels are not looked at.
    said : mapping of str to Held
        By attribution.
    """
    given = without_entities(document)
    entities = _entities(document, (name for some in said.values() for name in some.names))
    ids = {entity.name: entity.id for entity in entities}
    author = f"e{len(entities) + 1}"
    holders = {
        name: tuple(dict.fromkeys(ids[word] for word in some.names)) or (author,) * some.author
        for name, some in said.items()
    }
    if any(some.author for some in said.values()):
        entities.append(Entity(id=author, name=AUTHOR, kind=EntityKind.UNKNOWN, mentions=()))
    named = _mentions(document, entities, {name: holders[name] for name, some in said.items() if some.names})
    return replace(
        given,
        entities=tuple(replace(entity, mentions=named[entity.id].places()) for entity in entities),
        attributions=tuple(replace(item, entities=holders[item.id]) for item in given.attributions),
    )


def _mentions(
    document: Document, entities: Iterable[Entity], holders: Mapping[str, tuple[str, ...]]
) -> dict[str, Stretches]:
    named = {entity.id: Stretches() for entity in entities}
    speakers = {unit.id: places(unit) for unit in document.speakers}
    spoken = [(holders[a.id], speakers[a.speaker]) for a in document.attributions if a.speaker and a.id in holders]
    for names, words in spoken:
        if len(names) == 1:
            hold(named, names, words)
    for entity in entities:
        for mention in entity.mentions:
            named[entity.id].add(*mention)
    for names, words in spoken:
        hold(named, names, words)
    return named


def _entities(document: Document, names: Iterable[str]) -> list[Entity]:
    """Return an entity for each name, with its mentions, in the order of the text."""
    quoted = (
        QuotedEntity(id=name, name=name, kind=EntityKind.UNKNOWN, mentions=(name,)) for name in dict.fromkeys(names)
    )
    return list(align(document.text, QuotedDocument(id=document.id, entities=tuple(quoted))).entities)
