"""From documents to a DocBin."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from communique import jsonl
from communique.files import LARGEST
from communique.formats.fragments import Fragment, cut, fragments
from communique.formats.keys import KINDS
from communique.formats.regions import facts_of
from communique.formats.spacy.groups import FACTS, LABELS, spacy
from communique.places import Place
from communique.records import Document
from communique.writing import refuse_unwritten, replacing

SIGN = rb"\x78[\x01\x5e\x9c\xda]"
_GROUPS = {"Speaker": "speakers", "Cue": "cues", **dict.fromkeys(KINDS, "mentions")}
_CLAIMS = "claims"


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write a DocBin; parameters are those of `communique.formats.events.write`."""
    library = spacy()
    refuse_unwritten(target, SIGN, force=force)
    found = library.tokens.DocBin(attrs=(), store_user_data=True)
    tools: dict[str, Any] = {}
    for item in documents:
        if item.language not in tools:
            tools[item.language] = _tool(item.language)
        found.add(_doc(item, tools[item.language]))
    with replacing(target) as file:
        file.write(found.to_bytes())


def _tool(language: str) -> Any:
    """Return a pipeline that splits words alone, as spaCy does in any language where it does not know this one."""
    try:
        tool = spacy().blank(language)
    except ImportError:
        tool = spacy().blank("xx")
    tool.max_length = LARGEST
    return tool


def _doc(item: Document, tool: Any) -> Any:
    found = fragments(item)
    words = _words(tool.make_doc(item.text), found)
    starts = [start for start, _ in words[1:]] + [len(item.text)]
    doc = spacy().tokens.Doc(
        tool.vocab,
        words=[item.text[start:end] for start, end in words],
        spaces=[end < start for (_, end), start in zip(words, starts, strict=True)],
    )
    for name in LABELS:
        doc.spans[name] = [
            doc.char_span(one.start, one.end, label=one.label, span_id=one.unit)
            for one in found
            if _GROUPS.get(one.label, _CLAIMS) == name
        ]
    doc.user_data[FACTS] = jsonl.encode(facts_of(item))
    return doc


def _words(doc: Any, found: Sequence[Fragment]) -> list[Place]:
    """Return words; a blank after one is a word where a span begins or ends with it."""
    starts, ends = {one.start for one in found}, {one.end for one in found}
    words = [(word.idx, word.idx + len(word.text)) for word in doc]
    blanks = [end for word, (_, end) in zip(doc, words, strict=True) if word.whitespace_]
    alone = [(at, at + 1) for at in blanks if at in starts or at + 1 in ends]
    return sorted([*cut(words, starts | ends), *alone])
