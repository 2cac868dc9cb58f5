"""Label Studio tasks, read and written: a JSON file of tasks, and the labelling configuration that shows them.

Regions are labelled ``Speaker``, ``Cue``, ``Claim`` or with the kind of an entity (a mention). Fragments of one unit
are regions that share its name in ``unit``; a claim's region names its attribution, and relations lead from the first
claim of an attribution to its speaker, cue, holders and parent. The document's other facts stand in the task's data.
What people make in the tool is linked by ``attribution``, by relations, else to what is nearest. Offsets count as the
words of the regions show.
"""

from communique.formats.declared import BREAKS, Format, Option
from communique.formats.label_studio.reading import read
from communique.formats.label_studio.writing import SIGN, write, write_unlabelled

__all__ = ["FORMAT", "SIGN", "read", "write", "write_unlabelled"]


FORMAT = Format(
    name="label-studio",
    place="JSON list of tasks; `labelling.xml` beside it",
    loses=(BREAKS,),
    read=read,
    write=write,
    options=(
        Option(name="annotator", help="first (the default, of each task), all, or an id of completed_by"),
        Option(name="map", help="SEEN=MEANT, another name of a label, choice, control or the text", keyword="mapping"),
    ),
    sign=SIGN,
    outgoing=True,
)
