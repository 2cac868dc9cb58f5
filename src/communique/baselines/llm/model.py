"""The baseline: ask for every text, keep the answers, locate their quotes."""

import logging
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec

from communique import admission, jsonl
from communique.baselines.base import CARD, ModelCard, Source, save_card
from communique.baselines.llm.answers import AnswerError, read
from communique.baselines.llm.cache import Cache, Message, Reply
from communique.baselines.llm.client import Client, sampling
from communique.baselines.llm.prompts import Prompts
from communique.baselines.llm.refusals import RefusedError
from communique.baselines.llm.settings import cache_folder, endpoint, settings
from communique.baselines.llm.trust import admit
from communique.baselines.llm.usage import Usage, used
from communique.baselines.streaming import in_order
from communique.problems import CommuniqueError, one_line
from communique.records import Document, Prediction

EXAMPLES = "examples.jsonl"
_ASKED = 2
"""Times that a text is asked about."""
_PATIENCE = 8
"""Texts that an endpoint may refuse before it has answered any."""
_log = logging.getLogger(__name__)


class _Labelled(NamedTuple):
    """What came of a text: its labels, what they cost, and why the endpoint refused it if it did."""

    prediction: Prediction
    usage: Usage
    refusal: str = ""


class Llm:
    """A language model behind an OpenAI-compatible endpoint.

    Parameters
    ----------
    parameters : dict, optional
        As in ``baselines/llm/config.toml``, which is the default.
    examples : sequence of Document, optional
        Shown before each question; set by `fit`.

    Attributes
    ----------
    usage : Usage
        Of all predictions made so far.

    Raises
    ------
    CommuniqueError
        A parameter is unknown or out of its range, or the prompts are not those a saved model was made with.
    """

    name = "llm"
    tasks = ("spans", "attribution", "rhetoric", "full")

    def __init__(self, parameters: dict[str, Any] | None = None, examples: Sequence[Document] = ()):
        self.settings = settings(parameters)
        self.prompts = Prompts(self.settings.prompt)
        self.examples = tuple(examples)
        self.usage = Usage()
        if self.settings.prompt_sha256 not in (None, self.prompts.sha256):
            raise CommuniqueError(
                f"llm: prompt {self.settings.prompt!r} has changed since the model was saved; save it again"
            )

    def fit(self, documents: Sequence[Document]) -> Self:
        """Draw the examples by the seed, whatever the order of the documents; nothing else is learned.

        Raises
        ------
        CommuniqueError
            There are fewer documents than examples wanted.
        """
        wanted = self.settings.examples
        if wanted > len(documents):
            raise CommuniqueError(f"llm shows {wanted} examples, there are {len(documents)} documents; give more")
        known = sorted(documents, key=lambda document: document.id)
        self.examples = tuple(random.Random(self.settings.seed or 0).sample(known, wanted))
        return self

    def predict(self, sources: Iterable[Source]) -> list[Prediction]:
        """Label texts, or type the claims of those that bring a layer, as `stream` does."""
        return list(self.stream(sources))

    def stream(self, sources: Iterable[Source]) -> Iterator[Prediction]:
        """Yield the labels of texts in their order, as soon as they are there; no more than a few wait in memory.

        A text without a usable answer is left empty, and told.

        Raises
        ------
        CommuniqueError
            The endpoint cannot be asked, or refuses all texts.
        DataError
            A kept answer is damaged.
        """
        cache, last, answers, refusals = Cache(cache_folder(self.settings)), "", 0, 0
        with Client(self.settings) as client:
            label = partial(self._label, client=client, cache=cache)
            for found in in_order(label, sources, self.settings.concurrency):
                self.usage += found.usage
                answers += found.usage.asked + found.usage.cached
                refusals += found.usage.refused
                last = found.refusal or last
                if refusals >= _PATIENCE and not answers:
                    break
                yield found.prediction
        if refusals and not answers:
            raise CommuniqueError(last if refusals == 1 else f"{last} (and {refusals - 1} texts more, all so far)")

    def _label(self, source: Source, client: Client, cache: Cache) -> _Labelled:
        """Ask, ask once more where the answer cannot be used as it is, then take what is good in it."""
        nothing, usage, told = source.layer or Prediction(id=source.id), Usage(), ""
        if not source.text.strip() or (source.layer and not source.layer.claims):
            return _Labelled(nothing, usage)
        messages, replies = self.prompts.conversation(source, self.examples), list[Reply]()
        for _ in range(_ASKED):
            try:
                reply, cached = cache.answer(self._request(messages), lambda said=messages: client.ask(said))  # type: ignore[misc]
                usage += used(reply, cached)
                replies.append(reply)
                return _Labelled(read(source, _words(reply), strict=True), usage)
            except AnswerError as error:
                told = _reason(reply, error)
                messages = [*messages, *self.prompts.again(reply.content, told)]
            except RefusedError as error:
                if not replies:
                    _log.warning("llm: %s: refused, it counts as empty: %s", one_line(source.id), one_line(str(error)))
                    return _Labelled(nothing, Usage(empty=1, refused=1), str(error))
                break
        return self._salvaged(source, replies, told, usage)

    def _salvaged(self, source: Source, replies: list[Reply], told: str, usage: Usage) -> _Labelled:
        """Take what is good in the last answer that has anything good."""
        for reply in reversed(replies):
            try:
                found = read(source, _words(reply), strict=False)
            except AnswerError:
                continue
            _log.warning("llm: %s: the answer is taken in part: %s", one_line(source.id), one_line(told))
            return _Labelled(found, usage)
        _log.warning("llm: %s: no usable answer, it counts as empty: %s", one_line(source.id), one_line(told))
        return _Labelled(source.layer or Prediction(id=source.id), usage + Usage(empty=1))

    def _request(self, messages: list[Message]) -> dict[str, Any]:
        made = self.settings
        return {"url": endpoint(made), "model": made.model, "messages": messages, **sampling(made)}

    def summary(self) -> str:
        """Return in words what was asked for, and what it cost."""
        return self.usage.told(self.settings.prices)

    def save(self, folder: Path) -> None:
        """Write ``model.json``, which names the prompts with their sha256 and no key, and the examples."""
        parameters = msgspec.to_builtins(self.settings) | {"prompt_sha256": self.prompts.sha256}
        save_card(folder, self.name, parameters)
        if self.examples:
            jsonl.write(folder / EXAMPLES, self.examples)

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Self:
        """Read a saved model.

        Raises
        ------
        CommuniqueError
            It would send the key, texts or answers where the user's environment does not.
        """
        admit(card.parameters, folder / CARD)
        path = folder / EXAMPLES
        return cls(card.parameters, admission.documents(path) if path.is_file() else ())


def _words(reply: Reply) -> str:
    return reply.content or reply.reasoning


def _reason(reply: Reply, error: AnswerError) -> str:
    cause = f"cut off at the limit of tokens ({error})" if reply.finish == "length" else str(error)
    return (
        cause
        if reply.content
        else f"the content is empty{' and all went into reasoning' * bool(reply.reasoning)}: {cause}"
    )
