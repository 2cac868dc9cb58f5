"""The one way to assemble an annotation: ids, words that are said twice taken once, form read off quotation marks."""

from collections.abc import Iterable
from typing import Any

from communique.canonical import canonical
from communique.labels import Form
from communique.places import Place
from communique.quotation import CLOSING, DOUBLE, OPENING
from communique.records import Attribution, Cue, Entity, PredictedClaim, Prediction, Span, Speaker

_AFTER_CLOSING = ".,;:"


class LayerBuilder:
    """An annotation in the making.

    Places are code points, half-open, over the stored text. Units without a key are numbered as they come, and
    speakers and cues of equal places are then one; a unit with a key is one of its own, empty or not.

    Parameters
    ----------
    name : str
        Id of the document.
    text : str
        Its stored text.
    """

    def __init__(self, name: str, text: str):
        self._name, self._text = name, text
        self._entities: list[Entity] = []
        self._words: dict[str, dict[str, tuple[Place, ...]]] = {"s": {}, "q": {}}
        self._numbered: dict[tuple[str, tuple[Place, ...]], str] = {}
        self._attributions: list[dict[str, Any]] = []
        self._claims: list[PredictedClaim] = []

    def entities(self, found: Iterable[Entity]) -> tuple[str, ...]:
        """Take in entities; return their ids."""
        several = tuple(found)
        self._entities += several
        return tuple(entity.id for entity in several)

    def speaker(self, places: Iterable[Place], key: str | None = None) -> str | None:
        """Take in a speaker; return its id, None of no words."""
        return self._unit("s", tuple(places), key)

    def cue(self, places: Iterable[Place], key: str | None = None) -> str | None:
        """Take in a cue; return its id, None of no words."""
        return self._unit("q", tuple(places), key)

    def _unit(self, letter: str, places: tuple[Place, ...], key: str | None) -> str | None:
        units = self._words[letter]
        if key is None and places:
            key = self._numbered.setdefault((letter, places), f"{letter}{len(units) + 1}")
        if key is not None:
            units[key] = places
        return key

    def attribution(
        self,
        speaker: str | None = None,
        cue: str | None = None,
        *,
        entities: Iterable[str] = (),
        form: Form | None = None,
        parent: str | None = None,
        key: str | None = None,
    ) -> str:
        """Take in an attribution; return its id.

        Parameters
        ----------
        speaker, cue : str, optional
            Ids, as `speaker` and `cue` return them; by default implicit.
        entities : iterable of str, optional
            Ids of those who hold it.
        form : Form, optional
            By default what `form_of` reads off its claims.
        parent : str, optional
            Id of the claim it is nested in, which may come later.
        key : str, optional
            Id it shall have.
        """
        name = key if key is not None else f"a{len(self._attributions) + 1}"
        fields = {"id": name, "speaker": speaker, "cue": cue, "entities": tuple(entities)}
        self._attributions.append({**fields, "form": form, "parent": parent})
        return name

    def claim(self, attribution: str, places: Iterable[Place], key: str | None = None, **labels: Any) -> None:
        """Take in a claim of an attribution, which may come later; labels are the further fields of a claim."""
        name = key if key is not None else f"c{len(self._claims) + 1}"
        spans = spans_at(places, self._text)
        self._claims.append(PredictedClaim(id=name, attribution=attribution, spans=spans, **labels))

    def layer(self) -> Prediction:
        """Return the annotation, its units as they came."""
        said: dict[str, list[str]] = {}
        for claim in self._claims:
            said.setdefault(claim.attribution, []).extend(span.text for span in claim.spans)
        speakers, cues = self._words.values()
        return Prediction(
            id=self._name,
            entities=tuple(self._entities),
            speakers=tuple(Speaker(id=key, spans=spans_at(o, self._text)) for key, o in speakers.items()),
            cues=tuple(Cue(id=key, spans=spans_at(o, self._text)) for key, o in cues.items()),
            attributions=tuple(
                Attribution(**{**fields, "form": fields["form"] or form_of(said.get(fields["id"], ()))})
                for fields in self._attributions
            ),
            claims=tuple(self._claims),
        )

    def canonical(self) -> Prediction:
        """Return the annotation as `communique.canonical` orders and names it; its references must resolve."""
        return canonical(self.layer())


def spans_at(places: Iterable[Place], text: str) -> tuple[Span, ...]:
    """Return places as spans, each with its words."""
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in places)


def form_of(fragments: Iterable[str]) -> Form:
    """Return the form of an attribution by the quotation marks in its claims' words.

    Parameters
    ----------
    fragments : iterable of str
        The words of each fragment of each claim.

    Returns
    -------
    Form
        Direct where every fragment begins and ends with a mark (final punctuation may follow), mixed where there is a
        double one anywhere, else indirect.
    """
    words = list(fragments)
    if words and all(word[0] in OPENING and word.rstrip(_AFTER_CLOSING)[-1:] in CLOSING for word in words):
        return Form.DIRECT
    return Form.MIXED if any(mark in word for word in words for mark in DOUBLE) else Form.INDIRECT
