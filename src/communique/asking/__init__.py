"""Labelling at scale: texts and forms for people and for models, and the reading of what they answer."""
