"""Types against the events that experts coded in single sentences (PLOVER)."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from against.rows import NOTHING, ROW, Pair, Row, kappa, share, told, typed_by
from communique import typed
from communique.formats import plover
from communique.labels import FAMILY_OF, Rhetoric
from communique.problems import CommuniqueError
from communique.records import Document
from communique.typed import NONE

MERGED = {"offer": "commitment"}
"""Experts do not tell the two apart."""
PUBLISHED = [
    ["people with each other, CAMEO, as published: kappa", "0.57", NOTHING, NOTHING, NOTHING],
    ["people with each other, GePaDe, as published: kappa", "0.67", NOTHING, NOTHING, NOTHING],
]


def types_of(types: Mapping[str, typed.TypesLayer], documents: Iterable[Document], path: Path) -> dict[str, str]:
    """Return the type of the claim of each sentence, or none."""
    found = {}
    for document in documents:
        try:
            (claim,) = typed.apply(types[document.id], document).claims
        except ValueError as error:
            raise CommuniqueError(f"{path}: {document.id}: {error}") from error
        found[document.id] = claim.rhetoric or NONE
    return found


def single(event: str, of: Callable[[str], str]) -> str | None:
    """Return what an event's types are called, if that is one name."""
    names = {of(label) for label in plover.TYPES.get(event, ())}
    return names.pop() if len(names) == 1 else None


def plain(label: str) -> str:
    return MERGED.get(label, str(label))


def family(label: str) -> str:
    return NONE if label == NONE else str(FAMILY_OF[Rhetoric(label)])


def event_rows(name: str, said: Mapping[str, str], codes: Mapping[str, str]) -> Iterator[Row]:
    asked = {text: label for text, label in said.items() if codes[text] in plover.TYPES}
    acts = {text: label for text, label in asked.items() if label != NONE}

    def within(some: Mapping[str, str], of: Callable[[str], str] = str) -> dict[str, list[float]]:
        return {t: [float(of(x) in {of(y) for y in plover.TYPES[codes[t]]})] for t, x in some.items()}

    def one_to_one(some: Mapping[str, str], of: Callable[[str], str]) -> dict[str, list[Pair]]:
        return {t: [(one, of(x))] for t, x in some.items() if (one := single(codes[t], of))}

    deeds = {text: [float(label == NONE)] for text, label in said.items() if text not in asked}
    yield share(f"{name}: type in the event's set", within(asked))
    yield share(f"{name}: … where it saw an act", within(acts))
    yield share(f"{name}: family in the event's set", within(asked, family))
    yield kappa(f"{name}: kappa, events of one type", one_to_one(asked, plain))
    yield kappa(f"{name}: kappa, … where it saw an act", one_to_one(acts, plain))
    yield kappa(f"{name}: kappa of families, events of one family", one_to_one(asked, family))
    yield share(f"{name}: other events, answered none", deeds)


def against_experts(clone: Path, folder: Path) -> None:
    codes, documents = plover.events(clone), plover.read(clone).documents
    given = {name: (types, folder / "annotators" / name) for name, types in typed_by(folder, "all").items()}
    ours = [d for d in documents if all(d.id in types for types, _ in given.values())]
    if len(ours) < len(documents):
        print(f"{len(documents) - len(ours)} sentences of {clone} are typed by nobody and left out", file=sys.stderr)
    said = {name: types_of(types, ours, path) for name, (types, path) in given.items()}
    rows = [row for name, labels in said.items() for row in event_rows(name, labels, codes)]
    one, other = said.values()
    both = {text: [(one[text], other[text])] for text in one}
    rows.append(kappa("annotators with each other: kappa", {t: p for t, p in both.items() if codes[t] in plover.TYPES}))
    rows.append(kappa("annotators with each other: kappa, all events", both))
    told("Types against experts' events (PLOVER)", ROW, [*rows, *PUBLISHED])
    counts = [Counter((codes[text], label) for text, label in labels.items()) for labels in said.values()]
    told("Event and our type, where it is not in the event's set", ("event", "ours", *said), misses(counts), 2)


def misses(counts: Sequence[Counter[Pair]]) -> Iterator[Row]:
    """Yield how often each annotator gave an event a type that is not in its set; of deeds, one that is no none."""
    for event, label in sorted(set().union(*counts), key=lambda key: (key[0] not in plover.TYPES, *key)):
        if label not in plover.TYPES.get(event, {NONE}):
            yield [event, label, *(str(count[event, label]) for count in counts)]
