"""Tasks and protocols by the modules that declare them: a module of the package with a ``TASK`` is one."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.score.task import Task

TASKS, PROTOCOLS = "communique.score.tasks", "communique.score.protocols"


def names(package: str) -> tuple[str, ...]:
    """Return the names that a package declares, sorted, without importing it."""
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return tuple(sorted(path.stem for place in places or () for path in Path(place).glob("[a-z]*.py")))


def declared(package: str) -> "dict[str, Task]":
    """Return what the modules of a package declare, by name, in the order in which it is told."""
    found: list[Task] = [import_module(f"{package}.{name}").TASK for name in names(package)]
    return {task.name: task for task in sorted(found, key=lambda task: (task.order, task.name))}
