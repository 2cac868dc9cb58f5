"""Label Studio tasks, read and written: a JSON file of tasks, and the labelling configuration that shows them.

Regions are labelled ``Speaker``, ``Cue``, ``Claim`` or with the kind of an entity (a mention). Fragments of one unit
are regions that share its name in ``unit``; a claim's region names its attribution, whose other facts stand in the
task's data. Offsets are code points; where a file's own words show that they are UTF-16 units, they are converted.
"""

from communique.formats.declared import Format
from communique.formats.label_studio.reading import read
from communique.formats.label_studio.writing import SIGN, write

__all__ = ["FORMAT", "SIGN", "read", "write"]


FORMAT = Format(
    name="label-studio",
    place="JSON list of tasks; `labelling.xml` beside it",
    read=read,
    write=write,
    sign=SIGN,
)
