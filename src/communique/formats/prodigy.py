"""Prodigy's tasks, read and written: a JSON line a document, with tokens, spans and relations.

A span has one label: ``Speaker``, ``Cue``, the type of a claim (``Claim``, where it has none) or the kind of an entity,
for a mention. All else of a document stands under ``communique``, which Prodigy hands on. Relations lead from a speaker
and from a cue to what they are of, from a mention to the speaker whom it names, from a claim to its targets.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from communique import jsonl
from communique.formats.common import Imported
from communique.formats.declared import BREAKS, Format, Option, Outgoing, meant
from communique.formats.fragments import Fragment, carried, cut, fragments, links
from communique.formats.spanned import Spanned, document_from, read_lines
from communique.places import Place
from communique.records import Document
from communique.tokens import tokens
from communique.writing import refuse_unwritten, replacing

SIGN = rb'\{"text":'
_ACCEPTED = "accept"


class _Span(msgspec.Struct, frozen=True):
    start: int
    end: int
    label: str = ""
    unit: str | None = None

    def key(self) -> tuple[int, int, str]:
        """Return what the ends of relations have in common with a span."""
        return self.start, self.end, self.unit or self.label


class _Relation(msgspec.Struct):
    head_span: _Span | None = None
    child_span: _Span | None = None


class _Task(msgspec.Struct):
    text: str
    spans: list[_Span] = []
    relations: list[_Relation] | None = None
    answer: str | None = None
    communique: Any = None


def write(
    documents: Iterable[Document], target: Path, *, force: bool = False, outgoing: Outgoing | None = None
) -> None:
    """Write tasks, accepted where they are no predictions.

    Parameters are those of `communique.formats.events.write`; ``outgoing`` says whose predictions they are.
    """
    refuse_unwritten(target, SIGN, force=force)
    answer = {} if outgoing and outgoing.model else {"answer": _ACCEPTED}
    with replacing(target) as file:
        for item in documents:
            file.write(jsonl.encode({**task(item), **answer}).encode("utf-8") + b"\n")


def task(item: Document) -> dict[str, Any]:
    """Return the task of a document; words are cut where spans begin or end inside them."""
    found = fragments(item)
    facts = carried(item, found)
    words = list(cut(((a, b) for _, a, b in tokens(item.text)), (edge for one in found for edge in one[:2])))
    spans = {one: _span(one, words) for one in found}
    return {
        "text": item.text,
        "tokens": [_token(number, place, item.text) for number, place in enumerate(words)],
        "spans": list(spans.values()),
        "relations": [_relation(spans[one.head], spans[one.child], one.label) for one in links(facts, found)],
        "meta": {"source": item.id},
        "communique": facts,
    }


def _token(number: int, place: Place, text: str) -> dict[str, Any]:
    start, end = place
    return {"text": text[start:end], "start": start, "end": end, "id": number, "ws": text[end : end + 1].isspace()}


def _span(one: Fragment, words: Sequence[Place]) -> dict[str, Any]:
    first = bisect_right(words, one.start, key=lambda place: place[1])
    last = bisect_left(words, one.end, key=lambda place: place[0]) - 1
    inside = {"token_start": first, "token_end": last} if first <= last else {}
    return {"start": one.start, "end": one.end, **inside, "label": one.label, "unit": one.unit}


def _relation(head: Mapping[str, Any], child: Mapping[str, Any], label: str) -> dict[str, Any]:
    ends = {"head": head.get("token_end"), "child": child.get("token_end")}
    return {**ends, "head_span": head, "child_span": child, "label": label}


def read(path: Path, *, mapping: Sequence[str] = ()) -> Imported:
    """Read tasks that were accepted, or have no answer.

    Parameters
    ----------
    path : Path
        JSON lines, as ``prodigy db-out`` writes them.
    mapping : sequence of str, optional
        ``SEEN=MEANT``: what other labels stand for.

    Returns
    -------
    Imported
        Documents; a line that cannot be read is a problem, what was rejected or ignored is left out and counted.
    """
    names, decoder = meant(mapping), msgspec.json.Decoder(_Task)

    def made(line: bytes, number: int, noticed: Counter[str]) -> Iterator[Document]:
        found = decoder.decode(line)
        noticed["tasks without an answer, read as accepted"] += found.answer is None
        if found.answer not in (None, _ACCEPTED):
            noticed["tasks that were rejected or ignored, left out"] += 1
            return
        spans = [Spanned(key, one.start, one.end, one.label, one.unit) for key, one in _keyed(found.spans)]
        pairs = None if found.relations is None else list(_pairs(found.relations, noticed))
        yield document_from(f"{path.stem}-{number}", found.text, spans, pairs, found.communique, names, noticed)

    return read_lines(path, "prodigy-malformed", made)


def _keyed(spans: Iterable[_Span]) -> Iterator[tuple[Any, _Span]]:
    """Yield spans by their keys; of equal ones, the first is what relations mean."""
    met: set[tuple[int, int, str]] = set()
    for number, one in enumerate(spans):
        yield (number if one.key() in met else one.key()), one
        met.add(one.key())


def _pairs(relations: Iterable[_Relation], noticed: Counter[str]) -> Iterator[tuple[Any, Any]]:
    for one in relations:
        if one.head_span and one.child_span:
            yield one.head_span.key(), one.child_span.key()
        else:
            noticed["relations between words that are no spans"] += 1


FORMAT = Format(
    name="prodigy",
    place="JSON lines of tasks with tokens, spans and relations (Prodigy)",
    loses=(BREAKS,),
    read=read,
    write=write,
    options=(Option(name="map", help="SEEN=MEANT, another name of a label", keyword="mapping"),),
    sign=SIGN,
    outgoing=True,
)
