"""doccano's JSON lines, read and written: a document a line, with entities and relations.

Labels and relations are those of `communique.formats.prodigy`; all else of a document stands under ``communique``,
which doccano keeps among the data of a text. In doccano the project needs "allow overlapping spans" and "use relation".
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from communique import jsonl
from communique.formats.common import Imported
from communique.formats.declared import BREAKS, Format, Option, meant
from communique.formats.fragments import carried, fragments, links
from communique.formats.spanned import Spanned, document_from, read_lines
from communique.records import Document
from communique.writing import refuse_unwritten, replacing

SIGN = rb'\{"entities":'


class _Entity(msgspec.Struct):
    label: str
    start_offset: int
    end_offset: int
    id: int | str | None = None


class _Relation(msgspec.Struct):
    from_id: int | str
    to_id: int | str
    type: str = ""


class _Line(msgspec.Struct):
    text: str
    id: int | str | None = None
    entities: list[_Entity] = []
    relations: list[_Relation] | None = None
    label: list[tuple[int, int, str]] = []
    labels: list[tuple[int, int, str]] = []
    comments: list[Any] = msgspec.field(name="Comments", default_factory=list)
    cats: list[Any] = []
    communique: Any = None


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write documents as doccano imports them; parameters are those of `communique.formats.events.write`."""
    refuse_unwritten(target, SIGN, force=force)
    with replacing(target) as file:
        for item in documents:
            file.write(jsonl.encode(line(item)).encode("utf-8") + b"\n")


def line(item: Document) -> dict[str, Any]:
    """Return a document as doccano has it."""
    found = fragments(item)
    facts, number = carried(item, found), {one: at for at, one in enumerate(found)}
    return {
        "entities": [
            {"id": at, "label": one.label, "start_offset": one.start, "end_offset": one.end}
            for one, at in number.items()
        ],
        "relations": [
            {"id": at, "from_id": number[one.head], "to_id": number[one.child], "type": one.label}
            for at, one in enumerate(links(facts, found))
        ],
        "id": item.id,
        "text": item.text,
        "communique": facts,
    }


def read(path: Path, *, mapping: Sequence[str] = ()) -> Imported:
    """Read documents, whether doccano exported relations with them or spans alone.

    Parameters
    ----------
    path : Path
        JSON lines.
    mapping : sequence of str, optional
        ``SEEN=MEANT``: what other labels stand for.

    Returns
    -------
    Imported
        Documents; a line that cannot be read is a problem.
    """
    names, decoder = meant(mapping), msgspec.json.Decoder(_Line)

    def made(words: bytes, number: int, noticed: Counter[str]) -> Iterator[Document]:
        found = decoder.decode(words)
        noticed["comments"] += len(found.comments)
        noticed["categories of documents"] += len(found.cats)
        if len({one.id for one in found.entities if one.id is not None}) < sum(
            e.id is not None for e in found.entities
        ):
            raise ValueError("an id is given to two entities; give each its own")
        name = f"{path.stem}-{number}" if found.id is None else str(found.id)
        spans = [Spanned(one.id, one.start_offset, one.end_offset, one.label) for one in found.entities]
        spans += [Spanned(None, *one) for one in (*found.label, *found.labels)]
        stale = not found.entities and (found.label or found.labels)
        relations = None if stale else found.relations
        pairs = None if relations is None else [(one.from_id, one.to_id) for one in relations]
        yield document_from(name, found.text, spans, pairs, found.communique, names, noticed)

    return read_lines(path, "doccano-malformed", made)


FORMAT = Format(
    name="doccano",
    place="JSON lines with entities and relations (doccano)",
    loses=(BREAKS,),
    read=read,
    write=write,
    options=(Option(name="map", help="SEEN=MEANT, another name of a label", keyword="mapping"),),
    sign=SIGN,
)
