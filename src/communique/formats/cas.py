"""UIMA CAS, read and written through dkpro-cassis: a folder of XMI files with ``TypeSystem.xml``, as INCEpTION has it.

Spans are annotations of the types ``webanno.custom.Mention``, ``Speaker``, ``Cue`` and ``Claim``, one per fragment,
with the unit's id; the rest of the document stands as JSON in one ``webanno.custom.Facts``. XMI counts UTF-16 units,
cassis converts them.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from communique import jsonl
from communique.checks import places
from communique.files import content
from communique.folders import replacing_folder
from communique.formats.common import Imported
from communique.formats.declared import Format
from communique.formats.keys import Region
from communique.formats.regions import document_of, facts_of
from communique.paths import spread
from communique.problems import CommuniqueError, Level, Problem
from communique.records import Document
from communique.texts import Normalised
from communique.writing import replacing

TYPES = "TypeSystem.xml"
_LAYER = "webanno.custom."
_FEATURES = {
    "Mention": ("unit", "kind", "name"),
    "Speaker": ("unit",),
    "Cue": ("unit",),
    "Claim": ("unit", "attribution", "rhetoric", "also", "targets", "conditional", "negated"),
}


def _cassis() -> Any:
    try:
        import cassis
    except ImportError as error:
        raise CommuniqueError("CAS needs dkpro-cassis; install it with pip install 'communique[cas]'") from error
    return cassis


def _types() -> Any:
    types = _cassis().TypeSystem()
    for name, features in _FEATURES.items():
        layer = types.create_type(name=f"{_LAYER}{name}", supertypeName="uima.tcas.Annotation")
        for feature in features:
            types.create_feature(layer, name=feature, rangeType="uima.cas.String")
    facts = types.create_type(name=f"{_LAYER}Facts", supertypeName="uima.tcas.Annotation")
    types.create_feature(facts, name="json", rangeType="uima.cas.String")
    return types


def write(documents: Iterable[Document], target: Path, *, force: bool = False) -> None:
    """Write ``ID.xmi`` per document and ``TypeSystem.xml`` into a folder.

    Parameters are those of `communique.formats.brat.folder.write`.
    """
    types, items = _types(), list(documents)
    with replacing_folder(target, force=force) as stage:
        paths = spread(stage, (item.id for item in items), (".xmi",))
        for item in items:
            with replacing(paths[item.id][0]) as file:
                file.write(_xmi(item, types).encode("utf-8"))
        with replacing(stage / TYPES) as file:
            file.write(types.to_xml().encode("utf-8"))


def _xmi(item: Document, types: Any) -> str:
    cas = _cassis().Cas(typesystem=types)
    cas.sofa_string, cas.sofa_mime = item.text, "text/plain"
    for name, (start, end), features in _annotations(item):
        cas.add(types.get_type(f"{_LAYER}{name}")(begin=start, end=end, **features))
    try:
        return str(cas.to_xmi(pretty_print=True))
    except ValueError as error:
        raise CommuniqueError(f"{item.id}: {error}; XML cannot hold this text, choose another format") from error


def _annotations(item: Document) -> Iterator[tuple[str, tuple[int, int], dict[str, str]]]:
    for entity in item.entities:
        for mention in entity.mentions:
            yield "Mention", mention, {"unit": entity.id, "kind": str(entity.kind), "name": entity.name}
    for name, units in (("Speaker", item.speakers), ("Cue", item.cues)):
        for unit in units:
            for place in places(unit):
                yield name, place, {"unit": unit.id}
    for claim in item.claims:
        plain = {name: getattr(claim, name) for name in ("attribution", "rhetoric", "also")}
        flags = {name: str(getattr(claim, name)).lower() for name in ("conditional", "negated")}
        features = {name: str(value) for name, value in plain.items() if value} | flags
        for place in places(claim):
            yield "Claim", place, {"unit": claim.id, "targets": " ".join(claim.targets), **features}
    yield "Facts", (0, len(item.text)), {"json": jsonl.encode(facts_of(item))}


def read(source: Path) -> Imported:
    """Read one XMI file with ``TypeSystem.xml`` beside it, or every ``.xmi`` of a folder.

    Returns
    -------
    Imported
        Documents; a file that cannot be read, or declares a document type (which could name other files), is a problem.
    """
    found = Imported()
    paths = sorted(source.rglob("*.xmi")) if source.is_dir() else [source]
    if not paths:
        raise CommuniqueError(f"{source}: no .xmi files here; name the folder of an export")
    for path in paths:
        name = path.relative_to(source).with_suffix("").as_posix() if source.is_dir() else path.stem
        try:
            found.admit(_document(_load(path, source), name, found.noticed), str(path))
        except Exception as error:
            told = f"{type(error).__name__}: {str(error)[:200]}; export it again as XMI 1.0"
            found.problems.append(Problem(str(path), 0, "cas-malformed", Level.SCHEMA, told))
    found.noticed = +found.noticed
    return found


def _load(path: Path, source: Path) -> Any:
    types = next((p for p in (path.parent / TYPES, source / TYPES) if p.is_file()), None)
    xmi, system = content(path), content(types) if types else _types().to_xml().encode("utf-8")
    for words in (xmi, system):
        if b"<!DOCTYPE" in words or b"<!ENTITY" in words:
            raise ValueError("a document type is declared; XMI has none")
    cassis = _cassis()
    return cassis.load_cas_from_xmi(io.BytesIO(xmi), typesystem=cassis.load_typesystem(io.BytesIO(system)))


def _document(cas: Any, name: str, noticed: Counter[str]) -> Document:
    raw = cas.sofa_string
    if not isinstance(raw, str):
        raise ValueError("there is no text")
    text = Normalised(raw)
    noticed["texts normalised to NFC, LF"] += text.text != raw
    known = {layer.name for layer in cas.typesystem.get_types()}
    held = {n: list(cas.select(f"{_LAYER}{n}")) for n in (*_FEATURES, "Facts") if f"{_LAYER}{n}" in known}
    facts = msgspec.json.decode(held["Facts"][0].json) if held.get("Facts") else {}
    regions = [_region(n, annotation, text) for n in _FEATURES for annotation in held.get(n, [])]
    return document_of(name, text.text, regions, facts, noticed)


def _region(name: str, annotation: Any, text: Normalised) -> Region:
    said = {feature: [value] for feature in _FEATURES[name] if (value := getattr(annotation, feature, None))}
    said["label"] = [(said.get("kind") or ["unknown"])[0].capitalize()] if name == "Mention" else [name]
    said["targets"] = " ".join(said.get("targets", [])).split()
    said["flags"] = [flag for flag in ("conditional", "negated") if said.get(flag) == ["true"]]
    return Region((text.at(annotation.begin), text.at(annotation.end)), said)


FORMAT = Format(
    name="cas",
    place="folder of `.xmi` and `TypeSystem.xml` (UIMA CAS, INCEpTION); needs `pip install 'communique[cas]'`",
    loses=("characters that XML cannot hold (controls but tab and line feed): such documents are refused",),
    read=read,
    write=write,
)
