"""Hypothesis strategies: texts with consistent annotation, and predictions of them."""

import msgspec
from hypothesis import strategies as st

from communique.canonical import canonical
from communique.labels import EntityKind, Form, Rhetoric
from communique.records import (
    Attribution,
    Claim,
    Cue,
    Document,
    Entity,
    PredictedClaim,
    Prediction,
    Provenance,
    Span,
    Speaker,
)

WORDS = ["said", "“no”", "Éra", "🚩", "the", "dam", "wait", "naïve", "a", "council"]
TEXT = " ".join(WORDS * 6)
TOKENS = [
    (m, m + len(w))
    for w, m in zip(WORDS * 6, [len(" ".join((WORDS * 6)[:i])) + (i > 0) for i in range(60)], strict=True)
]


def stretch(first: int, last: int) -> tuple[int, int]:
    return TOKENS[first][0], TOKENS[last][1]


def span(place: tuple[int, int]) -> Span:
    return Span(start=place[0], end=place[1], text=TEXT[slice(*place)])


@st.composite
def places(draw, most: int = 8) -> tuple[int, int]:
    first = draw(st.integers(0, 58))
    return stretch(first, draw(st.integers(first, min(59, first + most))))


@st.composite
def fragments(draw) -> tuple[Span, ...]:
    cuts = sorted(draw(st.sets(st.integers(0, 29), min_size=1, max_size=3)))
    return tuple(span(stretch(2 * cut, 2 * cut)) for cut in cuts) if len(cuts) > 1 else (span(draw(places())),)


@st.composite
def predictions(draw, doc_id: str = "made/any") -> Prediction:
    """Return a consistent annotation of `TEXT`: no duplicate units, claims of an attribution disjoint."""
    entities = [
        Entity(id=f"e{i}", name=f"Éra {i}", kind=draw(st.sampled_from(EntityKind)), mentions=tuple(sorted(found)))
        for i, found in enumerate(draw(st.lists(st.sets(places(2), max_size=3), min_size=1, max_size=3)))
    ]
    names = st.sampled_from([entity.id for entity in entities])
    speakers, cues, attributions, claims = {}, {}, [], []
    for number in range(draw(st.integers(0, 5))):
        speaker = draw(st.none() | places(2))
        cue = draw(st.none() | places(1).filter(lambda place: place not in cues))
        kept: list[tuple[Span, ...]] = []
        for part in draw(st.lists(fragments(), min_size=1, max_size=3)):
            kept += [] if any(_clash(part, other) for other in kept) else [part]
        if speaker is not None:
            speakers.setdefault(speaker, Speaker(id=f"s{number}", spans=(span(speaker),)))
        if cue is not None:
            cues[cue] = Cue(id=f"q{number}", spans=(span(cue),))
        attributions.append(
            Attribution(
                id=f"a{number}",
                speaker=speakers[speaker].id if speaker is not None else None,
                cue=cues[cue].id if cue is not None else None,
                entities=tuple(sorted(draw(st.sets(names, min_size=1, max_size=2)))),
                form=draw(st.sampled_from(Form)),
                parent=None,
            )
        )
        for part in kept:
            rhetoric = draw(st.sampled_from(Rhetoric))
            claims.append(
                PredictedClaim(
                    id=f"c{len(claims)}",
                    attribution=f"a{number}",
                    spans=part,
                    rhetoric=rhetoric,
                    also=draw(st.none() | st.sampled_from([x for x in Rhetoric if x not in (rhetoric, "assertion")])),
                    targets=tuple(sorted(draw(st.sets(names, max_size=2)))),
                    conditional=draw(st.booleans()),
                    negated=draw(st.booleans()),
                )
            )
    for item in attributions:
        spoken = {unit.id: unit.spans[0] for unit in speakers.values()}.get(item.speaker)
        for number, entity in enumerate(entities):
            if spoken and entity.id in item.entities:
                place = (spoken.start, spoken.end)
                mentions = tuple(sorted({*entity.mentions, place}))
                entities[number] = msgspec.structs.replace(entity, mentions=mentions)
    used = {n for a in attributions for n in a.entities} | {n for c in claims for n in c.targets}
    return canonical(
        Prediction(
            id=doc_id,
            entities=tuple(e for e in entities if e.mentions or e.id in used),
            speakers=tuple(speakers.values()),
            cues=tuple(cues.values()),
            attributions=tuple(attributions),
            claims=tuple(claims),
        )
    )


def _clash(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in one for b in other)


def as_document(layer: Prediction) -> Document:
    claims = tuple(Claim(**{name: getattr(c, name) for name in Claim.__struct_fields__}) for c in layer.claims)
    return Document(
        id=layer.id,
        text=TEXT,
        language="en",
        collection="made",
        genre="wire",
        storyline=None,
        title=None,
        date=None,
        provenance=Provenance(origin="composed", publisher=None, license="CC-BY-4.0", url=None, sha256="0" * 64),
        entities=layer.entities,
        speakers=layer.speakers,
        cues=layer.cues,
        attributions=layer.attributions,
        claims=claims,
    )


def gold_documents(doc_id: str = "made/any") -> st.SearchStrategy[Document]:
    return predictions(doc_id).map(as_document)
