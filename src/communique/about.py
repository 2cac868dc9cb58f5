"""What a corpus is, and whose: its plan says so, every release of it repeats it, nothing of it is assumed."""

from enum import StrEnum
from typing import Annotated

import msgspec

from communique.records import Language, Record

OWN = "communique"
"""The name of the project's own corpus."""
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?!\n)", max_length=64)]
"""Of a corpus: the first part of every signature, so without ``|`` and ``:``."""
Said = Annotated[str, msgspec.Meta(min_length=1)]
License = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]*$(?!\n)")]


class Maker(StrEnum):
    """Who made texts or labels."""

    PERSON = "person"
    MACHINE = "machine"
    BOTH = "both"


class Made(Record, frozen=True, kw_only=True):
    """Who made the texts or the labels of a corpus, and under what terms they may be used.

    Attributes
    ----------
    by : Maker
        Persons, machines, or both.
    who : str
        In words: which persons or machines, and how many.
    license : str
        SPDX identifier, or ``LicenseRef-`` and a name where there is none.
    """

    by: Maker
    who: Said
    license: License


class About(Record, frozen=True, kw_only=True):
    """What is said of a corpus in its card, its manifests, its citation and its signatures.

    Attributes
    ----------
    name : str
        Small letters, digits and hyphens.
    title : str
        What it is, in a few words.
    authors : tuple of str
        Whom to cite.
    language : str
        ISO 639 code.
    texts, labels : Made
        Who made them, and their licences.
    tags : tuple of str
        For those who search.
    """

    name: Name
    title: Said
    authors: Annotated[tuple[Said, ...], msgspec.Meta(min_length=1)]
    language: Language
    texts: Made
    labels: Made
    tags: tuple[str, ...] = ()


def terms(about: About) -> str:
    """Return the licence, or those of texts and labels where they differ."""
    texts, labels = about.texts.license, about.labels.license
    return labels if texts == labels else f"texts {texts}, labels {labels}"


_MODEL = Made(by=Maker.MACHINE, who="a large language model", license="CC-BY-4.0")
FIRST = About(
    name=OWN,
    title="who claimed what, and how",
    authors=("The communique maintainers",),
    language="en",
    texts=_MODEL,
    labels=_MODEL,
    tags=("quotation-attribution", "claim-detection", "speech-acts", "diplomacy", "news", "synthetic"),
)
"""What release 0.1.0 of the project's own corpus is; its manifest is older than these fields."""
