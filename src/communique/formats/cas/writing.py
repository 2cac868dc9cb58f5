"""From documents to a folder of XMI files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from communique import jsonl
from communique.checks import places
from communique.folders import replacing_folder
from communique.formats.cas.types import FACTS, LAYER, LAYERS, SENTENCE, TOKEN, TYPES, cassis, layers, link, type_system
from communique.formats.drawn import ROLES, Unit, written
from communique.formats.regions import facts_of
from communique.paths import spread
from communique.places import Place
from communique.problems import CommuniqueError
from communique.records import Document
from communique.tokens import sentences, tokens
from communique.writing import replacing


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write ``ID.xmi`` per document, ``TypeSystem.xml`` and ``layers.json`` into a folder.

    Where several ids are the same but for ``@annotator`` at their end, each is ``ID/annotator.xmi``.
    Other parameters are those of `communique.formats.brat.folder.write`.
    """
    types, items = type_system(), list(documents)
    with replacing_folder(target, force=force) as stage:
        names = _names([item.id for item in items])
        paths = spread(stage, names, (".xmi",))
        for name, item in zip(names, items, strict=True):
            with replacing(paths[name][0]) as file:
                file.write(_xmi(item, types).encode("utf-8"))
        for path, words in ((stage / TYPES, types.to_xml().encode("utf-8")), (stage / LAYERS, layers())):
            with replacing(path) as file:
                file.write(words)


def _names(ids: Sequence[str]) -> list[str]:
    several = Counter(name.rpartition("@")[0] for name in ids)
    return ["/".join(name.rsplit("@", 1)) if several[name.rpartition("@")[0]] > 1 else name for name in ids]


def _xmi(item: Document, types: Any) -> str:
    cas = cassis().Cas(typesystem=types)
    cas.sofa_string, cas.sofa_mime = item.text, "text/plain"
    first = _segmented(cas, types, item.text)
    held: dict[tuple[Unit, Place], Any] = {}
    for unit, place, features in _annotations(item):
        held[unit, place] = types.get_type(f"{LAYER}{unit[0]}")(begin=place[0], end=place[1], unit=unit[1], **features)
    _join(item, types, held)
    cas.add_all(held.values())
    facts = jsonl.encode(facts_of(item, written(item)))
    cas.add(types.get_type(f"{LAYER}{FACTS}")(begin=first[0], end=first[1], json=facts))
    try:
        return str(cas.to_xmi(pretty_print=True))
    except ValueError as error:
        raise CommuniqueError(f"{item.id}: {error}; XML cannot hold this text, choose another format") from error


def _segmented(cas: Any, types: Any, text: str) -> Place:
    """Add sentences and tokens, without which INCEpTION takes no annotation; return the first token."""
    first: Place | None = None
    for start, end in sentences(text):
        cas.add(types.get_type(SENTENCE)(begin=start, end=end))
        for _, *place in tokens(text, start, end):
            cas.add(types.get_type(TOKEN)(begin=place[0], end=place[1]))
            first = first or (place[0], place[1])
    return first or (0, 0)


def _annotations(item: Document) -> Iterator[tuple[Unit, Place, dict[str, str]]]:
    for entity in item.entities:
        for mention in entity.mentions:
            yield ("Mention", entity.id), mention, {"kind": str(entity.kind), "name": entity.name}
    for name, units in (("Speaker", item.speakers), ("Cue", item.cues)):
        for unit in units:
            for place in places(unit):
                yield (name, unit.id), place, {}
    forms = {attribution.id: str(attribution.form) for attribution in item.attributions}
    for claim in item.claims:
        plain = {name: getattr(claim, name) for name in ("attribution", "rhetoric", "also")}
        flags = {name: str(getattr(claim, name)).lower() for name in ("conditional", "negated")}
        features = {name: str(value) for name, value in plain.items() if value} | flags
        features |= {"targets": " ".join(claim.targets), "form": forms[claim.attribution]}
        for place in places(claim):
            yield ("Claim", claim.id), place, features


def _join(item: Document, types: Any, held: dict[tuple[Unit, Place], Any]) -> None:
    slots: dict[tuple[str, Unit, Place], list[Any]] = {}
    for one in written(item):
        filled = types.get_type(link(one.role))(role=one.role, target=held[(ROLES[one.role], one.unit), one.end])
        slots.setdefault((one.role, ("Claim", one.claim), one.start), []).append(filled)
    for (role, unit, place), several in slots.items():
        setattr(held[unit, place], role, types.get_type("uima.cas.FSArray")(elements=several))
