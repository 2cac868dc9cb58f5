"""What is asked of which model, where, and how; no key is among it."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from communique.baselines.settings import Amount, Count, Positive, read
from communique.problems import CommuniqueError

FOLDER = "llm"
_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+(%25\w+)?")
"""A name, or an address in numbers."""
_LONGEST = 2000


class Prices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Price of a million input and of a million output tokens, in any currency."""

    input: Amount
    output: Amount


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of the baseline, as in ``baselines/llm/config.toml``.

    Attributes
    ----------
    model : str or None
        Name of the model at the endpoint; None for that of ``COMMUNIQUE_LLM_MODEL``.
    base_url : str or None
        The endpoint, up to ``/v1``; None for that of ``OPENAI_BASE_URL``.
    prompt : str
        Version of the prompts.
    prompt_sha256 : str or None
        Of the prompts a saved model was made with.
    examples : int
        Train documents shown before each question.
    seed : int or None
        Draws the examples, and is handed to the model.
    temperature : float or None
        None to leave it to the endpoint, as for `max_tokens`.
    max_tokens : int or None
        Longest answer.
    concurrency : int
        Questions under way at a time.
    retries : int
        Further attempts after HTTP 408, 409, 429, 5xx and broken connections.
    timeout : float
        Seconds, per attempt; a day at most.
    cache : str or None
        Folder of the answers; None for that of ``COMMUNIQUE_CACHE``, or ``~/.cache/communique/llm``.
    prices : Prices or None
        None where costs shall not be told.
    extra : dict
        Further fields of each request, such as ``reasoning_effort``.
    """

    model: str | None = None
    base_url: str | None = None
    prompt: str = "v1"
    prompt_sha256: str | None = None
    examples: Count = 0
    seed: int | None = 13
    temperature: Amount | None = 0.0
    max_tokens: Positive | None = None
    concurrency: Positive = 4
    retries: Count = 5
    timeout: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 600.0
    cache: str | None = None
    prices: Prices | None = None
    extra: dict[str, Any] = {}


def settings(parameters: Mapping[str, Any] | None = None) -> Settings:
    """Return settings, typed: those given, and all others as packaged.

    Raises
    ------
    CommuniqueError
        One is unknown or out of its range, the endpoint is no plain address, or the model's name cannot be one.
    """
    made = read(Settings, FOLDER, parameters)
    _endpoint_is_plain(endpoint(made))
    model = made.model or os.environ.get("COMMUNIQUE_LLM_MODEL") or None
    if model and not model.isprintable():
        raise CommuniqueError(f"llm: {model!r} is no model's name; set COMMUNIQUE_LLM_MODEL to one of the endpoint's")
    return msgspec.structs.replace(made, model=model)


def endpoint(made: Settings) -> str | None:
    """Return the address that is asked, None for the client's own default."""
    return made.base_url or os.environ.get("OPENAI_BASE_URL") or None


def cache_folder(made: Settings) -> Path:
    """Return the folder of the answers."""
    named = made.cache or os.environ.get("COMMUNIQUE_CACHE")
    return Path(named).expanduser() if named else Path.home() / ".cache" / "communique" / "llm"


def _endpoint_is_plain(url: str | None) -> None:
    if url is None:
        return
    if set("@?#") & set(url):
        raise CommuniqueError("llm: the endpoint's address holds credentials or a query; put the key in OPENAI_API_KEY")
    if len(url) > _LONGEST or not _is_address(url):
        raise CommuniqueError(f"llm: {url[:_LONGEST]!r} is no endpoint; give one as https://host/v1 in OPENAI_BASE_URL")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = _HOST.fullmatch(parts.hostname or "") and parts.port != 0
    except ValueError:
        return False
    return bool(named) and parts.scheme in ("http", "https") and url.isprintable() and " " not in url
