"""Scores as others publish them, from our own records, one module each: see docs/protocols.md.

Each declares a `communique.score.task.Task` as ``TASK``, named as the module is.
"""

from communique.score.declared import PROTOCOLS as PACKAGE
from communique.score.declared import declared
from communique.score.task import Task

PROTOCOLS: dict[str, Task] = declared(PACKAGE)
"""By name, in the order in which they are told."""
