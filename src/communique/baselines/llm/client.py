"""Asking an endpoint that speaks the chat-completions protocol."""

import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from communique.baselines.llm.cache import Message, Reply
from communique.baselines.llm.echoes import covered
from communique.baselines.llm.settings import Settings, endpoint
from communique.problems import CommuniqueError

if TYPE_CHECKING:
    import openai

_CONNECT = 10.0
"""Seconds to reach the endpoint; the rest of the timeout is for its answer."""
_KEY = re.compile(r"[!-~]+")
_JSON = {"response_format": {"type": "json_object"}}


class Client:
    """A connection, made at the first question; to be used as a context.

    Parameters
    ----------
    settings : Settings
        Where and how to ask.
    """

    def __init__(self, settings: Settings):
        self.settings = settings
        self._format: dict[str, Any] = _JSON
        self._lock = threading.Lock()
        self._connection: openai.OpenAI | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._connection:
            self._connection.close()

    def ask(self, messages: Sequence[Message]) -> Reply:
        """Return the answer to a conversation.

        Raises
        ------
        CommuniqueError
            The ``openai`` package, the key or the model's name is missing, or the endpoint cannot be reached, refuses,
            or answers in another protocol.
        """
        request = {"model": self.settings.model, "messages": list(messages), **sampling(self.settings)}
        with self._lock:
            self._connection = self._connection or _connected(self.settings)
        connection = self._connection
        with _told(str(connection.base_url), connection.api_key):
            return _reply(self._completed(connection.chat.completions.create, request), connection.api_key)

    def _completed(self, create: Callable[..., Any], request: dict[str, Any]) -> Any:
        import openai

        wanted = self._format
        try:
            return create(**request, **wanted)
        except openai.BadRequestError:
            if not wanted:
                raise
            completion = create(**request)
            self._format = {}
            return completion


def sampling(settings: Settings) -> dict[str, Any]:
    """Return the fields of a request that say how to answer, as the protocol names them."""
    fields = {name: getattr(settings, name) for name in ("temperature", "seed", "max_tokens")}
    return {name: value for name, value in fields.items() if value is not None} | {"extra_body": settings.extra}


def _connected(settings: Settings) -> "openai.OpenAI":
    """Return a connection that takes key and texts to the endpoint, and follows it nowhere else."""
    try:
        import openai
    except ImportError as error:
        raise CommuniqueError("llm needs the openai package; pip install 'communique[llm]'") from error
    if not settings.model:
        raise CommuniqueError("llm: no model is named; set COMMUNIQUE_LLM_MODEL to one of the endpoint's")
    key, url = _key(), endpoint(settings)
    timeout = openai.Timeout(settings.timeout, connect=min(settings.timeout, _CONNECT))
    try:
        client = openai.DefaultHttpxClient(follow_redirects=False, timeout=timeout)
        return openai.OpenAI(
            api_key=key, base_url=url, max_retries=settings.retries, timeout=timeout, http_client=client
        )
    except Exception as error:  # whatever the client's library raises of an address or a proxy
        told = f"llm: {url!r} cannot be asked: {error}; check OPENAI_BASE_URL and the variables of a proxy"
        raise CommuniqueError(covered(told, key)) from None


def _key() -> str:
    key = os.environ.get("OPENAI_API_KEY")
    if not key:
        raise CommuniqueError("llm: OPENAI_API_KEY is not set; give the endpoint's key, or any word if it needs none")
    if not _KEY.fullmatch(key):
        raise CommuniqueError("llm: OPENAI_API_KEY holds a blank, a line break or a letter no key has; copy it again")
    return key


def _reply(completion: Any, key: str) -> Reply:
    if not getattr(completion, "choices", None):
        raise ValueError("no choices")
    choice, usage = completion.choices[0], completion.usage
    return Reply(
        content=covered(choice.message.content or "", key).encode("utf-8", "replace").decode("utf-8"),
        finish=covered(str(choice.finish_reason), key).encode("utf-8", "replace").decode("utf-8"),
        input=getattr(usage, "prompt_tokens", None) or 0,
        output=getattr(usage, "completion_tokens", None) or 0,
    )


@contextmanager
def _told(url: str, key: str) -> Iterator[None]:
    """Turn what goes wrong at the endpoint into one message without the key."""
    import openai

    try:
        yield
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        told = f"refuses the key (HTTP {error.status_code}); mend OPENAI_API_KEY"
    except openai.APIConnectionError as error:
        told = f"cannot be reached ({str(error).rstrip('.')}); check OPENAI_BASE_URL, the network and the timeout"
    except openai.APIStatusError as error:
        told = _refusal(error)
    except (openai.OpenAIError, ValueError, AttributeError):
        told = "does not answer in the chat-completions protocol; check OPENAI_BASE_URL, it often ends in /v1"
    else:
        return
    raise CommuniqueError(covered(f"{url} {told}", key)) from None


def _refusal(error: "openai.APIStatusError") -> str:
    if elsewhere := error.response.headers.get("location"):
        return f"sends questions on to {elsewhere!r}, which gets no key; if you trust it, set OPENAI_BASE_URL to it"
    return f"refuses, all retries included: {error}; mend the parameters or try later, what was answered is kept"
