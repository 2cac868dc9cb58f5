"""spaCy itself, if it is installed, and the names of the span groups."""

from typing import Any

from communique.extras import library

LABELS = {"mentions": "Unknown", "speakers": "Speaker", "cues": "Cue", "claims": "Claim"}
"""Of spans that have none, by group."""
FACTS = "communique"
"""Name of what is carried, in the custom data."""


def spacy() -> Any:
    """Return the library.

    Raises
    ------
    CommuniqueError
        It is not installed.
    """
    return library("spacy", "spacy", "DocBin needs spaCy")
