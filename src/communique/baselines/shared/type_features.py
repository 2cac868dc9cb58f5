"""What the type of a claim can be told by: its words, its cue, its surroundings, signs of its form, the rules."""

import re
from collections.abc import Iterator, Mapping

from communique.baselines.acts import decided
from communique.baselines.lexicon import lexicon
from communique.records import Attribution, Claim, Document, PredictedClaim, Prediction

COLUMNS = ("claim", "cue", "context", "signs", "decision")
BY = ("cue", "content")
"""What the rules decide by: a decision is one of these, a colon, and a type."""
_AROUND = 80
"""Characters of context on each side."""
_MOST = 10_000
"""Characters of a claim that are looked at, at its beginning and at its end."""


def rows(layer: Document | Prediction, text: str, patterns: Mapping[str, re.Pattern[str]]) -> list[tuple[str, ...]]:
    """Return one row of `COLUMNS` for each claim of a layer.

    Parameters
    ----------
    layer : Document or Prediction
        Whose types are not looked at.
    text : str
        Text it stands in.
    patterns : mapping of str to Pattern
        Signs by name: a claim has those whose pattern its words match.
    """
    cues = {cue.id: " ".join(span.text for span in cue.spans) for cue in layer.cues}
    attributions = {item.id: item for item in layer.attributions}
    siblings: dict[str, dict[str, int]] = {}
    for claim in layer.claims:
        numbers = siblings.setdefault(claim.attribution, {})
        numbers[claim.id] = len(numbers)
    told = {cue: lexicon().cue_type(cue) for cue in ("", *dict.fromkeys(cues.values()))}
    found: list[tuple[str, ...]] = []
    last = ""
    for claim in layer.claims:
        item = attributions[claim.attribution]
        words, cue = _ends(" ".join(span.text for span in claim.spans)), cues.get(item.cue or "", "")
        reported = told[cue]
        start, end = claim.spans[0].start, claim.spans[-1].end
        around = f"{text[max(0, start - _AROUND) : start]} {text[end : end + _AROUND]}"
        contents = list(lexicon().content_types(words))
        label = decided(reported, cue, words)
        signs = [
            *_worded(words, patterns),
            *(f"content:{label}" for label in contents),
            *_placed(claim, item, siblings[item.id], start / len(text)),
            f"cue:{reported}",
            f"last:{last}",
        ]
        found.append((words, cue, around, " ".join(signs), f"{BY[0] if reported else BY[1]}:{label}"))
        last = str(reported)
    return found


def _ends(words: str) -> str:
    return words if len(words) <= 2 * _MOST else f"{words[:_MOST]} {words[-_MOST:]}"


def _worded(words: str, patterns: Mapping[str, re.Pattern[str]]) -> Iterator[str]:
    yield from (name for name, pattern in patterns.items() if pattern.search(words))
    yield f"length:{min(5, len(words) // 30)}"


def _placed(
    claim: Claim | PredictedClaim, item: Attribution, siblings: Mapping[str, int], depth: float
) -> Iterator[str]:
    yield f"form:{item.form}"
    yield f"nested:{item.parent is not None}"
    yield f"implicit:{item.speaker is None}"
    yield f"broken:{len(claim.spans) > 1}"
    yield f"sibling:{min(2, siblings[claim.id])}of{min(3, len(siblings))}"
    yield f"third:{int(3 * depth)}"
