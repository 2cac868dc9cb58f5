"""What a run asked for and what that cost."""

from dataclasses import dataclass
from typing import Self

from communique.baselines.llm.cache import Reply
from communique.baselines.llm.settings import Prices


@dataclass(frozen=True)
class Usage:
    """Answers and tokens, summed.

    Attributes
    ----------
    asked, cached : int
        Answers of the endpoint, and those that were kept from before.
    input, output : int
        Tokens of the answers asked for; kept ones cost nothing.
    empty : int
        Documents without a usable answer.
    refused : int
        Of these, those that the endpoint refused to answer.
    """

    asked: int = 0
    cached: int = 0
    input: int = 0
    output: int = 0
    empty: int = 0
    refused: int = 0

    def __add__(self, other: Self) -> "Usage":
        """Return the sum of two runs."""
        return Usage(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def cost(self, prices: Prices) -> float:
        """Return what the tokens cost, in the currency of the prices."""
        return (self.input * prices.input + self.output * prices.output) / 1_000_000

    def told(self, prices: Prices | None = None) -> str:
        """Return a line that says it all."""
        refused = f", of which the endpoint refused {self.refused}" if self.refused else ""
        cost = f", cost {self.cost(prices):.4f}" if prices else ""
        return (
            f"{self.asked} answers asked for ({self.input} input and {self.output} output tokens{cost}), "
            f"{self.cached} from the cache, {self.empty} documents without a usable answer{refused}"
        )


def used(reply: Reply, cached: bool) -> Usage:
    """Return the usage of one answer."""
    return Usage(cached=1) if cached else Usage(asked=1, input=reply.input, output=reply.output)
