"""From an annotation to an ``.ann`` file."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from communique.canonical import canonical
from communique.checks import places
from communique.formats.brat.standoff import CUED, UNCUED, Offsets
from communique.records import Attribution, Claim, Document, PredictedClaim, Prediction


def write(layer: Document | Prediction, text: str) -> str:
    """Return the ``.ann`` content of an annotated document.

    Parameters
    ----------
    layer : Document or Prediction
        Claims without a type have no ``Rhetoric`` line.
    text : str
        Stored text of the document.

    Returns
    -------
    str
        Ends in a line feed unless empty.
    """
    return "".join(f"{line}\n" for line in _Writer(canonical(layer), text).lines())


class _Writer:
    def __init__(self, layer: Document | Prediction, text: str):
        self._layer, self._text = layer, text
        self._entities = {entity.id: entity for entity in layer.entities}
        self._cues = {cue.id: cue for cue in layer.cues}
        self._contents: dict[str, list[Claim | PredictedClaim]] = {}
        for claim in layer.claims:
            self._contents.setdefault(claim.attribution, []).append(claim)
        self._keys: dict[str, str] = {}
        self._used: Counter[str] = Counter()

    def lines(self) -> Iterator[str]:
        layer = self._layer
        for entity in layer.entities:
            for mention in entity.mentions:
                yield self._bound(entity.kind.value.capitalize(), (mention,))
                yield from self._references(f"T{self._used['T']}", [entity.id])
        for kind, units in (("Speaker", layer.speakers), ("Claim", layer.claims)):
            for unit in units:
                yield self._bound(kind, places(unit))
                self._keys[unit.id] = f"T{self._used['T']}"
        for claim in layer.claims:
            yield from self._attributes(claim)
            yield from self._references(self._keys[claim.id], claim.targets)
        for item in layer.attributions:
            yield from self._event(item)

    def _next(self, letter: str) -> str:
        self._used[letter] += 1
        return f"{letter}{self._used[letter]}"

    def _bound(self, kind: str, offsets: Offsets) -> str:
        pieces = [piece for start, end in offsets for piece in self._unbroken(start, end)]
        where = ";".join(f"{start} {end}" for start, end in pieces)
        return f"{self._next('T')}\t{kind} {where}\t{' '.join(self._text[start:end] for start, end in pieces)}"

    def _unbroken(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for match in re.finditer(r"[^\n]+", self._text[start:end]):
            yield start + match.start(), start + match.end()

    def _references(self, key: str, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            entity = self._entities[name]
            yield f"{self._next('N')}\tReference {key} {entity.kind}:{name}\t{entity.name}"

    def _attributes(self, claim: Claim | PredictedClaim) -> Iterator[str]:
        values = {"Rhetoric": claim.rhetoric, "Also": claim.also}
        flags = {"Conditional": claim.conditional, "Negated": claim.negated}
        for name, value in values.items():
            if value:
                yield f"{self._next('A')}\t{name} {self._keys[claim.id]} {value}"
        for name, on in flags.items():
            if on:
                yield f"{self._next('A')}\t{name} {self._keys[claim.id]}"

    def _event(self, item: Attribution) -> Iterator[str]:
        contents = self._contents.get(item.id, [])
        kind, trigger = (CUED, self._cues[item.cue]) if item.cue else (UNCUED, contents[0])
        yield self._bound(kind, places(trigger))
        roles = [("Speaker", item.speaker)] if item.speaker else []
        roles += [(f"Content{i}" if i > 1 else "Content", claim.id) for i, claim in enumerate(contents, 1)]
        roles += [("Parent", item.parent)] if item.parent else []
        arguments = " ".join(f"{role}:{self._keys[name]}" for role, name in roles)
        key = self._next("E")
        yield f"{key}\t{kind}:T{self._used['T']} {arguments}"
        yield f"{self._next('A')}\tForm {key} {item.form}"
        yield from self._references(key, item.entities)
