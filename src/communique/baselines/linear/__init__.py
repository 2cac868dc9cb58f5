"""TF-IDF and a linear support vector machine for the type of a claim, which starts from what the rules decide."""

from communique.baselines.linear.model import WEIGHTS, Fitted, Linear

__all__ = ["WEIGHTS", "Fitted", "Linear"]
