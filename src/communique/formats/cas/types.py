"""The types of annotations in a CAS: as a UIMA type system, and as layers with tagsets for INCEpTION."""

from collections.abc import Sequence
from typing import Any

import msgspec

from communique.extras import library
from communique.formats.drawn import ROLES
from communique.labels import EntityKind, Form, Rhetoric

TYPES, LAYERS = "TypeSystem.xml", "layers.json"
LAYER = "webanno.custom."
SENTENCE, TOKEN = (f"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.{name}" for name in ("Sentence", "Token"))
FACTS = "Facts"
FEATURES = {
    "Mention": ("unit", "kind", "name"),
    "Speaker": ("unit", "attribution"),
    "Cue": ("unit", "attribution"),
    "Claim": ("unit", "attribution", "rhetoric", "also", "targets", "conditional", "negated", "form"),
}
"""Features with words, by type."""
_TAGS: dict[str, Sequence[str]] = {
    "kind": list(EntityKind),
    "rhetoric": list(Rhetoric),
    "also": [name for name in Rhetoric if name != Rhetoric.ASSERTION],
    "conditional": ["true", "false"],
    "negated": ["true", "false"],
    "form": list(Form),
}


def cassis() -> Any:
    """Return the package that reads and writes CAS.

    Raises
    ------
    CommuniqueError
        It is not installed.
    """
    return library("cassis", "cas", "CAS needs dkpro-cassis")


def link(role: str) -> str:
    """Return the name of the type of a slot of a claim."""
    return f"{LAYER}Claim{role.capitalize()}Link"


def type_system() -> Any:
    """Return all types."""
    types = cassis().TypeSystem()
    for name in (SENTENCE, TOKEN):
        types.create_type(name=name, supertypeName="uima.tcas.Annotation")
    for name, features in (*FEATURES.items(), (FACTS, ("json",))):
        layer = types.create_type(name=f"{LAYER}{name}", supertypeName="uima.tcas.Annotation")
        for feature in features:
            types.create_feature(layer, name=feature, rangeType="uima.cas.String")
    for role, kind in ROLES.items():
        slot = types.create_type(name=link(role), supertypeName="uima.cas.TOP")
        types.create_feature(slot, name="role", rangeType="uima.cas.String")
        types.create_feature(slot, name="target", rangeType=f"{LAYER}{kind}")
        types.create_feature(f"{LAYER}Claim", name=role, rangeType="uima.cas.FSArray", elementType=link(role))
    return types


def layers() -> bytes:
    """Return the same types as INCEpTION imports them: layers with their features, slots and tagsets."""
    found = [_layer(name, [_feature(feature) for feature in features]) for name, features in FEATURES.items()]
    found[-1]["features"] += [_slot(role, kind) for role, kind in ROLES.items()]
    found.append(_layer(FACTS, [_feature("json")]) | {"enabled": False, "readonly": True})
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def _layer(name: str, features: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": f"{LAYER}{name}",
        "uiName": name,
        "type": "span",
        "enabled": True,
        "built_in": False,
        "readonly": False,
        "cross_sentence": True,
        "show_hover": True,
        "anchoring_mode": "CHARACTERS",
        "overlap_mode": "ANY_OVERLAP",
        "validation_mode": "NEVER",
        "features": features,
    }


def _feature(name: str) -> dict[str, Any]:
    tags = [{"tag_name": str(tag), "tag_description": ""} for tag in _TAGS.get(name, ())]
    return {
        "name": name,
        "uiName": name,
        "type": "uima.cas.String",
        "enabled": True,
        "visible": name in ("kind", "rhetoric", "also", "form"),
        "multi_value_mode": "NONE",
        "link_mode": "NONE",
        "tag_set": {"name": f"communique {name}", "language": "en", "tags": tags, "create_tag": False}
        if tags
        else None,
    }


def _slot(role: str, kind: str) -> dict[str, Any]:
    return _feature(role) | {
        "type": f"{LAYER}{kind}",
        "visible": True,
        "multi_value_mode": "ARRAY",
        "link_mode": "WITH_ROLE",
        "link_type_name": link(role),
        "link_type_role_feature_name": "role",
        "link_type_target_feature_name": "target",
    }
