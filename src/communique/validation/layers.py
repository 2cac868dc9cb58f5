"""Levels *spans* and *document*: every annotated text on its own."""

import unicodedata
from collections.abc import Iterator, Sequence

from communique.checks import Fault, places, predicted_faults, shown, span_faults, unit_faults
from communique.places import Stretches, outermost
from communique.problems import Level, Problem
from communique.records import Document, Prediction
from communique.validation.files import Layered


def layer_problems(file: str, records: Sequence[tuple[int, Layered]]) -> list[Problem]:
    """Return what is wrong within the documents or predictions of a file.

    Parameters
    ----------
    file : str
        Its name, for the problems.
    records : sequence of (int, record)
        With their line numbers. Quoted predictions have nothing to check before they are aligned, nor
        standoff layers before they are joined with their texts.

    Returns
    -------
    list of Problem
        Of level *spans*, or of level *document* where the spans are right.
    """
    problems = []
    for number, record in records:
        level, faults = Level.SPANS, list(_spans(record))
        if not faults:
            level, faults = Level.DOCUMENT, list(_units(record))
        problems += [Problem(file, number, name, level, f"{record.id}: {told}") for name, told in faults]
    return problems


def _spans(record: Layered) -> Iterator[Fault]:
    if isinstance(record, Document):
        faults = list(_text(record))
        yield from faults or span_faults(record, record.text)


def _text(record: Document) -> Iterator[Fault]:
    if "\r" in record.text:
        yield "text-carriage-return", "the text holds a carriage return; lines of a text end in LF"
    if record.text.startswith("\ufeff"):
        yield "text-bom", "the text begins with a byte order mark; strip it before offsets are counted"
    if not unicodedata.is_normalized("NFC", record.text):
        yield "text-not-nfc", "the text is not in NFC; normalise it before offsets are counted"


def _units(record: Layered) -> Iterator[Fault]:
    if isinstance(record, Prediction):
        yield from predicted_faults(record)
    faults = list(unit_faults(record)) if isinstance(record, Document) else []
    yield from faults
    if isinstance(record, Document) and not faults:
        yield from _headed(record)
        yield from _unmentioned(record)
        yield from _nesting(record)


def _headed(record: Document) -> Iterator[Fault]:
    if record.title is not None and record.text.split("\n", 1)[0] != record.title:
        yield (
            "title-not-first-line",
            f"title {shown(record.title)} is not the first line of the text; copy it from there",
        )


def _unmentioned(document: Document) -> Iterator[Fault]:
    spoken = {speaker.id: places(speaker) for speaker in document.speakers}
    mentions = {entity.id: Stretches(outermost(entity.mentions)) for entity in document.entities}
    for item in document.attributions:
        said = spoken.get(item.speaker or "", ())
        for name in item.entities if said else []:
            if not any(mentions[name].met(*place) for place in said):
                told = f"{item.id}: its speaker's words are no mention of {name}, which holds it"
                yield "speaker-not-mention", f"{told}; add them to the mentions or name another holder"


def _nesting(document: Document) -> Iterator[Fault]:
    claims = {claim.id: claim for claim in document.claims}
    parents = {item.id: item.parent for item in document.attributions if item.parent in claims}
    outer = {name: Stretches(places(claims[name])) for name in dict.fromkeys(parents.values()) if name}
    for claim in document.claims:
        if claim.attribution in parents:
            around = outer[parents[claim.attribution] or ""]
            if not all(around.holds(*place) for place in places(claim)):
                told = (
                    f"{claim.id}: reaches out of {parents[claim.attribution]}, the claim its attribution is nested in"
                )
                yield "nested-outside-parent", f"{told}; shorten it or mend the parent"
