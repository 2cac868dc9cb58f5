"""Everything by hand-written rules: quotation marks, a reporting lexicon, the nearest noun phrase."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from communique.baselines.acts import decided
from communique.baselines.aims import aimed
from communique.baselines.authored import frames
from communique.baselines.authors import Author, resolve
from communique.baselines.base import Baseline, ModelCard, Source, save_card
from communique.baselines.flags import flagged
from communique.baselines.given import held
from communique.baselines.labelling import typed
from communique.baselines.lexicon import lexicon
from communique.baselines.reporting import reports
from communique.baselines.shared.attributions import Frame, Places, assemble
from communique.baselines.surface import Surface
from communique.labels import Rhetoric
from communique.places import Place
from communique.records import Document, Prediction


class Rules(Baseline):
    """Find and type claims by rules; nothing is learned."""

    name = "rules"
    tasks = ("spans", "attribution", "holders", "rhetoric", "full")
    untrained = True
    resources = ("rules/config.toml",)

    def fit(self, documents: Sequence[Document]) -> Self:
        """Return itself: the rules are fixed."""
        return self

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Find claims where a source brings none; type each by its cue, or by its wording where the cue is neutral."""
        return [labelled(source, _typed(layer)) for source, layer in self.found(sources)]

    def found(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Prediction]]:
        """Yield every source with its own layer, or the one the rules find."""
        for source in sources:
            yield source, held(source.layer, source.text, resolve) if source.layer else find(source.id, source.text)

    def save(self, folder: Path) -> None:
        """Write ``model.json``."""
        save_card(folder, self.name, {})

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model."""
        return cls()


def _typed(layer: Prediction) -> Prediction:
    return typed(layer, {name: {label: 1.0} for name, label in _types(layer)})


def labelled(source: Source, layer: Prediction) -> Prediction:
    """Return a typed layer with the labels besides the type: targets, secondary types, conditions, negations.

    Parameters
    ----------
    source : Source
        The text; where it names entities, no other is a target.
    layer : Prediction
        Its claims typed.
    """
    return aimed(flagged(layer), source.text, closed=bool(source.layer and source.layer.entities))


def _types(layer: Prediction) -> Iterator[tuple[str, Rhetoric]]:
    cues = {cue.id: cue.spans[0].text for cue in layer.cues}
    told = {words: lexicon().cue_type(words) for words in ("", *dict.fromkeys(cues.values()))}
    said = {item.id: cues.get(item.cue or "", "") for item in layer.attributions}
    for claim in layer.claims:
        cue = said[claim.attribution]
        yield claim.id, decided(told[cue], cue, " ".join(span.text for span in claim.spans))


def find(doc_id: str, text: str) -> Prediction:
    """Find speakers, cues, claims and entities in a text.

    Parameters
    ----------
    doc_id, text : str
        Id the prediction shall have, and the text.

    Returns
    -------
    Prediction
        Claims without types.
    """
    surface = Surface(text)
    found = _issued(surface)
    return assemble(doc_id, text, list(_news(surface)) if found is None else found, resolve)


def find_issued(doc_id: str, text: str) -> Prediction | None:
    """Do as `find` in a text that is issued, as statements, letters and transcripts are; None for a reported one."""
    found = _issued(Surface(text))
    return None if found is None else assemble(doc_id, text, found, resolve)


def _issued(surface: Surface) -> list[Frame] | None:
    if surface.transcript:
        return list(_turns(surface))
    author = Author(surface)
    return list(frames(surface, author)) if author.speaks else None


def _turns(surface: Surface) -> Iterator[Frame]:
    for paragraph in surface.paragraphs:
        label = surface.label(paragraph)
        if label and (places := surface.sentences((label[1] + 2, paragraph[1]))):
            said = [(s, e) for s, e in places if not surface.text[s:e].endswith("?")]
            if said:
                yield Frame((), (label,), tuple((place,) for place in said))


def _news(surface: Surface) -> Iterator[Frame]:
    """Yield attributions sentence by sentence; a quotation without a cue goes on what was said before."""
    last: Frame | None = None
    added: list[Places] = []
    for paragraph in surface.paragraphs:
        for sentence in surface.sentences(paragraph):
            found = list(reports(surface, sentence))
            if last and not found:
                added += [(place,) for place in _loose(surface, sentence)]
            for report in found:
                if last:
                    yield Frame(last.cue, last.speaker, (*last.claims, *added))
                last, added = report, []
    if last:
        yield Frame(last.cue, last.speaker, (*last.claims, *added))


def _loose(surface: Surface, sentence: Place) -> Iterator[Place]:
    for start, end in surface.quotations_from(sentence):
        if len(surface.text[start:end].split()) > 4:
            yield start, min(end, sentence[1])
