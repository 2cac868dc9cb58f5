"""spaCy's DocBin, read and written: a file of documents with span groups.

The groups are ``mentions``, ``speakers``, ``cues`` and ``claims``; labels are those of `communique.formats.prodigy`,
and a span's id is its unit. All else of a document stands as JSON under ``communique`` in the custom data. Words are
those of spaCy's tokenizer, cut where spans begin or end inside them. What a file says never becomes an object of spaCy.
"""

from communique.formats.declared import BREAKS, Format, Option
from communique.formats.spacy.reading import read
from communique.formats.spacy.writing import SIGN, write

__all__ = ["FORMAT", "SIGN", "read", "write"]

FORMAT = Format(
    name="spacy",
    place="DocBin, `.spacy`, with span groups (spaCy 3); needs `pip install 'communique[spacy]'`",
    loses=(BREAKS,),
    read=read,
    write=write,
    options=(Option(name="map", help="SEEN=MEANT, another name of a label", keyword="mapping"),),
    sign=SIGN,
)
