"""Holders against the coreference that people annotated (GUM)."""

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from against.articles import trimmed
from against.rows import ANNOTATORS, PEOPLE, ROW, share, told
from communique import jsonl, layers
from communique.formats import gum
from communique.layers import Layer
from communique.problems import CommuniqueError, tidy
from communique.records import Document, Entity
from communique.report import bench
from communique.score.config import ScoreConfig
from communique.score.evaluate import Evaluation, as_prediction, evaluate
from communique.score.pairing import Pairing
from communique.score.tasks import holders


def answered(gold: Document, one: Layer, path: Path, *, own_words: bool) -> Pairing:
    """Return coreference and an annotator's holders of the same attributions.

    An entity's mentions are where its name stands and, with `own_words`, the nameless words that speak for it.
    """
    if layers.digest(gold.text) != one.sha256:
        raise CommuniqueError(f"{path}: {one.id}: the text is another one; get the same version of the text")
    said = {unit.id: unit.entities for unit in one.attributions}
    by_claim = {claim.id: said[claim.attribution] for claim in one.claims}
    if strange := sorted(by_claim.keys() - {claim.id for claim in gold.claims}):
        raise CommuniqueError(f"{path}: {one.id}: no attribution {strange[0]!r} here; get the same version of the text")
    held = {claim.attribution: by_claim[claim.id] for claim in gold.claims if claim.id in by_claim}
    asked = trimmed(gold, set(held))
    asked = replace(asked, claims=tuple(replace(claim, targets=()) for claim in asked.claims))
    speaking = {(span.start, span.end) for unit in asked.speakers for span in unit.spans}
    entities = tuple(named(unit, gold.text, frozenset() if own_words else speaking) for unit in one.entities)
    given = replace(
        asked,
        entities=entities,
        attributions=tuple(replace(unit, entities=held[unit.id]) for unit in asked.attributions),
    )
    return Pairing(asked, as_prediction(given))


def named(unit: layers.PlacedEntity, text: str, left_out: Iterable[layers.Place]) -> Entity:
    name = tidy(text[slice(*unit.name or (0, 0))]) or layers.NAMELESS
    kept = (m for m in unit.mentions if m not in left_out or name.casefold() in tidy(text[slice(*m)]).casefold())
    return Entity(id=unit.id, kind=unit.kind, name=name, mentions=tuple(kept))


def right(pairings: Iterable[Pairing], kind: str | None = None) -> dict[str, list[float]]:
    """Return of each asked attribution, or those of one kind of speaker, whether the set of holders is right."""
    return {
        one.gold.id: [
            earned.shares["holder"]
            for earned in holders.judge(one).earned
            if kind is None or f"speaker:{kind}" in earned.groups
        ]
        for one in pairings
    }


def against_coreference(clone: Path, folder: Path) -> list[Evaluation]:
    documents = {document.id: document for document in gum.read(clone, parts=("interview", "news")).documents}
    rows, asked, paths = [], {}, {n: folder / "annotators" / n / "holders.jsonl" for n in ANNOTATORS}
    for name, path in paths.items():
        ours = [one for one in jsonl.read(path, Layer) if one.id in documents]
        for words in (True, False):
            pairs = [answered(documents[one.id], one, path, own_words=words) for one in ours]
            asked[name, words] = pairs
            how = "" if words else " by names alone"
            rows += [share(f"{name}{how}: {kind or 'all'}", right(pairs, kind)) for kind in (None, *holders.KINDS)]
    one, other = (asked[name, True] for name in ANNOTATORS)
    between = [Pairing(mine, theirs.predicted) for mine, theirs in zip(map(as_document, one), other, strict=True)]
    rows.append(share("annotators with each other", right(between)))
    told("Holders against coreference (GUM)", ROW, [row for row in rows if row[3] != "0"])
    both = [(name, pair) for name in ANNOTATORS for pair in asked[name, True]]
    gold = [replace(p.gold, id=f"{p.gold.id}@{name}", storyline=p.gold.id) for name, p in both]
    given = [replace(p.predicted, id=f"{p.gold.id}@{name}") for name, p in both]
    config = ScoreConfig(tasks=("holders",))
    return [evaluate(gold, given, config, system=bench.HUMAN, version=PEOPLE, split="gum", breakdown=True)]


def as_document(pairing: Pairing) -> Document:
    """Return what was predicted as if it were gold."""
    fields = ("entities", "attributions")
    return replace(pairing.gold, **{name: getattr(pairing.predicted, name) for name in fields})
