"""A pretrained encoder, fine-tuned to find attributions and to type claims."""

from communique.baselines.encoder.model import Encoder

__all__ = ["Encoder"]
