"""Weights in the model files that CRFsuite writes.

Read from the file itself: `pycrfsuite` gives them as text only, and closes a file twice, which another thread may have
opened meanwhile.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from communique.problems import CommuniqueError

_U4 = np.dtype("<u4")
_FIELDS = ("features", "labels", "names", "feature chunk", "label chunk", "name chunk")
_HEADER = 16
_VERSION = b"FOMC" + (100).to_bytes(4, "little")
_FEATURE = np.dtype([("kind", "<u4"), ("one", "<u4"), ("other", "<u4"), ("weight", "<f8")])
_RECORDS = 24 + 256 * 8
"""Bytes of a chunk of strings before its records."""
STATE, MOVE = 0, 1


class Model(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    features : structured array
        ``kind``: `STATE`, of a name and a label, or `MOVE`, of a label and the one after it; the numbers of the two as
        ``one`` and ``other``; ``weight``.
    labels, names : list of bytes, array of bytes
        By number.
    """

    features: np.ndarray
    labels: list[bytes]
    names: np.ndarray


def read(path: Path, width: int) -> Model:
    """Read a model.

    Parameters
    ----------
    path : Path
        Written by CRFsuite from labels of one byte.
    width : int
        Bytes of each name of a feature.

    Raises
    ------
    CommuniqueError
        The file is of another version of the format.
    """
    content = path.read_bytes()
    if not (content.startswith(b"lCRF") and content[8:_HEADER] == _VERSION):
        raise CommuniqueError(f"this python-crfsuite writes models of another format than {_VERSION!r}; install 0.9.12")
    head = dict(zip(_FIELDS, np.frombuffer(content, _U4, len(_FIELDS), _HEADER).tolist(), strict=True))
    start = head["feature chunk"]
    count = int(np.frombuffer(content, _U4, 1, start + 8)[0])
    features = np.frombuffer(content, _FEATURE, count, start + 12)
    labels = _strings(content, head["label chunk"], head["labels"], 1)
    return Model(features, labels.tolist(), _strings(content, head["name chunk"], head["names"], width))


def _strings(content: bytes, start: int, count: int, width: int) -> np.ndarray:
    """Return strings of one width, by number."""
    record = np.dtype([("number", "<u4"), ("size", "<u4"), ("string", f"S{width}"), ("end", "u1")])
    records = np.frombuffer(content, record, count, start + _RECORDS)
    found: np.ndarray = np.empty(count, f"S{width}")
    found[records["number"]] = records["string"]
    return found
