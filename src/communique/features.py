"""Column types of the configurations, as the dataset card declares them for `datasets.load_dataset`."""

from collections.abc import Iterable, Mapping, Set
from enum import StrEnum
from typing import Any

import yaml

from communique.labels import EntityKind, Family, Form, Genre, Origin, Rhetoric, Stratum

Column = dict[str, Any]


def value(name: str, dtype: str = "string") -> Column:
    """Return a column of plain values."""
    return {"name": name, "dtype": dtype}


def label(name: str, names: Iterable[str]) -> Column:
    """Return a column of class labels."""
    return {"name": name, "dtype": _classes(names)}


def _classes(names: Iterable[str]) -> Column:
    return {"class_label": {"names": {str(number): str(name) for number, name in enumerate(names)}}}


def many(name: str, columns: list[Column] | Column | str) -> Column:
    """Return a column of lists: of structs, of class labels or of values."""
    return {"name": name, "list": columns}


def _labels(name: str, labels: type[StrEnum]) -> Column:
    return label(name, [member.value for member in labels])


_ID = value("id")
_ENDS = [value("start", "int64"), value("end", "int64")]
_SPANS = many("spans", [*_ENDS, value("text")])
_RHETORIC = [_labels("rhetoric", Rhetoric), _labels("also", Rhetoric)]

DOCUMENTS: list[Column] = [
    _ID,
    value("text"),
    value("language"),
    value("collection"),
    _labels("genre", Genre),
    value("storyline"),
    _labels("stratum", Stratum),
    value("title"),
    value("date", "date32"),
    {
        "name": "provenance",
        "struct": [
            _labels("origin", Origin),
            value("publisher"),
            value("license"),
            value("url"),
            value("sha256"),
        ],
    },
    many("entities", [_ID, value("name"), _labels("kind", EntityKind), many("mentions", {"list": "int64"})]),
    many("speakers", [_ID, _SPANS]),
    many("cues", [_ID, _SPANS]),
    many(
        "attributions",
        [_ID, value("speaker"), value("cue"), many("entities", "string"), _labels("form", Form), value("parent")],
    ),
    many(
        "claims",
        [
            _ID,
            value("attribution"),
            _SPANS,
            *_RHETORIC,
            many("targets", "string"),
            value("conditional", "bool"),
            value("negated", "bool"),
        ],
    ),
]

CLAIMS: list[Column] = [
    _ID,
    value("document"),
    value("collection"),
    _labels("genre", Genre),
    value("date", "date32"),
    value("text"),
    many("spans", _ENDS),
    value("context"),
    value("speaker"),
    many("speaker_spans", _ENDS),
    value("cue"),
    many("cue_spans", _ENDS),
    many("entities", "string"),
    many("targets", "string"),
    _labels("form", Form),
    value("nested", "bool"),
    value("conditional", "bool"),
    value("negated", "bool"),
    value("rhetoric"),
    _labels("label", Rhetoric),
    _labels("also", Rhetoric),
    _labels("family", Family),
]


def _tags(name: str) -> Column:
    unit = name.removeprefix("nested_")
    return many(name, _classes(["O", f"B-{unit}", f"I-{unit}"]))


TOKENS: list[Column] = [
    _ID,
    value("document"),
    value("collection"),
    _labels("genre", Genre),
    many("tokens", "string"),
    many("starts", "int64"),
    *map(_tags, ("speaker", "cue", "claim", "nested_claim")),
]

CONFIGS: dict[str, list[Column]] = {"documents": DOCUMENTS, "claims": CLAIMS, "tokens": TOKENS}
"""Columns by configuration that all documents have; the first is the default."""
ANNOTATORS = "annotators"
"""Configuration of releases: each annotator's own version of every document, a split an annotator."""
_COLUMNS = {**CONFIGS, ANNOTATORS: DOCUMENTS}
LATER: frozenset[str] = frozenset({Genre.PRESS_RELEASE, Origin.COLLECTED})
"""Labels that came after release 0.1.0, each last of its set: declared where data have them, so that cards stand."""


def _without(node: Any, dropped: Set[str]) -> Any:
    """Return columns without some class labels."""
    if isinstance(node, list):
        return [_without(item, dropped) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {n: name for n, name in item.items() if name not in dropped} if key == "names" else _without(item, dropped)
        for key, item in node.items()
    }


class _Plain(yaml.SafeDumper):
    """Writes repeated values in full: `datasets` mishandles YAML anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def front(
    version: str,
    paths: Mapping[str, Mapping[str, str]],
    about: Mapping[str, Any] | None = None,
    used: Set[str] = LATER,
) -> str:
    """Return the YAML that `datasets.load_dataset` reads at the top of a dataset card.

    Parameters
    ----------
    version : str
        Part of the cache key of `datasets`, which knows neither path nor content: two releases must differ in it.
    paths : mapping of str to mapping of str to str
        Configuration to split to data file, relative to the card; the first is the default.
    about : mapping, optional
        Further fields, before the configurations.
    used : set of str, optional
        Labels that the data have; of those in `LATER` no others are declared.
    """
    configs = [
        {
            "config_name": name,
            **({"default": True} if number == 0 else {}),
            "version": version,
            "data_files": [{"split": split, "path": path} for split, path in paths[name].items()],
            "features": _without(_COLUMNS[name], LATER - used),
        }
        for number, name in enumerate(paths)
    ]
    whole = {**(about or {}), "configs": configs}
    return yaml.dump(whole, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000)
