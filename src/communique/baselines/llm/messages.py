"""What stands in the message of a completion: words, parts, reasoning, a refusal."""

from collections.abc import Iterator
from typing import Any

from communique.baselines.llm.cache import Reply
from communique.baselines.llm.echoes import covered
from communique.baselines.llm.refusals import RefusedError, answered


def reply(completion: Any, key: str) -> Reply:
    """Return what a completion answers, the key covered.

    Parameters
    ----------
    completion : openai.types.chat.ChatCompletion
        As the client decodes it, nothing checked.
    key : str
        The user's.

    Raises
    ------
    RefusedError
        It has no choice, or its message is nothing but a refusal.
    ValueError
        It is no completion.
    """
    choice, usage = answered(completion), completion.usage
    content, message = _words(choice.message.content), choice.message
    if not content and (refusal := getattr(message, "refusal", None)):
        raise RefusedError(f"answers with a refusal: {refusal}")
    if not content and choice.finish_reason == "content_filter":
        raise RefusedError("answers with nothing: its filter has stopped the answer")
    reasoning = (
        "" if content else _words(getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None))
    )
    return Reply(
        content=_clean(content, key),
        reasoning=_clean(reasoning, key),
        finish=_clean(str(choice.finish_reason), key),
        input=getattr(usage, "prompt_tokens", None) or 0,
        output=getattr(usage, "completion_tokens", None) or 0,
    )


def _words(content: Any) -> str:
    """Return the words of a content: a string, or a list of parts of which those with a text count."""
    return content if isinstance(content, str) else "".join(_parts(content)) if isinstance(content, list) else ""


def _parts(content: list[Any]) -> Iterator[str]:
    for part in content:
        said = part if isinstance(part, str) else part.get("text") if isinstance(part, dict) else None
        if isinstance(said, str) and not _is_thought(part):
            yield said


def _is_thought(part: Any) -> bool:
    return isinstance(part, dict) and str(part.get("type")).startswith(("think", "reason"))


def _clean(words: str, key: str) -> str:
    return covered(words, key).encode("utf-8", "replace").decode("utf-8")
