"""Foreign formats, one module or package each: it declares a `Format` as ``FORMAT``, and that is all it takes.

Other installed packages bring theirs by `ENTRY_POINTS`, ``name = module:FORMAT``.
"""

from contextlib import suppress
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from communique import plugins
from communique.formats.declared import Format, Option, Outgoing, keywords, refuse_unwritten, write
from communique.problems import CommuniqueError

__all__ = [
    "ENTRY_POINTS",
    "Format",
    "Option",
    "Outgoing",
    "able",
    "declared",
    "keywords",
    "known",
    "named",
    "refuse_unwritten",
    "write",
]

ENTRY_POINTS = "communique.formats"
Action = Literal["read", "write"]


@cache
def declared() -> dict[str, Format]:
    """Return the project's own formats by name, sorted."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {form.name: form for form in sorted(found, key=lambda form: form.name)}


def known() -> tuple[str, ...]:
    """Return the names of all formats: the project's own, then those of other packages, sorted."""
    return plugins.names(ENTRY_POINTS, declared())


def able(action: Action) -> tuple[Format, ...]:
    """Return the formats that can be read or written; packages whose formats cannot be loaded are left out."""
    found = []
    for name in known():
        with suppress(CommuniqueError):
            found.append(_format(name))
    return tuple(form for form in found if getattr(form, action))


def named(name: str, action: Action) -> Format:
    """Return a format.

    Parameters
    ----------
    name : str
        One of `known`.
    action : {"read", "write"}
        What it must be able to do.

    Raises
    ------
    CommuniqueError
        No format has the name, several have, another package's cannot be loaded, or it cannot do that.
    """
    form = _format(name)
    if getattr(form, action) is None:
        others = ", ".join(other.name for other in able(action))
        raise CommuniqueError(f"{name} cannot be {'read' if action == 'read' else 'written'}; these can: {others}")
    return form


def _format(name: str) -> Format:
    found = plugins.brought(ENTRY_POINTS, "format", name, declared())
    if found is not None and not isinstance(found, Format):
        raise CommuniqueError(f"format {name!r} of another package is no communique.formats.Format; mend that package")
    return found or declared()[name]
