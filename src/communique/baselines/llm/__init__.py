"""Labels by a language model behind any OpenAI-compatible endpoint, in quotes that are located in the text."""

from communique.baselines.llm.model import Llm

__all__ = ["Llm"]
