"""Level *guidelines*: what can be told of the rules of annotation without reading; other corpora may have others."""

from collections.abc import Iterator

from communique.labels import Rhetoric
from communique.problems import Level, Problem
from communique.records import Claim, Document, Entity
from communique.tokens import tokens

PAIRS = frozenset(
    {
        (Rhetoric.THREAT, Rhetoric.DEMAND),
        (Rhetoric.OFFER, Rhetoric.DEMAND),
        (Rhetoric.DENIAL, Rhetoric.ACCUSATION),
    }
)
"""The closed list of primary and secondary types."""
AIMLESS = frozenset({Rhetoric.JUSTIFICATION, Rhetoric.PREDICTION, Rhetoric.ASSERTION})
"""Types of claims that are aimed at nobody."""
Fault = tuple[str, str]


def guideline_problems(document: Document, file: str, line: int) -> Iterator[Problem]:
    """Yield where a document breaks the guidelines."""
    for name, told in _broken(document):
        yield Problem(file, line, name, Level.GUIDELINES, f"{document.id}: {told}")


def _broken(document: Document) -> Iterator[Fault]:
    held = {item.id: set(item.entities) for item in document.attributions}
    words = {word.casefold() for word, _, _ in tokens(document.text)}
    for claim in document.claims:
        yield from _claim(claim, held[claim.attribution])
    for entity in document.entities:
        yield from _name(entity, words)


def _claim(claim: Claim, holders: set[str]) -> Iterator[Fault]:
    if claim.rhetoric and claim.also and (claim.rhetoric, claim.also) not in PAIRS:
        pairs = ", ".join(sorted(f"{one} also {other}" for one, other in PAIRS))
        yield "secondary-pair", f"{claim.id} is {claim.rhetoric}, also {claim.also}; the pairs are {pairs}"
    if claim.targets and claim.rhetoric in AIMLESS:
        yield "target-unwanted", f"{claim.id} is {claim.rhetoric}, which is aimed at nobody; drop its targets"
    if both := sorted(holders.intersection(claim.targets)):
        yield "target-self", f"{claim.id} is aimed at {both[0]}, who holds it; drop the target"


def _name(entity: Entity, words: set[str]) -> Iterator[Fault]:
    strange = [word for word, _, _ in tokens(entity.name) if word[0].isupper() and word.casefold() not in words]
    if strange:
        told = f"{entity.id} is called {entity.name!r}, and {strange[0]!r} stands nowhere in the text"
        yield "name-elsewhere", f"{told}; name it as the text does, or by its role in small letters"
