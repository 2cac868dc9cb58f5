"""From a GUM text and its discourse tree to attributions with one claim each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from communique.formats.common import trimmed
from communique.formats.gum.holders import Mentions, entities
from communique.formats.gum.trees import Edge, Signal, Tree, attributions
from communique.formats.gum.words import FRAMES, Mention, Text
from communique.layer import LayerBuilder
from communique.places import Place, Stretches
from communique.quotation import CLOSING, OPENING
from communique.records import Prediction

_CUES = ("indicative_word", "indicative_phrase")
_EDGES = {",", ".", ";", ":", "?", "!", "-", "–", "—", "...", "…"}
_MARKS = OPENING + CLOSING
_NEGATIONS = ("not", "n't", "n’t", "never")
_VERBS = ("VERB", "AUX")


@dataclass(frozen=True)
class _Found:
    """An attribution in numbers of words: who speaks, by what words, what is said."""

    edge: Edge
    mention: Mention | None
    source: tuple[Place, ...]
    cue: tuple[Place, ...]
    said: tuple[Place, ...]


def layer(name: str, text: Text, tree: Tree, noticed: Counter[str]) -> Prediction:
    """Return a text's annotation.

    Parameters
    ----------
    name : str
        Id it shall have.
    text, tree
        As parsed.
    noticed : Counter
        What is left out is added to it by name.

    Returns
    -------
    Prediction
        Canonical; claims have the id of the satellite that attributes them, ``rst-12``, or both ends of a secondary
        edge. Types are not annotated in this corpus.

    Raises
    ------
    ValueError
        The tree has not the words of the text, or is no tree that people made.
    """
    if tree.length != len(text.words):
        raise ValueError(f"the tree has {tree.length} words, the text {len(text.words)}; get both of one release")
    mentions = Mentions(text)
    found = [item for edge in attributions(tree) if (item := _found(edge, text, tree, mentions, noticed))]
    held = entities(text, [item.mention for item in found if item.mention], noticed)
    builder, parents = LayerBuilder(name, text.text), _parents(tree, found)
    builder.entities(held.values())
    for item in found:
        parent = parents.get(item.edge.key)
        attribution = builder.attribution(
            builder.speaker(_spelt(item.source, text)),
            builder.cue(_spelt(item.cue, text)),
            entities=(f"e{item.mention.chain}",) if item.mention else (),
            parent=f"rst-{parent}" if parent else None,
            key=f"a{item.edge.key}",
        )
        builder.claim(attribution, _spelt(item.said, text), f"rst-{item.edge.key}", negated=item.edge.negated)
    return builder.canonical()


def _spelt(places: Sequence[Place], text: Text) -> tuple[Place, ...]:
    """Return stretches of words as code points."""
    return trimmed([(text.words[start].start, text.words[end - 1].end) for start, end in places], text.text)


def _found(edge: Edge, text: Text, tree: Tree, mentions: Mentions, noticed: Counter[str]) -> _Found | None:
    said = _trimmed(edge.said, text)
    signals = tree.signals.get(edge.key, [])
    cue = _taken((word for kind, words in signals if kind in _CUES for word in words), said, text)
    if not said:
        noticed["attributions without content"] += 1
        return None
    if not cue and _no_speech(edge, said, text):
        noticed["attributions left out: credits, captions and list items without a cue"] += 1
        return None
    source = _source(edge, said, text, signals)
    mention = mentions.of(source) if source else None
    wide = mentions.widened(mention) if mention else (0, 0)
    noticed["speakers without a chain"] += bool(source) and mention is None
    noticed["attributions without speaker"] += not source
    noticed["attributions without cue"] += not cue
    whole = mention is not None and not any(start < wide[1] and wide[0] < end for start, end in said)
    spoken = tuple(sorted({*source, *range(*wide)})) if whole else source
    reported = tuple(word for word in cue if word not in spoken) or cue
    return _Found(edge, mention, _runs(spoken), _runs(_verbal(reported, spoken, text)), said)


def _source(edge: Edge, said: Sequence[Place], text: Text, signals: Iterable[Signal]) -> tuple[int, ...]:
    """Return the words of the source: those in the satellite, or all that are signalled where none stands there."""
    words = _taken((word for kind, several in signals if kind == "attribution_source" for word in several), said, text)
    inside = Stretches(edge.saying)
    return tuple(word for word in words if inside.met(word, word + 1)) or words


def _trimmed(places: Iterable[Place], text: Text) -> tuple[Place, ...]:
    """Return stretches of words without punctuation at their edges, quotation marks kept."""
    trimmed = (_bare(start, end, text) for start, end in places)
    return tuple(
        (start, end) for start, end in trimmed if any(word.form.strip(_MARKS) for word in text.words[start:end])
    )


def _bare(start: int, end: int, text: Text) -> Place:
    while start < end and text.words[start].form in _EDGES:
        start += 1
    while start < end and text.words[end - 1].form in _EDGES:
        end -= 1
    return start, end


def _taken(words: Iterable[int], said: Sequence[Place], text: Text) -> tuple[int, ...]:
    """Return the words of a signal that are in the text and outside what is said."""
    inside = Stretches(said)
    return tuple(sorted({w for w in words if 0 <= w < len(text.words) and not inside.met(w, w + 1)}))


def _no_speech(edge: Edge, said: Sequence[Place], text: Text) -> bool:
    """Say whether an attribution without cue stands in a caption, heading or list, or has content without a verb."""
    blocks = {text.words[start].block.split(" ")[0] for start, _ in (*edge.saying, *said)}
    verbs = any(word.upos in _VERBS for start, end in said for word in text.words[start:end])
    return bool(blocks & set(FRAMES)) or not verbs


def _verbal(cue: tuple[int, ...], spoken: Sequence[int], text: Text) -> tuple[int, ...]:
    """Return a cue with the auxiliaries and the negation before its first word."""
    at = first = cue[0] if cue else 0
    while at and at - 1 not in spoken and text.words[at - 1].upos in ("AUX", "PART", "ADV"):
        at -= 1
        if text.words[at].upos == "AUX" or text.words[at].form.lower() in _NEGATIONS:
            first = at
    return (*range(first, cue[0]), *cue) if cue else ()


def _runs(words: Iterable[int]) -> tuple[Place, ...]:
    runs: list[Place] = []
    for word in words:
        if runs and runs[-1][1] == word:
            runs[-1] = (runs[-1][0], word + 1)
        else:
            runs.append((word, word + 1))
    return tuple(runs)


def _parents(tree: Tree, found: Sequence[_Found]) -> dict[str, str]:
    """Return for each nested attribution the innermost one whose content holds its own."""
    by_nucleus: dict[str, list[_Found]] = {}
    for item in found:
        by_nucleus.setdefault(item.edge.nucleus, []).append(item)
    parents: dict[str, str] = {}
    for item in found:
        for key in tree.above(item.edge.nucleus):
            around = (other for other in by_nucleus.get(key, ()) if other is not item and _holds(tree, other, item))
            if outer := next(around, None):
                parents[item.edge.key] = outer.edge.key
                break
    return parents


def _holds(tree: Tree, outer: _Found, inner: _Found) -> bool:
    tree.step()
    content = Stretches(outer.said)
    return outer.said != inner.said and all(content.holds(*place) for place in inner.said)
