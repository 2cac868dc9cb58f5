"""From documents to columns."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from communique.formats.conll.layout import TAGS
from communique.labels import Rhetoric
from communique.places import Stretches
from communique.records import Document, Span
from communique.tokens import paragraphs, tokens
from communique.writing import refuse_unwritten, replacing

SIGN = rb"# document = "


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write documents as one file of columns.

    Parameters are those of `communique.formats.events.write`.
    """
    refuse_unwritten(target, SIGN, force=force)
    with replacing(target) as file:
        for item in documents:
            file.write("".join(f"{line}\n" for line in _lines(item)).encode("utf-8"))


def _lines(item: Document) -> Iterator[str]:
    yield f"# document = {item.id}"
    yield f"# text = {json.dumps(item.text, ensure_ascii=False)}"
    claims: dict[str, dict[str, Rhetoric | None]] = {}
    for claim in item.claims:
        claims.setdefault(claim.attribution, {})[claim.id] = claim.rhetoric
    for attribution in item.attributions:
        fields = {name: getattr(attribution, name) for name in ("speaker", "cue", "form", "parent")}
        yield f"# attribution = {json.dumps({**fields, 'claims': claims.get(attribution.id, {})}, ensure_ascii=False)}"
    blocks = [tokens(item.text, start, end) for start, end in paragraphs(item.text)]
    columns = [_tagged(item, name, list(chain.from_iterable(blocks))) for name in TAGS]
    for words in blocks:
        for word, at, _ in words:
            tags = [column.get(at, ("O", "")) for column in columns]
            links = [f"{name}={unit}" for name, (_, unit) in zip(TAGS, tags, strict=True) if unit]
            yield "\t".join([word, str(at), *(tag for tag, _ in tags), "|".join(links) or "_"])
        yield ""


def _tagged(item: Document, name: str, words: Sequence[tuple[str, int, int]]) -> dict[int, tuple[str, str]]:
    """Return the tag of each token that has one, and at the first of each fragment the unit's id, by start."""
    row, taken = Stretches((start, end) for _, start, end in words), Stretches()
    tagged: dict[int, tuple[str, str]] = {}
    label = name.removeprefix("nested_")
    fragments = [(span, unit) for unit, spans in _units(item, name) for span in spans]
    for span, unit in sorted(fragments, key=lambda f: (f[0].start - f[0].end, f[0].start, f[1])):
        inside = row.met(span.start, span.end)
        if inside and taken.add(inside.start, inside.stop):
            starts = [words[number][1] for number in inside]
            tagged |= {at: (f"I-{label}", "") for at in starts} | {starts[0]: (f"B-{label}", unit)}
    return tagged


def _units(item: Document, name: str) -> list[tuple[str, Sequence[Span]]]:
    nested = {a.id for a in item.attributions if a.parent is not None}
    match name:
        case "speaker":
            return [(unit.id, unit.spans) for unit in item.speakers]
        case "cue":
            return [(unit.id, unit.spans) for unit in item.cues]
        case _:
            return [(c.id, c.spans) for c in item.claims if (c.attribution in nested) == (name == "nested_claim")]
