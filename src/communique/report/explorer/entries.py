"""One document as the page gets it: a row of the index, its text, and all that is said of its claims."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from communique.records import Claim, Document
from communique.report.explorer import facets
from communique.report.explorer.readings import Reading, Version, differences
from communique.score.pairing import Pairing
from communique.stats import far

Place = Callable[[int], int]
_PLACED = ("spans", "speaker", "cue")
_LABELS = {"conditional": "conditional", "negated": "negated", "also": "secondary type"}
"""Labels that are difficulties, by their names there."""


class Entry(NamedTuple):
    """A document.

    Attributes
    ----------
    row : list
        Id, title, genre, storyline, split, date, length in code points, and the `facets.code` of each claim.
    text : list
        The text, and ``[claim, start, end]`` of each fragment of its claims, by their number.
    record : dict
        What is known of the text, and its claims: those of gold first, then what others found beside them. Places here
        and in ``text`` are UTF-16 units, as scripts count.
    """

    row: list[Any]
    text: list[Any]
    record: dict[str, Any]


class _Claims:
    """The claims of a document with what others say of them.

    Parameters
    ----------
    document : Document
        Gold, or all there is.
    annotators : sequence of Version
        Of the same text.
    predicted : Version or None
        A system's.
    """

    def __init__(self, document: Document, annotators: Sequence[Version], predicted: Version | None):
        self._reading = Reading(document)
        self._annotators, self._predicted = annotators, predicted
        self._kinds = {entity.id: str(entity.kind) for entity in document.entities}
        self._far = {item.id for item in far(document)}

    def gold(self, claim: Claim) -> tuple[dict[str, Any], int]:
        """Return a claim and its code."""
        item = self._reading.attributions[claim.attribution]
        labels = {"id": claim.id, **self._reading.labels(claim), "parent": item.parent}
        differ = differences(claim.id, self._annotators)
        others = [*self._annotators, *([self._predicted] if self._predicted else [])]
        versions = {one.name: one.differing(claim.id) for one in others}
        outcome = self._outcome(claim)
        held = {
            "holder": {self._kinds[name] for name in item.entities},
            "hard": self._difficulties(claim),
            "differ": differ,
            "outcome": [outcome] if outcome else [],
        }
        more = {"differ": differ, "outcome": outcome, "versions": versions}
        return _bare(labels | more), _code(labels, held)

    def _difficulties(self, claim: Claim) -> set[str]:
        item = self._reading.attributions[claim.attribution]
        found = {told for name, told in _LABELS.items() if getattr(claim, name)}
        held = {
            "nested": item.parent is not None,
            "discontinuous": len(claim.spans) > 1,
            "implicit speaker": item.speaker is None,
            "joint speaker": len(item.entities) > 1,
            "far speaker": item.id in self._far,
        }
        return found | {name for name, holds in held.items() if holds}

    def _outcome(self, claim: Claim) -> str | None:
        if self._predicted is None:
            return None
        other = self._predicted.met.get(claim.id)
        if other is None:
            return facets.MISSED
        return facets.HIT if other.claim.rhetoric == claim.rhetoric else facets.WRONG_TYPE

    def spurious(self) -> list[tuple[dict[str, Any], int]]:
        """Return what was predicted where gold has nothing, with codes."""
        found = _further(self._predicted) if self._predicted else []
        spurious = [labels | {"outcome": facets.SPURIOUS} for labels in found]
        return [(_bare(labels), _code(labels, {"outcome": [facets.SPURIOUS]})) for labels in spurious]

    def unshared(self) -> list[dict[str, Any]]:
        """Return what annotators found where gold has nothing; it is shown and not counted."""
        return [_bare(labels) for version in self._annotators for labels in _further(version)]


def _further(version: Version) -> list[dict[str, Any]]:
    return [{"id": f"{version.name}:{name}", **labels, "by": version.name} for name, labels in version.further()]


def _bare(labels: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in labels.items() if value not in (None, False, [], {})}


def _code(labels: Mapping[str, Any], held: Mapping[str, Collection[str]]) -> int:
    kinds = {kind for _, kind in labels["holders"]}
    return facets.code({"type": [labels["type"] or facets.UNTYPED], "form": [labels["form"]], "holder": kinds, **held})


def entry(
    document: Document, annotated: Mapping[str, Pairing], predicted: Pairing | None, system: str, split: str | None
) -> Entry:
    """Return a document as the page gets it.

    Parameters
    ----------
    document : Document
        Gold, or all there is.
    annotated : mapping of str to Pairing
        By annotator.
    predicted : Pairing or None
        With the prediction.
    system : str
        Who predicted.
    split : str or None
        Where the document is in.
    """
    versions = [Version(name, pairing) for name, pairing in annotated.items()]
    claims = _Claims(document, versions, Version(system, predicted) if predicted else None)
    coded = [*map(claims.gold, document.claims), *claims.spurious()]
    place = utf16(document.text)
    told = [_placed(claim, place) for claim in (*(claim for claim, _ in coded), *claims.unshared())]
    fragments = [[number, *span] for number in range(len(coded)) for span in told[number]["spans"]]
    about = [document.id, document.title, document.genre, document.storyline, split, _day(document)]
    return Entry(
        row=[*about, len(document.text), [number for _, number in coded]],
        text=[document.text, fragments],
        record={**_about(document), "claims": told},
    )


def _day(document: Document) -> str | None:
    return document.date.isoformat() if document.date else None


def _about(document: Document) -> dict[str, Any]:
    source = document.provenance
    names = {"publisher": source.publisher, "license": source.license, "url": source.url}
    return _bare({"language": document.language, "collection": document.collection, "origin": source.origin, **names})


def _placed(labels: dict[str, Any], place: Place) -> dict[str, Any]:
    found = {name: [[place(at) for at in span] for span in labels[name]] for name in _PLACED if labels.get(name)}
    versions = {name: one and _placed(one, place) for name, one in labels.get("versions", {}).items()}
    return {**labels, **found, **({"versions": versions} if versions else {})}


def utf16(text: str) -> Place:
    """Return a function from code points in a text to UTF-16 units."""
    wide = [at for at, letter in enumerate(text) if letter > "\uffff"]
    return partial(_shifted, wide)


def _shifted(wide: Sequence[int], at: int) -> int:
    return at + bisect_left(wide, at)
