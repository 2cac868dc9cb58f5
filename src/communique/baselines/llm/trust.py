"""What a saved model may decide: how to ask, not where the user's key, texts and answers go."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from communique.problems import CommuniqueError

_ALLOWED_BY = {"base_url": "OPENAI_BASE_URL", "cache": "COMMUNIQUE_CACHE"}
"""Parameters that say where something goes, and the variable of the user's that must say the same."""
_TOLD = {"base_url": "would send your key and texts to", "cache": "would keep answers in"}
_OWN = frozenset({"messages", "model", "stream"})
_WORD = re.compile(r"[A-Za-z0-9_-]{0,64}")


def admit(parameters: Mapping[str, Any], place: Path) -> None:
    """Refuse the parameters of a saved model that the user has not allowed.

    Parameters
    ----------
    parameters : mapping
        As ``model.json`` has them.
    place : Path
        That file.

    Raises
    ------
    CommuniqueError
        ``base_url`` or ``cache`` is none that the environment names, or ``extra`` holds more than numbers, truth
        values and single words, or names what the baseline says itself.
    """
    for name, variable in _ALLOWED_BY.items():
        wanted = parameters.get(name)
        if wanted and str(wanted).rstrip("/") != os.environ.get(variable, "").rstrip("/"):
            raise CommuniqueError(
                f"{place}: this model {_TOLD[name]} {wanted!r}; if you trust it, set {variable} to that, "
                f"else take {name} out of the file"
            )
    if refused := sorted(_refused(parameters.get("extra"))):
        raise CommuniqueError(
            f"{place}: this model adds {', '.join(map(repr, refused))} to each request; a saved model may add numbers, "
            "truth values and single words, which rule out addresses and keys; take it out, or name it in your own code"
        )


def _refused(extra: object) -> Iterator[str]:
    """Yield the names in ``extra`` that a saved model may not decide."""
    for name, value in extra.items() if isinstance(extra, dict) else ():
        if name in _OWN or not all(map(_harmless, value.values() if isinstance(value, dict) else [value])):
            yield name


def _harmless(value: object) -> bool:
    return bool(_WORD.fullmatch(value)) if isinstance(value, str) else not isinstance(value, (dict, list))
