"""Exact F1 of BIO chunks, as the package seqeval counts them, paragraph by paragraph.

Tags are those of the release's ``tokens`` table: every fragment begins anew, of overlapping ones the longer is kept,
claims of nested attributions are tagged apart. They are well formed, so that both modes give one figure; `chunks`
takes any tags, so that a tagger's own output can be counted.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from communique.problems import CommuniqueError
from communique.records import Document, Prediction
from communique.score.metrics import Counts, Figure, Totals, prf
from communique.score.task import Task, document_by_document
from communique.tokens import paragraphs, tokens
from communique.views import bio

UNITS = ("speaker", "cue", "claim", "nested_claim")
MODES = ("default", "strict")
Chunk = tuple[str, int, int]


def counts(gold: Document, predicted: Prediction) -> Counts:
    """Count the chunks of a document: keys are ``(unit, mode, name)``, names ``gold``, ``predicted``, ``matched``."""
    found: Counts = Counter()
    for start, end in paragraphs(gold.text):
        words = tokens(gold.text, start, end)
        wanted, given = tags(gold, words), tags(predicted, words)
        for unit in UNITS:
            for mode in MODES:
                one, other = (chunks(side[unit], mode) for side in (wanted, given))
                found[unit, mode, "gold"] += len(one)
                found[unit, mode, "predicted"] += len(other)
                found[unit, mode, "matched"] += len(one & other)
    return found


def figures(totals: Totals) -> Iterator[Figure]:
    """Yield F1 of each unit in each mode."""
    for unit in UNITS:
        for mode in MODES:
            matched, gold, predicted = (totals[unit, mode, name] for name in ("matched", "gold", "predicted"))
            yield prf(unit, mode, matched, gold, predicted)


def tags(layer: Document | Prediction, words: list[tuple[str, int, int]]) -> dict[str, tuple[str, ...]]:
    """Return the BIO tags of a paragraph's tokens, per unit."""
    outer = {said.id for said in layer.attributions if said.parent is None}
    units = {
        "speaker": [unit.spans for unit in layer.speakers],
        "cue": [unit.spans for unit in layer.cues],
        "claim": [claim.spans for claim in layer.claims if claim.attribution in outer],
        "nested_claim": [claim.spans for claim in layer.claims if claim.attribution not in outer],
    }
    return {name: bio(words, spans, name.removeprefix("nested_")) for name, spans in units.items()}


def chunks(tags: Sequence[str], mode: str = "default") -> set[Chunk]:
    """Return the chunks of BIO tags.

    Parameters
    ----------
    tags : sequence of str
        ``O``, ``B-type``, ``I-type``, well formed or not.
    mode : str
        ``default``: an I that continues nothing begins a chunk, as conlleval has it. ``strict`` (IOB2): it begins
        none, and its run is no chunk.

    Returns
    -------
    set of (str, int, int)
        Type and token numbers, half-open.

    Raises
    ------
    CommuniqueError
        A tag is neither of these.
    """
    for at, tag in enumerate(tags):
        if tag != "O" and not (tag.startswith(("B-", "I-")) and tag[2:]):
            raise CommuniqueError(f"tag {tag!r} of token {at} is neither O, B-type nor I-type; write BIO tags")
    found, begun, before = set(), 0, "O"
    for at, tag in enumerate([*tags, "O"]):
        if not (tag.startswith("I-") and tag[2:] == before[2:]):
            if before != "O":
                found.add((before[2:], begun, at))
            begun = at
        before = tag
    return {chunk for chunk in found if mode == "default" or tags[chunk[1]].startswith("B-")}


TASK = Task(
    name="seqeval",
    order=4,
    wanted="BIO chunks",
    match="seqeval",
    headlines={(unit, "default"): f"F1 of {unit} chunks" for unit in UNITS},
    figures=figures,
    count=document_by_document(counts),
    words=("tokenizers",),
)
