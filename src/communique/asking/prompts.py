"""Prompts for any client: the question that the baseline ``llm`` asks, a line of JSON for each text."""

from collections.abc import Iterable, Iterator

from communique.baselines.base import Source
from communique.baselines.llm.prompts import Prompts
from communique.baselines.llm.settings import settings
from communique.records import Id, Record


class Prompt(Record, frozen=True, kw_only=True):
    """What is said to a model about one text.

    Attributes
    ----------
    id : str
        Of the text.
    messages : tuple of dict
        Turns with ``role`` and ``content``, as chat interfaces take them.
    """

    id: Id
    messages: tuple[dict[str, str], ...]


def prompts(sources: Iterable[Source]) -> Iterator[Prompt]:
    """Yield the question about each text: all that is to be annotated, in quotes.

    Parameters
    ----------
    sources : iterable of Source
        Texts; what they bring beside is not shown.
    """
    asked = Prompts(settings().prompt)
    for source in sources:
        yield Prompt(id=source.id, messages=tuple(asked.conversation(Source(id=source.id, text=source.text))))
