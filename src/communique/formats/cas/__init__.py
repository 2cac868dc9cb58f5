"""UIMA CAS, read and written through dkpro-cassis: a folder of XMI files with the layers that INCEpTION needs.

Spans are annotations of the types ``webanno.custom.Mention``, ``Speaker``, ``Cue`` and ``Claim``, one per fragment,
with the unit's id; the first claim of an attribution has slots for speaker, cue, holders and parent. Sentences and
tokens are DKPro's. The rest of the document stands as JSON in a ``webanno.custom.Facts`` on the first token. XMI counts
UTF-16 units, cassis converts them.
"""

from communique.formats.cas.reading import read
from communique.formats.cas.types import TYPES
from communique.formats.cas.writing import write
from communique.formats.declared import BREAKS, Format, Option

__all__ = ["FORMAT", "TYPES", "read", "write"]


FORMAT = Format(
    name="cas",
    place="folder of `.xmi`, `TypeSystem.xml` and `layers.json` (UIMA CAS, INCEpTION);"
    " needs `pip install 'communique[cas]'`",
    loses=(
        "characters that XML cannot hold (controls but tab and line feed): such documents are refused",
        BREAKS,
    ),
    read=read,
    write=write,
    options=(Option(name="annotator", help="first (the default, of each document), all, or a file's name"),),
)
