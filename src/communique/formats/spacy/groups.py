"""spaCy itself, if it is installed, and the names of the span groups."""

from typing import Any

from communique.problems import CommuniqueError

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
    try:
        import spacy as library
    except ImportError as error:
        raise CommuniqueError("DocBin needs spaCy; install it with pip install 'communique[spacy]'") from error
    return library
