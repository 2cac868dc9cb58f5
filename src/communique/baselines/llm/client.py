"""Asking an endpoint that speaks the chat-completions protocol."""

import os
import re
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from communique.baselines.llm.asking import Asking
from communique.baselines.llm.cache import Message, Reply
from communique.baselines.llm.echoes import covered
from communique.baselines.llm.messages import reply
from communique.baselines.llm.refusals import told
from communique.baselines.llm.settings import Settings, endpoint
from communique.extras import library
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
        self._lock = threading.Lock()
        self._connection: openai.OpenAI | None = None
        self._asking: Asking | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._connection:
            self._connection.close()

    def ask(self, messages: Sequence[Message]) -> Reply:
        """Return the answer to a conversation.

        Raises
        ------
        RefusedError
            The endpoint does not answer this one.
        CommuniqueError
            The ``openai`` package, the key or the model's name is missing, or the endpoint cannot be reached, refuses,
            or answers in another protocol.
        """
        request = {"model": self.settings.model, "messages": list(messages), **sampling(self.settings), **_JSON}
        connection, asking = self._opened()
        with told(str(connection.base_url), connection.api_key):
            return reply(asking.ask(request), connection.api_key)

    def _opened(self) -> "tuple[openai.OpenAI, Asking]":
        with self._lock:
            self._connection = self._connection or _connected(self.settings)
            self._asking = self._asking or Asking(self._connection.chat.completions.create)
            return self._connection, self._asking


def sampling(settings: Settings) -> dict[str, Any]:
    """Return the fields of a request that say how to answer, as the protocol names them."""
    fields = {name: getattr(settings, name) for name in ("temperature", "seed", "max_tokens")}
    return {name: value for name, value in fields.items() if value is not None} | {"extra_body": settings.extra}


def _connected(settings: Settings) -> "openai.OpenAI":
    """Return a connection that takes key and texts to the endpoint, and follows it nowhere else."""
    sdk = library("openai", "llm", "llm needs the openai package")
    if not settings.model:
        raise CommuniqueError("llm: no model is named; set COMMUNIQUE_LLM_MODEL to one of the endpoint's")
    key, url = _key(), endpoint(settings)
    timeout = sdk.Timeout(settings.timeout, connect=min(settings.timeout, _CONNECT))
    try:
        client = sdk.DefaultHttpxClient(follow_redirects=False, timeout=timeout)
        asked: openai.OpenAI = sdk.OpenAI(
            api_key=key, base_url=url, max_retries=settings.retries, timeout=timeout, http_client=client
        )
        return asked
    except Exception as error:  # whatever the client's library raises of an address or a proxy
        reason = f"llm: {url!r} cannot be asked: {error}; check OPENAI_BASE_URL and the variables of a proxy"
        raise CommuniqueError(covered(reason, key)) from None


def _key() -> str:
    key = os.environ.get("OPENAI_API_KEY")
    if not key:
        raise CommuniqueError("llm: OPENAI_API_KEY is not set; give the endpoint's key, or any word if it needs none")
    if not _KEY.fullmatch(key):
        raise CommuniqueError("llm: OPENAI_API_KEY holds a blank, a line break or a letter no key has; copy it again")
    return key
