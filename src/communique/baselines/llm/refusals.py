"""What goes wrong at an endpoint, in one message without the key: for the whole run, or for one text alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from communique.baselines.llm.echoes import covered
from communique.problems import CommuniqueError

if TYPE_CHECKING:
    import openai

_ONE_TEXT = frozenset({400, 413, 422})
"""HTTP statuses that may be due to what was asked; others stop the run."""
_MODERATED = re.compile(r"moderat|flagged|content.?(?:filter|policy)|safety", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context.?(?:length|window)|maximum context|(?:prompt|input|request).{0,40}too (?:long|large)", re.IGNORECASE
)


class RefusedError(CommuniqueError):
    """An endpoint does not answer what it was asked about one text; about others it may."""


@contextmanager
def told(url: str, key: str) -> Iterator[None]:
    """Turn what goes wrong in the block into one message.

    Parameters
    ----------
    url : str
        The endpoint.
    key : str
        Covered wherever it stands in the message.

    Raises
    ------
    RefusedError
        It concerns one text.
    CommuniqueError
        It concerns all.
    """
    import openai

    kind: type[CommuniqueError] = CommuniqueError
    try:
        yield
    except RefusedError as error:
        kind, reason = RefusedError, str(error)
    except openai.APIConnectionError as error:
        reason = f"cannot be reached ({str(error).rstrip('.')}); check OPENAI_BASE_URL, the network and the timeout"
    except openai.APIStatusError as error:
        kind, reason = (RefusedError if of_the_text(error) else CommuniqueError), _refusal(error)
    except (openai.OpenAIError, ValueError, AttributeError):
        reason = "does not answer in the chat-completions protocol; check OPENAI_BASE_URL, it often ends in /v1"
    else:
        return
    raise kind(covered(f"{url} {reason}", key).encode("utf-8", "replace").decode("utf-8")) from None


def of_the_text(error: "openai.APIStatusError") -> bool:
    """Say whether an error may be due to what was asked, not to how or by whom."""
    return error.status_code in _ONE_TEXT or (
        error.status_code == 403 and bool(_MODERATED.search(f"{error} {error.code} {error.body}"))
    )


def too_long(error: "openai.APIStatusError") -> bool:
    """Say whether an endpoint refuses a text for its length."""
    return bool(_TOO_LONG.search(f"{error} {error.code}"))


def _refusal(error: "openai.APIStatusError") -> str:
    if elsewhere := error.response.headers.get("location"):
        return f"sends questions on to {elsewhere!r}, which gets no key; if you trust it, set OPENAI_BASE_URL to it"
    if error.status_code in (401, 403) and not of_the_text(error):
        return f"refuses the key (HTTP {error.status_code}); mend OPENAI_API_KEY"
    return f"refuses, all retries included: {error}; mend the parameters or try later, what was answered is kept"


def answered(completion: Any) -> Any:
    """Return the first choice of a completion.

    Raises
    ------
    RefusedError
        There is none, but perhaps an error instead.
    ValueError
        It is no completion.
    """
    if error := getattr(completion, "error", None):
        said = error.get("message", error) if isinstance(error, dict) else error
        raise RefusedError(f"answers with an error: {said}")
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list):
        raise ValueError("no completion")
    if not choices or getattr(choices[0], "message", None) is None:
        raise RefusedError("answers without choices")
    return choices[0]
