"""brat standoff, read and write: the format in which annotations are kept under ``seeds/annotations/``.

==============  ==================================================================================
unit            in the ``.ann`` file
==============  ==================================================================================
mention         text-bound, type = kind of its entity (``Person``, ``State`` …)
speaker         text-bound ``Speaker``
claim           text-bound ``Claim`` with attributes ``Rhetoric``, ``Also``, ``Conditional``, ``Negated``
attribution     event; its trigger is the cue (``Attribution``) or, without one, its first claim (``Uncued``);
                arguments ``Speaker``, ``Content``, ``Content2`` …, ``Parent``; attribute ``Form``
entity          normalisation ``Reference <unit> <kind>:<entity> <name>`` of its mentions, of the events it
                holds and of the claims it is the target of
==============  ==================================================================================

brat cannot hold a span over a line break: it is written as fragments and joined again on reading.
"""

from communique.formats.brat.folder import FORMAT
from communique.formats.brat.reading import read
from communique.formats.brat.standoff import BratError
from communique.formats.brat.writing import write

__all__ = ["FORMAT", "BratError", "read", "write"]
