"""From XMI files to documents."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from communique.checks import shown
from communique.files import content
from communique.formats.cas.types import FACTS, FEATURES, LAYER, SENTENCE, TOKEN, TYPES, cassis, type_system
from communique.formats.common import Imported
from communique.formats.drawn import ROLES
from communique.formats.keys import Joined, Region
from communique.formats.regions import document_of, label
from communique.labels import EntityKind
from communique.problems import CommuniqueError, Level, Problem
from communique.texts import Normalised

_INITIAL = "INITIAL_CAS"
"""What INCEpTION calls a document before anybody annotated it."""
_FOREIGN = ("uima.", "de.tudarmstadt.ukp.dkpro.core.api.metadata.", "de.tudarmstadt.ukp.clarin.webanno.api.type.")


class _File:
    """A CAS, whose document it is and who annotated it."""

    def __init__(self, path: Path, source: Path):
        self.path, self.cas = path, _load(path, source)
        place = path.relative_to(source).with_suffix("") if source.is_dir() else Path(path.stem)
        if not isinstance(self.cas.sofa_string, str) or not self.cas.sofa_string:
            raise ValueError("there is no text in the first view (_InitialView); put text and annotations there")
        known = {layer.name for layer in self.cas.typesystem.get_types()}
        self.held = {n: list(self.cas.select(f"{LAYER}{n}")) for n in (*FEATURES, FACTS) if f"{LAYER}{n}" in known}
        facts = self.held.get(FACTS)
        self.facts: Mapping[str, Any] = msgspec.json.decode(facts[0].json) if facts else {}
        told = str(self.facts.get("id", place.as_posix()))
        self.annotator = told.rpartition("@")[2] if "@" in told else place.name
        folder = place.parent.parent if place.name == place.parent.name else place.parent
        self.document = told if self.facts else f"{folder.as_posix()}\n{self.cas.sofa_string}"
        self.name = told
        self.folder = folder.as_posix()


def read(source: Path, *, annotator: str = "first") -> Imported:
    """Read one XMI file with ``TypeSystem.xml`` beside it, or every ``.xmi`` of a folder.

    Parameters
    ----------
    source : Path
        The file or folder.
    annotator : str, optional
        Files of one document (the same exported id or, without one, the same folder and text) are of an annotator each,
        called as the file: ``first`` of each document, ``all`` (ids then end in ``@annotator``), or one of them.

    Returns
    -------
    Imported
        Documents; a file that cannot be read, or declares a document type (which could name other files), is a problem.

    Raises
    ------
    CommuniqueError
        There is no ``.xmi`` file, or none of that annotator.
    """
    found = Imported()
    paths = sorted(path for path in source.rglob("*.xmi") if path.is_file()) if source.is_dir() else [source]
    if not paths:
        told = "these are zip files, unpack them" if any(source.rglob("*.zip")) else "name the folder of an export"
        raise CommuniqueError(f"{source}: no .xmi files here; {told}")
    several = _by_document(paths, source, found)
    chosen = list(_chosen(several, annotator, found.noticed))
    if not chosen and not found.problems:
        raise CommuniqueError(f"{source}: no annotation by {annotator!r}; say first, all, or the name of a file")
    for name, file in chosen:
        try:
            found.admit(_document(file, name, found.noticed), str(file.path))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            found.problems.append(_problem(file.path, str(error)))
    found.noticed = +found.noticed
    return found


def _problem(path: Path, told: str) -> Problem:
    return Problem(str(path), 0, "cas-malformed", Level.SCHEMA, f"{told}; see docs/formats.md")


def _by_document(paths: list[Path], source: Path, found: Imported) -> dict[str, list[_File]]:
    several: dict[str, list[_File]] = {}
    for path in paths:
        if path.stem == _INITIAL:
            found.noticed["files of documents before anybody annotated them, left out"] += 1
            continue
        try:
            file = _File(path, source)
        except Exception as error:
            found.problems.append(_problem(path, _advice(error)))
        else:
            several.setdefault(file.document, []).append(file)
    return several


def _advice(error: Exception) -> str:
    if type(error) is ValueError or isinstance(error, CommuniqueError):
        return str(error)
    name, told = type(error).__name__, str(error)[:200]
    mends = {"TypeNotFoundError": f"put the {TYPES} that was exported with it beside the file"}
    return f"{name}: {told}; {mends.get(name, 'export it again as UIMA CAS XMI (XML 1.0)')}"


def _chosen(several: Mapping[str, list[_File]], annotator: str, noticed: Counter[str]) -> Iterator[tuple[str, _File]]:
    for files in several.values():
        kept = files if annotator == "all" else [file for file in files if annotator in ("first", file.annotator)]
        alone = len(files) == 1
        noticed["further annotators of a document"] += (len(kept) - 1) if annotator == "first" else 0
        for file in kept[: 1 if annotator != "all" else None]:
            name = file.name if alone or file.facts else file.folder
            suffix = f"@{file.annotator}" if annotator == "all" and not alone else ""
            yield f"{name}{suffix}", file


def _load(path: Path, source: Path) -> Any:
    types = next((p for p in (path.parent / TYPES, source / TYPES) if p.is_file()), None)
    xmi, system = content(path), content(types) if types else type_system().to_xml().encode("utf-8")
    if xmi.startswith(b"PK\x03\x04"):
        raise ValueError("it is a zip file; unpack it and name the folder")
    if xmi.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        raise ValueError("it is JSON; export as UIMA CAS XMI (XML 1.0)")
    for words in (xmi, system):
        if b"<!DOCTYPE" in words or b"<!ENTITY" in words:
            raise ValueError("a document type is declared, XMI has none; take it out")
    return cassis().load_cas_from_xmi(io.BytesIO(xmi), typesystem=cassis().load_typesystem(io.BytesIO(system)))


def _document(file: _File, name: str, noticed: Counter[str]) -> Any:
    text = Normalised(file.cas.sofa_string)
    noticed["texts normalised to NFC, LF"] += text.text != file.cas.sofa_string
    _pass_over(file.cas, noticed)
    regions: dict[int, Region] = {}
    for kind in FEATURES:
        for annotation in file.held.get(kind, []):
            if annotation.begin != annotation.end:
                regions[annotation.xmiID] = _region(kind, annotation, text)
            else:
                noticed["spans without words"] += 1
    relations = list(_relations(file.held.get("Claim", []), regions, noticed))
    return document_of(name, text.text, list(regions.values()), {**file.facts, "id": name}, noticed, relations)


def _pass_over(cas: Any, noticed: Counter[str]) -> None:
    """Count annotations of other types."""
    ours = {f"{LAYER}{name}" for name in (*FEATURES, FACTS)} | {SENTENCE, TOKEN}
    for name in sorted({layer.name for layer in cas.typesystem.get_types()} - ours):
        if not name.startswith(_FOREIGN):
            met = sum(one.type.name == name for one in cas.select(name))
            noticed[f"annotations of type {shown(name)}, which is not read"] += met


def _region(name: str, annotation: Any, text: Normalised) -> Region:
    values = {feature: getattr(annotation, feature, None) for feature in FEATURES[name]}
    said = {feature: [_word(value)] for feature, value in values.items() if value not in (None, "")}
    kind = label(EntityKind, said.get("kind", [EntityKind.UNKNOWN])[0])
    said["label"] = [kind.capitalize() if name == "Mention" else name]
    said["targets"] = " ".join(said.get("targets", [])).split()
    said["flags"] = [flag for flag in ("conditional", "negated") if said.get(flag) == ["true"]]
    return Region((text.at(annotation.begin), text.at(annotation.end)), said)


def _word(value: Any) -> str:
    return str(value).strip().lower() if isinstance(value, bool) or value in ("True", "False") else str(value).strip()


def _relations(claims: list[Any], regions: Mapping[int, Region], noticed: Counter[str]) -> Iterator[Joined]:
    for claim in claims:
        for role in ROLES:
            for slot in getattr(getattr(claim, role, None), "elements", None) or ():
                one, other = regions.get(claim.xmiID), regions.get(slot.target.xmiID if slot.target else -1)
                if one and other:
                    yield one, other, role
                else:
                    noticed["relations of regions that are not read"] += 1
