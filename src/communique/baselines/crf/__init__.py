"""Linked conditional random fields for spans, logistic regressions for links."""

from communique.baselines.crf.model import Crf

__all__ = ["Crf"]
