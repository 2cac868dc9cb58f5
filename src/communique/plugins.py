"""What other installed packages bring, by entry points."""

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from communique.problems import CommuniqueError


def names(group: str, own: Iterable[str]) -> tuple[str, ...]:
    """Return the project's own names, then those that other packages register in a group, sorted."""
    mine = tuple(own)
    return (*mine, *sorted({point.name for point in entry_points(group=group)} - set(mine)))


def brought(group: str, kind: str, name: str, own: Iterable[str]) -> Any:
    """Return what another package registers under a name.

    Parameters
    ----------
    group : str
        Of the entry points; the value of one is ``module:member``, and the member has the name as its ``name``.
    kind : str
        What it is, for messages: "baseline", "format".
    name : str
        The name.
    own : iterable of str
        Names that are the project's own.

    Returns
    -------
    object
        The member; None where the name is the project's own.

    Raises
    ------
    CommuniqueError
        Nothing has the name, several have, or what has it cannot be loaded.
    """
    mine, points = tuple(own), list(entry_points(group=group, name=name))
    if name in mine and not points:
        return None
    if not points:
        raise CommuniqueError(f"there is no {kind} {name!r}; one of {', '.join(names(group, mine))}")
    if name in mine or len(points) > 1:
        raise CommuniqueError(f"several {kind}s are named {name!r}; uninstall or rename that of {_makers(points)}")
    try:
        found = member(points[0].value)
        if found.name != name:
            raise ValueError(f"its name is {found.name!r}")
        return found
    except Exception as error:  # whatever another package's code raises
        raise CommuniqueError(
            f"{_makers(points)}: its {kind} {name!r} cannot be loaded from {points[0].value}: {error}; "
            "mend or uninstall that package"
        ) from error


def member(path: str) -> Any:
    """Return the member of a module that ``module:member`` names."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def _makers(points: list[EntryPoint]) -> str:
    return " or ".join(sorted(f"the package {point.dist.name}" if point.dist else point.value for point in points))
