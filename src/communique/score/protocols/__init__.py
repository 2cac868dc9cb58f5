"""Scores as others publish them, from our own records, one module each: see docs/protocols.md."""

from communique.score.protocols import cofenet, nervaluate, ptc, seqeval
from communique.score.task import Task

PROTOCOLS: dict[str, Task] = {module.TASK.name: module.TASK for module in (cofenet, ptc, nervaluate, seqeval)}
"""By name, in the order in which they are told."""
