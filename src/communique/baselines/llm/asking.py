"""One question with as much beside it as an endpoint takes: what it refuses to be told is left out from then on."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from communique.baselines.llm.refusals import too_long

if TYPE_CHECKING:
    import openai

_REFUSALS = frozenset({400, 422, 500, 501})
"""HTTP statuses by which endpoints refuse a field of a request."""
_FORMAT = "response_format"
_LIMIT = "max_completion_tokens"
"""What newer endpoints call ``max_tokens``; those that want it name it where they refuse the other."""
_OPTIONAL = (_FORMAT, "temperature", "max_tokens", _LIMIT, "seed")
"""Fields without which a question can be asked as well."""
_log = logging.getLogger(__name__)


class Asking:
    """How an endpoint wants to be asked, as far as that is known.

    Parameters
    ----------
    create : callable
        Sends a request, given as keyword arguments.
    """

    def __init__(self, create: Callable[..., Any]):
        self._create = create
        self._left_out: frozenset[str] = frozenset()

    def ask(self, request: dict[str, Any]) -> Any:
        """Return the completion of a request, if need be of one without optional fields.

        Raises
        ------
        openai.OpenAIError
            It is refused for another reason.
        """
        import openai

        left_out = self._left_out
        while True:
            try:
                completion = self._create(**_without(request, left_out))
            except openai.APIStatusError as error:
                if not (refused := _refused(error, _without(request, left_out))):
                    raise
                left_out |= refused
            else:
                self._learn(left_out)
                return completion

    def _learn(self, left_out: frozenset[str]) -> None:
        renamed = {"max_tokens"} if _LIMIT not in left_out else {_LIMIT}
        if lost := left_out - self._left_out - {_FORMAT} - renamed:
            _log.warning("llm: the endpoint refuses %s; asked without", " and ".join(sorted(lost)))
        self._left_out |= left_out


def _without(request: dict[str, Any], left_out: frozenset[str]) -> dict[str, Any]:
    kept = {name: value for name, value in request.items() if name not in left_out}
    if "max_tokens" in request and "max_tokens" in left_out and _LIMIT not in left_out:
        kept[_LIMIT] = request["max_tokens"]
    return kept


def _refused(error: "openai.APIStatusError", sent: dict[str, Any]) -> frozenset[str]:
    """Return the fields of a request that an endpoint refuses: those it names, else the format."""
    if error.status_code not in _REFUSALS or too_long(error):
        return frozenset()
    said = f"{error} {error.param}"
    named = {name for name in _OPTIONAL if name in sent and name in said}
    if "max_tokens" in named and _LIMIT not in said:
        named.add(_LIMIT)
    return frozenset(named or {_FORMAT} & sent.keys())
