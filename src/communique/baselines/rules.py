"""Everything by hand-written rules: quotation marks, a reporting lexicon, the nearest noun phrase."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from communique.baselines.base import ModelCard, Source, save_card
from communique.baselines.labelling import typed
from communique.baselines.lexicon import lexicon
from communique.baselines.reporting import Report, reports
from communique.baselines.resolve import Resolver
from communique.baselines.surface import Place, Surface
from communique.labels import Form, Rhetoric
from communique.records import Attribution, Cue, Document, PredictedClaim, Prediction, Span, Speaker


class Rules:
    """Find and type claims by rules; nothing is learned."""

    name = "rules"
    tasks = ("spans", "attribution", "rhetoric", "full")

    def fit(self, documents: Sequence[Document]) -> Self:
        """Return itself: the rules are fixed."""
        return self

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Find claims where a source brings none; type each by its cue, or by its wording where the cue is neutral."""
        return [typed(layer, {name: {label: 1.0} for name, label in _types(layer)}) for _, layer in self.found(sources)]

    def found(self, sources: Iterable[Source]) -> Iterator[tuple[Source, Prediction]]:
        """Yield every source with its own layer, or the one the rules find."""
        for source in sources:
            yield source, source.layer or find(source.id, source.text)

    def save(self, folder: Path) -> None:
        """Write ``model.json``."""
        save_card(folder, self.name, {})

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model."""
        return cls()


def _types(layer: Prediction) -> Iterator[tuple[str, Rhetoric]]:
    cues = {cue.id: cue.spans[0].text for cue in layer.cues}
    said = {item.id: cues.get(item.cue or "", "") for item in layer.attributions}
    for claim in layer.claims:
        told = _cue_type(said[claim.attribution])
        yield claim.id, told or lexicon().content_type(" ".join(span.text for span in claim.spans))


def _cue_type(cue: str) -> Rhetoric | None:
    words = cue.lower().split()
    phrases = [label for phrase, label in lexicon().phrases.items() if list(phrase) == words[-len(phrase) :]]
    labels = phrases + [label for word in reversed(words) if (label := lexicon().verb(word))]
    return labels[0] if labels and labels[0] is not Rhetoric.ASSERTION else None


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
    if surface.transcript:
        found = list(_turns(surface))
    elif surface.authored:
        found = [_author(surface)]
    else:
        found = list(_news(surface))
    return _assemble(doc_id, text, found)


def _turns(surface: Surface) -> Iterator[Report]:
    for paragraph in surface.paragraphs:
        label = surface.label(paragraph)
        if label and (places := surface.sentences((label[1] + 2, paragraph[1]))):
            said = [(s, e) for s, e in places if not surface.text[s:e].endswith("?")]
            if said:
                yield Report(None, label, tuple((place,) for place in said), None)


def _author(surface: Surface) -> Report:
    places = [place for paragraph in surface.paragraphs[1:] for place in surface.sentences(paragraph)]
    return Report(None, None, tuple((place,) for place in places), None)


def _news(surface: Surface) -> Iterator[Report]:
    """Yield reports sentence by sentence; a quotation without a cue goes on what was said before."""
    last: Report | None = None
    for paragraph in surface.paragraphs:
        for sentence in surface.sentences(paragraph):
            found = list(reports(surface, sentence))
            loose = tuple(_loose(surface, sentence, found))
            if loose and last and not found:
                last = Report(last.cue, last.speaker, (*last.claims, *((place,) for place in loose)), last.label)
            for report in found:
                if last:
                    yield last
                last = report
    if last:
        yield last


def _loose(surface: Surface, sentence: Place, found: Sequence[Report]) -> Iterator[Place]:
    taken = {place for report in found for claim in report.claims for place in claim}
    for start, end in surface.quotations:
        if (
            sentence[0] <= start < sentence[1]
            and (start, end) not in taken
            and len(surface.text[start:end].split()) > 4
        ):
            yield start, min(end, sentence[1])


def _assemble(doc_id: str, text: str, found: Sequence[Report]) -> Prediction:
    resolver = Resolver(text)
    holders = [resolver.resolve(report.speaker) for report in found]
    entities = resolver.entities()
    speakers: dict[Place, Speaker] = {}
    cues: list[Cue] = []
    attributions: list[Attribution] = []
    claims: list[PredictedClaim] = []
    for number, (report, holder) in enumerate(zip(found, holders, strict=True), 1):
        if report.speaker and report.speaker not in speakers:
            speakers[report.speaker] = Speaker(id=f"s{len(speakers) + 1}", spans=_spans(text, (report.speaker,)))
        if report.cue:
            cues.append(Cue(id=f"q{number}", spans=_spans(text, (report.cue,))))
        attributions.append(
            Attribution(
                id=f"a{number}",
                speaker=speakers[report.speaker].id if report.speaker else None,
                cue=cues[-1].id if report.cue else None,
                entities=(entities[holder].id,),
                form=_form(text, report),
                parent=None,
            )
        )
        for claim in report.claims:
            claims.append(PredictedClaim(id=f"c{len(claims) + 1}", attribution=f"a{number}", spans=_spans(text, claim)))
    used = {item.entities[0] for item in attributions}
    return Prediction(
        id=doc_id,
        entities=tuple(entity for entity in entities.values() if entity.id in used),
        speakers=tuple(speakers.values()),
        cues=tuple(cues),
        attributions=tuple(attributions),
        claims=tuple(claims),
    )


def _spans(text: str, places: Sequence[Place]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in places)


def _form(text: str, report: Report) -> Form:
    marked = [text[start] in '“"„«' for claim in report.claims for start, _ in claim]
    return Form.DIRECT if all(marked) else Form.MIXED if any(marked) else Form.INDIRECT
