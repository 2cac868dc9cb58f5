"""Libraries that only parts of the package need: extras install them, one sentence says so where one is missing."""

from importlib import import_module
from typing import Any

from communique.problems import CommuniqueError


def library(module: str, extra: str, needs: str) -> Any:
    """Return a library.

    Parameters
    ----------
    module : str
        What is imported.
    extra : str
        Of the package, which installs it.
    needs : str
        What needs which library, for the message, as "CAS needs dkpro-cassis".

    Raises
    ------
    CommuniqueError
        It is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise CommuniqueError(f"{needs}; install it with {install(extra)}") from error


def install(extra: str) -> str:
    """Return the command that installs an extra of the package."""
    return f"pip install 'communique[{extra}]'"
