"""What every importer yields, and how a document is made of what a foreign format holds."""

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from communique.admission import Admission
from communique.labels import Genre, Origin
from communique.layer import spans_at
from communique.places import Place
from communique.problems import tidy
from communique.records import Claim, Document, PredictedClaim, Prediction, Provenance, Span

_MORE = 1_000
_SPACE = re.compile(r"\s+")
_SHAPES = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'"})
_FINAL = " .,;:!?…'\"-"


@dataclass
class Imported(Admission):
    """Documents that `admit` let in, what could not be read, and what was noticed on the way, counted by name."""

    noticed: Counter[str] = field(default_factory=Counter)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a text beside its annotation."""

    collection: str = "imported"
    genre: Genre = Genre.OTHER
    date: datetime.date | None = None
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    license: str = "LicenseRef-unknown"


def document(layer: Prediction, text: str, known: Known = Known()) -> Document:  # noqa: B008 - frozen
    """Return a document of a text and its annotation; its title is the text's `headline`.

    Raises
    ------
    ValueError
        There is no text, or it has half a character.
    """
    if not text:
        raise ValueError("there is no text")
    return Document(
        id=layer.id,
        text=text,
        language="en",
        collection=known.collection,
        genre=known.genre,
        storyline=None,
        title=headline(known.title, text),
        date=known.date,
        provenance=Provenance(
            origin=Origin.SUPPLIED,
            publisher=tidy(known.publisher or "") or None,
            license=known.license,
            url=known.url,
            sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        ),
        entities=layer.entities,
        speakers=layer.speakers,
        cues=layer.cues,
        attributions=layer.attributions,
        claims=tuple(as_claim(claim) for claim in layer.claims),
    )


def headline(title: str | None, text: str) -> str | None:
    """Return the first line of a text if it is the title that is known of it, else None.

    Final punctuation, white space and the shape of quotation marks may differ; either may be cut short, the title where
    it ends in dots, the line where it ends in a semicolon and the title goes on.
    """
    line = text.split("\n", 1)[0]
    told, written = _folded(title or ""), _folded(line)
    if not told or not written:
        return None
    shortened = (title or "").rstrip().endswith(("...", "…")) and written.startswith(told)
    continued = line.rstrip().endswith(";") and told.startswith(written)
    return line if told == written or shortened or continued else None


def _folded(words: str) -> str:
    return " ".join(words.translate(_SHAPES).replace("''", '"').split()).rstrip(_FINAL)


def as_claim(claim: PredictedClaim) -> Claim:
    """Return a predicted claim as a claim of a document, without its probabilities."""
    return Claim(**{name: getattr(claim, name) for name in Claim.__struct_fields__})


def spans(places: Iterable[Place], text: str) -> tuple[Span, ...]:
    """Return stretches as spans, `trimmed`."""
    return spans_at(trimmed(places, text), text)


def trimmed(places: Iterable[Place], text: str) -> tuple[Place, ...]:
    """Return stretches without space at their edges, sorted, joined where they overlap or touch across a line break."""
    joined: list[Place] = []
    for start, end in sorted(_bare(start, end, text) for start, end in places):
        if start >= end:
            continue
        if joined and (start <= joined[-1][1] or broken(text, joined[-1][1], start)):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def spoken(places: Sequence[Place], text: str, length: int) -> str:
    """Return the words of fragments with a blank between; only the first's, where all are far more than expected.

    A line that names one stretch a thousand times would have a thousand times the text.
    """
    whole = sum(end - start for start, end in places) + len(places) - 1
    return " ".join(text[start:end] for start, end in (places if whole <= length + _MORE else places[:1]))


def broken(text: str, start: int, end: int) -> bool:
    """Say whether nothing stands between two places but white space with a line break."""
    space = _SPACE.match(text, start, end)
    return space is not None and space.end() == end and "\n" in space[0]


def _bare(start: int, end: int, text: str) -> Place:
    words = text[start:end]
    return end - len(words.lstrip()), start + len(words.rstrip())
