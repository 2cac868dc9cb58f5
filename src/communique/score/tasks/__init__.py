"""The tasks, one module each: it declares a `communique.score.task.Task` as ``TASK``, named as the module is."""

from communique.score.declared import TASKS as PACKAGE
from communique.score.declared import declared
from communique.score.task import Task

TASKS: dict[str, Task] = declared(PACKAGE)
"""By name, in the order in which they are told."""
