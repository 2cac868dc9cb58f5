"""Which act words perform that no cue reports: those of an author, who says "we reject" or "the Ministry rejects"."""

from communique.baselines.flags import negated
from communique.baselines.lexicon import Patterns, lemmas, lexicon, pattern
from communique.labels import Rhetoric

_REACH = 60
"""Characters behind the subject in which the act is told."""
_WORDS = 5
_LOOKED = 240
"""Characters at the beginning of a claim in which a formula may stand."""
_LONGEST = 3
"""Words of an entry of `Lexicon.cues`."""


def decided(reported: Rhetoric | None, cue: str, words: str) -> Rhetoric:
    """Return the type of a claim by rules.

    Parameters
    ----------
    reported : Rhetoric or None
        What its cue tells.
    cue, words : str
        Of the claim; the cue is empty where there is none. A statement that is declined is an assertion.
    """
    if reported:
        return reported
    if negated(cue, words):
        return Rhetoric.ASSERTION
    return lexicon().content_type(words) if cue else performed(words)


def performed(words: str) -> Rhetoric:
    """Return the type of a claim that its author makes without a cue.

    Parameters
    ----------
    words : str
        Of the claim: what its verb tells where the subject is the author, or else what the wording suggests.
    """
    lower = words[:_LOOKED].lower()
    return (
        _first(lexicon().formulas, lower)
        or _told(words)
        or _first(lexicon().wordings, lower)
        or _announced(lexicon().content_type(words))
    )


def own(words: str) -> bool:
    """Say whether words begin with an author who tells what is done by telling it, as in "The Union rejects"."""
    return _told(words, neutral=True) is not None


def _first(patterns: Patterns, lower: str) -> Rhetoric | None:
    return next((label for label, pattern in patterns if pattern.search(lower)), None)


def _announced(label: Rhetoric) -> Rhetoric:
    """What the author says will be, others may rely on."""
    return Rhetoric.COMMITMENT if label is Rhetoric.PREDICTION else label


def _told(words: str, *, neutral: bool = False) -> Rhetoric | None:
    subject = pattern("authors", "subject").match(words)
    if subject is None or subject["not"]:
        return None
    forms = lemmas(words[subject.end() : subject.end() + _REACH])[:_WORDS]
    if not forms or not (subject["who"] or _opens(forms)):
        return None
    found = (
        label
        for at in range(len(forms))
        for size in range(_LONGEST, 0, -1)
        if (label := lexicon().cues.get(forms[at : at + size])) is not None
    )
    label = next(found, None)
    return label if neutral or label is not Rhetoric.ASSERTION else None


def _opens(forms: tuple[str, ...]) -> bool:
    """Say whether a verb that tells an act comes first."""
    return forms[0] in lexicon().voicing or any(forms[:size] in lexicon().cues for size in range(1, _LONGEST + 1))
