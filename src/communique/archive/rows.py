"""Labels as rows for people: a row a claim, in words, without ids and offsets."""

from collections.abc import Iterable, Iterator

from communique.archive.shards import About
from communique.problems import tidy
from communique.records import PredictedClaim, Prediction, Words

COLUMNS = ("document", "date", "who", "speaker's words", "cue", "how", "at whom", "what", "if", "not")
Row = tuple[str, ...]


def rows(labels: Iterable[tuple[About, Prediction]]) -> Iterator[Row]:
    """Yield a row of `COLUMNS` for every claim, in the order of the texts.

    Several names are joined by ``; ``, fragments by `` … ``; ``if`` and ``not`` say yes or nothing. White space is
    single blanks, and a character that would command a terminal is shown instead.
    """
    for about, layer in labels:
        names = {entity.id: entity.name for entity in layer.entities}
        said: dict[str | None, str] = {unit.id: _words(unit) for unit in (*layer.speakers, *layer.cues)}
        attributions = {item.id: item for item in layer.attributions}
        for claim in layer.claims:
            by = attributions[claim.attribution]
            who, whom = ("; ".join(names[name] for name in ids) for ids in (by.entities, claim.targets))
            words = (said.get(by.speaker, ""), said.get(by.cue, ""))
            flags = ("yes" if flag else "" for flag in (claim.conditional, claim.negated))
            cells = (about.id, about.date or "", who, *words, claim.rhetoric or "", whom, _words(claim), *flags)
            yield tuple(map(tidy, cells))


def _words(unit: Words | PredictedClaim) -> str:
    return " … ".join(span.text for span in unit.spans)
