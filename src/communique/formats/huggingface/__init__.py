"""Parquet of the three configurations with a dataset card, as `datasets.load_dataset` reads it."""

from communique.formats.declared import Format
from communique.formats.huggingface.reading import read
from communique.formats.huggingface.writing import write

__all__ = ["FORMAT", "read", "write"]

FORMAT = Format(
    name="huggingface",
    place="folder of parquet (`documents`, `claims`, `tokens`) with a dataset card",
    read=read,
    write=write,
    outgoing=True,
)
