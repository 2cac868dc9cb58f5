"""The tasks, one module each; a new one is a module here and its line in `TASKS`."""

from communique.score.task import Task
from communique.score.tasks import attribution, full, holders, rhetoric, spans

TASKS: dict[str, Task] = {module.TASK.name: module.TASK for module in (spans, attribution, holders, rhetoric, full)}
"""By name, in the order in which they are told."""
