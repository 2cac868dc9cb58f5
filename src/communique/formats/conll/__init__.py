"""CoNLL-style columns, read and written: a token a line, BIO tags for speaker, cue, claim and nested claim.

A paragraph is a block of lines ended by a blank one. Columns are separated by tabs: token, start (code points in the
text), the four tags, and the ids of the units that begin there (``claim=c1``) or ``_``; fragments of one unit share its
id. A document begins with ``# document = ID`` and ``# text = JSON string``; ``# attribution = JSON object`` lines say
who is attributed what.

Other people's columns are read as well, separated by tabs or blanks, the token first and the tags last, in BIO, IOB1,
IOBES or BILOU; ``-DOCSTART-`` and ``# newdoc`` begin a document. The text is then the tokens joined by spaces, and each
claim is attributed to the nearest cue and speaker.
"""

from communique.formats.conll.reading import read
from communique.formats.conll.writing import SIGN, write
from communique.formats.declared import BREAKS, Format

__all__ = ["FORMAT", "SIGN", "read", "write"]

FORMAT = Format(
    name="conll",
    place="one file of columns",
    loses=(
        "entities, mentions, holders and targets",
        "secondary types, conditional, negated",
        "edges of spans inside a token; of two overlapping units in one column the shorter",
        "language, collection, genre, storyline, stratum, title, date and provenance of a document",
        BREAKS,
    ),
    read=read,
    write=write,
    sign=SIGN,
)
