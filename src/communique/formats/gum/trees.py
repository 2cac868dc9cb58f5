"""The discourse tree of a GUM text as its ``.rs4`` file has it, and the attributions in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from communique.places import Place

_RELATION = "attribution-"
_SAME, _NUCLEUS = "same-unit", "span"
Signal = tuple[str, tuple[int, ...]]
"""Its subtype, and the words (numbers from 0) that it is seen by."""
_MOST_WORDS = 5_000_000
"""Words that the contents of a tree may have together."""
_MOST_STEPS = 1_000_000
"""Nodes and attributions that may be looked at, all in all: a real tree has a few thousand."""


@dataclass(frozen=True)
class Node:
    """A segment or group: what it hangs on and how; ``words`` are its own, numbers from 0, half-open."""

    parent: str | None
    relation: str
    words: Place = (0, 0)


@dataclass(frozen=True)
class Edge:
    """An attribution: who says it (a satellite), what is said (its nucleus), both as stretches of words."""

    key: str
    satellite: str
    nucleus: str
    negated: bool
    saying: tuple[Place, ...]
    said: tuple[Place, ...]


@dataclass
class Tree:
    """Nodes by id, their children, and the words that each relation is seen by, by the type of signal."""

    nodes: dict[str, Node] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    secondary: list[tuple[str, str, str, str]] = field(default_factory=list)
    signals: dict[str, list[Signal]] = field(default_factory=dict)
    length: int = 0
    steps: int = 0

    def step(self) -> None:
        """Count a look at a node.

        Raises
        ------
        ValueError
            There were too many: attributions lie in each other thousands deep.
        """
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise ValueError(f"its attributions take more than {_MOST_STEPS:,} steps; fetch the file again")

    def above(self, key: str | None) -> Iterator[str]:
        """Yield a node and those it hangs on, upwards; each once."""
        met: set[str] = set()
        while key in self.nodes and key not in met:
            self.step()
            yield key
            met.add(key)
            key = self.nodes[key].parent

    def stretches(self, key: str, without: Iterable[str] = ()) -> tuple[Place, ...]:
        """Return the words of a node and of all that hangs on it, but for some branches, joined where they touch."""
        places, ahead, met = [], [key], set(without)
        while ahead:
            at = ahead.pop()
            if at in self.nodes and at not in met:
                self.step()
                met.add(at)
                ahead += self.children.get(at, [])
                places.append(self.nodes[at].words)
        return _joined(places)


def parse(source: bytes) -> Tree:
    """Parse an ``.rs4`` file.

    Raises
    ------
    ValueError
        It is no XML, declares a document type (which could name other files), or an id is missing or given twice.
    """
    if b"<!DOCTYPE" in source or b"<!ENTITY" in source:
        raise ValueError("a document type is declared; rs4 files have none")
    try:
        root = ElementTree.fromstring(source)
    except (ElementTree.ParseError, LookupError) as error:
        raise ValueError(f"it is no XML ({error}); fetch the file again") from error
    tree = Tree()
    for element in (*root.iter("segment"), *root.iter("group")):
        _add(tree, element)
    for element in root.iter("secedge"):
        tree.secondary.append(tuple(element.get(name, "") for name in ("id", "source", "target", "relname")))  # type: ignore[arg-type]
    for element in root.iter("signal"):
        words = tuple(int(word) - 1 for word in element.get("tokens", "").split(",") if word.isdecimal())
        tree.signals.setdefault(element.get("source", ""), []).append((element.get("subtype", ""), words))
    return tree


def _add(tree: Tree, element: ElementTree.Element) -> None:
    key, parent = element.get("id", ""), element.get("parent")
    if not key or key in tree.nodes:
        raise ValueError(f"node {key!r} has no id of its own; fetch the file again")
    size = len((element.text or "").split()) if element.tag == "segment" else 0
    tree.nodes[key] = Node(parent, element.get("relname", ""), (tree.length, tree.length + size))
    tree.length += size
    if parent is not None:
        tree.children.setdefault(parent, []).append(key)


def attributions(tree: Tree) -> Iterator[Edge]:
    """Yield the attributions of a tree: of its nodes in their order, then its secondary edges.

    Raises
    ------
    ValueError
        Their contents have too many words together, or lie in each other thousands deep.
    """
    total = 0
    for key, satellite, part, relation in _edges(tree):
        saying, nucleus = tree.stretches(satellite), _whole(tree, part)
        said = tree.stretches(nucleus, without={satellite, *_beside(tree, part, nucleus)})
        total += sum(end - start for start, end in said)
        if total > _MOST_WORDS:
            raise ValueError(f"its attributions have more than {_MOST_WORDS:,} words together; fetch the file again")
        yield Edge(key, satellite, nucleus, relation == f"{_RELATION}negative", saying, said)


def _edges(tree: Tree) -> Iterator[tuple[str, str, str, str]]:
    for key, node in tree.nodes.items():
        if node.relation.startswith(_RELATION) and node.parent in tree.nodes:
            yield key, key, node.parent, node.relation
    for key, source, target, relation in sorted(tree.secondary):
        if relation.startswith(_RELATION) and source in tree.nodes and target in tree.nodes:
            yield key, source, target, relation


def _whole(tree: Tree, nucleus: str) -> str:
    """Return the unit of which a nucleus is a part.

    What is said around "he said" is one unit in two nodes; of "A says that B thinks | it rains", A says the whole.
    """
    whole = nucleus
    for key in tree.above(nucleus):
        parent, relation = tree.nodes[key].parent, tree.nodes[key].relation
        if parent in tree.nodes and (relation == _SAME or relation.startswith(_RELATION)):
            whole = parent
        elif relation != _NUCLEUS:
            break
    return whole


def _beside(tree: Tree, part: str, whole: str) -> Iterator[str]:
    """Yield what hangs on a unit whose parts are joined as one, and is no part of it."""
    relations = {key: tree.nodes[key].relation for key in tree.children.get(whole, ())}
    if part != whole and _SAME in relations.values():
        within = set(tree.above(part))
        yield from (key for key, relation in relations.items() if relation != _SAME and key not in within)


def _joined(places: list[Place]) -> tuple[Place, ...]:
    joined: list[Place] = []
    for start, end in sorted(place for place in places if place[0] < place[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
