"""Answers kept by what was asked, one file each, so that a run can be resumed and repeated without asking."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from communique import jsonl
from communique.problems import CommuniqueError
from communique.writing import replacing

Message = dict[str, str]
"""A turn of a conversation: ``role`` and ``content``."""


class Reply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model answered.

    Attributes
    ----------
    content : str
        The answer.
    reasoning : str
        What came instead of an answer that is empty.
    finish : str
        Why it ended, as the endpoint says it; ``length`` for an answer that was cut off.
    input, output : int
        Tokens, as the endpoint counts them; 0 where it does not.
    """

    content: str
    finish: str
    reasoning: str = ""
    input: int = 0
    output: int = 0


_DECODER = msgspec.json.Decoder(Reply)


def key(request: dict[str, Any]) -> str:
    """Return the sha256 of a request: equal requests, equal keys, whatever the order of their fields."""
    return hashlib.sha256(msgspec.json.encode(request, order="deterministic")).hexdigest()


class Cache:
    """A folder of answers.

    Parameters
    ----------
    folder : Path
        Made if missing.

    Raises
    ------
    CommuniqueError
        It cannot be made or written to.
    """

    def __init__(self, folder: Path):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            writable = os.access(folder, os.W_OK)
        except OSError:
            writable = False
        if not writable:
            raise CommuniqueError(f"{folder}: answers cannot be kept there; name a folder of yours in COMMUNIQUE_CACHE")
        self.folder = folder

    def answer(self, request: dict[str, Any], ask: Callable[[], Reply]) -> tuple[Reply, bool]:
        """Return the kept answer to a request, or ask for it and keep it.

        Parameters
        ----------
        request : dict
            All that decides the answer.
        ask : callable
            Called where no answer is kept.

        Returns
        -------
        Reply
            The answer.
        bool
            Whether it was kept before.

        Raises
        ------
        DataError
            The kept answer is damaged.
        """
        name = key(request)
        path = self.folder / name[:2] / f"{name}.json"
        if path.is_file():
            kept = jsonl.decode(_DECODER, path.read_bytes(), f"{path} (a kept answer; delete it to ask again)", 1)
            return kept, True
        reply = ask()
        with replacing(path) as file:
            file.write(msgspec.json.encode(reply) + b"\n")
        return reply, False
