"""What is numbered on a page: claims or attributions, in the order of the text."""

from collections.abc import Iterable
from typing import NamedTuple

from communique.asking.assignment import Wanted
from communique.checks import places, spanned
from communique.layers import Place
from communique.problems import tidy
from communique.quotes.find import Text
from communique.records import Attribution, Claim, Document, Span

BETWEEN = " […] "
"""Between the fragments of what is discontinuous."""


class Unit(NamedTuple):
    """A claim or an attribution about which something is asked.

    Attributes
    ----------
    id : str
        Its id in the document.
    where : tuple of (int, int)
        Its fragments, code points, half-open; of an attribution those of cue, speaker and claims.
    line : int
        Line of the text on which its claim begins, from 1.
    speaker, cue : str or None
        Their words, None where implicit.
    claim : str
        The words of the claim, or of all claims of the attribution.
    """

    id: str
    where: tuple[Place, ...]
    line: int
    speaker: str | None
    cue: str | None
    claim: str


def numbered(document: Document, wanted: Wanted) -> dict[int, Unit]:
    """Return what is asked about by its number, from 1; nothing where the whole text is."""
    if wanted is Wanted.ALL:
        return {}
    units = _claims(document) if wanted is Wanted.TYPES else _attributions(document)
    return dict(enumerate(sorted(units, key=lambda unit: (unit.where, unit.id)), 1))


def _claims(document: Document) -> Iterable[Unit]:
    owner, make = {item.id: item for item in document.attributions}, _Maker(document)
    return (make(claim.id, places(claim), owner[claim.attribution], claim.spans) for claim in document.claims)


def _attributions(document: Document) -> Iterable[Unit]:
    make, said = _Maker(document), dict[str, list[Claim]]()
    spoken = {unit.id: places(unit) for unit in spanned(document)}
    for claim in document.claims:
        said.setdefault(claim.attribution, []).append(claim)
    for item in document.attributions:
        spans = sorted((span for claim in said[item.id] for span in claim.spans), key=lambda span: span.start)
        others = (place for name in (item.speaker, item.cue) if name for place in spoken[name])
        where = sorted([*((span.start, span.end) for span in spans), *others])
        yield make(item.id, tuple(where), item, spans)


class _Maker:
    """Makes the units of one document."""

    def __init__(self, document: Document):
        self._line_of = Text(document.text).line_of
        self._words = {unit.id: _shown(unit.spans) for unit in (*document.speakers, *document.cues)}

    def __call__(self, name: str, where: tuple[Place, ...], owner: Attribution, said: Iterable[Span]) -> Unit:
        spans = list(said)
        speaker, cue = (self._words.get(other or "") for other in (owner.speaker, owner.cue))
        return Unit(name, where, self._line_of(spans[0].start), speaker, cue, _shown(spans))


def _shown(spans: Iterable[Span]) -> str:
    return BETWEEN.join(tidy(span.text) for span in spans)
